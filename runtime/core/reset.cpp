//===- reset.cpp - An instance as it was when it was new ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What makes an instance expensive stays: reserved addresses, page tables, resident
// pages. What the module could have written becomes zero, as all is when an instance
// is made; then the module's own code fills it again.
//
// Memories may shrink here and nowhere else. No code of a module that has compared
// an address with the old size goes on afterwards: none runs on this thread, and
// whoever resets an instance has it, and what imports from it, for itself.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "exception.h"
#include "memory/strategy.h"
#include "types.h"

using namespace wasmc::rt;

static bool isMapped(const wasmc_memory *memory) {
  return (memory->flags & WASMC_MEMORY_GUARD) &&
         static_cast<const Reservation *>(memory->reservation)->mapped != 0;
}

/// Pages of its own, zero, as many as it has from the beginning.
static wasmc_status resetMemory(wasmc_memory *memory, const wasmc_memory_type &type) {
  char *base = static_cast<char *>(memory->base);
  const uint64_t first = type.min << type.page_log2;
  const size_t now = roundToPages(memory->size), then = roundToPages(first);
  if (isMapped(memory)) {
    // Pages of files are somebody else's: they are replaced, never written to.
    const wasmc_status status = now != 0 ? mapFile(base, now, -1, 0, true) : WASMC_OK;
    if (status != WASMC_OK)
      return status;
    static_cast<Reservation *>(memory->reservation)->mapped = 0;
  } else {
    clearPages(base, then, residentAtMost);
  }
  // Guarded memories are checked by nothing but that pages past the size are not
  // accessible.
  if (now != then && !decommitPages(base + then, now - then))
    return WASMC_OUT_OF_MEMORY;
  memory->size = first;
  return WASMC_OK;
}

static void resetTable(wasmc_table *table, const wasmc_table_type &type) {
  const size_t bytes = static_cast<size_t>(table->size * sizeof(wasmc_ref));
  // Exceptions are counted.
  if (valueTypeOf(*table).kind() == WASMC_VAL_EXNREF)
    __wasmc_table_fill_v_plll(table, 0, 0, table->size);
  else if (table->reserved != 0)
    clearPages(table->elements, roundToPages(bytes), residentAtMost);
  else
    memset(table->elements, 0, bytes);
  // What lies behind may stay accessible: each access is compared with the size.
  table->size = type.min;
}

/// What the module's own code is going to set, as that found it first. Addresses of
/// mailboxes are cleared by that code itself (lower/Mailboxes.cpp).
static void clearRecord(wasmc_instance *instance) {
  const wasmc_module *from = moduleOf(instance);
  for (uint32_t i = 0; i != from->num_globals; ++i) {
    const wasmc_global_type &global = arrayOf<wasmc_global_type>(from->globals)[i];
    if (!global.imported)
      memset(at<void>(instance, global.cell), 0,
             valueTypeOf(global).kind() == WASMC_VAL_V128 ? 16 : 8);
  }
  for (uint32_t i = 0; i != from->num_segments; ++i) {
    const wasmc_elem_segment &segment = arrayOf<wasmc_elem_segment>(from->segments)[i];
    if (segment.items == nullptr && segment.length != 0)
      memset(at<void>(instance, segment.cells), 0, segment.length * sizeof(wasmc_ref));
  }
  instance->scratch = 0;
  instance->error = 0;
}

static void clearState(State *state) {
  memset(&state->trap, 0, sizeof(state->trap));
  state->trapped = 0;
  state->exception = nullptr;
  state->arena = nullptr;
}

static bool sharesMemory(const wasmc_module *from) {
  for (uint32_t i = 0; i != from->num_memories; ++i) {
    const wasmc_memory_type &type = arrayOf<wasmc_memory_type>(from->memories)[i];
    if (!type.imported && (type.flags & WASMC_MEMORY_SHARED))
      return true;
  }
  return false;
}

wasmc_status wasmc_instance_reset(wasmc_instance *instance) {
  const wasmc_module *from = moduleOf(instance);
  // Whichever instance was entered: it may have called this one's functions, and
  // does not say so.
  if (__wasmc_thread.top != nullptr)
    return WASMC_BUSY;
  if (sharesMemory(from))
    return WASMC_UNSUPPORTED;
  for (uint32_t i = 0; i != from->num_memories; ++i) {
    const wasmc_memory_type &type = arrayOf<wasmc_memory_type>(from->memories)[i];
    if (type.imported)
      continue;
    const wasmc_status status = resetMemory(at<wasmc_memory>(instance, type.object), type);
    if (status != WASMC_OK)
      return status;
  }
  if (__wasmc_exception_forget != nullptr)
    __wasmc_exception_forget(instance);
  clearRecord(instance);
  clearState(stateOf(instance));
  for (uint32_t i = 0; i != from->num_tables; ++i) {
    const wasmc_table_type &type = arrayOf<wasmc_table_type>(from->tables)[i];
    if (!type.imported)
      resetTable(at<wasmc_table>(instance, type.object), type);
  }
  fillRecords(instance);
  makeTags(instance);
  return from->init != nullptr ? __wasmc_call(instance, nullptr, nullptr, from->init) : WASMC_OK;
}
