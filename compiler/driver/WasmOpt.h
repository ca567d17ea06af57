//===- WasmOpt.h - Binaryen's optimiser, before ours -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_WASMOPT_H
#define WASMC_DRIVER_WASMOPT_H

#include "ChildProcess.h"
#include "Options.h"

#include "llvm/Support/Error.h"

namespace wasmc::driver {

/// The command that optimises `in` to `out`.
llvm::Expected<Command> wasmOptCommand(const Invocation &invocation, llvm::StringRef in,
                                       llvm::StringRef out);

/// Replaces a module by what wasm-opt makes of it. Modules that wasmc refuses
/// are left alone, for the next stage to say why, about the bytes that the user
/// has.
llvm::Error optimizeWasm(std::vector<uint8_t> &bytes, const Invocation &invocation);

} // namespace wasmc::driver

#endif
