//===- Inspect.h - wasmc inspect -------------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_INSPECT_H
#define WASMC_DRIVER_INSPECT_H

#include "abi/Interface.h"
#include "wasm/Linking.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace wasmc::driver {

/// What is bound of a module that is looked at together with others.
struct InspectedLinks {
  const wasm::Links &links;
  llvm::ArrayRef<wasm::Linkable> modules;

  /// The name of the module that provides an import; empty: the host does.
  llvm::StringRef providerOf(size_t import) const {
    const std::optional<wasm::Binding> &binding = links.imports[import];
    return binding ? llvm::StringRef(modules[links.providers[binding->provider]].name) : "";
  }
};

/// Everything that a host, or a gate in a pipeline, may want to know of a module,
/// as JSON. The module is validated; `interface` is bound to it, or null.
llvm::json::Object inspect(const wasm::Module &module, const abi::Interface *interface,
                           const InspectedLinks &linked);

/// The same for people.
void printInspection(llvm::raw_ostream &os, const wasm::Module &module,
                     const abi::Interface *interface, const InspectedLinks &linked);

/// The interface's part of both.
llvm::json::Object inspectInterface(const wasm::Module &module, const abi::Interface &interface);
void printInterface(llvm::raw_ostream &os, const wasm::Module &module,
                    const abi::Interface &interface);

} // namespace wasmc::driver

#endif
