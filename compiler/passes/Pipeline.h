//===- Pipeline.h - The optimisation pipeline ---------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_PIPELINE_H
#define WASMC_COMPILER_PASSES_PIPELINE_H

#include "Compiler.h"

#include "llvm/IR/Module.h"
#include "llvm/IR/PassTimingInfo.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace wasmc::passes {

/// Before all else, on the module as it was lowered: the IR must be valid, and with `lint`
/// keep our rules.
llvm::Error prepare(llvm::Module &ir, const CompileOptions &options);

/// The first half of LLVM's pipeline for the optimisation level and the profile of the
/// options, with what wasm needs changed: what looks at several functions, such as the
/// inliner, and what simplifies each. `ir` may be a part of what was lowered.
llvm::Error simplify(llvm::Module &ir, llvm::TargetMachine &target, const CompileOptions &options,
                     llvm::TimePassesHandler &times);

/// The other half: what is done to functions one by one, such as vectorising. `ir` may be a
/// part of what was simplified.
llvm::Error finish(llvm::Module &ir, llvm::TargetMachine &target, const CompileOptions &options,
                   llvm::TimePassesHandler &times);

/// Sets LLVM's process-wide options, once, thread-safely.
void setGlobalOptions();

/// Checks what the sandbox rests on: every access of memory is tagged, and every
/// access of linear memory goes through an address of the one place that forms
/// them. The error names function and instruction.
llvm::Error lint(llvm::Module &ir);

} // namespace wasmc::passes

#endif
