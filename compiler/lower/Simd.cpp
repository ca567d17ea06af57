//===- Simd.cpp - Vectors: lanes, bits, loads and stores ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A v128 on the operand stack is a <2 x i64>. An operator sees it as lanes of its
// own shape, which is in its name (`i16x8.add`), by a bitcast: lane 0 is in the low
// bytes on all targets, which are little-endian. All is generic IR, so that every
// target has it; only what generic IR cannot say is an intrinsic of the target's.
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/IntrinsicsAArch64.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

FixedVectorType *FunctionEmitter::shape(const wasm::Instruction &inst) const {
  StringRef text = wasm::info(inst.op).text;
  bool isFloat = text.consume_front("f");
  unsigned bits = 0;
  if (!isFloat && !text.consume_front("i")) // `v128.and`
    return m.v128;
  text.consumeInteger(10, bits);
  Type *lane = IntegerType::get(m.context, bits);
  if (isFloat)
    lane = bits == 32 ? Type::getFloatTy(m.context) : Type::getDoubleTy(m.context);
  return FixedVectorType::get(lane, 128 / bits);
}

Value *FunctionEmitter::reshape(Value *vector, Type *to) {
  if (vector->getType() == to)
    return vector;
  // Back to what it was made as, so that the next operator sees its operation.
  if (auto *cast = dyn_cast<BitCastInst>(vector); cast && cast->getSrcTy() == to)
    return cast->getOperand(0);
  // The builder's own folder does not know the order of bytes.
  if (auto *constant = dyn_cast<Constant>(vector))
    return ConstantFoldCastOperand(Instruction::BitCast, constant, to, m.ir.getDataLayout());
  return b.CreateBitCast(vector, to);
}

Value *FunctionEmitter::half(Value *vector, bool high) {
  unsigned lanes = cast<FixedVectorType>(vector->getType())->getNumElements() / 2;
  SmallVector<int> mask;
  for (unsigned i = 0; i != lanes; ++i)
    mask.push_back(high ? lanes + i : i);
  return b.CreateShuffleVector(vector, mask);
}

Value *FunctionEmitter::concat(Value *low, Value *high) {
  unsigned lanes = cast<FixedVectorType>(low->getType())->getNumElements() * 2;
  SmallVector<int> mask;
  for (unsigned i = 0; i != lanes; ++i)
    mask.push_back(i);
  return b.CreateShuffleVector(low, high, mask);
}

Value *FunctionEmitter::withZeros(Value *low) {
  return concat(low, Constant::getNullValue(low->getType()));
}

/// A lane of an i8x16 or i16x8 is an i32 on the stack.
static Value *narrowTo(Builder &b, Value *value, FixedVectorType *shape) {
  Type *lane = shape->getElementType();
  return value->getType() == lane ? value : b.CreateTrunc(value, lane);
}

void FunctionEmitter::splat(const wasm::Instruction &inst) {
  FixedVectorType *type = shape(inst);
  pushVector(b.CreateVectorSplat(type->getNumElements(), narrowTo(b, pop(), type)));
}

void FunctionEmitter::extractLane(const wasm::Instruction &inst, bool isSigned) {
  Value *lane = b.CreateExtractElement(popLanes(inst), uint64_t(inst.lane));
  if (lane->getType()->getScalarSizeInBits() < 32)
    lane = isSigned ? b.CreateSExt(lane, m.i32) : b.CreateZExt(lane, m.i32);
  push(lane);
}

void FunctionEmitter::replaceLane(const wasm::Instruction &inst) {
  Value *lane = narrowTo(b, pop(), shape(inst));
  Value *vector = popLanes(inst);
  pushVector(b.CreateInsertElement(vector, lane, uint64_t(inst.lane)));
}

void FunctionEmitter::shuffle(const wasm::Instruction &inst) {
  Value *high = popLanes(inst), *low = popLanes(inst);
  SmallVector<int> mask(inst.bytes.begin(), inst.bytes.end());
  pushVector(b.CreateShuffleVector(low, high, mask));
}

/// Generic IR has no shuffle by a mask that is not constant: lane by lane.
static Value *swizzleLanes(Builder &b, Value *vector, Value *indices, bool wraps) {
  Type *type = vector->getType();
  // An index past the end would be poison, and an address where the lanes are taken
  // from memory: masked before it is used.
  Value *masked = b.CreateAnd(indices, ConstantInt::get(type, 15));
  Value *result = PoisonValue::get(type);
  for (uint64_t i = 0; i != 16; ++i)
    result = b.CreateInsertElement(
        result, b.CreateExtractElement(vector, b.CreateExtractElement(masked, i)), i);
  Value *inside = wraps ? b.CreateICmpSGE(indices, Constant::getNullValue(type))
                        : b.CreateICmpULT(indices, ConstantInt::get(type, 16));
  return b.CreateSelect(inside, result, Constant::getNullValue(type));
}

/// One for the module: where the target has no instruction for it, each lane goes
/// through memory, and code generation is not linear in how often that happens in
/// a block.
static Function *swizzleFunction(ModuleLowering &m, bool wraps) {
  std::string name = m.options.prefix + (wraps ? ".relaxed_swizzle" : ".swizzle");
  if (Function *known = m.ir.getFunction(name))
    return known;
  Function *f =
      m.createFunction(FunctionType::get(m.v128, {m.v128, m.v128}, false), name, internalCC);
  f->addFnAttr(Attribute::NoInline);
  Builder b(m, f);
  Type *lanes = FixedVectorType::get(m.i8, 16);
  Value *result = swizzleLanes(b, b.CreateBitCast(f->getArg(0), lanes),
                               b.CreateBitCast(f->getArg(1), lanes), wraps);
  b.CreateRet(b.CreateBitCast(result, m.v128));
  return f;
}

void FunctionEmitter::swizzle(const wasm::Instruction &inst, bool wraps) {
  if (m.traits.vectors != Vectors::AArch64 && m.traits.vectors != Vectors::SSSE3) {
    Value *indices = pop(), *vector = pop();
    CallInst *call = b.CreateCall(swizzleFunction(m, wraps), {vector, indices});
    call->setCallingConv(internalCC);
    push(call);
    return;
  }
  Value *indices = popLanes(inst), *vector = popLanes(inst);
  if (m.traits.vectors == Vectors::AArch64)
    pushVector(b.CreateIntrinsic(Intrinsic::aarch64_neon_tbl1, {vector->getType()},
                                 {vector, indices}));
  else if (wraps)
    pushVector(b.CreateIntrinsic(Intrinsic::x86_ssse3_pshuf_b_128, {}, {vector, indices}));
  else
    pushVector(swizzleLanes(b, vector, indices, wraps));
}

Constant *lower::vectorConstant(ModuleLowering &m, const wasm::Instruction &inst) {
  uint64_t halves[] = {support::endian::read64le(inst.bytes.data()),
                       support::endian::read64le(inst.bytes.data() + 8)};
  return ConstantDataVector::get(m.context, halves);
}

void FunctionEmitter::bitselect() {
  Value *mask = pop(), *otherwise = pop(), *then = pop();
  push(b.CreateOr(b.CreateAnd(then, mask), b.CreateAnd(otherwise, b.CreateNot(mask))));
}

void FunctionEmitter::anyTrue() {
  Value *words = reshape(pop(), FixedVectorType::get(m.i32, 4));
  push(boolean(b.CreateIsNotNull(b.CreateOrReduce(words))));
}

#define LANES(Name) \
  case Opcode::I8x16##Name: case Opcode::I16x8##Name: case Opcode::I32x4##Name: \
  case Opcode::I64x2##Name: case Opcode::F32x4##Name: case Opcode::F64x2##Name

bool FunctionEmitter::lowerLanes(const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::V128Const: return push(vectorConstant(m, inst)), true;
  LANES(Splat): return splat(inst), true;
  LANES(ReplaceLane): return replaceLane(inst), true;
  case Opcode::I8x16ExtractLaneS: case Opcode::I16x8ExtractLaneS:
    return extractLane(inst, true), true;
  case Opcode::I8x16ExtractLaneU: case Opcode::I16x8ExtractLaneU:
  case Opcode::I32x4ExtractLane: case Opcode::I64x2ExtractLane:
  case Opcode::F32x4ExtractLane: case Opcode::F64x2ExtractLane:
    return extractLane(inst, false), true;
  case Opcode::I8x16Shuffle: return shuffle(inst), true;
  case Opcode::I8x16Swizzle: return swizzle(inst, /*wraps=*/false), true;
  case Opcode::V128Not: return push(b.CreateNot(pop())), true;
  case Opcode::V128And: return binary(Instruction::And), true;
  case Opcode::V128Or: return binary(Instruction::Or), true;
  case Opcode::V128Xor: return binary(Instruction::Xor), true;
  case Opcode::V128Andnot: {
    Value *mask = pop();
    push(b.CreateAnd(pop(), b.CreateNot(mask)));
    return true;
  }
  case Opcode::V128Bitselect: return bitselect(), true;
  case Opcode::V128AnyTrue: return anyTrue(), true;
  default: return false;
  }
}

//===----------------------------------------------------------------------===//
// Memory. Each form reads or writes the bytes of its row in Opcodes.def, no more:
// what is loaded has the width of the access, and becomes a vector afterwards.
//===----------------------------------------------------------------------===//

void FunctionEmitter::loadExtended(const wasm::Instruction &inst, unsigned bits, bool isSigned) {
  unsigned lanes = 64 / bits;
  LoadInst *load = loadAccess(inst, FixedVectorType::get(b.getIntNTy(bits), lanes));
  Type *to = FixedVectorType::get(b.getIntNTy(2 * bits), lanes);
  pushVector(isSigned ? b.CreateSExt(load, to) : b.CreateZExt(load, to));
  noteLoad(load);
}

void FunctionEmitter::loadSplat(const wasm::Instruction &inst, unsigned bits) {
  LoadInst *load = loadAccess(inst, b.getIntNTy(bits));
  pushVector(b.CreateVectorSplat(128 / bits, load));
  noteLoad(load);
}

void FunctionEmitter::loadZero(const wasm::Instruction &inst, unsigned bits) {
  LoadInst *load = loadAccess(inst, b.getIntNTy(bits));
  Type *type = FixedVectorType::get(load->getType(), 128 / bits);
  pushVector(b.CreateInsertElement(Constant::getNullValue(type), load, uint64_t(0)));
  noteLoad(load);
}

void FunctionEmitter::loadLane(const wasm::Instruction &inst, unsigned bits) {
  Type *lane = b.getIntNTy(bits);
  Value *vector = reshape(pop(), FixedVectorType::get(lane, 128 / bits));
  LoadInst *load = loadAccess(inst, lane);
  pushVector(b.CreateInsertElement(vector, load, uint64_t(inst.lane)));
  noteLoad(load);
}

void FunctionEmitter::storeLane(const wasm::Instruction &inst, unsigned bits) {
  Type *lane = b.getIntNTy(bits);
  Value *vector = reshape(pop(), FixedVectorType::get(lane, 128 / bits));
  push(b.CreateExtractElement(vector, uint64_t(inst.lane)));
  storeMemory(inst, lane);
}

bool FunctionEmitter::lowerVectorMemory(const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::V128Load: return loadMemory(inst, m.v128, m.v128, false), true;
  case Opcode::V128Store: return storeMemory(inst, m.v128), true;
  case Opcode::V128Load8x8S: return loadExtended(inst, 8, true), true;
  case Opcode::V128Load8x8U: return loadExtended(inst, 8, false), true;
  case Opcode::V128Load16x4S: return loadExtended(inst, 16, true), true;
  case Opcode::V128Load16x4U: return loadExtended(inst, 16, false), true;
  case Opcode::V128Load32x2S: return loadExtended(inst, 32, true), true;
  case Opcode::V128Load32x2U: return loadExtended(inst, 32, false), true;
  case Opcode::V128Load8Splat: return loadSplat(inst, 8), true;
  case Opcode::V128Load16Splat: return loadSplat(inst, 16), true;
  case Opcode::V128Load32Splat: return loadSplat(inst, 32), true;
  case Opcode::V128Load64Splat: return loadSplat(inst, 64), true;
  case Opcode::V128Load32Zero: return loadZero(inst, 32), true;
  case Opcode::V128Load64Zero: return loadZero(inst, 64), true;
  case Opcode::V128Load8Lane: return loadLane(inst, 8), true;
  case Opcode::V128Load16Lane: return loadLane(inst, 16), true;
  case Opcode::V128Load32Lane: return loadLane(inst, 32), true;
  case Opcode::V128Load64Lane: return loadLane(inst, 64), true;
  case Opcode::V128Store8Lane: return storeLane(inst, 8), true;
  case Opcode::V128Store16Lane: return storeLane(inst, 16), true;
  case Opcode::V128Store32Lane: return storeLane(inst, 32), true;
  case Opcode::V128Store64Lane: return storeLane(inst, 64), true;
  default: return false;
  }
}
