//===- Script.h - One script, from its file to its report ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_SCRIPT_H
#define WASMC_TESTS_SPEC_RUNNER_SCRIPT_H

#include "Program.h"

#include "llvm/Support/raw_ostream.h"

namespace wasmc::spec {

/// Executes the script at `path` (`NAME.json`), counts in `progress.totals`
/// and reports failures, with `verbose` all commands. False: the script could
/// not be read, compiled, linked or loaded as a whole.
bool runScript(const std::string &path, Settings settings, bool verbose, Progress &progress,
               llvm::raw_ostream &out);

} // namespace wasmc::spec

#endif
