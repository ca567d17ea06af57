//===- TargetMachines.h - LLVM's target machines for our targets --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_OBJECT_TARGETMACHINES_H
#define WASMC_COMPILER_OBJECT_TARGETMACHINES_H

#include "Compiler.h"
#include "lower/TargetTraits.h"

#include "llvm/Target/TargetMachine.h"

namespace wasmc::object {

/// A target machine for the options, and what the lowering must know of it.
struct Target {
  std::unique_ptr<llvm::TargetMachine> machine;
  lower::TargetTraits traits;
  std::string tuneCPU; ///< What to schedule and unroll for, where it is not the CPU.
};

/// Errors name the triple, CPU or feature that is not known, or for which there
/// is no lowering.
llvm::Expected<Target> createTarget(const CompileOptions &options);

/// Makes LLVM's registry know those that wasmc is linked with. Thread-safe.
void initializeTargets();

} // namespace wasmc::object

#endif
