//===- ModuleExports.h - From names in a description to exports -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_ABI_MODULEEXPORTS_H
#define WASMC_COMPILER_ABI_MODULEEXPORTS_H

#include "abi/Interface.h"

#include "llvm/ADT/StringMap.h"

namespace wasmc::abi {

/// The only way from a name in a description to something in the module, so that
/// a description reaches nothing but what the module exports.
class ModuleExports {
public:
  ModuleExports(const wasm::Module &module, llvm::StringRef fileName);

  /// The index of an export of this name, or an error at `at`.
  llvm::Expected<uint32_t> find(llvm::StringRef name, TextPosition at) const;
  bool contains(llvm::StringRef name) const { return byName.contains(name); }
  /// The function index of an export that is a function of this type.
  std::optional<uint32_t> function(llvm::StringRef name, const wasm::FuncType &type) const;

  const wasm::Export &operator[](uint32_t index) const { return module.exports[index]; }

private:
  const wasm::Module &module;
  const llvm::StringRef fileName;
  llvm::StringMap<uint32_t> byName;
};

/// `a function`, `a table` ...
llvm::StringRef kindName(wasm::ExternKind kind);

/// `[i32 i32] -> [i32]`, cut where it is long.
std::string typeText(const wasm::FuncType &type);

/// A part of bindInterface: finds the allocator and gives each buffer of an
/// export its mailbox.
llvm::Error placeMailboxes(Interface &interface, const wasm::Module &module,
                           const ModuleExports &exports, llvm::StringRef fileName);

} // namespace wasmc::abi

#endif
