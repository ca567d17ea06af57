//===- SimdFloat.cpp - Floating-point lanes and their conversions -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each lane follows the scalar operator (Float.cpp, Conversion.cpp), whose parts
// are used where they work on vectors as they do on scalars.
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include "llvm/IR/IntrinsicsX86.h"

#include <cmath>

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

void FunctionEmitter::floatLanes(const wasm::Instruction &inst,
                                 Value *(FunctionEmitter::*scalar)(unsigned, Value *, Value *),
                                 unsigned op) {
  Value *rhs = fence(popLanes(inst)), *lhs = fence(popLanes(inst));
  pushVector((this->*scalar)(op, lhs, rhs));
}

/// `pmin` and `pmax` are a comparison and a choice of bits (4.3.3): NaNs included.
void FunctionEmitter::pseudoExtremum(const wasm::Instruction &inst, bool isMin) {
  Value *rhs = popLanes(inst), *lhs = popLanes(inst);
  pushVector(firstOrSecond(rhs, lhs, isMin));
}

Value *FunctionEmitter::firstOrSecond(Value *first, Value *second, bool isMin) {
  if (!m.traits.isX86()) {
    auto predicate = isMin ? CmpInst::FCMP_OLT : CmpInst::FCMP_OGT;
    return b.CreateSelect(b.CreateFCmp(predicate, first, second), first, second);
  }
  // Of f64x2, LLVM would make a choice of integers, which is no minpd any more.
  bool single = first->getType()->getScalarType()->isFloatTy();
  Intrinsic::ID id = single  ? (isMin ? Intrinsic::x86_sse_min_ps : Intrinsic::x86_sse_max_ps)
                     : isMin ? Intrinsic::x86_sse2_min_pd
                             : Intrinsic::x86_sse2_max_pd;
  return b.CreateIntrinsic(id, {}, {first, second});
}

/// A helper of the runtime's for each lane.
Value *FunctionEmitter::eachLane(Value *lanes, Helper single, Helper wide) {
  auto *type = cast<FixedVectorType>(lanes->getType());
  Function *helper = m.helper(type->getElementType()->isFloatTy() ? single : wide);
  Value *result = PoisonValue::get(type);
  for (uint64_t i = 0; i != type->getNumElements(); ++i)
    result =
        b.CreateInsertElement(result, b.CreateCall(helper, b.CreateExtractElement(lanes, i)), i);
  return result;
}

/// Rounds by sums, where there is arithmetic but no instruction for this. A sum with
/// 2^23 (f64: 2^52) has no room for a fraction: it is rounded to nearest, ties to
/// even. What is larger is an integer already.
Value *FunctionEmitter::roundBySums(Intrinsic::ID id, Value *value) {
  Type *type = value->getType();
  Constant *magic = ConstantFP::get(type, std::ldexp(1.0, type->getScalarType()->isFloatTy() ? 23 : 52));
  Constant *zero = ConstantFP::get(type, 0), *one = ConstantFP::get(type, 1);
  Value *magnitude = b.CreateUnaryIntrinsic(Intrinsic::fabs, value);
  Value *nearest = b.CreateFSub(b.CreateFAdd(magnitude, magic), magic);
  auto sign = [&](Value *of) { return b.CreateBinaryIntrinsic(Intrinsic::copysign, of, value); };
  auto oneWhere = [&](Value *condition) { return b.CreateSelect(condition, one, zero); };
  Value *rounded = nearest;
  switch (id) {
  case Intrinsic::trunc:
    rounded = b.CreateFSub(nearest, oneWhere(b.CreateFCmpOGT(nearest, magnitude)));
    break;
  case Intrinsic::floor:
    rounded = sign(nearest);
    rounded = b.CreateFSub(rounded, oneWhere(b.CreateFCmpOGT(rounded, value)));
    break;
  case Intrinsic::ceil:
    rounded = sign(nearest);
    rounded = b.CreateFAdd(rounded, oneWhere(b.CreateFCmpOLT(rounded, value)));
    break;
  default:
    break;
  }
  // A zero has the operand's sign in all of them.
  return b.CreateSelect(b.CreateFCmpOLT(magnitude, magic), sign(rounded), quiet(value));
}

void FunctionEmitter::roundLanes(const wasm::Instruction &inst, Intrinsic::ID id, Helper single,
                                 Helper wide) {
  Value *value = popLanes(inst);
  if (m.traits.roundsInline)
    return pushVector(b.CreateUnaryIntrinsic(id, value));
  // Square roots in line mean that there is a floating-point unit.
  pushVector(m.traits.rootsInline ? roundBySums(id, value) : eachLane(value, single, wide));
}

void FunctionEmitter::rootLanes(const wasm::Instruction &inst) {
  Value *value = popLanes(inst);
  if (m.traits.rootsInline)
    return pushVector(b.CreateUnaryIntrinsic(Intrinsic::sqrt, value));
  pushVector(eachLane(value, Helper::f32_sqrt, Helper::f64_sqrt));
}

/// llvm.fptosi.sat and llvm.fptoui.sat, for back ends that take these apart into
/// scalars (x86: three times as many instructions).
Value *FunctionEmitter::saturate(Value *lanes, Type *to, bool isSigned) {
  Type *from = lanes->getType();
  double past = std::ldexp(1.0, isSigned ? 31 : 32);
  Constant *zero = ConstantFP::get(from, 0);
  Constant *least = isSigned ? ConstantFP::get(from, -past) : zero;
  // A NaN is 0: of the unsigned ones, the next step takes care.
  Value *number = isSigned ? b.CreateSelect(b.CreateFCmpORD(lanes, zero), lanes, zero) : lanes;
  number = b.CreateSelect(b.CreateFCmpOGT(number, least), number, least);
  auto convert = [&] {
    return isSigned ? b.CreateFPToSI(number, to) : b.CreateFPToUI(number, to);
  };
  if (from->getScalarType()->isDoubleTy()) {
    Constant *most = ConstantFP::get(from, past - 1);
    number = b.CreateSelect(b.CreateFCmpOLT(number, most), number, most);
    return convert();
  }
  // The largest integer is no f32. What is past it converts to poison, which must
  // not reach the choice.
  Value *converted = b.CreateFreeze(convert());
  Constant *most = ConstantInt::get(to, isSigned ? 0x7fffffff : 0xffffffff);
  return b.CreateSelect(b.CreateFCmpOGE(number, ConstantFP::get(from, past)), most, converted);
}

void FunctionEmitter::truncateLanes(Type *from, bool isSigned) {
  Value *lanes = reshape(pop(), from);
  Type *to = FixedVectorType::get(m.i32, cast<FixedVectorType>(from)->getNumElements());
  Intrinsic::ID id = isSigned ? Intrinsic::fptosi_sat : Intrinsic::fptoui_sat;
  Value *result = m.traits.saturates ? b.CreateIntrinsic(id, {to, from}, {lanes})
                                     : saturate(lanes, to, isSigned);
  pushVector(to->getPrimitiveSizeInBits() == 128 ? result : withZeros(result));
}

#define BOTH(Name) case Opcode::F32x4##Name: case Opcode::F64x2##Name

bool FunctionEmitter::lowerFloatLanes(const wasm::Instruction &inst) {
  FixedVectorType *f32x4 = FixedVectorType::get(b.getFloatTy(), 4);
  FixedVectorType *f64x2 = FixedVectorType::get(b.getDoubleTy(), 2);
  FixedVectorType *i32x4 = FixedVectorType::get(m.i32, 4);
  switch (inst.op) {
  BOTH(Add): return floatLanes(inst, &FunctionEmitter::floatBinary, Instruction::FAdd), true;
  BOTH(Sub): return floatLanes(inst, &FunctionEmitter::floatBinary, Instruction::FSub), true;
  BOTH(Mul): return floatLanes(inst, &FunctionEmitter::floatBinary, Instruction::FMul), true;
  BOTH(Div): return floatLanes(inst, &FunctionEmitter::floatBinary, Instruction::FDiv), true;
  BOTH(Min): return floatLanes(inst, &FunctionEmitter::extremum, Intrinsic::minimum), true;
  BOTH(Max): return floatLanes(inst, &FunctionEmitter::extremum, Intrinsic::maximum), true;
  BOTH(Pmin): return pseudoExtremum(inst, true), true;
  BOTH(Pmax): return pseudoExtremum(inst, false), true;
  BOTH(Abs): return pushVector(b.CreateUnaryIntrinsic(Intrinsic::fabs, popLanes(inst))), true;
  BOTH(Neg): return pushVector(b.CreateFNeg(popLanes(inst))), true;
  BOTH(Sqrt): return rootLanes(inst), true;
  BOTH(Ceil):
    return roundLanes(inst, Intrinsic::ceil, Helper::f32_ceil, Helper::f64_ceil), true;
  BOTH(Floor):
    return roundLanes(inst, Intrinsic::floor, Helper::f32_floor, Helper::f64_floor), true;
  BOTH(Trunc):
    return roundLanes(inst, Intrinsic::trunc, Helper::f32_trunc, Helper::f64_trunc), true;
  BOTH(Nearest):
    return roundLanes(inst, Intrinsic::roundeven, Helper::f32_nearest, Helper::f64_nearest), true;
  BOTH(Eq): return lanesCompare(inst, CmpInst::FCMP_OEQ), true;
  BOTH(Ne): return lanesCompare(inst, CmpInst::FCMP_UNE), true;
  BOTH(Lt): return lanesCompare(inst, CmpInst::FCMP_OLT), true;
  BOTH(Gt): return lanesCompare(inst, CmpInst::FCMP_OGT), true;
  BOTH(Le): return lanesCompare(inst, CmpInst::FCMP_OLE), true;
  BOTH(Ge): return lanesCompare(inst, CmpInst::FCMP_OGE), true;
  case Opcode::I32x4TruncSatF32x4S: return truncateLanes(f32x4, true), true;
  case Opcode::I32x4TruncSatF32x4U: return truncateLanes(f32x4, false), true;
  case Opcode::I32x4TruncSatF64x2SZero: return truncateLanes(f64x2, true), true;
  case Opcode::I32x4TruncSatF64x2UZero: return truncateLanes(f64x2, false), true;
  case Opcode::F32x4ConvertI32x4S:
    return pushVector(b.CreateSIToFP(reshape(pop(), i32x4), f32x4)), true;
  case Opcode::F32x4ConvertI32x4U:
    return pushVector(b.CreateUIToFP(reshape(pop(), i32x4), f32x4)), true;
  case Opcode::F64x2ConvertLowI32x4S:
    return pushVector(b.CreateSIToFP(half(reshape(pop(), i32x4), false), f64x2)), true;
  case Opcode::F64x2ConvertLowI32x4U:
    return pushVector(b.CreateUIToFP(half(reshape(pop(), i32x4), false), f64x2)), true;
  case Opcode::F32x4DemoteF64x2Zero:
    return pushVector(withZeros(demote(reshape(pop(), f64x2)))), true;
  case Opcode::F64x2PromoteLowF32x4:
    return pushVector(b.CreateFPExt(half(reshape(pop(), f32x4), false), f64x2)), true;
  default: return false;
  }
}
