//===- enter_slow.cpp - The trampoline's slow path ------------------------===//
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
