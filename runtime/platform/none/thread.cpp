//===- thread.cpp - The one thread of platforms without threads -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One global instead of a thread variable, and no faults: modules are compiled
// with --bounds=check. The host says where its stack is.
//
//===----------------------------------------------------------------------===//
#include "platform/platform.h"
#include "wasmc/platform.h"

using namespace wasmc::rt;

static constexpr uintptr_t unknownLimit = ~uintptr_t(0);

static uintptr_t stackHigh;

wasmc_thread __wasmc_thread = {nullptr, unknownLimit, 0, nullptr, 0};

void wasmc::rt::addReservation(Reservation *) {}
void wasmc::rt::removeReservation(Reservation *) {}
void wasmc::rt::acquireFaultHandlers() {}
void wasmc::rt::releaseFaultHandlers() {}

wasmc_status wasmc::rt::prepareThread(const wasmc_instance *) {
  if (__wasmc_thread.stack_low == 0) {
    uintptr_t low = 0, high = 0;
    wasmc_platform_stack(&low, &high);
    if (low == 0)
      return WASMC_OUT_OF_MEMORY;
    wasmc_thread_set_stack(low, high);
  }
  return WASMC_OK;
}

uintptr_t wasmc::rt::highestStackAddress() { return stackHigh; }

/// The one thread does not end.
bool wasmc::rt::callAtThreadEnd(void (*)(void *), void *) { return true; }

void wasmc_thread_set_stack(uintptr_t low, uintptr_t high) {
  stackHigh = high;
  __wasmc_thread.stack_low = low;
  __wasmc_thread.stack_limit = low != 0 ? low + stackReserve(high - low) : unknownLimit;
}

int wasmc_handle_fault(int, void *, void *) { return 0; }
void wasmc_set_signal_mode(int) {}
