//===- kept_posix.cpp - Reservations that wait for the next owner ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What takes time of a new memory is its page faults: the kernel has to find a page
// for each, and page tables for those. A reservation that is kept has both. It is
// cleared before it is kept, so that nothing of one module's reaches another, or
// stays in the process longer than its owner.
//
// The list is changed by an exchange of its head alone: whoever looks for a
// reservation takes the whole list, then puts the rest back. Meanwhile others find
// none, and make a new one. So nobody waits, a child of fork() in mid-search only has
// fewer, and no node can come back under a thread that still looks at it.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "strategy.h"

using namespace wasmc::rt;

namespace {

/// Lies in the first page of a kept reservation, which is zero apart from it.
struct Kept {
  Kept *next;
  size_t bytes;
  size_t accessible;
};

Kept *first;   ///< The one that was kept last.
uint32_t most; ///< What the host wants kept at most.
/// Kept ones, those included that somebody searches. Changes before and after the
/// list does, so that it is never too small.
uint32_t count;

Kept *takeAll() { return __atomic_exchange_n(&first, nullptr, __ATOMIC_ACQUIRE); }

/// Puts the nodes from `begin` to `end` before all others.
void put(Kept *begin, Kept *end) {
  Kept *old = __atomic_load_n(&first, __ATOMIC_RELAXED);
  do
    end->next = old;
  while (!__atomic_compare_exchange_n(&first, &old, begin, true, __ATOMIC_RELEASE,
                                      __ATOMIC_RELAXED));
}

void release(Kept *kept) {
  while (kept != nullptr) {
    Kept *next = kept->next;
    releaseAddresses(kept, kept->bytes);
    __atomic_fetch_sub(&count, 1, __ATOMIC_RELAXED);
    kept = next;
  }
}

/// Keeps `wanted` of the list, those that were kept last.
void shorten(uint32_t wanted) {
  Kept *begin = takeAll(), *end = nullptr, *rest = begin;
  for (; rest != nullptr && wanted != 0; --wanted) {
    end = rest;
    rest = rest->next;
  }
  if (end != nullptr)
    put(begin, end);
  release(rest);
}

/// A kept reservation of exactly `bytes`; null if there is none.
Kept *find(size_t bytes) {
  Kept *begin = takeAll();
  Kept **link = &begin, *end = nullptr;
  while (*link != nullptr && (*link)->bytes != bytes) {
    end = *link;
    link = &end->next;
  }
  Kept *found = *link;
  if (found != nullptr) {
    *link = found->next;
    __atomic_fetch_sub(&count, 1, __ATOMIC_RELAXED);
  }
  if (begin != nullptr) {
    if (end == nullptr)
      end = begin;
    while (end->next != nullptr)
      end = end->next;
    put(begin, end);
  }
  return found;
}

} // namespace

void *wasmc::rt::takeReservation(size_t bytes, size_t *accessible) {
  *accessible = 0;
  Kept *kept = __atomic_load_n(&first, __ATOMIC_RELAXED) != nullptr ? find(bytes) : nullptr;
  if (kept != nullptr) {
    *accessible = kept->accessible;
    memset(kept, 0, sizeof(*kept));
    return kept;
  }
  void *start = reserveAddresses(bytes);
  if (start != nullptr || __atomic_load_n(&first, __ATOMIC_RELAXED) == nullptr)
    return start;
  // Kept ones of other sizes may be what takes the room.
  shorten(0);
  return reserveAddresses(bytes);
}

void wasmc::rt::giveReservation(void *start, size_t bytes, size_t accessible) {
  const uint32_t wanted = __atomic_load_n(&most, __ATOMIC_RELAXED);
  if (wanted != 0 && accessible >= sizeof(Kept)) {
    clearPages(start, accessible, residentAtMost);
    Kept *kept = static_cast<Kept *>(start);
    kept->bytes = bytes;
    kept->accessible = accessible;
    __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    put(kept, kept);
  } else {
    releaseAddresses(start, bytes);
  }
  // Those that were kept first go: modules of their size may no longer be in use.
  if (__atomic_load_n(&count, __ATOMIC_RELAXED) > wanted)
    shorten(wanted);
}

void wasmc_keep_memories(uint32_t number) {
  __atomic_store_n(&most, number, __ATOMIC_RELAXED);
  shorten(number);
}
