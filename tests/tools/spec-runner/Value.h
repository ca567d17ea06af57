//===- Value.h - Values of a test script and what they are compared with -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_VALUE_H
#define WASMC_TESTS_SPEC_RUNNER_VALUE_H

#include "wasm/Types.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace wasmc::spec {

/// A value as bits; i32 and f32 in the low half.
struct Value {
  wasm::ValType type;
  uint64_t bits = 0;
  uint64_t high = 0; ///< Of a v128: bytes 8 to 15.
};

/// Reads an argument of a script, which must be of the parameter's type.
llvm::Expected<Value> parseArgument(const llvm::json::Value &json, wasm::ValType type);

/// Whether `value` is what `expected` describes: bits, a class of NaNs, a kind
/// of reference, or one of several. An error where the description is not known.
llvm::Expected<bool> matches(const Value &value, const llvm::json::Value &expected);

/// `f32 0x7fc00000 (nan)`, for reports.
std::string toString(const Value &value);
std::string toString(const std::vector<Value> &values);

/// `i32:7`, `f64:-0.500000`: as wasm-interp of WABT prints results.
std::string toInterpreterText(const Value &value);

} // namespace wasmc::spec

#endif
