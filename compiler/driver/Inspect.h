//===- Inspect.h - wasmc inspect -------------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_INSPECT_H
#define WASMC_DRIVER_INSPECT_H

#include "abi/Interface.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace wasmc::driver {

/// Everything that a host, or a gate in a pipeline, may want to know of a module,
/// as JSON. The module is validated; `interface` is bound to it, or null.
llvm::json::Object inspect(const wasm::Module &module, const abi::Interface *interface);

/// The same for people.
void printInspection(llvm::raw_ostream &os, const wasm::Module &module,
                     const abi::Interface *interface);

/// The interface's part of both.
llvm::json::Object inspectInterface(const wasm::Module &module, const abi::Interface &interface);
void printInterface(llvm::raw_ostream &os, const wasm::Module &module,
                    const abi::Interface &interface);

} // namespace wasmc::driver

#endif
