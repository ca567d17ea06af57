//===- Error.h - Why a module was refused ----------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_ERROR_H
#define WASMC_COMPILER_WASM_ERROR_H

#include "Features.h"

#include "llvm/Support/Error.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace wasmc::wasm {

/// Malformed (5.), invalid (3.), in need of a proposal that is off, or past an
/// implementation limit (7.2).
enum class ErrorKind : uint8_t { Malformed, Invalid, Unsupported, Limit };

/// Carried by every llvm::Error of the front end. The driver prints it as
/// `FILE:0xOFFSET: error: function N 'NAME': MESSAGE`.
class WasmError : public llvm::ErrorInfo<WasmError> {
public:
  static char ID;
  WasmError(ErrorKind kind, size_t offset, std::string message,
            std::optional<uint32_t> function = std::nullopt)
      : kind(kind), offset(offset), message(std::move(message)), function(function) {}

  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override { return llvm::inconvertibleErrorCode(); }

  ErrorKind kind;
  size_t offset;                    ///< From the start of the module.
  std::string message;              ///< Lower case, no full stop.
  std::optional<uint32_t> function; ///< Function index where in a body.
  std::optional<Feature> feature;   ///< `Unsupported`: the proposal.
};

/// "WHAT needs the proposal 'NAME', which is not enabled".
std::unique_ptr<WasmError> unsupported(Feature feature, size_t offset, const std::string &what,
                                       std::optional<uint32_t> function = std::nullopt);

} // namespace wasmc::wasm

#endif
