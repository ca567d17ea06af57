//===- IndexRange.h - What an index can be while a loop runs ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_INDEXRANGE_H
#define WASMC_COMPILER_PASSES_INDEXRANGE_H

#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"

#include <optional>

namespace wasmc::passes {

/// A bound of an integer: an expression of 64 bits that the loop does not change, and
/// between what constants its value lies. Sums and products of bounds are exact: what
/// might need more than 62 bits is not made.
struct Bound {
  const llvm::SCEV *value;
  int64_t least, greatest;
};

/// All values that an expression takes while a loop runs, both ends included.
struct IndexRange {
  Bound low, high;
};

/// That `left` is at most `right`, as signed or unsigned integers.
struct Condition {
  const llvm::SCEV *left, *right;
  bool isSigned;
};

/// Finds ranges of expressions over one run of a loop, the loops in it included.
///
/// An expression of the loop wraps around at 2^32 (or 2^64), as wasm says. What is
/// computed here is not that, but a sum of integers without bounds, S, that equals it
/// but for multiples of 2^32: each variable part is replaced by the least and the
/// greatest it can be, and each product and sum is exact. Where both ends of S lie
/// within [0, 2^32), which is a condition to be tested, S is the expression's value in
/// each iteration: nothing wrapped around. No flag (nuw, nsw) is relied on for it.
class IndexRanges {
public:
  IndexRanges(llvm::ScalarEvolution &se, const llvm::DominatorTree &dominators,
              const llvm::Loop &loop)
      : se(se), dominators(dominators), loop(loop),
        i64(llvm::Type::getInt64Ty(se.getContext())) {}

  /// The range of an expression's value, taken as an unsigned integer, if all
  /// conditions that are added hold.
  std::optional<IndexRange> of(const llvm::SCEV *expression,
                               llvm::SmallVectorImpl<Condition> &conditions);

  Bound constant(int64_t value);
  std::optional<Bound> sum(const Bound &a, const Bound &b);

private:
  struct Sum;
  std::optional<IndexRange> exact(const llvm::SCEV *expression, bool isSigned);
  std::optional<IndexRange> finish(Sum &sum, unsigned bits, bool isSigned);
  bool add(const llvm::SCEV *expression, int64_t factor, Sum &sum);
  bool addRecurrence(const llvm::SCEVAddRecExpr *expression, int64_t factor, Sum &sum);
  bool addUnknown(const llvm::SCEVUnknown *expression, int64_t factor, Sum &sum);
  bool addRange(const IndexRange &range, int64_t factor, Sum &sum);
  bool addConstants(int64_t least, int64_t greatest, int64_t factor, Sum &sum);
  std::optional<Bound> times(const Bound &a, const Bound &b);
  /// How often the back edge of a loop is taken at most, each time it is entered.
  std::optional<Bound> backedges(const llvm::Loop &inner);
  std::optional<Bound> countBackedges(const llvm::Loop &inner);
  std::optional<Bound> exitCount(const llvm::Loop &inner, const llvm::BasicBlock *exiting);
  void require(const llvm::SCEV *left, const llvm::SCEV *right, bool isSigned);

  llvm::ScalarEvolution &se;
  const llvm::DominatorTree &dominators;
  const llvm::Loop &loop;
  llvm::Type *const i64;
  /// What was found out about loops within, and under what conditions it holds.
  struct Count {
    std::optional<Bound> most;
    llvm::SmallVector<Condition, 2> conditions;
  };
  llvm::DenseMap<const llvm::Loop *, Count> counts;
  llvm::SmallVectorImpl<Condition> *conditions = nullptr;
  unsigned steps = 0; ///< Of the walk over an expression: bounds its time.
};

} // namespace wasmc::passes

#endif
