//===- IndexRange.cpp - What an index can be while a loop runs ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Facts that LLVM knows of values in the loop (how often it runs, which bits of a
// value are zero) may follow from the checks themselves. That is no circle: they hold
// for the loop with its checks, up to the first that traps; and what is concluded from
// them is that there is no such check, hence that the loop without runs the same.
//
//===----------------------------------------------------------------------===//
#include "passes/IndexRange.h"
#include "passes/BoundsChecks.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::passes;

/// Bounds are below this. Their sum is below 2^63, so that none is computed wrongly.
static constexpr int64_t maxBound = int64_t(1) << 61;
/// A part that is bounded by nothing but its type, or bits that are zero, may be so
/// large. It is mostly smaller: a range that counts with all of it could fail where no
/// access would.
static constexpr int64_t maxGuess = 1 << 16;
/// A step that is not constant is tested to be within plus and minus this.
static constexpr int64_t maxStep = 1 << 24;
/// Parts of an expression that are looked at.
static constexpr unsigned maxSteps = 64;

/// What an expression is made of, each part as an exact integer.
struct IndexRanges::Sum {
  int64_t constant = 0;
  SmallVector<const SCEV *, 4> fixed; ///< Of the expression's type; do not change in the loop.
  Bound low, high;                    ///< Of the rest.
  unsigned bits;
};

static bool isBound(int64_t value) { return -maxBound < value && value < maxBound; }

Bound IndexRanges::constant(int64_t value) {
  return {se.getConstant(i64, value, /*isSigned=*/true), value, value};
}

std::optional<Bound> IndexRanges::sum(const Bound &a, const Bound &b) {
  Bound result = {nullptr, a.least + b.least, a.greatest + b.greatest};
  if (!isBound(result.least) || !isBound(result.greatest) || result.greatest < result.least)
    return std::nullopt;
  result.value = se.getAddExpr(a.value, b.value);
  return result;
}

/// `b` is never negative.
std::optional<Bound> IndexRanges::times(const Bound &a, const Bound &b) {
  if (b.least < 0 || b.greatest < b.least)
    return std::nullopt;
  Bound result;
  // The extremes are those of the greatest factor, or 0.
  if (MulOverflow(std::min<int64_t>(a.least, 0), b.greatest, result.least) ||
      MulOverflow(std::max<int64_t>(a.greatest, 0), b.greatest, result.greatest) ||
      !isBound(result.least) || !isBound(result.greatest))
    return std::nullopt;
  result.value = se.getMulExpr(a.value, b.value);
  return result;
}

void IndexRanges::require(const SCEV *left, const SCEV *right, bool isSigned) {
  conditions->push_back({left, right, isSigned});
}

std::optional<IndexRange> IndexRanges::of(const SCEV *expression,
                                          SmallVectorImpl<Condition> &list) {
  conditions = &list;
  steps = 0;
  return exact(expression, /*isSigned=*/false);
}

std::optional<IndexRange> IndexRanges::exact(const SCEV *expression, bool isSigned) {
  const unsigned bits = se.getTypeSizeInBits(expression->getType());
  Sum sum;
  sum.low = sum.high = constant(0);
  sum.bits = bits;
  if (bits > 64 || !add(expression, 1, sum))
    return std::nullopt;
  std::optional<IndexRange> range = finish(sum, bits, isSigned);
  if (!range)
    return std::nullopt;
  // Both ends are values of the type: then so is what lies between, and the sum is
  // the value itself. Of 64 bits any bound is one that is not negative.
  const int64_t least = isSigned ? minIntN(std::min(bits, 63u)) : 0;
  if (range->low.greatest < least)
    return std::nullopt;
  if (range->low.least < least)
    require(constant(least).value, range->low.value, /*isSigned=*/true);
  if (bits == 64)
    return range;
  const int64_t greatest = isSigned ? maxIntN(bits) : int64_t(maxUIntN(bits));
  if (range->high.least > greatest)
    return std::nullopt;
  if (range->high.greatest > greatest)
    require(range->high.value, constant(greatest).value, /*isSigned=*/true);
  return range;
}

/// Adds what does not change: one integer, computed in the expression's own type,
/// where it may wrap around as it does in the module.
std::optional<IndexRange> IndexRanges::finish(Sum &sum, unsigned bits, bool isSigned) {
  Bound fixed = constant(sum.constant);
  const SCEV *value = sum.fixed.empty() ? nullptr : se.getAddExpr(sum.fixed);
  if (value && !value->isZero()) {
    Bound rest;
    if (bits < 64) {
      rest = isSigned
                 ? Bound{se.getSignExtendExpr(value, i64), minIntN(bits), maxIntN(bits)}
                 : Bound{se.getZeroExtendExpr(value, i64), 0, int64_t(maxUIntN(bits))};
    } else {
      // Extended from 32 bits, or tested.
      if (isSigned)
        return std::nullopt;
      rest = {value, 0, maxBound / 4};
      if (auto *extended = dyn_cast<SCEVZeroExtendExpr>(value);
          extended && se.getTypeSizeInBits(extended->getOperand()->getType()) <= 32)
        rest.greatest = UINT32_MAX;
      else
        require(value, constant(rest.greatest).value, /*isSigned=*/false);
    }
    std::optional<Bound> both = this->sum(rest, fixed);
    if (!both)
      return std::nullopt;
    fixed = *both;
  } else if (bits < 64 && !isSigned) {
    // A constant address, or what a loop that counts up to zero begins with.
    fixed = constant(sum.constant & int64_t(maxUIntN(bits)));
  }
  std::optional<Bound> low = this->sum(fixed, sum.low), high = this->sum(fixed, sum.high);
  if (!low || !high)
    return std::nullopt;
  return IndexRange{*low, *high};
}

bool IndexRanges::add(const SCEV *expression, int64_t factor, Sum &sum) {
  if (++steps > maxSteps)
    return false;
  if (auto *number = dyn_cast<SCEVConstant>(expression)) {
    int64_t product;
    if (number->getAPInt().getSignificantBits() > 62 ||
        MulOverflow(number->getAPInt().getSExtValue(), factor, product) || !isBound(product) ||
        !isBound(sum.constant + product))
      return false;
    sum.constant += product;
    return true;
  }
  if (se.isAvailableAtLoopEntry(expression, &loop)) {
    Type *type = IntegerType::get(se.getContext(), sum.bits);
    const SCEV *part = se.getTruncateOrNoop(expression, type);
    const SCEV *by = se.getConstant(APInt(64, factor, /*isSigned=*/true).trunc(sum.bits));
    // A constant is kept apart, or ranges of neighbours could not be compared.
    if (auto *parts = dyn_cast<SCEVAddExpr>(part); parts && isa<SCEVConstant>(parts->getOperand(0))) {
      for (const SCEV *operand : parts->operands())
        if (isa<SCEVConstant>(operand) && !add(operand, factor, sum))
          return false;
        else if (!isa<SCEVConstant>(operand))
          sum.fixed.push_back(se.getMulExpr(by, operand));
      return true;
    }
    sum.fixed.push_back(se.getMulExpr(by, part));
    return true;
  }
  switch (expression->getSCEVType()) {
  case scAddExpr:
    return all_of(cast<SCEVAddExpr>(expression)->operands(),
                  [&](const SCEV *operand) { return add(operand, factor, sum); });
  case scMulExpr: {
    auto *product = cast<SCEVMulExpr>(expression);
    auto *number = dyn_cast<SCEVConstant>(product->getOperand(0));
    int64_t both;
    if (!number || product->getNumOperands() != 2 ||
        number->getAPInt().getSignificantBits() > 62 ||
        MulOverflow(number->getAPInt().getSExtValue(), factor, both) || !isBound(both))
      return false;
    return add(product->getOperand(1), both, sum);
  }
  case scTruncate:
    // What differs by multiples of 2^64 only differs by multiples of 2^32 only.
    return add(cast<SCEVTruncateExpr>(expression)->getOperand(), factor, sum);
  case scAddRecExpr:
    return addRecurrence(cast<SCEVAddRecExpr>(expression), factor, sum);
  case scZeroExtend:
  case scSignExtend: {
    auto *extension = cast<SCEVCastExpr>(expression);
    const bool isSigned = isa<SCEVSignExtendExpr>(expression);
    const unsigned bits = se.getTypeSizeInBits(extension->getOperand()->getType());
    if (bits <= 16 && addConstants(isSigned ? minIntN(bits) : 0,
                                   isSigned ? maxIntN(bits) : int64_t(maxUIntN(bits)), factor, sum))
      return true;
    std::optional<IndexRange> range = exact(extension->getOperand(), isSigned);
    return range && addRange(*range, factor, sum);
  }
  case scUDivExpr: {
    auto *quotient = cast<SCEVUDivExpr>(expression);
    auto *divisor = dyn_cast<SCEVConstant>(quotient->getRHS());
    if (!divisor || divisor->getAPInt().getActiveBits() > 61 || divisor->isZero())
      return false;
    std::optional<IndexRange> range = exact(quotient->getLHS(), /*isSigned=*/false);
    if (!range)
      return false;
    const int64_t by = divisor->getAPInt().getZExtValue();
    range->low = constant(0);
    range->high = {se.getUDivExpr(range->high.value, constant(by).value), 0,
                   range->high.greatest / by};
    return addRange(*range, factor, sum);
  }
  case scUnknown:
    return addUnknown(cast<SCEVUnknown>(expression), factor, sum);
  default:
    return false;
  }
}

/// start + step * n in the n-th iteration.
bool IndexRanges::addRecurrence(const SCEVAddRecExpr *expression, int64_t factor, Sum &sum) {
  const Loop &inner = *expression->getLoop();
  if (!loop.contains(&inner) || !expression->isAffine())
    return false;
  std::optional<Bound> count = backedges(inner);
  if (!count || !add(expression->getStart(), factor, sum))
    return false;
  const SCEV *step = expression->getOperand(1);
  if (auto *number = dyn_cast<SCEVConstant>(step)) {
    if (number->getAPInt().getSignificantBits() > 62)
      return false;
    IndexRange steps = {constant(0), constant(0)};
    const int64_t by = number->getAPInt().getSExtValue();
    std::optional<Bound> last = times(constant(by), *count);
    if (!last)
      return false;
    (by < 0 ? steps.low : steps.high) = *last;
    return addRange(steps, factor, sum);
  }
  if (!se.isAvailableAtLoopEntry(step, &loop))
    return false;
  if (se.getTypeSizeInBits(step->getType()) > 24) {
    const SCEV *limit = se.getConstant(step->getType(), maxStep);
    require(se.getAddExpr(step, limit), se.getConstant(step->getType(), 2 * maxStep),
            /*isSigned=*/false);
  }
  const SCEV *wide = se.getTruncateOrSignExtend(step, i64), *zero = se.getZero(i64);
  std::optional<Bound> down = times({se.getSMinExpr(wide, zero), -maxStep, 0}, *count);
  std::optional<Bound> up = times({se.getSMaxExpr(wide, zero), 0, maxStep}, *count);
  return down && up && addRange({*down, *up}, factor, sum);
}

bool IndexRanges::addUnknown(const SCEVUnknown *expression, int64_t factor, Sum &sum) {
  if (!expression->getType()->isIntegerTy())
    return false;
  KnownBits known = computeKnownBits(expression->getValue(), se.getDataLayout(), nullptr, nullptr,
                                     nullptr, /*UseInstrInfo=*/false);
  APInt greatest = known.getMaxValue();
  return greatest.getActiveBits() <= 32 && addConstants(0, greatest.getZExtValue(), factor, sum);
}

bool IndexRanges::addConstants(int64_t least, int64_t greatest, int64_t factor, Sum &sum) {
  int64_t guess;
  if (MulOverflow(greatest - least, factor, guess) || guess > maxGuess || guess < -maxGuess)
    return false;
  return addRange({constant(least), constant(greatest)}, factor, sum);
}

bool IndexRanges::addRange(const IndexRange &range, int64_t factor, Sum &sum) {
  auto scaled = [&](const Bound &bound) -> std::optional<Bound> {
    Bound result;
    if (MulOverflow(bound.least, factor, result.least) ||
        MulOverflow(bound.greatest, factor, result.greatest))
      return std::nullopt;
    if (factor < 0)
      std::swap(result.least, result.greatest);
    if (!isBound(result.least) || !isBound(result.greatest))
      return std::nullopt;
    result.value = se.getMulExpr(constant(factor).value, bound.value);
    return result;
  };
  std::optional<Bound> low = scaled(factor < 0 ? range.high : range.low);
  std::optional<Bound> high = scaled(factor < 0 ? range.low : range.high);
  if (!low || !high)
    return false;
  low = this->sum(sum.low, *low);
  high = this->sum(sum.high, *high);
  if (!low || !high)
    return false;
  sum.low = *low;
  sum.high = *high;
  return true;
}

std::optional<Bound> IndexRanges::exitCount(const Loop &inner, const BasicBlock *exiting) {
  // An exit bounds the loop if each iteration passes it. The checks' own exits do,
  // too, but it is them that are to go.
  if (BoundsCheck::of(*exiting) || !dominators.dominates(exiting, inner.getLoopLatch()))
    return std::nullopt;
  const SCEV *count = se.getExitCount(&inner, exiting, ScalarEvolution::SymbolicMaximum);
  if (isa<SCEVCouldNotCompute>(count))
    return std::nullopt;
  if (auto *number = dyn_cast<SCEVConstant>(count)) {
    // More is what the type of a counter can have, and no bound.
    if (number->getAPInt().getActiveBits() > 31)
      return std::nullopt;
    return constant(number->getAPInt().getZExtValue());
  }
  const unsigned bits = se.getTypeSizeInBits(count->getType());
  if (!se.isAvailableAtLoopEntry(count, &loop)) {
    std::optional<IndexRange> range = exact(count, /*isSigned=*/false);
    if (!range || range->high.greatest > 4 * int64_t(UINT32_MAX))
      return std::nullopt;
    // A bound that might be negative has been tested not to be.
    range->high.least = std::max<int64_t>(range->high.least, 0);
    return range->high;
  }
  if (bits > 64)
    return std::nullopt;
  if (bits == 64)
    require(count, constant(UINT32_MAX).value, /*isSigned=*/false);
  return Bound{se.getNoopOrZeroExtend(count, i64), 0,
               bits < 32 ? int64_t(maxUIntN(bits)) : int64_t(UINT32_MAX)};
}

std::optional<Bound> IndexRanges::backedges(const Loop &inner) {
  auto known = counts.find(&inner);
  if (known == counts.end()) {
    Count count;
    SmallVectorImpl<Condition> *const outer = std::exchange(conditions, &count.conditions);
    count.most = countBackedges(inner);
    conditions = outer;
    known = counts.try_emplace(&inner, std::move(count)).first;
  }
  append_range(*conditions, known->second.conditions);
  return known->second.most;
}

std::optional<Bound> IndexRanges::countBackedges(const Loop &inner) {
  if (!inner.getLoopLatch())
    return std::nullopt;
  SmallVector<BasicBlock *, 8> exiting;
  inner.getExitingBlocks(exiting);
  std::optional<Bound> best;
  for (const BasicBlock *block : exiting) {
    const size_t kept = conditions->size();
    std::optional<Bound> count = exitCount(inner, block);
    // A constant needs no code; of others any will do.
    if (count && (!best || count->least == count->greatest))
      best = count;
    else
      conditions->truncate(kept);
    if (best && best->least == best->greatest)
      break;
  }
  return best;
}
