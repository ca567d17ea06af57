//===- memory.cpp - Linear memories ---------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A memory's `size` is the one truth about its bounds: it changes last, after
// the pages are there, and is 0 while there are none. A shared memory grows under
// its lock; whoever reads its size sees an old one or the new one, never less
// than what is accessible at that moment.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "memory/shared.h"
#include "memory/strategy.h"

using namespace wasmc::rt;

static constexpr uint64_t indexSpace32 = uint64_t(1) << 32;
/// Pages of a 32-bit memory: what memory.size can say. Only of one byte are there so many.
static constexpr uint64_t mostPages32 = indexSpace32 - 1;
static constexpr uint64_t noMaximum = ~uint64_t(0);

/// Bytes of `pages`, saturating.
static uint64_t bytesOfPages(uint64_t pages, uint32_t log2) {
  return pages > (~uint64_t(0) >> log2) ? ~uint64_t(0) : pages << log2;
}

/// Bytes that a memory of these flags can have, whatever it declares.
static uint64_t mostBytes(uint32_t flags, uint32_t log2) {
  if (flags & WASMC_MEMORY_64)
    return ~uint64_t(0);
  const uint64_t most = bytesOfPages(mostPages32, log2);
  return most < indexSpace32 ? most : indexSpace32;
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/// Makes [size, newSize) accessible. What shares a host page with the bytes
/// before is accessible already.
static bool commitTo(wasmc_memory *memory, uint64_t newSize) {
  const size_t from = roundToPages(memory->size);
  const size_t to = roundToPages(newSize);
  return to <= from || commitPages(static_cast<char *>(memory->base) + from, to - from);
}

/// Makes exactly the first `wanted` bytes of a reservation accessible, of which
/// `accessible` are already.
static bool setAccessible(void *reservation, size_t accessible, size_t wanted) {
  char *start = static_cast<char *>(reservation);
  if (wanted < accessible)
    return decommitPages(start + wanted, accessible - wanted);
  return wanted == accessible || commitPages(start + accessible, wanted - accessible);
}

wasmc_status wasmc::rt::createMemory(wasmc_memory *memory, const wasmc_memory_type &type,
                                     uint64_t limit, uint32_t head) {
  const bool guarded = type.flags & WASMC_MEMORY_GUARD;
  memory->page_log2 = type.page_log2;
  memory->flags = type.flags;
  memory->max_pages = type.max;
  memory->size = 0;
  memory->limit = least(limit, least(mostBytes(type.flags, type.page_log2),
                                     bytesOfPages(type.max, type.page_log2)));
  const uint64_t first = bytesOfPages(type.min, type.page_log2);
  wasmc_status status = WASMC_LIMIT;
  if (first <= memory->limit) {
    const size_t headBytes = roundToPages(head);
    status = WASMC_NO_ADDRESS_SPACE;
    size_t accessible;
    if (guarded ? reserveGuarded(memory, headBytes, &accessible)
                : reserveBounded(memory, headBytes, &accessible)) {
      status = WASMC_OUT_OF_MEMORY;
      if (setAccessible(memory->reservation, accessible, headBytes + roundToPages(first))) {
        memory->size = first;
        if (guarded)
          publishGuarded(memory);
        return WASMC_OK;
      }
      releaseAddresses(memory->reservation, static_cast<size_t>(memory->reserved));
    }
  }
  memset(memory, 0, sizeof(*memory));
  return status;
}

void wasmc::rt::destroyMemory(wasmc_memory *memory) {
  // The record itself may lie in the reservation: read it before.
  void *start = memory->reservation;
  const size_t bytes = static_cast<size_t>(memory->reserved);
  if (start == nullptr)
    return;
  const char *end = static_cast<char *>(memory->base) + roundToPages(memory->size);
  const size_t accessible = static_cast<size_t>(end - static_cast<char *>(start));
  // Pages of files are somebody else's.
  const bool mapped = static_cast<const Reservation *>(start)->mapped != 0;
  if (memory->flags & WASMC_MEMORY_GUARD)
    withdrawGuarded(memory);
  giveReservation(start, bytes, mapped ? 0 : accessible);
}

int64_t wasmc_memory_grow(wasmc_memory *memory, uint64_t delta) {
  const MemoryLock lock(memory);
  const uint64_t old = memory->size >> memory->page_log2;
  if (delta > (memory->limit - memory->size) >> memory->page_log2)
    return -1;
  // What is left below `limit`, which is in bytes, has that many pages: neither the
  // shift nor the sum can overflow.
  const uint64_t newSize = memory->size + (delta << memory->page_log2);
  if (!commitTo(memory, newSize))
    return -1;
  publishSize(memory, newSize);
  return static_cast<int64_t>(old);
}

int64_t __wasmc_memory_grow_l_pl(wasmc_memory *memory, uint64_t delta) {
  return wasmc_memory_grow(memory, delta);
}

wasmc_status wasmc_memory_new(uint64_t min, uint64_t max, uint64_t limit, uint32_t flags,
                              wasmc_memory **out) {
  *out = nullptr;
  const bool is64 = flags & WASMC_MEMORY_64, isBytes = flags & WASMC_MEMORY_BYTE_PAGES;
  const uint64_t mostPages = is64 ? (isBytes ? ~uint64_t(0) : uint64_t(1) << 48)
                                  : (isBytes ? mostPages32 : 65536);
  constexpr uint32_t known =
      WASMC_MEMORY_64 | WASMC_MEMORY_SHARED | WASMC_MEMORY_GUARD | WASMC_MEMORY_BYTE_PAGES;
  if ((flags & ~known) || ((flags & WASMC_MEMORY_GUARD) && (is64 || isBytes)) ||
      ((flags & WASMC_MEMORY_SHARED) && max == noMaximum) ||
      min > mostPages || min > max || (max > mostPages && max != noMaximum))
    return WASMC_INVALID_ARGUMENT;
  wasmc_memory_type type = {};
  type.min = min;
  type.max = max;
  type.page_log2 = isBytes ? 0 : 16;
  type.flags = flags & ~uint32_t(WASMC_MEMORY_BYTE_PAGES);
  // The memory's record lies in the head of its own reservation.
  constexpr uint32_t head = sizeof(Reservation) + sizeof(wasmc_memory);
  wasmc_memory made = {};
  const wasmc_status status =
      createMemory(&made, type, limit == 0 ? defaultMemoryLimit : limit, head);
  if (status != WASMC_OK)
    return status;
  wasmc_memory *record =
      reinterpret_cast<wasmc_memory *>(static_cast<char *>(made.reservation) + sizeof(Reservation));
  *record = made;
  *out = record;
  return WASMC_OK;
}

void wasmc_memory_delete(wasmc_memory *memory) {
  if (memory != nullptr)
    destroyMemory(memory);
}

uint8_t *wasmc_memory_data(const wasmc_memory *memory) {
  return static_cast<uint8_t *>(memory->base);
}

uint64_t wasmc_memory_size(const wasmc_memory *memory) { return sizeOf(memory); }

uint32_t wasmc_memory_page_size(const wasmc_memory *memory) {
  return uint32_t(1) << memory->page_log2;
}
