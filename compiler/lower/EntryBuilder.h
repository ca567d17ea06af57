//===- EntryBuilder.h - A C function that enters the module ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_ENTRYBUILDER_H
#define WASMC_COMPILER_LOWER_ENTRYBUILDER_H

#include "lower/Builder.h"

namespace wasmc::lower {

/// Builds a function of the host's and the body that it enters. `outer` stands in
/// the C function, before the entry: it may return without one. `inner` stands in
/// the body, which must return a status. Both see the C function's arguments,
/// however they get there.
class EntryBuilder {
public:
  /// `function` is what the body will call: the entry keeps what that may change.
  EntryBuilder(ModuleLowering &m, llvm::FunctionType *type, const llvm::Twine &name,
               uint32_t function);

  /// An argument that points to where a result is stored when all went well.
  struct Result {
    unsigned argument;
    llvm::Type *type;
  };
  /// The body uses mailboxes: it is refused while a function of the instance that
  /// does is running, and can run in a region that the host has opened.
  void useMailboxes(llvm::ArrayRef<Result> stored) {
    usesMailboxes = true;
    results.assign(stored.begin(), stored.end());
  }

  /// Ends the C function, once the body is complete.
  void finish();

private:
  ModuleLowering &m;
  uint32_t index;
  bool packed, usesMailboxes = false;
  llvm::Function *entry, *body;

public:
  Builder outer, inner;
  llvm::SmallVector<llvm::Value *> outerArgs, args;

private:
  llvm::SmallVector<llvm::Value *> passable(llvm::ArrayRef<llvm::Value *> all);
  llvm::Function *refuseWhileBusy();
  void runInOpenRegion();
  void enterWithOwnResults(llvm::Function *entered);

  llvm::SmallVector<Result> results;
};

} // namespace wasmc::lower

#endif
