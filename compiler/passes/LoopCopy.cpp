//===- LoopCopy.cpp - A second version of a loop ------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/LoopCopy.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;
using namespace wasmc;

static constexpr const char *asWritten = "wasmc.loop.as_written";

bool passes::isCopy(const Loop &loop) {
  for (const Loop *one = &loop; one; one = one->getParentLoop())
    if (getBooleanLoopAttribute(one, asWritten))
      return true;
  return false;
}

void passes::keepAsWritten(Loop &copy) {
  for (Loop *one : copy.getLoopsInPreorder()) {
    addStringMetadataToLoop(one, asWritten, true);
    addStringMetadataToLoop(one, "llvm.loop.disable_nonforced", true);
  }
}

void passes::copyLoop(Loop &loop, Value *condition, LoopInfo &loops, DominatorTree &tree,
                      const char *suffix) {
  BasicBlock *before = loop.getLoopPreheader();
  SmallVector<BasicBlock *> exits;
  loop.getUniqueExitBlocks(exits);
  BasicBlock *preheader = SplitBlock(before, before->getTerminator(), &tree, &loops);
  preheader->setName(loop.getHeader()->getName() + ".versioned");
  ValueToValueMapTy values;
  SmallVector<BasicBlock *> blocks;
  Loop *copy = cloneLoopWithPreheader(preheader, before, &loop, values, suffix, &loops, &tree,
                                      blocks);
  remapInstructionsInBlocks(blocks, values);
  Instruction *jump = before->getTerminator();
  IRBuilder<>(jump).CreateCondBr(condition, preheader, copy->getLoopPreheader(),
                                 MDBuilder(before->getContext()).createLikelyBranchWeights());
  jump->eraseFromParent();
  for (BasicBlock *exit : exits)
    for (PHINode &phi : exit->phis())
      for (unsigned i = 0, before = phi.getNumIncomingValues(); i != before; ++i)
        if (loop.contains(phi.getIncomingBlock(i))) {
          Value *value = phi.getIncomingValue(i);
          auto mapped = values.find(value);
          phi.addIncoming(mapped == values.end() ? value : &*mapped->second,
                          cast<BasicBlock>(values[phi.getIncomingBlock(i)]));
        }
  keepAsWritten(*copy);
  // What could be reached through the loop alone can be through the copy, too.
  for (BasicBlock *block : loop.blocks())
    for (DomTreeNode *child : to_vector(tree[block]->children()))
      if (!loop.contains(child->getBlock()))
        tree.changeImmediateDominator(child, tree[before]);
}

BasicBlock *passes::ownExit(Loop &loop, BasicBlock &exit, LoopInfo &loops, DominatorTree &tree) {
  SmallVector<BasicBlock *> from;
  for (BasicBlock *block : predecessors(&exit))
    if (loop.contains(block) && !is_contained(from, block))
      from.push_back(block);
  return SplitBlockPredecessors(&exit, from, ".own", &tree, &loops, nullptr, true);
}
