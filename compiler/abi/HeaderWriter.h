//===- HeaderWriter.h - The C and C++ header of a compiled module -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_ABI_HEADERWRITER_H
#define WASMC_COMPILER_ABI_HEADERWRITER_H

#include "Compiler.h"
#include "abi/Interface.h"

namespace wasmc::abi {

/// What a header has to say of other modules that its own imports from.
struct LinkedModules {
  const wasm::Links &links;
  llvm::ArrayRef<std::string> prefixes; ///< Of Links::providers.
};

/// Writes C11 that is also C++, and a C++17 class on top of it. `interface` is bound
/// to the module; null if nothing is described.
void writeHeader(const wasm::Module &module, const CompileOptions &options,
                 const Interface *interface, const LinkedModules &linked, llvm::raw_ostream &out);

} // namespace wasmc::abi

#endif
