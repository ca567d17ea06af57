//===- Interpreter.h - Runs the exports of a module as wasm-interp does --===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_INTERPRETER_H
#define WASMC_TESTS_SPEC_RUNNER_INTERPRETER_H

#include "Program.h"

#include "llvm/Support/raw_ostream.h"

namespace wasmc::spec {

/// Compiles the module at `path`, which imports nothing, and calls its exported
/// functions without parameters in their order. Prints what WABT's `wasm-interp
/// --run-all-exports` prints, but for the wording of traps. The result is the
/// exit status.
int runAllExports(const std::string &path, const Settings &settings, Progress &progress,
                  llvm::raw_ostream &out);

} // namespace wasmc::spec

#endif
