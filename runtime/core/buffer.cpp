//===- buffer.cpp - What buffer functions need of the runtime -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether mailboxes are in use is seen from the thread's activations, not from a
// flag of the instance: a trap that takes activations away frees the mailboxes
// with them.
//
//===----------------------------------------------------------------------===//
#include "platform/platform.h"

using namespace wasmc::rt;

static wasmc_activation *previousOf(const wasmc_activation *activation) {
  return static_cast<wasmc_activation *>(activation->previous);
}

/// Whether one of these activations holds the mailboxes of `instance`.
static bool holdsMailboxes(const wasmc_activation *activation, const wasmc_instance *instance) {
  for (; activation != nullptr; activation = previousOf(activation)) {
    if (activation->instance != instance)
      continue;
    // A region holds them while a function that was inlined into it has called
    // the host; between such functions it is in the module all the time.
    const bool inInlined = (activation->state & WASMC_STATE_REGION) &&
                           !(activation->state & WASMC_STATE_IN_MODULE);
    if ((activation->state & WASMC_STATE_BUFFER) || inInlined)
      return true;
  }
  return false;
}

static wasmc_activation *topActivation() {
  return static_cast<wasmc_activation *>(__wasmc_thread.top);
}

int32_t __wasmc_busy_i_p(void *instance) {
  return holdsMailboxes(previousOf(topActivation()), static_cast<wasmc_instance *>(instance));
}

int32_t wasmc_instance_error(const wasmc_instance *instance) {
  return static_cast<int32_t>(instance->error);
}

/// Runs in the module: what the trampoline entered.
static wasmc_status runRegion(wasmc_instance *instance, void *body, void *context) {
  wasmc_activation *activation = topActivation();
  if (holdsMailboxes(previousOf(activation), instance))
    return WASMC_BUSY;
  activation->state |= WASMC_STATE_REGION;
  // Bodies that are inlined into the region find it done.
  if (instance->linked != nullptr)
    __wasmc_keep_linked_v_p(instance->linked);
  void *outer = instance->region;
  instance->region = activation;
  const wasmc_status status = reinterpret_cast<wasmc_status (*)(void *)>(body)(context);
  instance->region = outer;
  return status;
}

wasmc_status wasmc_protect(wasmc_instance *instance, wasmc_status (*body)(void *), void *context) {
  return __wasmc_call(instance, reinterpret_cast<void *>(body), context,
                      reinterpret_cast<void *>(&runRegion));
}

int32_t __wasmc_window_map_i_pillli(void *memory, int32_t descriptor, uint64_t offset,
                                    uint64_t address, uint64_t bytes, int32_t writable) {
  const wasmc_memory *of = static_cast<wasmc_memory *>(memory);
  // In a memory that is checked by compares, a write to a page that must not be
  // written would be a fault of nobody's. In a shared one, another thread may be
  // just accessing the pages, and a file that becomes shorter could make the
  // runtime itself fault while it holds the memory's lock.
  if (!(of->flags & WASMC_MEMORY_GUARD) || (of->flags & WASMC_MEMORY_SHARED))
    return WASMC_UNSUPPORTED;
  // The mailbox of an instance whose instantiation failed.
  if (address > of->size || bytes > of->size - address)
    return WASMC_INVALID_ARGUMENT;
  char *start = static_cast<char *>(of->base) + address;
  // Pages of a host that has larger ones than windows are aligned to.
  if (reinterpret_cast<uintptr_t>(start) % pageSize() != 0 || bytes % pageSize() != 0)
    return WASMC_UNSUPPORTED;
  static_cast<Reservation *>(of->reservation)->mapped = 1;
  return mapFile(start, static_cast<size_t>(bytes), descriptor, offset, writable != 0);
}
