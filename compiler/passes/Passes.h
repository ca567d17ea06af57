//===- Passes.h - The passes of our own ---------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_PASSES_H
#define WASMC_COMPILER_PASSES_PASSES_H

#include "llvm/IR/PassManager.h"

namespace llvm {
class PassBuilder;
}

namespace wasmc::passes {

// What each does and why it cannot leave the sandbox is said in the file of its name.
#define FUNCTION_PASS(NAME, CLASS)                                                                 \
  struct CLASS : llvm::PassInfoMixin<CLASS> {                                                      \
    llvm::PreservedAnalyses run(llvm::Function &function,                                          \
                                llvm::FunctionAnalysisManager &analyses);                          \
  };
#include "passes/Passes.def"

/// What is left of analyses by a pass that changes instructions and no blocks.
inline llvm::PreservedAnalyses afterInstructions(bool changed) {
  if (!changed)
    return llvm::PreservedAnalyses::all();
  llvm::PreservedAnalyses preserved;
  preserved.preserveSet<llvm::CFGAnalyses>();
  return preserved;
}

/// Makes the passes of our own known by their names.
void registerPasses(llvm::PassBuilder &builder);

} // namespace wasmc::passes

#endif
