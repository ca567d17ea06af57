//===- BufferFunctions.h - Mailboxes as the lowering sees them ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_BUFFERFUNCTIONS_H
#define WASMC_COMPILER_LOWER_BUFFERFUNCTIONS_H

#include "abi/Interface.h"
#include "lower/Builder.h"

namespace wasmc::lower {

/// Address of a mailbox in linear memory 0, i32.
llvm::Value *mailboxAddress(Builder &b, llvm::Value *self, uint32_t mailbox);

/// Whether the instance has no such mailbox, since its instantiation failed: i1.
llvm::Value *isMailboxMissing(Builder &b, llvm::Value *self, uint32_t mailbox);

/// As before there was an address for any of them: 0.
void forgetMailboxes(Builder &b, llvm::Value *self);

/// Stores the addresses of the instance's mailboxes, once and for all: runs the
/// module's allocator, and traps if one does not lie in the memory (Initializer).
void initializeMailboxes(Builder &b, llvm::Value *self);

} // namespace wasmc::lower

#endif
