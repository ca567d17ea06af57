//===- Linking.h - Imports of one module, exports of another ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Modules that are compiled together stay modules: each has instances of its own,
// with its own memory. What is decided here is which import is bound to which
// export, and whether their types match (3.4, 4.5.4).
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_LINKING_H
#define WASMC_COMPILER_WASM_LINKING_H

#include "Module.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace wasmc::wasm {

/// A module as the others see it. Validated, but for its bodies.
struct Linkable {
  const Module *module;
  std::string name; ///< By which the others import from it.
  std::string file; ///< What errors call it.
};

/// The export of another module that an import is bound to.
struct Binding {
  uint32_t provider; ///< Into Links::providers.
  uint32_t entry;    ///< Into the provider's Module::exports.
};

/// What one module takes from others.
struct Links {
  std::vector<uint32_t> providers; ///< Into the list of modules: each once, as imports name them.
  std::vector<std::optional<Binding>> imports; ///< Parallel to Module::imports.
  /// Imports from one of the modules that it does not export: the host's, as all
  /// others that are not bound.
  std::vector<uint32_t> missing;
};

/// Binds what it can. A module's imports from its own name are the host's. An error
/// is a SourceError: types that do not match, two modules of one name, or modules
/// that import from each other, of which none could be instantiated first.
llvm::Expected<std::vector<Links>> linkModules(llvm::ArrayRef<Linkable> modules);

/// Indices of the modules, those that provide before those that import from them.
std::vector<uint32_t> providersFirst(llvm::ArrayRef<Links> links);

/// `function [i32] -> [i64]`: kind and type of an entity, for a message.
std::string externText(const Module &module, ExternKind kind, uint32_t index);
/// The type alone, as in the text format: `1 2 funcref`.
std::string externTypeText(const Module &module, ExternKind kind, uint32_t index);

/// An error in one of several modules.
class SourceError : public llvm::ErrorInfo<SourceError> {
public:
  static char ID;
  SourceError(size_t source, llvm::Error cause) : source(source), cause(std::move(cause)) {}
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override { return llvm::inconvertibleErrorCode(); }
  llvm::Error takeCause() { return std::move(cause); }

  const size_t source; ///< Index of the module.

private:
  mutable llvm::Error cause;
};

/// The same error, of the module with this index; success stays success.
llvm::Error inSource(size_t source, llvm::Error error);

} // namespace wasmc::wasm

#endif
