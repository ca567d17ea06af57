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
/// below its base, and sets base, reservation and reserved. `limit` is set. Of the
/// reservation, `*accessible` bytes are accessible, which read zero. False if there
/// is no room.
bool reserveGuarded(wasmc_memory *memory, size_t head, size_t *accessible);
bool reserveBounded(wasmc_memory *memory, size_t head, size_t *accessible);

/// As reserveAddresses(), but may be a reservation that was kept: the first
/// `*accessible` bytes are accessible then, and read zero.
void *takeReservation(size_t bytes, size_t *accessible);
/// Releases a reservation or keeps it for the next takeReservation(). The first
/// `accessible` bytes, whole pages, are accessible, no others; 0: it cannot be kept.
void giveReservation(void *start, size_t bytes, size_t accessible);

/// Resident bytes that a memory keeps when it is cleared for its next life, which is
/// several times cheaper than a page fault for each.
constexpr size_t residentAtMost = 1 << 20;

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
