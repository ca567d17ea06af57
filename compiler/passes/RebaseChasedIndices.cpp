//===- RebaseChasedIndices.cpp - Indices that lead to the next one ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where what is loaded at an index decides which index is next, as in a search that
// skips by the last character of a word, each iteration waits for the one before:
//
//   i = 0;  do { i += skip[text[i + k]]; } while (i + n < length);
//
// Native code has `text + k` in a register, or in the address. Here the sum is one of 32
// bits, may wrap around, and is an addition more to wait for. So the loop counts what it
// loads at, and computes the index that was from that, which nothing has to wait for:
//
//   j = k;  do { j += skip[text[j]]; } while (j - k + n < length);
//
// Why it cannot leave the sandbox: the same values modulo 2^32, without a flag.
//
//===----------------------------------------------------------------------===//
#include "passes/Passes.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace wasmc;

namespace {

/// Instructions that are looked at between an index and the next one.
constexpr size_t longestChase = 64;
constexpr size_t mostParts = 4;

/// The index of a loop, and the sum that is loaded at.
struct Chase {
  PHINode *index;
  BinaryOperator *next;
  Value *step;
  Instruction *place = nullptr;
  SmallVector<Value *, mostParts> parts = {}; ///< place - index, none of which changes.
};

} // namespace

/// Whether a value is the index plus what does not change in the loop.
static bool isBeside(Value *value, const PHINode &index, const Loop &loop,
                     SmallVectorImpl<Value *> &parts) {
  while (value != &index) {
    auto *sum = dyn_cast<BinaryOperator>(value);
    if (!sum || sum->getOpcode() != Instruction::Add || parts.size() == mostParts)
      return false;
    const bool isFirst = loop.isLoopInvariant(sum->getOperand(0));
    if (!isFirst && !loop.isLoopInvariant(sum->getOperand(1)))
      return false;
    parts.push_back(sum->getOperand(isFirst ? 0 : 1));
    value = sum->getOperand(isFirst ? 1 : 0);
  }
  return true;
}

/// Looks for the sum, from the step back through loads. There is nothing to gain where
/// one of the loads is at the index as it is.
static bool findPlace(Chase &chase, const Loop &loop) {
  SmallVector<std::pair<Value *, unsigned>> pending = {{chase.step, false}};
  SmallDenseSet<std::pair<Value *, unsigned>> seen;
  while (!pending.empty()) {
    auto [value, isAddress] = pending.pop_back_val();
    auto *inst = dyn_cast<Instruction>(value);
    if (!inst || isa<PHINode>(inst) || !loop.contains(inst) || !seen.insert({value, isAddress}).second)
      continue;
    if (seen.size() > longestChase)
      return false;
    if (auto *extension = dyn_cast<ZExtInst>(inst); extension && isAddress) {
      SmallVector<Value *, mostParts> parts;
      Value *sum = extension->getOperand(0);
      if (isBeside(sum, *chase.index, loop, parts)) {
        if (parts.empty())
          return false;
        chase.place = cast<Instruction>(sum);
        chase.parts = parts;
        continue;
      }
    }
    for (Value *operand : inst->operands())
      pending.push_back({operand, isAddress || isa<LoadInst>(inst)});
  }
  return chase.place;
}

static std::optional<Chase> chaseOf(PHINode &index, const Loop &loop) {
  BasicBlock *latch = loop.getLoopLatch();
  if (!loop.getLoopPreheader() || !latch || !index.getType()->isIntegerTy(32))
    return std::nullopt;
  auto *next = dyn_cast<BinaryOperator>(index.getIncomingValueForBlock(latch));
  if (!next || next->getOpcode() != Instruction::Add || !loop.contains(next))
    return std::nullopt;
  const bool isFirst = next->getOperand(0) == &index;
  if (!isFirst && next->getOperand(1) != &index)
    return std::nullopt;
  Chase chase = {.index = &index, .next = next, .step = next->getOperand(isFirst ? 1 : 0)};
  return findPlace(chase, loop) ? std::optional(chase) : std::nullopt;
}

static void rebase(const Chase &chase, const Loop &loop) {
  PHINode &index = *chase.index;
  BasicBlock *before = loop.getLoopPreheader();
  IRBuilder<> b(before->getTerminator());
  b.SetCurrentDebugLocation(index.getDebugLoc());
  Value *offset = chase.parts.front();
  for (Value *part : drop_begin(chase.parts))
    offset = b.CreateAdd(offset, part);
  Value *back = b.CreateNeg(offset);
  Value *start = b.CreateAdd(index.getIncomingValueForBlock(before), offset);

  PHINode *place = PHINode::Create(index.getType(), 2, index.getName() + ".place", index.getIterator());
  place->setDebugLoc(index.getDebugLoc());
  b.SetInsertPoint(chase.next);
  Value *next = b.CreateAdd(place, chase.step);
  place->addIncoming(start, before);
  place->addIncoming(next, loop.getLoopLatch());
  chase.next->replaceAllUsesWith(b.CreateAdd(next, back));
  chase.next->eraseFromParent();
  chase.place->replaceAllUsesWith(place);
  b.SetInsertPoint(&*index.getParent()->getFirstInsertionPt());
  index.replaceAllUsesWith(b.CreateAdd(place, back));
  index.eraseFromParent();
}

PreservedAnalyses passes::RebaseChasedIndices::run(Function &function,
                                                   FunctionAnalysisManager &analyses) {
  bool changed = false;
  for (Loop *loop : analyses.getResult<LoopAnalysis>(function).getLoopsInPreorder())
    for (PHINode &phi : make_early_inc_range(loop->getHeader()->phis()))
      if (std::optional<Chase> chase = chaseOf(phi, *loop)) {
        rebase(*chase, *loop);
        changed = true;
      }
  return afterInstructions(changed);
}
