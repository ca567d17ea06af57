//===- SimdRelaxed.cpp - Vector operators with several permitted results ===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A relaxed operator has a few results that are permitted; the choice is a
// parameter that stays the same in all of a program (4.3.6). Each target has one
// choice, that of its instructions, and it does not depend on the CPU but for
// fused multiply-add. Where x86 has an instruction only since SSSE3, what stands
// in for it has the same results. Nothing is left to LLVM's undefined values, so
// that constants are folded to what the instruction computes.
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include "llvm/IR/IntrinsicsAArch64.h"
#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

/// AArch64: the minimum of WebAssembly. Elsewhere the second operand if either is a
/// NaN or both are zeros, as of x86's minps.
void FunctionEmitter::relaxedExtremum(const wasm::Instruction &inst, bool isMin) {
  Value *rhs = popLanes(inst), *lhs = popLanes(inst);
  if (m.traits.vectors != Vectors::AArch64)
    return pushVector(firstOrSecond(lhs, rhs, isMin));
  Intrinsic::ID id = isMin ? Intrinsic::aarch64_neon_fmin : Intrinsic::aarch64_neon_fmax;
  pushVector(b.CreateIntrinsic(id, {lhs->getType()}, {lhs, rhs}));
}

void FunctionEmitter::relaxedMultiplyAdd(const wasm::Instruction &inst, bool isNegated) {
  Value *addend = fence(popLanes(inst)), *rhs = fence(popLanes(inst)), *lhs = fence(popLanes(inst));
  pushVector(multiplyAdd(isNegated ? b.CreateFNeg(lhs) : lhs, rhs, addend));
}

/// To signed integers. What does not fit is the least integer on x86.
void FunctionEmitter::relaxedTruncate(FixedVectorType *from) {
  if (!m.traits.isX86())
    return truncateLanes(from, /*isSigned=*/true);
  // Of two lanes, the instruction clears the other half of the result.
  Intrinsic::ID id = from->getNumElements() == 4 ? Intrinsic::x86_sse2_cvttps2dq
                                                 : Intrinsic::x86_sse2_cvttpd2dq;
  pushVector(b.CreateIntrinsic(id, {}, {reshape(pop(), from)}));
}

/// On x86 the one product that is too large wraps around.
void FunctionEmitter::relaxedMultiplyQ15() {
  if (!m.traits.isX86())
    return multiplyQ15();
  FixedVectorType *type = FixedVectorType::get(b.getInt16Ty(), 8);
  Value *rhs = reshape(pop(), type), *lhs = reshape(pop(), type);
  if (m.traits.vectors == Vectors::SSSE3)
    return pushVector(b.CreateIntrinsic(Intrinsic::x86_ssse3_pmul_hr_sw_128, {}, {lhs, rhs}));
  Value *product = b.CreateMul(widen(lhs, true), widen(rhs, true));
  Type *wide = product->getType();
  Value *sum = b.CreateAdd(product, ConstantInt::get(wide, 0x4000));
  pushVector(b.CreateTrunc(b.CreateAShr(sum, ConstantInt::get(wide, 15)), type));
}

/// Products of bytes, and saturating sums of pairs of them. On x86 the second
/// operand, of which a module has to use seven bits alone, is unsigned.
Value *FunctionEmitter::relaxedDot() {
  FixedVectorType *bytes = FixedVectorType::get(m.i8, 16);
  FixedVectorType *words = FixedVectorType::get(b.getInt16Ty(), 8);
  Value *rhs = pop(), *lhs = pop();
  if (m.traits.vectors == Vectors::SSSE3)
    return b.CreateIntrinsic(Intrinsic::x86_ssse3_pmadd_ub_sw_128, {},
                             {reshape(rhs, bytes), reshape(lhs, bytes)});
  Value *even, *odd;
  if (m.traits.isX86()) {
    lhs = reshape(lhs, words), rhs = reshape(rhs, words);
    Constant *eight = ConstantInt::get(words, 8);
    even = b.CreateMul(b.CreateAShr(b.CreateShl(lhs, eight), eight),
                       b.CreateAnd(rhs, ConstantInt::get(words, 0xff)));
    odd = b.CreateMul(b.CreateAShr(lhs, eight), b.CreateLShr(rhs, eight));
  } else {
    lhs = reshape(lhs, bytes), rhs = reshape(rhs, bytes);
    auto products = [&](bool high) {
      return b.CreateMul(widen(half(lhs, high), true), widen(half(rhs, high), true));
    };
    Value *low = products(false), *high = products(true);
    even = b.CreateShuffleVector(low, high, {0, 2, 4, 6, 8, 10, 12, 14});
    odd = b.CreateShuffleVector(low, high, {1, 3, 5, 7, 9, 11, 13, 15});
  }
  return b.CreateBinaryIntrinsic(Intrinsic::sadd_sat, even, odd);
}

#define BOTH(Name) case Opcode::F32x4##Name: case Opcode::F64x2##Name

bool FunctionEmitter::lowerRelaxedLanes(const wasm::Instruction &inst) {
  FixedVectorType *f32x4 = FixedVectorType::get(b.getFloatTy(), 4);
  FixedVectorType *f64x2 = FixedVectorType::get(b.getDoubleTy(), 2);
  switch (inst.op) {
  case Opcode::I8x16RelaxedSwizzle: return swizzle(inst, /*wraps=*/m.traits.isX86()), true;
  case Opcode::I32x4RelaxedTruncF32x4S: return relaxedTruncate(f32x4), true;
  case Opcode::I32x4RelaxedTruncF64x2SZero: return relaxedTruncate(f64x2), true;
  // Saturates on all targets: no baseline has an instruction that does else.
  case Opcode::I32x4RelaxedTruncF32x4U: return truncateLanes(f32x4, false), true;
  case Opcode::I32x4RelaxedTruncF64x2UZero: return truncateLanes(f64x2, false), true;
  BOTH(RelaxedMadd): return relaxedMultiplyAdd(inst, false), true;
  BOTH(RelaxedNmadd): return relaxedMultiplyAdd(inst, true), true;
  // By bits on all targets, which is as fast as by the highest bit of each lane.
  case Opcode::I8x16RelaxedLaneselect: case Opcode::I16x8RelaxedLaneselect:
  case Opcode::I32x4RelaxedLaneselect: case Opcode::I64x2RelaxedLaneselect:
    return bitselect(), true;
  BOTH(RelaxedMin): return relaxedExtremum(inst, true), true;
  BOTH(RelaxedMax): return relaxedExtremum(inst, false), true;
  case Opcode::I16x8RelaxedQ15mulrS: return relaxedMultiplyQ15(), true;
  case Opcode::I16x8RelaxedDotI8x16I7x16S: return pushVector(relaxedDot()), true;
  case Opcode::I32x4RelaxedDotI8x16I7x16AddS: {
    Value *addend = popLanes(inst);
    pushVector(relaxedDot());
    addPairs(inst, /*isSigned=*/true);
    pushVector(b.CreateAdd(popLanes(inst), addend));
    return true;
  }
  default: return false;
  }
}
