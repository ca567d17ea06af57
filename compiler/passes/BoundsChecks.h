//===- BoundsChecks.h - Bounds checks that leave loops ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_BOUNDSCHECKS_H
#define WASMC_COMPILER_PASSES_BOUNDSCHECKS_H

#include "llvm/IR/Instructions.h"
#include "llvm/Passes/PassBuilder.h"

#include <optional>

namespace wasmc::passes {

/// A compare of an access with the size of its memory: a branch that traps if
/// `end` > `size`, or >= where `orEqual`, as unsigned integers of the same width.
struct BoundsCheck {
  llvm::BranchInst *branch;
  unsigned trap; ///< Which successor traps.
  llvm::Value *end, *size;
  bool orEqual;

  llvm::BasicBlock *trapBlock() const { return branch->getSuccessor(trap); }
  llvm::BasicBlock *next() const { return branch->getSuccessor(1 - trap); }
  /// The check that a block ends with, if it does.
  static std::optional<BoundsCheck> of(const llvm::BasicBlock &block);
};

/// The load of a memory's size that `size` is, maybe extended; null if it is none.
llvm::LoadInst *loadOfSize(llvm::Value *size);

/// Notes in a module as lowering has made it whether it has any. LLVM may find all of them
/// to hold before addBoundsCheckPasses() looks, and some passes had to stop at them until then.
void markBoundsChecks(llvm::Module &ir);
void unmarkBoundsChecks(llvm::Module &ir);

/// Puts what is done with them (RangeCheckVersioning.cpp, CheckMerging.cpp) into LLVM's
/// pipeline, before loops are vectorised, and a second run of those passes, LLVM's and
/// ours, that had to stop at the checks. A module without the mark needs nothing of this.
void addBoundsCheckPasses(llvm::PassBuilder &builder, const llvm::Module &ir);

} // namespace wasmc::passes

#endif
