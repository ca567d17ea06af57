//===- shared_threads.cpp - Waiting on addresses of shared memories -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each waiting thread has an entry on its own stack, in the memory's queue, and
// sleeps on a word of that entry: who wakes it is decided under the lock, and a
// sleep that the system ends for reasons of its own is gone back to. The thread
// returns only after it has held the lock again, so that an entry lives as long as
// another thread may look at it.
//
// No wake-up is lost: the value is compared and the entry made under the lock,
// which notify takes after the store that it announces.
//
//===----------------------------------------------------------------------===//
#include "memory/shared.h"
#include "platform/platform.h"

using namespace wasmc::rt;

static constexpr uint64_t never = ~uint64_t(0);

//===----------------------------------------------------------------------===//
// The lock
//===----------------------------------------------------------------------===//

namespace {
/// States of `memory->lock`.
enum : uint32_t { Free, Taken, Contended /**< and somebody may sleep on it */ };
} // namespace

void MemoryLock::acquire() {
  if (held == nullptr)
    return;
  uint32_t state = Free;
  if (__atomic_compare_exchange_n(&held->lock, &state, Taken, false, __ATOMIC_ACQUIRE,
                                  __ATOMIC_RELAXED))
    return;
  // Whoever has slept cannot know whether others still do.
  while (__atomic_exchange_n(&held->lock, Contended, __ATOMIC_ACQUIRE) != Free)
    sleepWhile(&held->lock, Contended, never);
}

void MemoryLock::release() {
  if (held != nullptr && __atomic_exchange_n(&held->lock, Free, __ATOMIC_RELEASE) == Contended)
    wakeOne(&held->lock);
}

//===----------------------------------------------------------------------===//
// The queue
//===----------------------------------------------------------------------===//

namespace {

/// Not an outcome yet.
constexpr uint32_t waiting = ~uint32_t(0);

/// A waiting thread. All members but `state` change under the lock alone.
struct Waiter {
  Waiter *next;
  Waiter *previous;
  const void *address;
  uint32_t state; ///< `waiting`, then a WaitResult. The thread sleeps on it.
};

Waiter *firstOf(const wasmc_memory *memory) { return static_cast<Waiter *>(memory->waiters); }

void enqueue(wasmc_memory *memory, Waiter *waiter) {
  waiter->previous = static_cast<Waiter *>(memory->last_waiter);
  waiter->next = nullptr;
  if (waiter->previous)
    waiter->previous->next = waiter;
  else
    memory->waiters = waiter;
  memory->last_waiter = waiter;
}

void dequeue(wasmc_memory *memory, Waiter *waiter) {
  if (waiter->previous)
    waiter->previous->next = waiter->next;
  else
    memory->waiters = waiter->next;
  if (waiter->next)
    waiter->next->previous = waiter->previous;
  else
    memory->last_waiter = waiter->previous;
}

/// Takes a thread out of the queue and lets it go on.
void finish(wasmc_memory *memory, Waiter *waiter, WaitResult result) {
  dequeue(memory, waiter);
  __atomic_store_n(&waiter->state, result, __ATOMIC_RELEASE);
  wakeOne(&waiter->state);
}

/// When a timeout that begins now ends. 2^63 ns are 292 years.
uint64_t deadlineOf(int64_t timeout) {
  return timeout < 0 ? never : monotonicTime() + static_cast<uint64_t>(timeout);
}

template <typename T>
WaitResult wait(wasmc_memory *memory, const T *address, T expected, int64_t timeout) {
  const uint64_t deadline = deadlineOf(timeout);
  MemoryLock lock(memory);
  // The module checked the alignment, which the type has not on every target.
  using Aligned __attribute__((aligned(sizeof(T)))) = T;
  if (__atomic_load_n(static_cast<const Aligned *>(address), __ATOMIC_SEQ_CST) != expected)
    return NotEqual;
  if (memory->interrupted)
    return Interrupted;
  Waiter self = {nullptr, nullptr, address, waiting};
  enqueue(memory, &self);
  bool late = false;
  while (self.state == waiting && !late) {
    lock.release();
    sleepWhile(&self.state, waiting, deadline);
    // Before the lock: who has it may have woken this thread just in time.
    late = deadline != never && monotonicTime() >= deadline;
    lock.acquire();
  }
  if (self.state != waiting)
    return static_cast<WaitResult>(self.state);
  dequeue(memory, &self);
  return TimedOut;
}

uint32_t notify(wasmc_memory *memory, const void *address, uint32_t count) {
  if (!(memory->flags & WASMC_MEMORY_SHARED))
    return 0;
  const MemoryLock lock(memory);
  uint32_t woken = 0;
  for (Waiter *waiter = firstOf(memory); waiter != nullptr && woken != count;) {
    Waiter *next = waiter->next;
    if (waiter->address == address) {
      finish(memory, waiter, Woken);
      ++woken;
    }
    waiter = next;
  }
  return woken;
}

} // namespace

int32_t __wasmc_memory_wait32_i_ppil(wasmc_memory *memory, const uint32_t *address,
                                     uint32_t expected, int64_t timeout) {
  return wait(memory, address, expected, timeout);
}

int32_t __wasmc_memory_wait64_i_ppll(wasmc_memory *memory, const uint64_t *address,
                                     uint64_t expected, int64_t timeout) {
  return wait(memory, address, expected, timeout);
}

int32_t __wasmc_memory_notify_i_ppi(wasmc_memory *memory, const void *address, uint32_t count) {
  return static_cast<int32_t>(notify(memory, address, count));
}

uint32_t wasmc_memory_notify(wasmc_memory *memory, uint64_t address, uint32_t count) {
  // No thread waits past the end: what the sum gives there is no waiter's address.
  return address < sizeOf(memory)
             ? notify(memory, static_cast<const char *>(memory->base) + address, count)
             : 0;
}

void wasmc_memory_interrupt(wasmc_memory *memory) {
  if (!(memory->flags & WASMC_MEMORY_SHARED))
    return;
  const MemoryLock lock(memory);
  memory->interrupted = 1;
  while (Waiter *waiter = firstOf(memory))
    finish(memory, waiter, Interrupted);
}
