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

  /// The body uses mailboxes: it is refused while a function of the instance that
  /// does is running, and can run in a region that the host has opened.
  void useMailboxes() { usesMailboxes = true; }

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
  void passInSlots(llvm::ArrayRef<llvm::Value *> all, llvm::SmallVectorImpl<llvm::Value *> &passed);
  llvm::Function *refuseWhileBusy();
  void runInOpenRegion(llvm::ArrayRef<llvm::Value *> passed);
};

} // namespace wasmc::lower

#endif
