//===- LoopCopy.h - A second version of a loop --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_LOOPCOPY_H
#define WASMC_COMPILER_PASSES_LOOPCOPY_H

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"

namespace wasmc::passes {

/// Lets a loop nest run only where `condition` holds, which is computed in its preheader,
/// and otherwise a copy of it as it is now, whose blocks' names end with `suffix`. The
/// nest has to be in simplified and in LCSSA form. Loops and tree are kept up to date;
/// scalar evolution has to be forgotten.
void copyLoop(llvm::Loop &loop, llvm::Value *condition, llvm::LoopInfo &loops,
              llvm::DominatorTree &tree, const char *suffix = ".as.written");

/// Whether this is such a copy, or in one: nothing more is done with it.
bool isCopy(const llvm::Loop &loop);

/// Marks a nest as such a copy: it runs seldom, and is not made larger.
void keepAsWritten(llvm::Loop &loop);

/// An empty block between the loop and an exit of it, which nothing else reaches.
llvm::BasicBlock *ownExit(llvm::Loop &loop, llvm::BasicBlock &exit, llvm::LoopInfo &loops,
                          llvm::DominatorTree &tree);

} // namespace wasmc::passes

#endif
