//===- Run.h - Compiles, links and runs modules that were prepared -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_ORACLE_RUN_H
#define WASMC_TESTS_ORACLE_RUN_H

#include "Program.h"

namespace wasmc::oracle {

/// Compiles all modules, links them into one shared object and calls the exported
/// functions of each, in a process of its own. Prints for each module the line
/// `= PATH`, then a line as wasm-interp prints it for each function; `! WHY` where the
/// module could not be compiled or instantiated, died, or took more than `seconds`.
llvm::Error runAll(const std::vector<std::string> &paths, const spec::Settings &settings,
                   unsigned seconds, bool counters, llvm::raw_ostream &out);

} // namespace wasmc::oracle

#endif
