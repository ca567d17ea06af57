//===- Error.cpp - Why a module was refused --------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Error.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace wasmc::wasm {

char WasmError::ID = 0;

void WasmError::log(llvm::raw_ostream &os) const {
  os << llvm::format_hex(offset, 1) << ": ";
  if (function)
    os << "function " << *function << ": ";
  os << message;
}

std::unique_ptr<WasmError> unsupported(Feature feature, size_t offset, const std::string &what,
                                       std::optional<uint32_t> function) {
  auto error =
      std::make_unique<WasmError>(ErrorKind::Unsupported, offset,
                                  what + " needs the proposal '" +
                                      std::string(featureName(feature)) + "', which is not enabled",
                                  function);
  error->feature = feature;
  return error;
}

} // namespace wasmc::wasm
