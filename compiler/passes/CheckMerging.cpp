//===- CheckMerging.cpp - One compare for several accesses of a pointer ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accesses of fields (p[0], p[4], p[8]) are compared with the same size one by one.
//
// - A check of what a check before it on every path has covered goes.
// - Where nothing that could be seen happens between some, the first compares the end
//   of the farthest. Where that is past the memory's end, a cold block does all their
//   compares, in their order, so that the one that traps is the one that did before:
//
//       if (p + 12 > size)                    if (p + 4 > size) trap
//         cold: p + 4, p + 8, p + 12    <-    load p[0]
//       load p[0], p[4], p[8]                 if (p + 8 > size) trap ...
//
// Why it is safe: an access is behind a compare of an end that is at least its own, or
// behind its own compare. Ends are sums of a pointer of 32 bits and constants, in 64
// bits, and do not wrap around. A constant that was added in 32 bits is counted only
// where no memory has more than 4 GiB: an end within the size is then below 2^32, and
// the addition did not wrap around either. A size that was read later is no smaller,
// since memories only grow.
//
//===----------------------------------------------------------------------===//
#include "passes/BoundsChecks.h"
#include "passes/LoopCopy.h"
#include "passes/Passes.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;
using namespace wasmc;
using namespace wasmc::passes;

/// Blocks that are followed from a check on.
static constexpr unsigned maxChain = 32;

namespace {
/// What a check compares: traps if zext(pointer + inner) + outer > size.
struct Access {
  Value *pointer; ///< i32.
  Value *memory;  ///< What tells the size: the address that it is loaded from, or itself.
  uint64_t inner; ///< Added in 32 bits: may wrap around.
  uint64_t outer; ///< Added in 64 bits.

  uint64_t reach() const { return inner + outer; }
  bool hasSameBase(const Access &other) const {
    return pointer == other.pointer && memory == other.memory;
  }
  /// Whether an access with this check behind it needs no check.
  bool covers(const Access &other) const {
    return hasSameBase(other) && (inner == 0 ? reach() >= other.reach()
                                             : inner == other.inner && outer >= other.outer);
  }
};
} // namespace

/// Whether a size is that of a memory of no more than 4 GiB.
static bool isAtMost4GiB(Value *size) {
  ConstantRange range = computeConstantRange(size, /*ForSigned=*/false);
  if (auto *extension = dyn_cast<ZExtInst>(size))
    range = range.intersectWith(
        ConstantRange::getFull(extension->getOperand(0)->getType()->getIntegerBitWidth())
            .zeroExtend(size->getType()->getIntegerBitWidth()));
  return range.getUnsignedMax().ule(uint64_t(1) << 32);
}

static std::optional<Access> accessOf(const BoundsCheck &check) {
  Value *index = check.end, *pointer, *summand;
  Access access = {nullptr, check.size, 0, check.orEqual};
  const APInt *constant;
  if (match(index, m_AddLike(m_Value(summand), m_APInt(constant)))) {
    if (constant->getActiveBits() > 33)
      return std::nullopt;
    access.outer += constant->getZExtValue();
    index = summand;
  }
  if (!index->getType()->isIntegerTy(64) || !match(index, m_ZExt(m_Value(pointer))) ||
      !pointer->getType()->isIntegerTy(32) || access.outer == 0)
    return std::nullopt;
  if (match(pointer, m_AddLike(m_Value(summand), m_APInt(constant))) &&
      !constant->isNegative() && isAtMost4GiB(check.size)) {
    access.inner = constant->getZExtValue();
    pointer = summand;
  }
  access.pointer = pointer;
  if (LoadInst *load = loadOfSize(check.size))
    access.memory = load->getPointerOperand();
  return access;
}

namespace {
class Merging {
public:
  Merging(Function &f, DominatorTree &dominators, LoopInfo &loops)
      : f(f), dominators(dominators), loops(loops) {}
  bool run();

private:
  struct Member {
    BoundsCheck check;
    std::optional<Access> access;
  };
  bool isKept(const BasicBlock &block) const;
  void dropCovered(const DomTreeNode &node);
  static bool isOfBase(const Member &member, const Access &base) {
    return member.access && member.access->hasSameBase(base);
  }
  void merge(const BoundsCheck &first);
  void widen(ArrayRef<Member> chain, uint64_t reach);
  void drop(const BoundsCheck &check);

  Function &f;
  DominatorTree &dominators;
  LoopInfo &loops;
  bool changed = false;
};
} // namespace

/// Whether checks of a block stay as they are, since their loop hardly ever runs.
bool Merging::isKept(const BasicBlock &block) const {
  const Loop *loop = loops.getLoopFor(&block);
  return loop && isCopy(*loop);
}

void Merging::drop(const BoundsCheck &check) {
  check.trapBlock()->removePredecessor(check.branch->getParent());
  IRBuilder<>(check.branch).CreateBr(check.next());
  check.branch->eraseFromParent();
  changed = true;
}

/// Looks upwards: what the blocks above that lead here have compared.
void Merging::dropCovered(const DomTreeNode &node) {
  std::optional<BoundsCheck> check = BoundsCheck::of(*node.getBlock());
  std::optional<Access> access = check ? accessOf(*check) : std::nullopt;
  if (!access || isKept(*node.getBlock()))
    return;
  const DomTreeNode *below = &node;
  for (unsigned i = 0; i != maxChain; ++i) {
    const DomTreeNode *above = below->getIDom();
    if (!above)
      return;
    std::optional<BoundsCheck> earlier = BoundsCheck::of(*above->getBlock());
    std::optional<Access> covered = earlier ? accessOf(*earlier) : std::nullopt;
    // The edge that did not trap must be the one that leads here.
    if (covered && covered->covers(*access) &&
        dominators.dominates(BasicBlockEdge(above->getBlock(), earlier->next()),
                             node.getBlock()))
      return drop(*check);
    below = above;
  }
}

/// Whether nothing happens in a block that could be seen if a trap came before it.
static bool hasNoEffect(const BasicBlock &block) {
  return all_of(block, [](const Instruction &inst) {
    return inst.isTerminator() ||
           (!inst.mayWriteToMemory() && isGuaranteedToTransferExecutionToSuccessor(&inst));
  });
}

void Merging::merge(const BoundsCheck &first) {
  std::optional<Access> access = accessOf(first);
  if (!access)
    return;
  SmallVector<Member, 8> chain = {{first, access}};
  uint64_t reach = access->reach();
  size_t last = 0;
  const BasicBlock *block = first.next();
  for (unsigned i = 0; i != maxChain && block->getSinglePredecessor() && hasNoEffect(*block); ++i) {
    auto *jump = dyn_cast<BranchInst>(block->getTerminator());
    if (jump && jump->isUnconditional()) {
      block = jump->getSuccessor(0);
      continue;
    }
    std::optional<BoundsCheck> check = BoundsCheck::of(*block);
    if (!check || check->size != first.size)
      break;
    chain.push_back({*check, accessOf(*check)});
    const Member &member = chain.back();
    if (isOfBase(member, *access)) {
      reach = std::max(reach, member.access->reach());
      last = chain.size() - 1;
    } else if (!dominators.dominates(check->end, first.branch)) {
      break;
    }
    block = check->next();
  }
  if (!last)
    return;
  chain.truncate(last + 1);
  if (reach != access->reach() || access->inner)
    widen(chain, reach);
  for (const Member &member : drop_begin(chain))
    if (isOfBase(member, *access))
      drop(member.check);
}

/// Has the first check of a chain compare `reach`, and all checks of the chain be done
/// one by one where that is past the end.
void Merging::widen(ArrayRef<Member> chain, uint64_t reach) {
  const BoundsCheck &first = chain.front().check;
  const Access &base = *chain.front().access;
  MDNode *unlikely = MDBuilder(f.getContext()).createUnlikelyBranchWeights();
  IRBuilder<> b(first.branch);
  auto isPast = [&](uint64_t inner, uint64_t outer) {
    Value *index = b.CreateAdd(base.pointer, b.getInt32(inner));
    Value *end = b.CreateAdd(b.CreateZExt(index, b.getInt64Ty()), b.getInt64(outer));
    return b.CreateICmpUGT(end, first.size);
  };
  auto addEdge = [](BasicBlock *to, BasicBlock *old, BasicBlock *added) {
    for (PHINode &phi : to->phis())
      phi.addIncoming(phi.getIncomingValueForBlock(old), added);
  };
  BasicBlock *const from = first.branch->getParent();
  SmallVector<BasicBlock *, 8> blocks;
  for (size_t i = 0; i != chain.size(); ++i)
    blocks.push_back(BasicBlock::Create(f.getContext(), "each", &f));
  blocks.push_back(first.next());
  Value *isAnyPast = isPast(0, reach);
  b.CreateCondBr(isAnyPast, blocks.front(), first.next(), unlikely);
  for (size_t i = 0; i != chain.size(); ++i) {
    const BoundsCheck &check = chain[i].check;
    const std::optional<Access> &access = chain[i].access;
    b.SetInsertPoint(blocks[i]);
    b.SetCurrentDebugLocation(check.branch->getDebugLoc());
    Value *traps = isOfBase(chain[i], base)
                       ? isPast(access->inner, access->outer)
                       : b.CreateICmp(check.orEqual ? CmpInst::ICMP_UGE : CmpInst::ICMP_UGT,
                                      check.end, check.size);
    b.CreateCondBr(traps, check.trapBlock(), blocks[i + 1], unlikely);
    addEdge(check.trapBlock(), check.branch->getParent(), blocks[i]);
  }
  // None trapped where a constant that was added in 32 bits wrapped around.
  addEdge(first.next(), from, blocks[chain.size() - 1]);
  first.trapBlock()->removePredecessor(from);
  first.branch->eraseFromParent();
  changed = true;
}

bool Merging::run() {
  SmallVector<const DomTreeNode *, 32> nodes;
  for (const DomTreeNode *node : depth_first(dominators.getRootNode()))
    nodes.push_back(node);
  for (const DomTreeNode *node : nodes)
    dropCovered(*node);
  for (const DomTreeNode *node : nodes)
    if (std::optional<BoundsCheck> check = BoundsCheck::of(*node->getBlock());
        check && !isKept(*node->getBlock()))
      merge(*check);
  return changed;
}

PreservedAnalyses CheckMerging::run(Function &f, FunctionAnalysisManager &analyses) {
  Merging merging(f, analyses.getResult<DominatorTreeAnalysis>(f), analyses.getResult<LoopAnalysis>(f));
  return merging.run() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
