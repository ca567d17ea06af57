//===- Integer.cpp - Integer arithmetic and comparison ------------------===//
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

void FunctionEmitter::binary(Instruction::BinaryOps op) {
  Value *rhs = pop(), *lhs = pop();
  // No nuw, nsw or exact: wasm integers wrap (4.3.2).
  push(b.CreateBinOp(op, lhs, rhs));
}

void FunctionEmitter::divide(Instruction::BinaryOps op) {
  Value *divisor = pop(), *dividend = pop();
  b.trapIf(b.CreateIsNull(divisor), Trap::integer_divide_by_zero);
  if (op == Instruction::SDiv) {
    unsigned bits = dividend->getType()->getIntegerBitWidth();
    Value *least = b.CreateICmpEQ(
        dividend, ConstantInt::get(m.context, APInt::getSignedMinValue(bits)));
    Value *minusOne = b.CreateICmpEQ(divisor, Constant::getAllOnesValue(divisor->getType()));
    b.trapIf(b.CreateAnd(least, minusOne), Trap::integer_overflow);
  }
  push(b.CreateBinOp(op, dividend, divisor));
}

void FunctionEmitter::remainder(Instruction::BinaryOps op) {
  Value *divisor = pop(), *dividend = pop();
  b.trapIf(b.CreateIsNull(divisor), Trap::integer_divide_by_zero);
  if (op == Instruction::SRem) {
    // The least integer modulo -1 is 0 in wasm, undefined in LLVM: so is modulo 1.
    Value *minusOne = b.CreateICmpEQ(divisor, Constant::getAllOnesValue(divisor->getType()));
    divisor = b.CreateSelect(minusOne, ConstantInt::get(divisor->getType(), 1), divisor);
  }
  push(b.CreateBinOp(op, dividend, divisor));
}

void FunctionEmitter::shift(Instruction::BinaryOps op) {
  Value *count = pop(), *value = pop();
  unsigned bits = value->getType()->getIntegerBitWidth();
  push(b.CreateBinOp(op, value, b.CreateAnd(count, bits - 1)));
}

void FunctionEmitter::rotate(Intrinsic::ID id) {
  Value *count = pop(), *value = pop();
  push(b.CreateIntrinsic(id, {value->getType()}, {value, value, count}));
}

void FunctionEmitter::unary(Intrinsic::ID id, bool hasFlag) {
  Value *value = pop();
  SmallVector<Value *, 2> args = {value};
  if (hasFlag) // ctlz and cttz of zero are defined in wasm.
    args.push_back(b.getFalse());
  push(b.CreateIntrinsic(id, {value->getType()}, args));
}

void FunctionEmitter::extendInPlace(Type *from) {
  Value *value = pop();
  push(b.CreateSExt(b.CreateTrunc(value, from), value->getType()));
}

void FunctionEmitter::compare(CmpInst::Predicate predicate) {
  Value *rhs = pop(), *lhs = pop();
  push(boolean(b.CreateCmp(predicate, lhs, rhs)));
}

// Both widths of an integer operator lower alike: the operand has the type.
#define BOTH(Name) case Opcode::I32##Name: case Opcode::I64##Name

bool FunctionEmitter::lowerNumeric(const wasm::Instruction &inst) {
  switch (inst.op) {
  BOTH(Add): return binary(Instruction::Add), true;
  BOTH(Sub): return binary(Instruction::Sub), true;
  BOTH(Mul): return binary(Instruction::Mul), true;
  BOTH(And): return binary(Instruction::And), true;
  BOTH(Or): return binary(Instruction::Or), true;
  BOTH(Xor): return binary(Instruction::Xor), true;
  BOTH(DivS): return divide(Instruction::SDiv), true;
  BOTH(DivU): return divide(Instruction::UDiv), true;
  BOTH(RemS): return remainder(Instruction::SRem), true;
  BOTH(RemU): return remainder(Instruction::URem), true;
  BOTH(Shl): return shift(Instruction::Shl), true;
  BOTH(ShrS): return shift(Instruction::AShr), true;
  BOTH(ShrU): return shift(Instruction::LShr), true;
  BOTH(Rotl): return rotate(Intrinsic::fshl), true;
  BOTH(Rotr): return rotate(Intrinsic::fshr), true;
  BOTH(Clz): return unary(Intrinsic::ctlz, true), true;
  BOTH(Ctz): return unary(Intrinsic::cttz, true), true;
  BOTH(Popcnt): return unary(Intrinsic::ctpop, false), true;
  BOTH(Extend8S): return extendInPlace(m.i8), true;
  BOTH(Extend16S): return extendInPlace(b.getInt16Ty()), true;
  case Opcode::I64Extend32S: return extendInPlace(m.i32), true;
  default: return false;
  }
}

bool FunctionEmitter::lowerCompare(const wasm::Instruction &inst) {
  switch (inst.op) {
  BOTH(Eqz): return push(boolean(b.CreateIsNull(pop()))), true;
  BOTH(Eq): return compare(CmpInst::ICMP_EQ), true;
  BOTH(Ne): return compare(CmpInst::ICMP_NE), true;
  BOTH(LtS): return compare(CmpInst::ICMP_SLT), true;
  BOTH(LtU): return compare(CmpInst::ICMP_ULT), true;
  BOTH(GtS): return compare(CmpInst::ICMP_SGT), true;
  BOTH(GtU): return compare(CmpInst::ICMP_UGT), true;
  BOTH(LeS): return compare(CmpInst::ICMP_SLE), true;
  BOTH(LeU): return compare(CmpInst::ICMP_ULE), true;
  BOTH(GeS): return compare(CmpInst::ICMP_SGE), true;
  BOTH(GeU): return compare(CmpInst::ICMP_UGE), true;
  default: return false;
  }
}
