//===- HeaderText.h - What the parts of the header writer share ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// HeaderWriter writes the frame, life cycle, imports and plain exports;
// BufferHeader the C functions of described exports; CxxHeader the class. Only
// HeaderWriter.h is for others.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_ABI_HEADERTEXT_H
#define WASMC_COMPILER_ABI_HEADERTEXT_H

#include "abi/BufferSignature.h"
#include "abi/Symbols.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

namespace wasmc::abi {

/// What is being written: one module's header.
struct HeaderContext {
  const wasm::Module &module;
  const Interface &interface; ///< Empty where nothing is described.
  const std::string &prefix;
  const Names &names;
  bool symbols; ///< --imports=symbols
  llvm::raw_ostream &out;

  bool isDescribed(size_t i) const { return interface.ofExport(static_cast<uint32_t>(i)); }
  std::string global(const llvm::Twine &name) const { return (prefix + "_" + name).str(); }
};

const char *cTypeName(wasm::ValKind kind);
/// `int32_t p0`; a vector is passed by pointer: `const wasmc_v128 *p0`.
std::string cParameter(wasm::ValKind kind, llvm::StringRef name);

/// `const void *in`: how C declares a parameter or a field of this function's.
std::string declaration(const HeaderContext &header, const InterfaceFunction &function,
                        const CParameter &parameter);

/// `wasmc_status name(const void *in, size_t in_len)`: `head` is all before the
/// parenthesis, `more` what follows on the last line.
std::string declareFunction(const HeaderContext &header, const InterfaceFunction &function, Way way,
                            llvm::StringRef head, llvm::StringRef more);

/// `head(first, second)`, broken at 100 columns as a person would. `head` begins
/// with its indentation; `more` is what follows on the last line.
std::string breakLines(llvm::StringRef head, llvm::ArrayRef<std::string> items,
                       llvm::StringRef more);

/// `/** text */`, broken at 100 columns.
std::string comment(llvm::StringRef text);

/// The line of the description, for a comment: `export tune(gain: f32)`.
std::string describe(const InterfaceFunction &function, bool isImport);

/// BufferHeader: constants, types and functions of one described export.
void declareDescribed(const HeaderContext &header, const InterfaceFunction &function);
/// CxxHeader: the class.
void writeClass(const HeaderContext &header);

} // namespace wasmc::abi

#endif
