//===- Conversion.cpp - Conversions between numeric types ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include <cmath>

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

/// The least power of two that is past what an integer type holds, as a float:
/// exact in every format.
static Constant *powerOfTwo(Type *type, unsigned exponent, bool negative) {
  return ConstantFP::get(type, negative ? -std::ldexp(1.0, exponent) : std::ldexp(1.0, exponent));
}

void FunctionEmitter::truncate(Type *to, bool isSigned) {
  Value *value = pop();
  Type *from = value->getType();
  unsigned bits = to->getIntegerBitWidth();
  b.trapIf(b.CreateFCmpUNO(value, value), Trap::invalid_conversion);
  Value *tooLarge = b.CreateFCmpOGE(value, powerOfTwo(from, isSigned ? bits - 1 : bits, false));
  Value *tooSmall;
  if (!isSigned) {
    tooSmall = b.CreateFCmpOLE(value, ConstantFP::get(from, -1.0));
  } else if (from->isDoubleTy() && bits == 32) {
    // Only here is there a value between the least integer and the one below.
    tooSmall = b.CreateFCmpOLE(value, ConstantFP::get(from, -2147483649.0));
  } else {
    tooSmall = b.CreateFCmpOLT(value, powerOfTwo(from, bits - 1, true));
  }
  b.trapIf(b.CreateOr(tooLarge, tooSmall), Trap::integer_overflow);
  push(isSigned ? b.CreateFPToSI(value, to) : b.CreateFPToUI(value, to));
}

void FunctionEmitter::truncateSaturating(Type *to, bool isSigned) {
  Value *value = pop();
  push(b.CreateIntrinsic(isSigned ? Intrinsic::fptosi_sat : Intrinsic::fptoui_sat,
                         {to, value->getType()}, {value}));
}

Value *FunctionEmitter::demote(Value *operand) {
  Value *value = fence(operand);
  Value *result = b.CreateFPTrunc(value, value->getType()->getWithNewType(b.getFloatTy()));
  // LLVM folds a demotion of a promotion away, and with it the quieting.
  return isa<FPExtInst>(value) ? quiet(result) : result;
}

#define FROM_FLOAT(To, Name, Sign) \
  case Opcode::To##Name##F32##Sign: case Opcode::To##Name##F64##Sign
#define FROM_INTEGER(To, Sign) \
  case Opcode::To##ConvertI32##Sign: case Opcode::To##ConvertI64##Sign

bool FunctionEmitter::lowerConversion(const wasm::Instruction &inst) {
  Type *f32 = b.getFloatTy(), *f64 = b.getDoubleTy();
  switch (inst.op) {
  FROM_FLOAT(I32, Trunc, S): return truncate(m.i32, true), true;
  FROM_FLOAT(I32, Trunc, U): return truncate(m.i32, false), true;
  FROM_FLOAT(I64, Trunc, S): return truncate(m.i64, true), true;
  FROM_FLOAT(I64, Trunc, U): return truncate(m.i64, false), true;
  FROM_FLOAT(I32, TruncSat, S): return truncateSaturating(m.i32, true), true;
  FROM_FLOAT(I32, TruncSat, U): return truncateSaturating(m.i32, false), true;
  FROM_FLOAT(I64, TruncSat, S): return truncateSaturating(m.i64, true), true;
  FROM_FLOAT(I64, TruncSat, U): return truncateSaturating(m.i64, false), true;
  FROM_INTEGER(F32, S): return push(b.CreateSIToFP(pop(), f32)), true;
  FROM_INTEGER(F32, U): return push(b.CreateUIToFP(pop(), f32)), true;
  FROM_INTEGER(F64, S): return push(b.CreateSIToFP(pop(), f64)), true;
  FROM_INTEGER(F64, U): return push(b.CreateUIToFP(pop(), f64)), true;
  case Opcode::I32WrapI64: return push(b.CreateTrunc(pop(), m.i32)), true;
  case Opcode::I64ExtendI32S: return push(b.CreateSExt(pop(), m.i64)), true;
  case Opcode::I64ExtendI32U: return push(b.CreateZExt(pop(), m.i64)), true;
  case Opcode::F32DemoteF64: return push(demote(pop())), true;
  case Opcode::F64PromoteF32: return push(b.CreateFPExt(pop(), f64)), true;
  case Opcode::I32ReinterpretF32: return push(b.CreateBitCast(pop(), m.i32)), true;
  case Opcode::I64ReinterpretF64: return push(b.CreateBitCast(pop(), m.i64)), true;
  case Opcode::F32ReinterpretI32: return push(b.CreateBitCast(pop(), f32)), true;
  case Opcode::F64ReinterpretI64: return push(b.CreateBitCast(pop(), f64)), true;
  default: return false;
  }
}
