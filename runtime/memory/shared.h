//===- shared.h - What shared memories need beyond others -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shared memory's lock and its queue of waiting threads are part of the memory
// itself: nothing is global, so that memories never wait for each other.
// shared_threads.cpp and shared_none.cpp implement this with and without threads.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_MEMORY_SHARED_H
#define WASMC_MEMORY_SHARED_H

#include "runtime.h"

namespace wasmc::rt {

/// Holds a memory's lock while it lives; of a memory that is not shared, nothing.
/// What runs under it never faults and never calls the host, so that no trap can
/// leave it held.
class MemoryLock {
public:
  explicit MemoryLock(wasmc_memory *memory)
      : held(memory->flags & WASMC_MEMORY_SHARED ? memory : nullptr) {
    acquire();
  }
  ~MemoryLock() { release(); }
  MemoryLock(const MemoryLock &) = delete;
  MemoryLock &operator=(const MemoryLock &) = delete;

  void acquire();
  void release();

private:
  wasmc_memory *held;
};

/// A size fits a word of the host: as many bytes are reserved. One access of a
/// word cannot be torn, and needs no library on any target.
using SizeWord __attribute__((may_alias)) = uintptr_t;

inline uint64_t sizeOf(const wasmc_memory *memory) {
  return __atomic_load_n(reinterpret_cast<const SizeWord *>(&memory->size), __ATOMIC_ACQUIRE);
}

/// After the pages are there: a thread that sees the size may use them. The upper
/// half of the field, where a word is less than that, stays 0.
inline void publishSize(wasmc_memory *memory, uint64_t size) {
  __atomic_store_n(reinterpret_cast<SizeWord *>(&memory->size), static_cast<uintptr_t>(size),
                   __ATOMIC_RELEASE);
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a field begins with its low half");

/// What memory.atomic.wait returns; the last is a trap.
enum WaitResult : uint32_t { Woken = 0, NotEqual = 1, TimedOut = 2, Interrupted = 3 };

} // namespace wasmc::rt

#endif
