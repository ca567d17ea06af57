//===- MergeObjects.h - One object of those of the shards ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_OBJECT_MERGEOBJECTS_H
#define WASMC_COMPILER_OBJECT_MERGEOBJECTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace wasmc::object {

/// Writes relocatable ELF objects of one target as one, as `ld -r` would, but with all
/// sections as they are: each function keeps its own, which the linker may drop. Symbols
/// in `locals` are global among the objects, and local in the outcome. What is read is
/// LLVM's own output, never a user's file.
llvm::Error mergeObjects(llvm::ArrayRef<llvm::StringRef> objects, const llvm::StringSet<> &locals,
                         llvm::raw_ostream &out);

} // namespace wasmc::object

#endif
