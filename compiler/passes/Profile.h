//===- Profile.h - Optimisation by what was counted in earlier runs ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_PROFILE_H
#define WASMC_COMPILER_PASSES_PROFILE_H

#include "Compiler.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/PGOOptions.h"

namespace wasmc::passes {

/// What LLVM's pipeline is told of --pgo-generate and --pgo-use. The error says why
/// the profile cannot be used: LLVM would find out in the middle of the pipeline.
llvm::Expected<std::optional<llvm::PGOOptions>> profileOptions(const CompileOptions &options);

/// After optimisation with a profile: whether it had counts of any of the functions.
bool hasCounts(const llvm::Module &ir);

} // namespace wasmc::passes

#endif
