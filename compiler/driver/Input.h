//===- Input.h - The module to compile -------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_INPUT_H
#define WASMC_DRIVER_INPUT_H

#include "ChildProcess.h"
#include "Options.h"
#include "wasm/Module.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace wasmc::driver {

class Diagnostics;

/// A module as it was given.
struct Input {
  std::string path; ///< As in diagnostics: `<stdin>` for `-`.
  std::vector<uint8_t> bytes;
  bool isText = false; ///< WebAssembly text, to be converted.
};

/// Reads a file, or standard input for `-`, and finds out what it is.
llvm::Expected<Input> readInput(llvm::StringRef path);

/// The command by which WABT makes a binary of text.
llvm::Expected<Command> textToBinaryCommand(llvm::StringRef in, llvm::StringRef out);

/// Replaces text by its binary form. WABT's own diagnostics go to standard error
/// under the input's name; false if there was an error.
bool convertText(Input &input, bool verbose, Diagnostics &diags);

/// What is compiled of `input`, with the interface description that `--abi` names. It
/// says what diagnostics call the one that is used, also where the module has it.
llvm::Expected<ModuleSource> makeSource(const InputFile &file, const Input &input);

/// Reads a whole file of at most 1 GiB, the greatest size of a module.
llvm::Expected<std::vector<uint8_t>> readWholeFile(llvm::StringRef path);

} // namespace wasmc::driver

#endif
