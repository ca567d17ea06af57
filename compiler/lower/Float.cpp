//===- Float.cpp - Floating-point arithmetic and comparison -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

Type *FunctionEmitter::bitsOf(Type *type) {
  if (auto *vector = dyn_cast<VectorType>(type))
    return VectorType::getInteger(vector);
  return type->isFloatTy() ? m.i32 : m.i64;
}

Value *FunctionEmitter::quiet(Value *value) {
  Type *type = value->getType(), *bits = bitsOf(type);
  bool single = type->getScalarType()->isFloatTy();
  Value *quieted = b.CreateOr(b.CreateBitCast(value, bits),
                              ConstantInt::get(bits, uint64_t(1) << (single ? 22 : 51)));
  return b.CreateSelect(b.CreateFCmpUNO(value, value), b.CreateBitCast(quieted, type), value);
}

/// Whether LLVM replaces the operation by its other operand or by a sign
/// change, which would keep a signalling NaN signalling: x*1, x/1, x-0, x+-0. Of a
/// vector, one lane is enough: it may be the only one that is looked at.
static bool foldsToOperand(unsigned op, Value *lhs, Value *rhs) {
  auto is = [](Value *v, double wanted, bool negative) {
    auto matches = [&](Constant *lane) {
      auto *c = dyn_cast_or_null<ConstantFP>(lane);
      return c && c->getValueAPF().isExactlyValue(negative ? -wanted : wanted);
    };
    auto *constant = dyn_cast<Constant>(v);
    auto *type = dyn_cast<FixedVectorType>(v->getType());
    if (!constant || !type)
      return matches(constant);
    return any_of(seq(type->getNumElements()),
                  [&](unsigned i) { return matches(constant->getAggregateElement(i)); });
  };
  switch (op) {
  case Instruction::FMul:
    return is(lhs, 1, false) || is(lhs, 1, true) || is(rhs, 1, false) || is(rhs, 1, true);
  case Instruction::FDiv:
    return is(rhs, 1, false) || is(rhs, 1, true);
  case Instruction::FAdd:
    return is(lhs, 0, true) || is(rhs, 0, true);
  case Instruction::FSub:
    return is(lhs, 0, true) || is(rhs, 0, false);
  default:
    return false;
  }
}

Value *FunctionEmitter::fence(Value *value) {
  if (!m.options.strictTraps)
    return value;
  return b.CreateIntrinsic(Intrinsic::arithmetic_fence, {value->getType()}, {value});
}

Value *FunctionEmitter::floatBinary(unsigned op, Value *lhs, Value *rhs) {
  Value *result = b.CreateBinOp(Instruction::BinaryOps(op), lhs, rhs);
  return foldsToOperand(op, lhs, rhs) ? quiet(result) : result;
}

Value *FunctionEmitter::multiplyAdd(Value *lhs, Value *rhs, Value *addend) {
  if (!m.traits.fusesMultiplyAdd)
    return floatBinary(Instruction::FAdd, floatBinary(Instruction::FMul, lhs, rhs), addend);
  Value *result = b.CreateIntrinsic(Intrinsic::fma, {lhs->getType()}, {lhs, rhs, addend});
  // LLVM makes it a sum where it knows the product, and folds that.
  bool foldsProduct = foldsToOperand(Instruction::FMul, lhs, rhs) &&
                      foldsToOperand(Instruction::FAdd, addend, addend);
  bool knowsProduct = isa<Constant>(lhs) && isa<Constant>(rhs);
  return foldsProduct || knowsProduct ? quiet(result) : result;
}

Value *FunctionEmitter::orderedExtremum(Intrinsic::ID id, Value *lhs, Value *rhs) {
  bool isMin = id == Intrinsic::minimum;
  Type *type = lhs->getType(), *bits = bitsOf(type);
  Value *l = b.CreateBitCast(lhs, bits), *r = b.CreateBitCast(rhs, bits);
  // Equal operands have the same bits, or are zeros of which -0 is less.
  Value *equal = b.CreateBitCast(isMin ? b.CreateOr(l, r) : b.CreateAnd(l, r), type);
  Value *less = b.CreateFCmpOLT(lhs, rhs), *greater = b.CreateFCmpOGT(lhs, rhs);
  return b.CreateSelect(isMin ? less : greater, lhs,
                        b.CreateSelect(isMin ? greater : less, rhs, equal));
}

Value *FunctionEmitter::extremum(unsigned id, Value *lhs, Value *rhs) {
  // Back ends hand a signalling NaN through the intrinsic; a sum makes it quiet.
  // Where neither is a NaN the intrinsic may know that, and gets cheaper.
  Value *sum = b.CreateFAdd(lhs, rhs);
  if (foldsToOperand(Instruction::FAdd, lhs, rhs))
    sum = quiet(sum);
  if (!m.traits.selectsMinMax)
    return b.CreateSelect(b.CreateFCmpUNO(lhs, rhs), sum, orderedExtremum(id, lhs, rhs));
  CallInst *chosen = cast<CallInst>(b.CreateBinaryIntrinsic(id, lhs, rhs));
  chosen->setHasNoNaNs(true);
  return b.CreateSelect(b.CreateFCmpUNO(lhs, rhs), sum, chosen);
}

void FunctionEmitter::round(Intrinsic::ID id, Helper single, Helper wide, bool isInline) {
  Value *value = pop();
  if (isInline)
    push(b.CreateUnaryIntrinsic(id, value));
  else
    push(b.CreateCall(m.helper(value->getType()->isFloatTy() ? single : wide), value));
}

#define BOTH(Name) case Opcode::F32##Name: case Opcode::F64##Name

bool FunctionEmitter::lowerFloat(const wasm::Instruction &inst) {
  auto intrinsic2 = [&](Intrinsic::ID id) {
    Value *rhs = pop(), *lhs = pop();
    push(b.CreateBinaryIntrinsic(id, lhs, rhs));
  };
  auto arithmetic = [&](Value *(FunctionEmitter::*make)(unsigned, Value *, Value *), unsigned op) {
    Value *rhs = fence(pop()), *lhs = fence(pop());
    push((this->*make)(op, lhs, rhs));
  };
  switch (inst.op) {
  BOTH(Add): return arithmetic(&FunctionEmitter::floatBinary, Instruction::FAdd), true;
  BOTH(Sub): return arithmetic(&FunctionEmitter::floatBinary, Instruction::FSub), true;
  BOTH(Mul): return arithmetic(&FunctionEmitter::floatBinary, Instruction::FMul), true;
  BOTH(Div): return arithmetic(&FunctionEmitter::floatBinary, Instruction::FDiv), true;
  BOTH(Sqrt):
    return round(Intrinsic::sqrt, Helper::f32_sqrt, Helper::f64_sqrt, m.traits.rootsInline), true;
  BOTH(Abs): return push(b.CreateUnaryIntrinsic(Intrinsic::fabs, pop())), true;
  BOTH(Neg): return push(b.CreateFNeg(pop())), true;
  BOTH(Copysign): return intrinsic2(Intrinsic::copysign), true;
  BOTH(Min): return arithmetic(&FunctionEmitter::extremum, Intrinsic::minimum), true;
  BOTH(Max): return arithmetic(&FunctionEmitter::extremum, Intrinsic::maximum), true;
  BOTH(Ceil): return round(Intrinsic::ceil, Helper::f32_ceil, Helper::f64_ceil,
                 m.traits.roundsInline), true;
  BOTH(Floor): return round(Intrinsic::floor, Helper::f32_floor, Helper::f64_floor,
                 m.traits.roundsInline), true;
  BOTH(Trunc): return round(Intrinsic::trunc, Helper::f32_trunc, Helper::f64_trunc,
                 m.traits.roundsInline), true;
  BOTH(Nearest):
    return round(Intrinsic::roundeven, Helper::f32_nearest, Helper::f64_nearest,
                 m.traits.roundsInline), true;
  BOTH(Eq): return compare(CmpInst::FCMP_OEQ), true;
  BOTH(Ne): return compare(CmpInst::FCMP_UNE), true;
  BOTH(Lt): return compare(CmpInst::FCMP_OLT), true;
  BOTH(Gt): return compare(CmpInst::FCMP_OGT), true;
  BOTH(Le): return compare(CmpInst::FCMP_OLE), true;
  BOTH(Ge): return compare(CmpInst::FCMP_OGE), true;
  default: return false;
  }
}
