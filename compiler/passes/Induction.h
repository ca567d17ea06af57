//===- Induction.h - What moves on with the iterations of a loop --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_INDUCTION_H
#define WASMC_COMPILER_PASSES_INDUCTION_H

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

#include <optional>

namespace wasmc::passes {

/// The counters of a loop of one block, and the addresses that follow from them, as far
/// as they stay the same where counters take other steps: only what is linear in them.
/// What has to hold for that is collected, to be asked before the loop.
class Induction {
public:
  /// Counters are those whose steps are multiples of `divisor`.
  Induction(llvm::Loop &loop, llvm::ScalarEvolution &se, unsigned divisor);

  /// The loop of one block that is left at its end, after a number of iterations that is
  /// known before it and below 2^32; which no pass of ours has made.
  static bool isSimple(const llvm::Loop &loop, llvm::ScalarEvolution &se);

  /// Steps by phis; next values are `phi + step`.
  const llvm::MapVector<llvm::PHINode *, llvm::ConstantInt *> &counters() const { return steps; }
  llvm::Value *nextOf(const llvm::PHINode &phi) const;

  /// Whether a value grows by the same amount with each iteration because its operands do,
  /// so that it grows by a part of it where they do. (A quotient may grow evenly, too.)
  bool isLinear(llvm::Value *value, unsigned depth = 0);

  /// Bytes that an address moves on in an iteration, if it is linear.
  std::optional<int64_t> strideOf(llvm::Value *pointer);

  /// Bytes from one address to another, of which strideOf() is known, if it is always the
  /// same number.
  std::optional<int64_t> distance(llvm::Value *from, llvm::Value *to);

  /// Whether the conditions are few enough to be asked.
  bool isCheap() const { return mustNotWrap.size() <= 4; }
  bool isUnconditional() const { return mustNotWrap.empty(); }

  /// Whether no index wraps around before the last of so many iterations (i64) is done.
  llvm::Value *condition(llvm::SCEVExpander &expander, llvm::Instruction *before,
                         llvm::Value *iterations) const;

private:
  bool staysInRange(const llvm::SCEV *index);

  llvm::Loop &loop;
  llvm::ScalarEvolution &se;
  llvm::MapVector<llvm::PHINode *, llvm::ConstantInt *> steps;
  llvm::SetVector<const llvm::SCEVAddRecExpr *> mustNotWrap;
};

} // namespace wasmc::passes

#endif
