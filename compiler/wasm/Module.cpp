//===- Module.cpp - Questions to a module ----------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Module.h"

#include <algorithm>

namespace wasmc::wasm {

uint32_t Module::numImportedFunctions() const {
  // Imports come first, so the end of them can be searched for.
  auto end = std::partition_point(functions.begin(), functions.end(),
                                  [](const Function &f) { return f.import.has_value(); });
  return static_cast<uint32_t>(end - functions.begin());
}

std::span<const BranchHint> Module::branchHintsOf(uint32_t function) const {
  auto range = std::ranges::equal_range(branchHints, function, {}, &BranchHint::function);
  return {range.begin(), range.end()};
}

std::string_view Module::functionName(uint32_t function) const {
  if (auto named = functionNames.find(function); named != functionNames.end())
    return named->second;
  auto exported = exportedFunctionNames.find(function);
  return exported == exportedFunctionNames.end() ? std::string_view() : exported->second;
}

} // namespace wasmc::wasm
