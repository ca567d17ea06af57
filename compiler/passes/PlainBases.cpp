//===- PlainBases.cpp - The base of linear memory, without flags --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That the least size of a memory is accessible is an attribute of the instance
// (ModuleLowering::describeMemory). InstCombine concludes from it that constant places
// are in bounds, and says so in flags on their addresses. With such a flag on the base of
// the memory, LLVM 22's vectoriser no longer finds out that loads in a branch of a loop
// are of places that are accessible, and makes each of them a branch of its own.
//
// Why it cannot leave the sandbox: to drop a flag is to assume less.
//
//===----------------------------------------------------------------------===//
#include "passes/LinearMemory.h"
#include "passes/Passes.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace wasmc;

PreservedAnalyses passes::PlainBases::run(Function &function, FunctionAnalysisManager &) {
  std::optional<LinearMemory> memory = LinearMemory::of(function);
  if (!memory)
    return PreservedAnalyses::all();
  bool changed = false;
  for (User *user : memory->instance->users())
    if (auto *base = dyn_cast<GetElementPtrInst>(user); base && base->hasPoisonGeneratingFlags()) {
      base->dropPoisonGeneratingFlags();
      changed = true;
    }
  return afterInstructions(changed);
}
