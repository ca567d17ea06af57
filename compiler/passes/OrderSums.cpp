//===- OrderSums.cpp - Sums of what a loop loads, in the order of memory ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM orders the terms of a sum as it likes: what a producer has unrolled,
//
//   s += a[i]; s += a[i + 1]; s += a[i + 2]; s += a[i + 3];
//
// may be a sum from a[i + 3] down to a[i] by the time that bounds checks have gone, and is
// not read as copies of one body any more (RerollLoops.cpp). Here terms come in the order
// in which a loop that goes over memory would have them.
//
// Why it cannot leave the sandbox: no access is moved, made or left out. Why no one can
// tell: integers are the same in any order; flags that held in the old one are dropped.
//
//===----------------------------------------------------------------------===//
#include "passes/Induction.h"
#include "passes/LoopCopy.h"
#include "passes/Passes.h"

#include "llvm/IR/IRBuilder.h"

using namespace llvm;
using namespace wasmc;
using passes::Induction;

namespace {

constexpr unsigned mostTerms = 64;
/// Operands that are followed from a term to a load.
constexpr unsigned deepest = 8;

/// phi + term + term + ..., as the value of the phi in the next iteration.
struct LoopSum {
  PHINode &phi;
  SmallVector<BinaryOperator *> steps; ///< The last first.
  SmallVector<Value *> terms;          ///< Of each step.

  static std::optional<LoopSum> of(PHINode &phi, Loop &loop);
};

} // namespace

std::optional<LoopSum> LoopSum::of(PHINode &phi, Loop &loop) {
  LoopSum sum = {phi, {}, {}};
  auto stepOf = [&](Value *value) -> BinaryOperator * {
    auto *step = dyn_cast<BinaryOperator>(value);
    if (!step || step->getParent() != loop.getHeader() || !step->isAssociative() ||
        !step->isCommutative() || !step->getType()->isIntegerTy())
      return nullptr;
    if (!sum.steps.empty() &&
        (step->getOpcode() != sum.steps[0]->getOpcode() || !step->hasOneUse()))
      return nullptr;
    return step;
  };
  for (Value *value = phi.getIncomingValueForBlock(loop.getLoopLatch()); value != &phi;) {
    BinaryOperator *step = stepOf(value);
    if (!step || sum.steps.size() == mostTerms)
      return std::nullopt;
    sum.steps.push_back(step);
    Value *lhs = step->getOperand(0), *rhs = step->getOperand(1);
    // A term that is a sum itself is left to LLVM, which makes one of both.
    const bool leads = lhs == &phi || (rhs != &phi && stepOf(lhs));
    if (leads && rhs != &phi && stepOf(rhs))
      return std::nullopt;
    sum.terms.push_back(leads ? rhs : lhs);
    value = leads ? lhs : rhs;
  }
  return sum.terms.size() < 2 ? std::nullopt : std::optional(std::move(sum));
}

/// The load that a term is made of, if it is the first operand of each operation.
static LoadInst *loadOf(Value *term) {
  for (unsigned i = 0; i != deepest; ++i) {
    if (auto *load = dyn_cast<LoadInst>(term))
      return load;
    auto *inst = dyn_cast<Instruction>(term);
    if (!inst || !isa<CastInst, BinaryOperator>(inst))
      return nullptr;
    term = inst->getOperand(0);
  }
  return nullptr;
}

/// Where terms come from, each as a distance from the first, in the direction of the loop.
static std::optional<SmallVector<int64_t>> placesOf(ArrayRef<Value *> terms, Induction &induction) {
  SmallVector<int64_t> places;
  LoadInst *first = loadOf(terms[0]);
  std::optional<int64_t> stride =
      first ? induction.strideOf(first->getPointerOperand()) : std::nullopt;
  if (!stride)
    return std::nullopt;
  for (Value *term : terms) {
    LoadInst *load = loadOf(term);
    std::optional<int64_t> place =
        load ? induction.distance(first->getPointerOperand(), load->getPointerOperand()) : std::nullopt;
    // A module's offsets are below 2^33.
    if (!place || !isInt<40>(*place))
      return std::nullopt;
    places.push_back(*stride < 0 ? -*place : *place);
  }
  return places;
}

static bool order(const LoopSum &sum, Induction &induction) {
  std::optional<SmallVector<int64_t>> places = placesOf(sum.terms, induction);
  // Steps are listed from the last on.
  if (!places || is_sorted(*places, std::greater<>()))
    return false;
  SmallVector<std::pair<int64_t, size_t>> sorted;
  for (size_t i = 0; i != sum.terms.size(); ++i)
    sorted.push_back({(*places)[i], i});
  llvm::sort(sorted);
  BinaryOperator *last = sum.steps[0];
  // All terms stand before the last step.
  IRBuilder<> b(last);
  Value *value = &sum.phi;
  for (auto [place, i] : sorted)
    value = b.CreateBinOp(last->getOpcode(), value, sum.terms[i]);
  last->replaceAllUsesWith(value);
  for (BinaryOperator *step : sum.steps)
    step->eraseFromParent();
  return true;
}

PreservedAnalyses passes::OrderSums::run(Function &f, FunctionAnalysisManager &analyses) {
  auto &se = analyses.getResult<ScalarEvolutionAnalysis>(f);
  bool changed = false;
  for (Loop *loop : analyses.getResult<LoopAnalysis>(f).getLoopsInPreorder()) {
    if (!loop->isInnermost() || !Induction::isSimple(*loop, se))
      continue;
    Induction induction(*loop, se, 1);
    for (PHINode &phi : loop->getHeader()->phis())
      if (std::optional<LoopSum> sum = LoopSum::of(phi, *loop))
        changed |= order(*sum, induction);
  }
  return afterInstructions(changed);
}
