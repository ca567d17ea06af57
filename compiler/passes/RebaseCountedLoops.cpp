//===- RebaseCountedLoops.cpp - Let loops that count up to zero begin there ===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clang's loop strength reduction for wasm emits loops that count from a negative
// constant up to zero, since that saves the comparison's constant:
//
//   i = phi i32 [-1984, entry], [i + 8, loop]     q = phi i32 [0, entry], [q + 8, loop]
//   ... base + zext(i + 1984) ...            =>   i = q - 1984
//   br (i + 8) != 0                               br (q - 1976) != 0
//
// Read as unsigned, the left one's values lie at the end of the number space and it
// leaves by wrapping around, of which scalar evolution proves nothing: the vectoriser
// gives up. Other start values do no harm: rebasing them all was slower.
//
//===----------------------------------------------------------------------===//
#include "passes/Passes.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;
using namespace wasmc;

/// The phi's next value `phi + step` if it is such a counter.
static BinaryOperator *nextOf(PHINode &phi, const Loop &loop) {
  BasicBlock *before = loop.getLoopPredecessor(), *latch = loop.getLoopLatch();
  if (!before || !latch || !phi.getType()->isIntegerTy(32))
    return nullptr;
  auto *start = dyn_cast<ConstantInt>(phi.getIncomingValueForBlock(before));
  auto *next = dyn_cast<BinaryOperator>(phi.getIncomingValueForBlock(latch));
  if (!start || !start->isNegative() || !next || next->getOpcode() != Instruction::Add ||
      next->getOperand(0) != &phi)
    return nullptr;
  auto *step = dyn_cast<ConstantInt>(next->getOperand(1));
  return step && step->getValue().isStrictlyPositive() ? next : nullptr;
}

/// The same values, by arithmetic that wraps (no flag says otherwise), so that no address
/// becomes another one: what bounds an access before bounds it after.
static void rebase(PHINode &phi, BinaryOperator &next, const Loop &loop) {
  Value *start = phi.getIncomingValueForBlock(loop.getLoopPredecessor());
  auto *counter = PHINode::Create(phi.getType(), 2, phi.getName() + ".from0", phi.getIterator());
  counter->setDebugLoc(phi.getDebugLoc());
  IRBuilder<> builder(&*phi.getParent()->getFirstInsertionPt());
  builder.SetCurrentDebugLocation(phi.getDebugLoc());
  Value *value = builder.CreateAdd(counter, start, phi.getName());
  builder.SetInsertPoint(&next);
  Value *step = builder.CreateAdd(counter, next.getOperand(1), counter->getName() + ".next");
  counter->addIncoming(ConstantInt::get(phi.getType(), 0), loop.getLoopPredecessor());
  counter->addIncoming(step, loop.getLoopLatch());
  Value *nextValue = builder.CreateAdd(step, start, next.getName());
  next.replaceAllUsesWith(nextValue);
  phi.replaceAllUsesWith(value);
  phi.eraseFromParent();
  next.eraseFromParent();
}

PreservedAnalyses passes::RebaseCountedLoops::run(Function &function,
                                                  FunctionAnalysisManager &analyses) {
  bool changed = false;
  for (Loop *loop : analyses.getResult<LoopAnalysis>(function).getLoopsInPreorder())
    for (PHINode &phi : make_early_inc_range(loop->getHeader()->phis()))
      if (BinaryOperator *next = nextOf(phi, *loop)) {
        rebase(phi, *next, *loop);
        changed = true;
      }
  return afterInstructions(changed);
}
