//===- Unchanging.h - Tables and globals that nothing ever writes to -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_UNCHANGING_H
#define WASMC_COMPILER_LOWER_UNCHANGING_H

#include "wasm/Module.h"

#include <vector>

namespace wasmc::lower {

/// Finds what has the same value from the end of instantiation on, in every instance,
/// from a look at all operators before any of them is lowered. Whatever the host or
/// another module can reach counts as written to.
class Unchanging {
public:
  Unchanging(const wasm::Module &module, const wasm::FeatureSet &features);

  /// What is in a table: 1 + function index, or 0 for null. Empty where that is not
  /// known; an instance whose making failed before the table was complete runs no code.
  const std::vector<uint32_t> &elements(uint32_t table) const { return tables[table]; }
  /// Whether an own global has what its initialiser gives it.
  bool global(uint32_t index) const { return globals[index]; }
  /// Whether a function is seen to call others through a table or a reference.
  bool callsIndirectly(uint32_t function) const { return indirectCallers[function]; }

private:
  void lookAt(uint32_t function, const wasm::Section &body, const wasm::FeatureSet &features);
  void fillTables(const wasm::Module &module);

  std::vector<bool> fixedTables, globals, indirectCallers;
  std::vector<std::vector<uint32_t>> tables;
};

} // namespace wasmc::lower

#endif
