//===- RangeCheckVersioning.cpp - Range checks in front of loops --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A bounds check is an exit of each loop that it is in, and LLVM vectorises none with
// such exits. Where the least and the greatest index of a check are known before the
// loop (IndexRange.h), both are compared with the size once:
//
//     if (all indices of the run lie within the memory)
//       the loop without these checks
//     else
//       the loop as it was
//
// Why it is safe: a check that is left out would have let each access pass. Its index
// was within the size that the memory had before the loop, and no memory ever becomes
// smaller (4.5.3: memories only grow). Nothing else of the loop is changed, so that
// where a check would have trapped, the loop as it was does so, after all effects that
// came before.
//
// An outermost loop is taken first, loops within it where that one is too large or most
// of its checks cannot be bounded.
//
//===----------------------------------------------------------------------===//
#include "passes/BoundsChecks.h"
#include "passes/IndexRange.h"
#include "passes/LoopCopy.h"
#include "passes/Passes.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::passes;

/// Instructions of a loop that is worth a copy.
static constexpr size_t maxLoop = 3'000;
/// Instructions that all copies in a function may have, and, beyond it, as many as the
/// function itself.
static constexpr size_t maxGrowth = 4'000;
/// Compares before a loop.
static constexpr size_t maxConditions = 16;
/// Instructions that are looked at of those by which the condition of an exit is computed.
static constexpr size_t maxExitSteps = 16;
/// Checks of a loop that are looked at: ranges are compared pair by pair.
static constexpr size_t maxChecks = 256;

namespace {
/// What is done with a loop: the checks that go, and when.
struct Plan {
  Loop *loop;
  SmallVector<BoundsCheck, 8> checks;
  SmallVector<Condition, 8> conditions; ///< All of which must hold.
};

class Versioning {
public:
  Versioning(Function &f, FunctionAnalysisManager &analyses)
      : loops(analyses.getResult<LoopAnalysis>(f)),
        dominators(analyses.getResult<DominatorTreeAnalysis>(f)),
        se(analyses.getResult<ScalarEvolutionAnalysis>(f)), expander(se, "range"),
        budget(maxGrowth + f.getInstructionCount()) {}
  bool run();

private:
  void visit(Loop &loop);
  bool plan(Plan &plan);
  bool boundCheck(const BoundsCheck &check, IndexRanges &ranges, Plan &plan);
  const SCEV *sizeBefore(Value *size, Loop &loop);
  bool accept(ArrayRef<Condition> conditions, Plan &plan);
  Value *test(const Plan &plan);

  LoopInfo &loops;
  DominatorTree &dominators;
  ScalarEvolution &se;
  SCEVExpander expander;
  std::vector<Plan> plans;
  std::vector<Instruction *> sizes; ///< Loads of them that were put before loops.
  size_t budget;                    ///< Instructions that are left for copies.
};
} // namespace

/// The size of a memory as it is when the loop begins: that of the check or a lower one.
const SCEV *Versioning::sizeBefore(Value *size, Loop &loop) {
  const SCEV *value = se.getSCEV(size);
  if (se.isAvailableAtLoopEntry(value, &loop))
    return value;
  // In a loop that might make the memory larger, or where another thread might, it is
  // loaded each time. From a field of the instance, it can be loaded earlier, too.
  LoadInst *load = loadOfSize(size);
  if (!load)
    return nullptr;
  Value *pointer = load->getPointerOperand();
  auto *address = dyn_cast<GetElementPtrInst>(pointer);
  if (!isa<Argument>(address ? address->getPointerOperand() : pointer) ||
      (address && !address->hasAllConstantIndices()))
    return nullptr;
  IRBuilder<> b(loop.getLoopPreheader()->getTerminator());
  if (address) {
    pointer = b.Insert(address->clone());
    sizes.push_back(cast<Instruction>(pointer));
  }
  auto *before = cast<LoadInst>(load->clone());
  before->setOperand(0, pointer);
  sizes.push_back(b.Insert(before));
  return se.getNoopOrZeroExtend(se.getSCEV(before), size->getType());
}

/// Adds a condition, or makes one that is there stricter: those that differ by a
/// constant only are one.
static void addCondition(const Condition &added, SmallVectorImpl<Condition> &list,
                         ScalarEvolution &se) {
  for (Condition &other : list) {
    if (other.isSigned != added.isSigned)
      continue;
    if (other.left == added.left && other.right == added.right)
      return;
    if (!added.isSigned)
      continue;
    // Of exact integers, which both sides of these are, the difference is exact.
    const bool sameRight = other.right == added.right;
    if (!sameRight && other.left != added.left)
      continue;
    auto *distance = dyn_cast<SCEVConstant>(
        sameRight ? se.getMinusSCEV(added.left, other.left)
                  : se.getMinusSCEV(other.right, added.right));
    if (!distance)
      continue;
    if (distance->getAPInt().isStrictlyPositive())
      other = added;
    return;
  }
  list.push_back(added);
}

/// Takes the conditions of a check over into the plan, unless one is known not to hold
/// or cannot be tested before the loop.
bool Versioning::accept(ArrayRef<Condition> conditions, Plan &plan) {
  SmallVector<Condition, 8> all = plan.conditions;
  const Instruction *end = plan.loop->getLoopPreheader()->getTerminator();
  for (const Condition &c : conditions) {
    CmpInst::Predicate holds = c.isSigned ? CmpInst::ICMP_SLE : CmpInst::ICMP_ULE;
    if (se.isKnownPredicate(holds, c.left, c.right))
      continue;
    if (se.isKnownPredicate(CmpInst::getInversePredicate(holds), c.left, c.right) ||
        !expander.isSafeToExpandAt(c.left, end) || !expander.isSafeToExpandAt(c.right, end))
      return false;
    addCondition(c, all, se);
  }
  if (all.size() > maxConditions)
    return false;
  plan.conditions = std::move(all);
  return true;
}

bool Versioning::boundCheck(const BoundsCheck &check, IndexRanges &ranges, Plan &plan) {
  const unsigned bits = check.end->getType()->getIntegerBitWidth();
  const SCEV *size = bits <= 64 ? sizeBefore(check.size, *plan.loop) : nullptr;
  if (!size)
    return false;
  SmallVector<Condition, 8> conditions;
  std::optional<IndexRange> range = ranges.of(se.getSCEV(check.end), conditions);
  if (!range)
    return false;
  std::optional<Bound> end = ranges.sum(range->high, ranges.constant(check.orEqual));
  if (!end)
    return false;
  // A bound that follows from what comes now needs no compare: that an index does not
  // wrap around, where no memory has more than 4 GiB.
  const APInt most = se.getUnsignedRangeMax(size);
  erase_if(conditions, [&](const Condition &c) {
    auto *limit = c.isSigned ? dyn_cast<SCEVConstant>(c.right) : nullptr;
    auto *distance =
        limit ? dyn_cast<SCEVConstant>(se.getMinusSCEV(end->value, c.left)) : nullptr;
    return distance && most.getActiveBits() < 62 &&
           int64_t(most.getZExtValue()) - distance->getAPInt().getSExtValue() <=
               limit->getAPInt().getSExtValue();
  });
  // Signed: a size of 2^63 or more, which no memory has, would not pass.
  conditions.push_back({end->value, se.getNoopOrZeroExtend(size, end->value->getType()), true});
  return accept(conditions, plan);
}

/// The check at the end of a block, if the loop goes on behind it.
static std::optional<BoundsCheck> checkWithin(const Loop &loop, const BasicBlock &block) {
  std::optional<BoundsCheck> check = BoundsCheck::of(block);
  return check && loop.contains(check->next()) ? check : std::nullopt;
}

/// Whether what the loop loads decides when it ends, as in a search. Such a loop is seldom
/// vectorised, and often short.
static bool endsByData(const Loop &loop) {
  SmallVector<BasicBlock *, 8> exiting;
  loop.getExitingBlocks(exiting);
  return any_of(exiting, [&](BasicBlock *block) {
    if (checkWithin(loop, *block))
      return false;
    SmallSetVector<Instruction *, 16> computed;
    computed.insert(block->getTerminator());
    for (size_t i = 0; i != computed.size() && i != maxExitSteps; ++i) {
      if (isa<LoadInst>(computed[i]))
        return true;
      for (Value *operand : computed[i]->operands())
        if (auto *inst = dyn_cast<Instruction>(operand);
            inst && loop.contains(inst) && !isa<PHINode>(inst))
          computed.insert(inst);
    }
    return false;
  });
}

bool Versioning::plan(Plan &plan) {
  Loop &loop = *plan.loop;
  if (!loop.isLoopSimplifyForm() || !loop.isSafeToClone() || isCopy(loop))
    return false;
  size_t instructions = 0, checks = 0;
  for (const BasicBlock *block : loop.blocks())
    if ((instructions += block->size()) > std::min(maxLoop, budget))
      return false;
  IndexRanges ranges(se, dominators, loop);
  for (const BasicBlock *block : loop.blocks()) {
    std::optional<BoundsCheck> check = checkWithin(loop, *block);
    if (!check || ++checks > maxChecks)
      continue;
    if (boundCheck(*check, ranges, plan))
      plan.checks.push_back(*check);
  }
  if (plan.checks.empty() || (!loop.isInnermost() && plan.checks.size() * 2 < checks))
    return false;
  if (plan.conditions.empty())
    return true;
  // The range check would take as long as several of the one that goes.
  if (loop.isInnermost() && plan.checks.size() == 1 && endsByData(loop))
    return false;
  budget -= instructions;
  return true;
}

void Versioning::visit(Loop &loop) {
  Plan candidate{&loop, {}, {}};
  if (plan(candidate))
    plans.push_back(std::move(candidate));
  else
    for (Loop *inner : loop)
      visit(*inner);
}

/// The conditions of a plan, tested at the end of the preheader.
Value *Versioning::test(const Plan &plan) {
  Instruction *end = plan.loop->getLoopPreheader()->getTerminator();
  Value *all = nullptr;
  for (const Condition &c : plan.conditions) {
    Type *type = c.left->getType();
    Value *left = expander.expandCodeFor(c.left, type, end);
    Value *right = expander.expandCodeFor(c.right, type, end);
    IRBuilder<> b(end);
    Value *holds = c.isSigned ? b.CreateICmpSLE(left, right) : b.CreateICmpULE(left, right);
    // A value that the loop does not come to use may be poison. Each condition is
    // frozen for itself, so that it spoils none of the others.
    holds = b.CreateFreeze(holds);
    all = all ? b.CreateAnd(all, holds) : holds;
  }
  return all;
}

/// Takes a check out of the loop without checks.
static void removeCheck(const BoundsCheck &check) {
  check.trapBlock()->removePredecessor(check.branch->getParent());
  LoadInst *size = loadOfSize(check.size);
  auto *compare = cast<Instruction>(check.branch->getCondition());
  IRBuilder<> b(check.branch);
  b.CreateBr(check.next());
  check.branch->eraseFromParent();
  // LLVM would keep a load that is atomic, even of a size that nothing is compared with.
  if (size && size->isAtomic() && size->hasOneUse() && compare->use_empty() &&
      is_contained(compare->operands(), size)) {
    compare->eraseFromParent();
    size->eraseFromParent();
  }
}

bool Versioning::run() {
  for (Loop *loop : loops)
    visit(*loop);
  if (plans.empty() && sizes.empty())
    return false;
  // All code that analyses are asked for comes before anything they know is changed.
  SmallVector<Value *, 8> tests;
  for (const Plan &plan : plans)
    tests.push_back(test(plan));
  // Flags hold where an expression was found, which is not here.
  for (Instruction *inst : expander.getAllInsertedInstructions())
    inst->dropPoisonGeneratingFlags();
  for (Instruction *inst : reverse(sizes))
    if (inst->use_empty())
      inst->eraseFromParent();
  // The dominators are right only as long as no check has gone.
  for (auto [plan, condition] : zip_equal(plans, tests))
    if (condition)
      copyLoop(*plan.loop, condition, loops, dominators, ".checked");
  for (const Plan &plan : plans)
    for (const BoundsCheck &check : plan.checks)
      removeCheck(check);
  return true;
}

PreservedAnalyses RangeCheckVersioning::run(Function &f, FunctionAnalysisManager &analyses) {
  // Code is to be small, not fast.
  if (f.hasMinSize())
    return PreservedAnalyses::all();
  return Versioning(f, analyses).run() ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
