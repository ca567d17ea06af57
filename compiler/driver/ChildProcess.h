//===- ChildProcess.h - Tools that wasmc runs ------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_CHILDPROCESS_H
#define WASMC_DRIVER_CHILDPROCESS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace wasmc::driver {

/// A program and its arguments; the first is the program's path.
using Command = std::vector<std::string>;

/// How a child ended.
struct ChildResult {
  int exitCode = 0;
  bool crashed = false;
  bool timedOut = false;
  std::string output; ///< Standard output.
  std::string errors; ///< Standard error, its first 64 KiB.
  bool ok() const { return !crashed && !timedOut && exitCode == 0; }
  /// `exited with status 1`, `crashed`, `did not finish within 60 seconds`.
  std::string describe() const;
};

/// Runs a program to its end, without standard input. Tools work on untrusted
/// input: after a minute they are killed, and 4 GiB of memory is all they get.
/// `verbose` prints the command to standard error.
llvm::Expected<ChildResult> runChild(const Command &command, bool verbose = false);

/// Finds a program on PATH; the error names it and what it is needed for.
llvm::Expected<std::string> findTool(llvm::StringRef name, llvm::StringRef purpose);

/// The first line that a tool prints when asked for its version; empty if none.
std::string toolVersion(const std::string &path);

/// The command on a line of its own, quoted, as clang's -### prints it.
void printCommand(llvm::raw_ostream &os, llvm::ArrayRef<std::string> command);

} // namespace wasmc::driver

#endif
