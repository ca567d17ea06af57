//===- SumIndices.cpp - Indices that are sums again ---------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum whose operands have no bit in common becomes an `or`, and an `and` before it goes
// where the `or` sets the bits that it cleared. Of an element of an array that a few bits
// of a byte choose, this leaves a shift of 8 bits, which is no factor of an address:
//
//   x = zext (shl i8 byte, 2);  ... base + (x | 0xffc0) ...
//     =>   y = zext byte & 15;  ... base + (y << 2) + 0xffc0 ...
//
// The latter has factor and offset in the address, and two instructions less; one less where
// the shift is of 64 bits already.
//
// Why it cannot leave the sandbox: the same values. `x | c` is `(x & ~c) + c`, whatever x
// is, and no carry is lost in 64 bits. This stands at the end: InstCombine turns it round.
//
//===----------------------------------------------------------------------===//
#include "passes/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace wasmc;

/// The sum that an index of 64 bits is, or null.
static Value *sumOf(Value *index) {
  Value *chosen;
  const APInt *factor, *set;
  if (!index->getType()->isIntegerTy(64) ||
      !match(index, m_Or(m_Value(chosen), m_APInt(set))) || !chosen->hasOneUse())
    return nullptr;
  Value *shifted;
  if (!match(chosen, m_ZExt(m_OneUse(m_Shl(m_Value(shifted), m_APInt(factor))))) &&
      !match(chosen, m_Shl(m_Value(shifted), m_APInt(factor))))
    return nullptr;
  const unsigned width = shifted->getType()->getIntegerBitWidth();
  auto *inst = cast<PossiblyDisjointInst>(index);
  // Without a bit in common, code generation knows it for a sum, unless an extension hides that.
  if (factor->ugt(3) || (width == 64 && inst->isDisjoint()))
    return nullptr;
  const unsigned shift = factor->getZExtValue();
  const APInt free = APInt::getLowBitsSet(64, width) & ~*set;
  IRBuilder<> b(inst);
  Value *bits = b.CreateAnd(b.CreateZExt(shifted, inst->getType()), free.lshr(shift));
  return b.CreateAdd(b.CreateShl(bits, shift), ConstantInt::get(inst->getType(), *set));
}

PreservedAnalyses passes::SumIndices::run(Function &function, FunctionAnalysisManager &) {
  SmallVector<WeakTrackingVH> replaced;
  for (Instruction &inst : instructions(function))
    if (auto *address = dyn_cast<GetElementPtrInst>(&inst);
        address && address->getNumIndices() == 1)
      if (Value *index = address->getOperand(1), *sum = sumOf(index); sum) {
        index->replaceAllUsesWith(sum);
        replaced.push_back(index);
      }
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(replaced);
  return afterInstructions(!replaced.empty());
}
