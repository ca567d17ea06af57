//===- shared_none.cpp - Shared memories where there is one thread --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nobody could wake the thread if it slept. Where the value is the expected one, a
// wait with a timeout has timed out at once, since there is no clock either; one
// without is interrupted, which is a trap: to sleep for ever would stop the system.
//
//===----------------------------------------------------------------------===//
#include "memory/shared.h"

using namespace wasmc::rt;

void MemoryLock::acquire() { (void)held; }
void MemoryLock::release() {}

template <typename T>
static WaitResult wait(const wasmc_memory *memory, const T *address, T expected, int64_t timeout) {
  if (*address != expected)
    return NotEqual;
  return timeout < 0 || memory->interrupted ? Interrupted : TimedOut;
}

int32_t __wasmc_memory_wait32_i_ppil(wasmc_memory *memory, const uint32_t *address,
                                     uint32_t expected, int64_t timeout) {
  return wait(memory, address, expected, timeout);
}

int32_t __wasmc_memory_wait64_i_ppll(wasmc_memory *memory, const uint64_t *address,
                                     uint64_t expected, int64_t timeout) {
  return wait(memory, address, expected, timeout);
}

int32_t __wasmc_memory_notify_i_ppi(wasmc_memory *, const void *, uint32_t) { return 0; }

uint32_t wasmc_memory_notify(wasmc_memory *, uint64_t, uint32_t) { return 0; }

void wasmc_memory_interrupt(wasmc_memory *memory) { memory->interrupted = 1; }
