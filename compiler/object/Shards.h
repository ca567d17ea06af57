//===- Shards.h - Parts of a module that are compiled side by side ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_OBJECT_SHARDS_H
#define WASMC_COMPILER_OBJECT_SHARDS_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <optional>

namespace wasmc::object {

/// Of each function's instructions.
using InstructionCounts = llvm::DenseMap<const llvm::Function *, size_t>;

/// A module of which each function and each variable belongs to one shard. It is kept as
/// bitcode, from which every shard is read into a context of its own, the only way by which
/// LLVM works on several at once.
class Shards {
public:
  /// Nothing where the module is to stay whole: it has less than two shards of `leastSize`
  /// instructions, or something that is more than functions and variables. Which shards there
  /// are follows from the module alone, never from the number of threads. Where functions are
  /// yet to be inlined, shards have copies of small ones that are others'.
  static std::optional<Shards> split(llvm::Module &ir, size_t leastSize, bool toBeInlined);

  size_t size() const { return sizes.size(); }
  llvm::Expected<std::unique_ptr<llvm::Module>> load(unsigned shard,
                                                     llvm::LLVMContext &context) const;
  /// Runs `body` for each shard on so many threads, large shards first. Each thread has a
  /// stack of `stackSize` bytes, and runs under `guard`, if there is one.
  void forEach(unsigned threads, const std::function<void(llvm::function_ref<void()>)> &guard,
               llvm::function_ref<void(unsigned shard)> body) const;

  /// Names that were local to the module and are global among the shards.
  llvm::StringSet<> locals;

private:
  /// Where the body of a function or the value of a variable is.
  struct Home {
    unsigned owner = 0;  ///< Which makes an object of it.
    uint64_t shards = 1; ///< A bit for each that reads it: the owner, and those with a copy.
  };
  static Home homeIn(unsigned owner) { return {owner, uint64_t(1) << owner}; }
  Home homeOf(const llvm::GlobalValue &global) const { return homes.lookup(global.getName()); }
  bool isIn(const llvm::GlobalValue &global, unsigned shard) const {
    return homeOf(global).shards >> shard & 1;
  }
  void assignFunctions(const llvm::Module &ir, const InstructionCounts &counts, size_t leastSize,
                       bool toBeInlined);
  void assignVariables(llvm::Module &ir);
  void copyCallees(const llvm::Module &ir, const InstructionCounts &counts);
  bool isUsedElsewhere(const llvm::GlobalValue &global) const;
  void share(llvm::GlobalValue &global);

  llvm::SmallVector<char, 0> bitcode;
  llvm::SmallVector<size_t> sizes; ///< Instructions of each shard.
  llvm::StringMap<Home> homes;     ///< Of what is not in the first shard alone.
};

} // namespace wasmc::object

#endif
