//===- Call.h - Calls into compiled modules ------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_CALL_H
#define WASMC_TESTS_SPEC_RUNNER_CALL_H

#include "Program.h"
#include "Value.h"

namespace wasmc::spec {

struct CallResult {
  wasmc_status status = WASMC_OK;
  std::vector<Value> results; ///< On WASMC_OK.
};

/// Calls the C function that a module has for an export:
/// `wasmc_status f(instance *, parameters..., result pointers...)`.
llvm::Expected<CallResult> callEntry(void *entry, wasmc_instance *instance,
                                     const wasm::FuncType &type, const std::vector<Value> &args);

/// Calls a function by its reference, through wasmc_func_call.
llvm::Expected<CallResult> callReference(const Runtime &runtime, wasmc_func *func,
                                         const wasm::FuncType &type,
                                         const std::vector<Value> &args);

} // namespace wasmc::spec

#endif
