//===- guard_posix.cpp - Memories whose bounds the MMU checks -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Generated code adds a zero-extended 32-bit index and a 32-bit offset to the
// base without a compare. The largest address it can form, with the widest
// access, is base + (2^32-1) + (2^32-1) + 16 bytes: all of that is reserved, and
// only the memory's own pages are accessible. An access past them faults inside
// the reservation, which is how the handler knows it.
//
//===----------------------------------------------------------------------===//
#include "strategy.h"

using namespace wasmc::rt;

namespace {
constexpr uint64_t indexRange = uint64_t(1) << 32;
constexpr uint64_t offsetRange = uint64_t(1) << 32;
/// Holds the bytes of an access that begins at the last address, and is a page
/// on every host.
constexpr uint64_t accessSlack = 65536;
constexpr uint64_t widestAccess = 16;
static_assert(indexRange + offsetRange + accessSlack >=
                  (indexRange - 1) + (offsetRange - 1) + widestAccess,
              "an access could reach past the guard region");
} // namespace

bool wasmc::rt::reserveGuarded(wasmc_memory *memory, size_t head, size_t *accessible) {
  const uint64_t bytes = head + indexRange + offsetRange + accessSlack;
  // Memories of 64-bit indices, of limits past the index range or of pages
  // smaller than the host's cannot be checked this way.
  if (static_cast<size_t>(bytes) != bytes || memory->limit > indexRange ||
      (memory->flags & WASMC_MEMORY_64) || (uint64_t(1) << memory->page_log2) < pageSize())
    return false;
  void *start = takeReservation(static_cast<size_t>(bytes), accessible);
  if (start == nullptr)
    return false;
  memory->reservation = start;
  memory->reserved = bytes;
  memory->base = static_cast<char *>(start) + head;
  return true;
}

void wasmc::rt::publishGuarded(wasmc_memory *memory) {
  Reservation *reservation = static_cast<Reservation *>(memory->reservation);
  reservation->low = reinterpret_cast<uintptr_t>(memory->reservation);
  reservation->high = reservation->low + static_cast<uintptr_t>(memory->reserved);
  addReservation(reservation);
}

void wasmc::rt::withdrawGuarded(wasmc_memory *memory) {
  removeReservation(static_cast<Reservation *>(memory->reservation));
}
