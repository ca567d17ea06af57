//===- enter_slow.cpp - What the trampolines need besides -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "platform/platform.h"

using namespace wasmc::rt;

wasmc_status __wasmc_enter_slow(wasmc_instance *instance, uintptr_t stack) {
  const wasmc_status status = prepareThread(instance);
  if (status != WASMC_OK)
    return status;
  if (stack >= __wasmc_thread.stack_limit)
    return WASMC_OK;
  // A host function that used up its reserve and calls a module again.
  recordTrapAtEntry(instance, Trap_call_stack_exhausted);
  return WASMC_TRAP;
}

// In the words of <unwind.h>, which is not everywhere.
enum : int { SearchPhase = 1, FatalPhase1Error = 3, ContinueUnwind = 8 };

int __wasmc_entry_personality(int, int actions, uint64_t, void *, void *) {
  // What a function of the host's throws must not take an activation away unseen: the
  // search for its handler ends here, and its language ends the process. Exceptions of
  // modules have ended before (unwind.cpp).
  if (actions & SearchPhase)
    return FatalPhase1Error;
  // The thread ends (pthread_exit), and what it does at its end may enter modules.
  __wasmc_thread.top = static_cast<wasmc_activation *>(__wasmc_thread.top)->previous;
  return ContinueUnwind;
}
