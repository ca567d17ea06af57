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

/// Of functions of a module's own, and what calls only them: a number in the graph of calls.
constexpr llvm::StringRef nodeAttribute = "wasmc-node";

class Program {
public:
  Program(char optLevel, const TargetTraits &traits, llvm::Module &ir)
      : optLevel(optLevel), traits(traits), ir(ir) {}

  /// Adds the next module. What it is made of must outlive the program.
  void add(const wasm::Module &module, const CompileOptions &options,
           const abi::Interface *interface, const wasm::Links &links, const SourceMap &sources);

  /// Lowers all of them. An error is a SourceError.
  llvm::Error run();

  /// Sizes of frames that code generation has come to, by number, of the same modules
  /// lowered before: estimates are no lower. Before run().
  void expectFrames(std::vector<uint64_t> sizes) { frames = std::move(sizes); }
  /// Whether the stack checks allow for frames that have these sizes: StackChecks.cpp.
  bool allowsFrames(llvm::ArrayRef<uint64_t> sizes);
  size_t numNodes() const;

  const std::vector<std::unique_ptr<ModuleLowering>> &lowered() const { return modules; }
  /// Whether code generation must be the fastest: Budgets.cpp.
  bool generatesUnoptimized = false;

private:
  void connect();
  void checkStacks();         // StackChecks.cpp
  void numberCallers();       // The same
  llvm::Error applyBudgets(); // Budgets.cpp
  llvm::Error forEach(llvm::function_ref<llvm::Error(ModuleLowering &)> stage);

  const char optLevel;
  const TargetTraits &traits;
  llvm::Module &ir;
  std::vector<std::unique_ptr<ModuleLowering>> modules;
  std::vector<uint64_t> frames;
};

} // namespace wasmc::lower

#endif
