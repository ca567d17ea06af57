//===- linked.cpp - Shadow stacks of the instances that another calls -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The trampoline keeps the shadow stack pointer of the instance that is entered. A
// function of it that is linked with others may lead into these, and a trap there
// leaves their pointers where they were, lower each time. So the body of an entry
// that can reach them keeps theirs as well, in a list that is made once, with the
// instance: nothing is allocated when a module is called or when it traps.
//
// There is one place for each pointer, which belongs to the outermost activation of
// the list's owner on the thread. One that is entered from within leaves what is
// there, and a trap in it restores nothing of others: their functions on the stack
// further out hold the pointers' values themselves, and set them when they return.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "platform/platform.h"
#include "runtime.h"

using namespace wasmc::rt;

static Linked *linkedOf(const wasmc_instance *instance) {
  return static_cast<Linked *>(instance->linked);
}

/// Room for twice as many entries; the instance then has the new list.
static bool grow(wasmc_instance *instance) {
  Linked *old = linkedOf(instance);
  const uint32_t capacity = old ? 2 * old->capacity : 4;
  Linked *made = static_cast<Linked *>(allocate(sizeof(Linked) + capacity * sizeof(Linked::Entry)));
  if (made == nullptr)
    return false;
  made->owner = instance;
  made->count = old ? old->count : 0;
  made->capacity = capacity;
  if (old)
    memcpy(made->entries, old->entries, old->count * sizeof(Linked::Entry));
  freeLinked(instance);
  instance->linked = made;
  return true;
}

static bool addCell(wasmc_instance *instance, uint64_t *cell) {
  Linked *linked = linkedOf(instance);
  const uint32_t count = linked ? linked->count : 0;
  for (uint32_t i = 0; i != count; ++i)
    if (linked->entries[i].cell == cell)
      return true;
  if ((linked == nullptr || count == linked->capacity) && !grow(instance))
    return false;
  linked = linkedOf(instance);
  linked->entries[linked->count++].cell = cell;
  return true;
}

/// What is called, and what that may call: an instance is made after those that it
/// imports from, so that their lists are complete.
static bool addInstance(wasmc_instance *instance, const wasmc_instance *called) {
  if (moduleOf(called)->shadow_stack != 0 &&
      !addCell(instance, static_cast<uint64_t *>(called->shadow_stack)))
    return false;
  const Linked *further = linkedOf(called);
  for (uint32_t i = 0; further != nullptr && i != further->count; ++i)
    if (!addCell(instance, further->entries[i].cell))
      return false;
  return true;
}

wasmc_status wasmc::rt::findLinked(wasmc_instance *instance) {
  const wasmc_module *from = moduleOf(instance);
  const wasmc_instance *last = instance;
  auto add = [&](const wasmc_instance *called) {
    if (called == last || called == instance)
      return true;
    last = called;
    return addInstance(instance, called);
  };
  bool fits = true;
  for (uint32_t i = 0; fits && i != from->num_providers; ++i)
    fits = add(at<wasmc_instance *>(instance, from->provider_slots)[i]);
  const wasmc_func *func = at<wasmc_func>(instance, from->func_records);
  for (uint32_t i = 0; fits && i != from->num_imports; ++i)
    if (arrayOf<wasmc_import>(from->imports)[i].kind == WASMC_EXTERN_FUNC)
      fits = add(static_cast<const wasmc_instance *>((func++)->instance));
  if (fits)
    return WASMC_OK;
  freeLinked(instance);
  return WASMC_OUT_OF_MEMORY;
}

void wasmc::rt::freeLinked(wasmc_instance *instance) {
  if (instance->linked != nullptr)
    deallocate(instance->linked);
  instance->linked = nullptr;
}

static wasmc_activation *previousOf(const wasmc_activation *activation) {
  return static_cast<wasmc_activation *>(activation->previous);
}

void __wasmc_keep_linked_v_p(void *list) {
  Linked *linked = static_cast<Linked *>(list);
  wasmc_activation *activation = static_cast<wasmc_activation *>(__wasmc_thread.top);
  if (activation->state & WASMC_STATE_LINKED)
    return;
  for (const wasmc_activation *outer = previousOf(activation); outer; outer = previousOf(outer))
    if (outer->instance == linked->owner && (outer->state & WASMC_STATE_LINKED))
      return;
  for (uint32_t i = 0; i != linked->count; ++i)
    linked->entries[i].kept = *linked->entries[i].cell;
  activation->state |= WASMC_STATE_LINKED;
}

void wasmc::rt::restoreLinked(wasmc_activation *activation) {
  const Linked *linked = linkedOf(static_cast<wasmc_instance *>(activation->instance));
  for (uint32_t i = 0; i != linked->count; ++i)
    *linked->entries[i].cell = linked->entries[i].kept;
}
