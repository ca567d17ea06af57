//===- Symbols.h - Names of symbols and of C entities ----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place where a module's own strings become identifiers. Nothing of a
// module's reaches a symbol, a comment or code but through here.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_ABI_SYMBOLS_H
#define WASMC_COMPILER_ABI_SYMBOLS_H

#include "wasm/Module.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace wasmc::abi {

struct Interface;
struct InterfaceFunction;

/// Letters, digits and underscores stay; each other byte becomes `_xHH`. A
/// leading digit gets an underscore before it. Empty becomes `_`.
std::string escapeIdentifier(llvm::StringRef text);

/// For comments and string literals: printable ASCII other than `"`, `\`, `*`,
/// `?` and `/` stays; each other byte becomes `\xHH`.
std::string escapeText(llvm::StringRef text);

/// Whether a word means something in C or C++, or is `main`: no prefix, then.
bool isReservedWord(llvm::StringRef word);

/// Whether the generated header has a name of its own behind the prefix: `trap`.
bool isOwnName(llvm::StringRef name);

/// Whether a header that a host includes might define it as a macro.
bool mayBeMacro(llvm::StringRef name);

/// C names of one module, without prefix. Described functions have the names
/// that the description gives them, and what is generated from these comes next.
/// Of the others, names that ours take (`new`, `delete`, `trap`, ...) get an
/// underscore behind them, `import_...` one before it, and a name that is taken
/// already gets `_2`, `_3` ...: in the module's order, so that they do not depend
/// on anything else.
struct Names {
  std::vector<std::string> exports; ///< Parallel to Module::exports.
  std::vector<std::string> setters; ///< Parallel to `exports`: of mutable globals, else empty.
  std::vector<std::string> imports; ///< Parallel to Module::imports: `env_alarm`.
};
Names makeNames(const wasm::Module &module, const Interface *interface = nullptr);

/// Whether what the header or the object calls something of the module's, without
/// the prefix, is `start` or begins with `start` and an underscore.
bool mayBegin(const Names &names, const Interface *interface, llvm::StringRef start);

/// Names of members of the header's C++ class. They stand without the prefix: one
/// that could be a macro, a type or something of the class's own gets an underscore
/// behind it.
struct MemberNames {
  std::vector<std::string> exports;       ///< Parallel to Module::exports.
  llvm::StringMap<std::string> described; ///< Of each of generatedNames().
};
MemberNames memberNames(const Names &names, llvm::StringRef prefix, const Interface &interface);

/// The symbol of an import with --imports=symbols: prefix, module, field and
/// type, so that a function of another type is a link error. A described import's
/// (else null) C parameters are others than the module's: a buffer is one letter.
std::string importSymbol(llvm::StringRef prefix, const wasm::Module &module, uint32_t import,
                         const InterfaceFunction *described = nullptr);

/// The symbol under which the linker merges a function type's record.
std::string typeSymbol(llvm::StringRef canonicalText);

} // namespace wasmc::abi

#endif
