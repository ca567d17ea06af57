//===- Program.h - Modules that are lowered together --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One module as a rule; several, where some import from others. They share an LLVM
// module and a graph of calls, and nothing at run time: each has its own instances.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_PROGRAM_H
#define WASMC_COMPILER_LOWER_PROGRAM_H

#include "lower/ModuleLowering.h"

namespace wasmc::lower {

class Program {
public:
  Program(char optLevel, const TargetTraits &traits, llvm::Module &ir)
      : optLevel(optLevel), traits(traits), ir(ir) {}

  /// Adds the next module. What it is made of must outlive the program.
  void add(const wasm::Module &module, const CompileOptions &options,
           const abi::Interface *interface, const wasm::Links &links, const SourceMap &sources);

  /// Lowers all of them. An error is a SourceError.
  llvm::Error run();

  const std::vector<std::unique_ptr<ModuleLowering>> &lowered() const { return modules; }
  /// Whether code generation must be the fastest: Budgets.cpp.
  bool generatesUnoptimized = false;

private:
  void connect();
  void checkStacks();         // StackChecks.cpp
  llvm::Error applyBudgets(); // Budgets.cpp
  llvm::Error forEach(llvm::function_ref<llvm::Error(ModuleLowering &)> stage);

  const char optLevel;
  const TargetTraits &traits;
  llvm::Module &ir;
  std::vector<std::unique_ptr<ModuleLowering>> modules;
};

} // namespace wasmc::lower

#endif
