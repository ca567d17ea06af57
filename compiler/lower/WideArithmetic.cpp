//===- WideArithmetic.cpp - Sums and products of 128 bits ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operators of the proposal wide-arithmetic. A number of 128 bits is two i64
// on the stack, the low half first.
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

static Value *join(Builder &b, Value *low, Value *high) {
  Type *wide = b.getInt128Ty();
  Value *upper = b.CreateShl(b.CreateZExt(high, wide), 64);
  return b.CreateOr(b.CreateZExt(low, wide), upper);
}

namespace {
struct Halves {
  Value *low, *high;
};
} // namespace

static Halves split(Builder &b, Value *wide) {
  return {b.CreateTrunc(wide, b.getInt64Ty()),
          b.CreateTrunc(b.CreateLShr(wide, 64), b.getInt64Ty())};
}

/// Of 32-bit halves, where products of i128 are a call of a library's.
static Halves multiplyParts(Builder &b, Value *lhs, Value *rhs) {
  Constant *mask = b.getInt64(0xffffffff);
  auto low = [&](Value *v) { return b.CreateAnd(v, mask); };
  auto high = [&](Value *v) { return b.CreateLShr(v, 32); };
  Value *lowest = b.CreateMul(low(lhs), low(rhs)), *highest = b.CreateMul(high(lhs), high(rhs));
  Value *first = b.CreateMul(low(lhs), high(rhs)), *second = b.CreateMul(high(lhs), low(rhs));
  // Three numbers below 2^32: no overflow.
  Value *middle = b.CreateAdd(b.CreateAdd(high(lowest), low(first)), low(second));
  Value *carried = b.CreateAdd(b.CreateAdd(high(first), high(second)), high(middle));
  return {b.CreateOr(low(lowest), b.CreateShl(middle, 32)), b.CreateAdd(highest, carried)};
}

static Halves multiply(Builder &b, Value *lhs, Value *rhs, bool isSigned) {
  if (b.m.traits.pointerBytes == 8) {
    auto extend = [&](Value *v) {
      return isSigned ? b.CreateSExt(v, b.getInt128Ty()) : b.CreateZExt(v, b.getInt128Ty());
    };
    return split(b, b.CreateMul(extend(lhs), extend(rhs)));
  }
  Halves product = multiplyParts(b, lhs, rhs);
  if (!isSigned)
    return product;
  // Read as unsigned, a negative operand is 2^64 too large.
  for (auto [operand, other] : {std::pair(lhs, rhs), std::pair(rhs, lhs)})
    product.high = b.CreateSub(product.high, b.CreateAnd(b.CreateAShr(operand, 63), other));
  return product;
}

bool FunctionEmitter::lowerWideArithmetic(const wasm::Instruction &inst) {
  Halves result;
  switch (inst.op) {
  case Opcode::I64Add128:
  case Opcode::I64Sub128: {
    Value *high = pop(), *low = pop();
    Value *rhs = join(b, low, high);
    high = pop(), low = pop();
    Value *lhs = join(b, low, high);
    bool isSum = inst.op == Opcode::I64Add128;
    result = split(b, isSum ? b.CreateAdd(lhs, rhs) : b.CreateSub(lhs, rhs));
    break;
  }
  case Opcode::I64MulWideS:
  case Opcode::I64MulWideU: {
    Value *rhs = pop(), *lhs = pop();
    result = multiply(b, lhs, rhs, inst.op == Opcode::I64MulWideS);
    break;
  }
  default:
    return false;
  }
  push(result.low);
  push(result.high);
  return true;
}
