//===- strategy.h - Ways to lay a linear memory into the address space ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A strategy decides how much address space a memory gets and what a fault in
// it means. A file beside this one implements each; the flag WASMC_MEMORY_GUARD
// of the memory's type chooses.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_MEMORY_STRATEGY_H
#define WASMC_MEMORY_STRATEGY_H

#include "platform/platform.h"

namespace wasmc::rt {

/// Reserves address space for a memory with `head` bytes (whole pages) directly
/// below its base, and sets base, reservation and reserved. `limit` is set.
/// Nothing is accessible yet. False if there is no room.
bool reserveGuarded(wasmc_memory *memory, size_t head);
bool reserveBounded(wasmc_memory *memory, size_t head);

/// Called once the head is accessible, and before the reservation is released.
void publishGuarded(wasmc_memory *memory);
void withdrawGuarded(wasmc_memory *memory);

/// Rounds up to whole pages of the host; 0 on overflow of size_t.
inline size_t roundToPages(uint64_t bytes) {
  const uint64_t page = pageSize();
  const uint64_t rounded = (bytes + page - 1) / page * page;
  return rounded < bytes || rounded != static_cast<size_t>(rounded) ? 0
                                                                    : static_cast<size_t>(rounded);
}

} // namespace wasmc::rt

#endif
