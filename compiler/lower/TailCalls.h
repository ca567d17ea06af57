//===- TailCalls.h - Calls that replace their caller's frame ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tail convention, of which TailCalls.cpp says why it is as it is.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_TAILCALLS_H
#define WASMC_COMPILER_LOWER_TAILCALLS_H

#include "lower/TargetTraits.h"
#include "wasm/Module.h"

#include <vector>

namespace wasmc::lower {

/// By function index: whether a function's body has a tail call, that is, whether
/// it is compiled by the tail convention. Imported functions have none, nor have
/// bodies that are malformed before their first one.
std::vector<bool> findTailCallers(const wasm::Module &module, const wasm::FeatureSet &features);

/// Where the operands of a function are when its tail entry is called.
struct TailOperands {
  enum Kind : uint8_t {
    Word,   ///< A register as wide as a pointer.
    Vector, ///< A vector register.
    Area    ///< The callee instance's area for operands.
  };
  struct Place {
    Kind kind;
    unsigned at; ///< Number of the register among its kind; bytes from the area's begin.
  };
  TailOperands(const wasm::ResultType &params, const TargetTraits &traits);

  std::vector<Place> places; ///< By parameter.
  unsigned areaBytes = 0;
};

/// Bytes that the largest operands of the module's tail callers take in the area.
unsigned tailAreaBytes(const wasm::Module &module, const std::vector<bool> &tailCallers,
                       const TargetTraits &traits);

} // namespace wasmc::lower

#endif
