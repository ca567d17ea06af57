//===- Shards.h - Parts of a module that are compiled side by side ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_OBJECT_SHARDS_H
#define WASMC_COMPILER_OBJECT_SHARDS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <optional>

namespace wasmc::object {

/// A module of which each function and each variable belongs to one shard. It is kept as
/// bitcode, from which every shard is read into a context of its own, the only way by which
/// LLVM works on several at once.
class Shards {
public:
  /// Nothing where the module is to stay whole: it has less than two shards of `leastSize`
  /// instructions, or something that is more than functions and variables. Which shards there
  /// are follows from the module alone, never from the number of threads.
  static std::optional<Shards> split(llvm::Module &ir, size_t leastSize);

  size_t size() const { return sizes.size(); }
  llvm::Expected<std::unique_ptr<llvm::Module>> load(unsigned shard,
                                                     llvm::LLVMContext &context) const;
  /// Runs `body` for each shard on so many threads, the largest shards first. Each thread has a
  /// stack of `stackSize` bytes, and runs under `guard`, if there is one.
  void forEach(unsigned threads, const std::function<void(llvm::function_ref<void()>)> &guard,
               llvm::function_ref<void(unsigned shard)> body) const;

  /// Names that were local to the module and are global among the shards.
  llvm::StringSet<> locals;

private:
  void assignFunctions(const llvm::Module &ir, size_t leastSize);
  void assignVariables(llvm::Module &ir);
  bool isUsedElsewhere(const llvm::GlobalValue &global, unsigned shard) const;
  void share(llvm::GlobalValue &global);
  bool isOf(const llvm::GlobalValue &global, unsigned shard) const;

  llvm::SmallVector<char, 0> bitcode;
  llvm::SmallVector<size_t> sizes;        ///< Instructions of each shard.
  llvm::StringMap<unsigned> owners;       ///< Of what is in another than the first.
};

} // namespace wasmc::object

#endif
