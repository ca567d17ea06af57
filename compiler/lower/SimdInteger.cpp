//===- SimdInteger.cpp - Arithmetic and comparison of integer lanes -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operators that differ by their lanes alone share a case: the shape comes from
// the operator's name. What widens, narrows or rounds is written in the form that
// the back ends know as one instruction (pmaddwd, pavgb, packsswb, urhadd ...).
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include "llvm/IR/IntrinsicsAArch64.h"
#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

static FixedVectorType *twiceAsWide(Type *type) {
  return FixedVectorType::getExtendedElementVectorType(cast<FixedVectorType>(type));
}

Value *FunctionEmitter::widen(Value *lanes, bool isSigned) {
  Type *type = twiceAsWide(lanes->getType());
  return isSigned ? b.CreateSExt(lanes, type) : b.CreateZExt(lanes, type);
}

FixedVectorType *FunctionEmitter::narrowerShape(const wasm::Instruction &inst) const {
  FixedVectorType *wide = shape(inst);
  unsigned bits = wide->getScalarSizeInBits() / 2;
  return FixedVectorType::get(IntegerType::get(m.context, bits), 128 / bits);
}

void FunctionEmitter::lanesBinary(const wasm::Instruction &inst, Instruction::BinaryOps op) {
  Value *rhs = popLanes(inst), *lhs = popLanes(inst);
  pushVector(b.CreateBinOp(op, lhs, rhs));
}

void FunctionEmitter::lanesIntrinsic(const wasm::Instruction &inst, Intrinsic::ID id) {
  Value *rhs = popLanes(inst), *lhs = popLanes(inst);
  pushVector(b.CreateBinaryIntrinsic(id, lhs, rhs));
}

void FunctionEmitter::lanesCompare(const wasm::Instruction &inst, CmpInst::Predicate predicate) {
  Value *rhs = popLanes(inst), *lhs = popLanes(inst);
  FixedVectorType *type = shape(inst);
  pushVector(b.CreateSExt(b.CreateCmp(predicate, lhs, rhs), VectorType::getInteger(type)));
}

void FunctionEmitter::lanesShift(const wasm::Instruction &inst, Instruction::BinaryOps op) {
  Value *count = pop(), *lanes = popLanes(inst);
  FixedVectorType *type = shape(inst);
  // A count past the width is poison: wasm takes it modulo the width (4.3.2).
  Value *masked = b.CreateAnd(count, type->getScalarSizeInBits() - 1);
  masked = b.CreateZExtOrTrunc(masked, type->getElementType());
  pushVector(b.CreateBinOp(op, lanes, b.CreateVectorSplat(type->getNumElements(), masked)));
}

void FunctionEmitter::allTrue(const wasm::Instruction &inst) {
  push(boolean(b.CreateAndReduce(b.CreateIsNotNull(popLanes(inst)))));
}

void FunctionEmitter::bitmask(const wasm::Instruction &inst) {
  FixedVectorType *type = shape(inst);
  Value *signs = b.CreateICmpSLT(popLanes(inst), Constant::getNullValue(type));
  push(b.CreateZExt(b.CreateBitCast(signs, b.getIntNTy(type->getNumElements())), m.i32));
}

void FunctionEmitter::narrow(const wasm::Instruction &inst, bool isSigned) {
  FixedVectorType *to = shape(inst);
  FixedVectorType *from = FixedVectorType::getExtendedElementVectorType(
      FixedVectorType::getHalfElementsVectorType(to));
  Value *high = reshape(pop(), from), *low = reshape(pop(), from);
  Value *both = concat(low, high);
  // The operands are signed in either case.
  unsigned bits = to->getScalarSizeInBits(), wide = 2 * bits;
  APInt least = isSigned ? APInt::getSignedMinValue(bits).sext(wide) : APInt::getZero(wide);
  APInt most = isSigned ? APInt::getSignedMaxValue(bits).sext(wide)
                        : APInt::getMaxValue(bits).zext(wide);
  Type *type = both->getType();
  both = b.CreateBinaryIntrinsic(Intrinsic::smax, both, ConstantInt::get(type, least));
  both = b.CreateBinaryIntrinsic(Intrinsic::smin, both, ConstantInt::get(type, most));
  pushVector(b.CreateTrunc(both, to));
}

void FunctionEmitter::extendHalf(const wasm::Instruction &inst, bool high, bool isSigned) {
  pushVector(widen(half(reshape(pop(), narrowerShape(inst)), high), isSigned));
}

void FunctionEmitter::multiplyHalves(const wasm::Instruction &inst, bool high, bool isSigned) {
  FixedVectorType *type = narrowerShape(inst);
  Value *rhs = widen(half(reshape(pop(), type), high), isSigned);
  Value *lhs = widen(half(reshape(pop(), type), high), isSigned);
  pushVector(b.CreateMul(lhs, rhs));
}

void FunctionEmitter::addPairs(const wasm::Instruction &inst, bool isSigned) {
  FixedVectorType *type = shape(inst);
  if (m.traits.isX86() && isSigned && type->getScalarSizeInBits() == 32) {
    Type *words = FixedVectorType::get(b.getInt16Ty(), 8);
    return pushVector(b.CreateIntrinsic(Intrinsic::x86_sse2_pmadd_wd, {},
                                        {reshape(pop(), words), ConstantInt::get(words, 1)}));
  }
  // Both lanes of a pair lie in one lane of the result, the even one low.
  Value *pairs = reshape(pop(), type);
  Constant *bits = ConstantInt::get(type, type->getScalarSizeInBits() / 2);
  Value *even = b.CreateShl(pairs, bits);
  even = isSigned ? b.CreateAShr(even, bits) : b.CreateLShr(even, bits);
  Value *odd = isSigned ? b.CreateAShr(pairs, bits) : b.CreateLShr(pairs, bits);
  pushVector(b.CreateAdd(even, odd));
}

void FunctionEmitter::dotProduct() {
  FixedVectorType *type = FixedVectorType::get(b.getInt16Ty(), 8);
  Value *rhs = reshape(pop(), type), *lhs = reshape(pop(), type);
  auto products = [&](ArrayRef<int> lanes) {
    return b.CreateMul(widen(b.CreateShuffleVector(lhs, lanes), true),
                       widen(b.CreateShuffleVector(rhs, lanes), true));
  };
  Value *even = products({0, 2, 4, 6});
  // Wraps around for one sum: all four operands the least integer (4.3.3).
  pushVector(b.CreateAdd(even, products({1, 3, 5, 7})));
}

void FunctionEmitter::multiplyQ15() {
  FixedVectorType *type = FixedVectorType::get(b.getInt16Ty(), 8);
  Value *rhs = reshape(pop(), type), *lhs = reshape(pop(), type);
  if (m.traits.vectors == Vectors::AArch64)
    return pushVector(b.CreateIntrinsic(Intrinsic::aarch64_neon_sqrdmulh, {type}, {lhs, rhs}));
  lhs = widen(lhs, true), rhs = widen(rhs, true);
  Type *wide = lhs->getType();
  Value *sum = b.CreateAdd(b.CreateMul(lhs, rhs), ConstantInt::get(wide, 0x4000));
  Value *shifted = b.CreateAShr(sum, ConstantInt::get(wide, 15));
  // Only the product of the two least integers is too large.
  Value *bounded =
      b.CreateBinaryIntrinsic(Intrinsic::smin, shifted, ConstantInt::get(wide, 0x7fff));
  pushVector(b.CreateTrunc(bounded, type));
}

void FunctionEmitter::average(const wasm::Instruction &inst) {
  Value *rhs = popLanes(inst), *lhs = popLanes(inst);
  Type *type = lhs->getType();
  Constant *one = ConstantInt::get(twiceAsWide(type), 1);
  Value *sum = b.CreateAdd(b.CreateAdd(widen(lhs, false), widen(rhs, false)), one);
  pushVector(b.CreateTrunc(b.CreateLShr(sum, one), type));
}

#define SHORT(Name) case Opcode::I8x16##Name: case Opcode::I16x8##Name
#define UP_TO_32(Name) SHORT(Name): case Opcode::I32x4##Name
#define EACH(Name) UP_TO_32(Name): case Opcode::I64x2##Name
/// `i16x8.extend_low_i8x16_s` and its kind.
#define FROM_HALF(Name, Sign) \
  case Opcode::I16x8##Name##I8x16##Sign: case Opcode::I32x4##Name##I16x8##Sign: \
  case Opcode::I64x2##Name##I32x4##Sign
#define FROM_PAIRS(Sign) \
  case Opcode::I16x8ExtaddPairwiseI8x16##Sign: case Opcode::I32x4ExtaddPairwiseI16x8##Sign
#define NARROW(Sign) case Opcode::I8x16NarrowI16x8##Sign: case Opcode::I16x8NarrowI32x4##Sign

bool FunctionEmitter::lowerIntegerLanes(const wasm::Instruction &inst) {
  switch (inst.op) {
  EACH(Add): return lanesBinary(inst, Instruction::Add), true;
  EACH(Sub): return lanesBinary(inst, Instruction::Sub), true;
  case Opcode::I16x8Mul: case Opcode::I32x4Mul: case Opcode::I64x2Mul:
    return lanesBinary(inst, Instruction::Mul), true;
  EACH(Neg): return pushVector(b.CreateNeg(popLanes(inst))), true;
  EACH(Abs): // The least integer is its own.
    return pushVector(b.CreateBinaryIntrinsic(Intrinsic::abs, popLanes(inst), b.getFalse())), true;
  case Opcode::I8x16Popcnt:
    return pushVector(b.CreateUnaryIntrinsic(Intrinsic::ctpop, popLanes(inst))), true;
  SHORT(AddSatS): return lanesIntrinsic(inst, Intrinsic::sadd_sat), true;
  SHORT(AddSatU): return lanesIntrinsic(inst, Intrinsic::uadd_sat), true;
  SHORT(SubSatS): return lanesIntrinsic(inst, Intrinsic::ssub_sat), true;
  SHORT(SubSatU): return lanesIntrinsic(inst, Intrinsic::usub_sat), true;
  UP_TO_32(MinS): return lanesIntrinsic(inst, Intrinsic::smin), true;
  UP_TO_32(MinU): return lanesIntrinsic(inst, Intrinsic::umin), true;
  UP_TO_32(MaxS): return lanesIntrinsic(inst, Intrinsic::smax), true;
  UP_TO_32(MaxU): return lanesIntrinsic(inst, Intrinsic::umax), true;
  SHORT(AvgrU): return average(inst), true;
  EACH(Shl): return lanesShift(inst, Instruction::Shl), true;
  EACH(ShrS): return lanesShift(inst, Instruction::AShr), true;
  EACH(ShrU): return lanesShift(inst, Instruction::LShr), true;
  EACH(Eq): return lanesCompare(inst, CmpInst::ICMP_EQ), true;
  EACH(Ne): return lanesCompare(inst, CmpInst::ICMP_NE), true;
  EACH(LtS): return lanesCompare(inst, CmpInst::ICMP_SLT), true;
  EACH(GtS): return lanesCompare(inst, CmpInst::ICMP_SGT), true;
  EACH(LeS): return lanesCompare(inst, CmpInst::ICMP_SLE), true;
  EACH(GeS): return lanesCompare(inst, CmpInst::ICMP_SGE), true;
  UP_TO_32(LtU): return lanesCompare(inst, CmpInst::ICMP_ULT), true;
  UP_TO_32(GtU): return lanesCompare(inst, CmpInst::ICMP_UGT), true;
  UP_TO_32(LeU): return lanesCompare(inst, CmpInst::ICMP_ULE), true;
  UP_TO_32(GeU): return lanesCompare(inst, CmpInst::ICMP_UGE), true;
  EACH(AllTrue): return allTrue(inst), true;
  EACH(Bitmask): return bitmask(inst), true;
  NARROW(S): return narrow(inst, true), true;
  NARROW(U): return narrow(inst, false), true;
  FROM_HALF(ExtendLow, S): return extendHalf(inst, false, true), true;
  FROM_HALF(ExtendHigh, S): return extendHalf(inst, true, true), true;
  FROM_HALF(ExtendLow, U): return extendHalf(inst, false, false), true;
  FROM_HALF(ExtendHigh, U): return extendHalf(inst, true, false), true;
  FROM_HALF(ExtmulLow, S): return multiplyHalves(inst, false, true), true;
  FROM_HALF(ExtmulHigh, S): return multiplyHalves(inst, true, true), true;
  FROM_HALF(ExtmulLow, U): return multiplyHalves(inst, false, false), true;
  FROM_HALF(ExtmulHigh, U): return multiplyHalves(inst, true, false), true;
  FROM_PAIRS(S): return addPairs(inst, true), true;
  FROM_PAIRS(U): return addPairs(inst, false), true;
  case Opcode::I32x4DotI16x8S: return dotProduct(), true;
  case Opcode::I16x8Q15mulrSatS: return multiplyQ15(), true;
  default: return false;
  }
}
