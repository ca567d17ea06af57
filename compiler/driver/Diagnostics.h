//===- Diagnostics.h - Errors, warnings and remarks for people -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_DIAGNOSTICS_H
#define WASMC_DRIVER_DIAGNOSTICS_H

#include "wasm/Module.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace wasmc::driver {

/// Text of unknown origin (names in a module, file names) made fit for a
/// terminal: control characters, bidirectional controls and bytes that are not
/// UTF-8 are written as escapes.
std::string printable(llvm::StringRef text);

/// Prints diagnostics to standard error as clang does, one line each.
class Diagnostics {
public:
  /// Colours: `true` always, `false` never; else if standard error is a terminal.
  void setColors(std::optional<bool> colors);
  void setWarningsAreErrors(bool on) { warningsAreErrors = on; }

  /// `wasmc: error: MESSAGE`, for what has no file.
  void error(const llvm::Twine &message);
  /// `FILE: error: MESSAGE`
  void error(llvm::StringRef file, const llvm::Twine &message);
  void warning(const llvm::Twine &message);
  void warning(llvm::StringRef file, const llvm::Twine &message);
  void remark(llvm::StringRef file, const llvm::Twine &message, bool show);
  /// A remark that is none of the module's faults: never an error.
  void advice(llvm::StringRef location, const llvm::Twine &message);
  /// `FILE:0x1f3`, of a byte in a module.
  static std::string locate(llvm::StringRef file, size_t offset);
  void note(const llvm::Twine &message);
  /// Prints every error in `error`. Those of the module name the byte offset and
  /// the function, whose name is looked up in `bytes`. Those of an interface
  /// description show its line, and a caret below.
  void report(llvm::Error error, llvm::StringRef file, wasm::Bytes bytes);

  bool hasErrors() const { return numErrors != 0; }

private:
  enum class Severity { Error, Warning, Remark, Note };
  void print(Severity severity, llvm::StringRef location, llvm::StringRef message,
             llvm::StringRef suffix = "");
  void printSource(llvm::StringRef source, uint32_t line, uint32_t column);

  unsigned numErrors = 0;
  bool warningsAreErrors = false;
};

} // namespace wasmc::driver

#endif
