//===- LinearMemory.h - Linear memory as passes see it ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_LINEARMEMORY_H
#define WASMC_COMPILER_PASSES_LINEARMEMORY_H

#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Function.h"

#include <optional>

namespace wasmc::passes {

/// Memory 0 of a function's own instance, where the record lies directly below it.
struct LinearMemory {
  llvm::Argument *instance;
  uint64_t offset;    ///< From the instance to the memory's first byte.
  uint64_t leastSize; ///< In bytes: it never becomes smaller.

  /// Of a function that lowering has described; nothing where memory 0 is imported.
  static std::optional<LinearMemory> of(llvm::Function &function);

  /// Writes what `of` reads.
  void describe() const;

  /// The place of an address in this memory, in 64 bits and from its first byte on; null
  /// where the address is not formed from the instance.
  const llvm::SCEV *place(llvm::Value *address, llvm::ScalarEvolution &se) const;
};

/// Name of the alias type that lowering has given an access (lower::Access), empty where
/// it has none.
llvm::StringRef aliasType(const llvm::Instruction &access);

/// Whether an access is none of linear memory: it is of instance state, of a table, of
/// constants or of a function's own stack.
bool isApart(const llvm::Value &address, const llvm::Instruction &access);

} // namespace wasmc::passes

#endif
