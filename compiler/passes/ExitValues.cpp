//===- ExitValues.cpp - What a loop leaves behind -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An index that is used behind its loop, which has already computed the next one there,
// needs a register beside that one's, and a copy in each iteration:
//
//   loop:  p = phi i32 [start, entry], [next, loop]    loop:  p = phi ...
//          ... base + zext p ...                              ... base + zext p ...
//          next = add p, 4                       =>           next = add p, 4
//          br ..., loop, end                                  br ..., loop, end
//   end:   ... p ...                                   end:   last = add next, -4
//                                                             ... last ...
//
// Of native code's pointers, loop strength reduction does this. Here the index is extended
// for addresses, and what may wrap around before that is none of its formulas.
//
// Why it cannot leave the sandbox: the same values modulo 2^32, without a flag. A next value
// with one is left alone: it may be poison at an exit behind which it was not used.
//
//===----------------------------------------------------------------------===//
#include "passes/Passes.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace wasmc;

/// Exits of a loop that are looked at.
static constexpr size_t maxExits = 8;

namespace {
/// What is left behind of one index of a loop.
class Exits {
public:
  Exits(const Loop &loop, const DominatorTree &tree, PHINode &phi, Instruction &next,
        const APInt &step)
      : loop(loop), tree(tree), phi(phi), next(next), step(step) {
    loop.getUniqueExitBlocks(blocks);
    blocks.truncate(std::min(blocks.size(), maxExits));
  }
  bool replace();

private:
  BasicBlock *exitBefore(const Use &use) const;
  bool isFollowed(const Instruction &inst) const;
  Value *behind(Value *value, BasicBlock *exit);

  const Loop &loop;
  const DominatorTree &tree;
  PHINode &phi;
  Instruction &next;
  const APInt &step;
  SmallVector<BasicBlock *, 4> blocks;
  SmallDenseMap<BasicBlock *, BasicBlock::iterator> places;
  SmallDenseMap<std::pair<Value *, BasicBlock *>, Value *> known;
};
} // namespace

/// The exit through which alone a use is reached, and at which the next value is known.
BasicBlock *Exits::exitBefore(const Use &use) const {
  for (BasicBlock *block : blocks) {
    BasicBlock *exiting = block->getSinglePredecessor();
    if (exiting && !block->isEHPad() && tree.dominates(&next, exiting->getTerminator()) &&
        tree.dominates(BasicBlockEdge(exiting, block), use))
      return block;
  }
  return nullptr;
}

/// Whether it is the index, extended, or an address of it.
bool Exits::isFollowed(const Instruction &inst) const {
  if (!loop.contains(&inst))
    return false;
  auto *address = dyn_cast<GetElementPtrInst>(&inst);
  return isa<ZExtInst>(inst) || (address && address->getNumIndices() == 1 &&
                                 loop.isLoopInvariant(address->getPointerOperand()));
}

/// A value of the index of the last iteration, computed behind an exit.
Value *Exits::behind(Value *value, BasicBlock *exit) {
  if (loop.isLoopInvariant(value))
    return value;
  if (Value *there = known.lookup({value, exit}))
    return there;
  Instruction *there;
  if (value == &phi) {
    there = BinaryOperator::CreateAdd(&next, ConstantInt::get(next.getType(), -step),
                                      phi.getName() + ".last");
  } else {
    there = cast<Instruction>(value)->clone();
    for (Use &operand : there->operands())
      operand.set(behind(operand.get(), exit));
  }
  there->setDebugLoc(next.getDebugLoc());
  // Behind what it is computed from, before what was there.
  there->insertBefore(places.try_emplace(exit, exit->getFirstInsertionPt()).first->second);
  return known[{value, exit}] = there;
}

bool Exits::replace() {
  SmallSetVector<Instruction *, 4> values;
  values.insert(&phi);
  bool changed = false;
  for (size_t i = 0; i != values.size(); ++i)
    for (Use &use : make_early_inc_range(values[i]->uses())) {
      auto *user = cast<Instruction>(use.getUser());
      if (isFollowed(*user))
        values.insert(user);
      if (loop.contains(user))
        continue;
      BasicBlock *exit = exitBefore(use);
      if (!exit)
        continue;
      Value *value = behind(values[i], exit);
      changed = true;
      if (auto *only = dyn_cast<PHINode>(user); only && only->getParent() == exit) {
        only->replaceAllUsesWith(value);
        only->eraseFromParent();
      } else {
        use.set(value);
      }
    }
  return changed;
}

PreservedAnalyses passes::ExitValues::run(Function &function, FunctionAnalysisManager &analyses) {
  const auto &tree = analyses.getResult<DominatorTreeAnalysis>(function);
  bool changed = false;
  for (Loop *loop : analyses.getResult<LoopAnalysis>(function).getLoopsInPreorder()) {
    if (!loop->getLoopLatch())
      continue;
    for (PHINode &phi : loop->getHeader()->phis()) {
      const APInt *step;
      auto *next = dyn_cast<Instruction>(phi.getIncomingValueForBlock(loop->getLoopLatch()));
      if (next && phi.getType()->isIntegerTy() &&
          match(next, m_Add(m_Specific(&phi), m_APInt(step))) && !next->hasPoisonGeneratingFlags())
        changed |= Exits(*loop, tree, phi, *next, *step).replace();
    }
  }
  return afterInstructions(changed);
}
