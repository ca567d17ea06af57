//===- table.cpp - Tables -------------------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elements never move. A table that cannot become large is one allocation; a
// large one reserves addresses for what it may have and commits as it grows.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "exception.h"
#include "memory/strategy.h"
#include "types.h"

using namespace wasmc::rt;

static constexpr uint64_t elementBytes = sizeof(wasmc_ref);
/// Capacities up to this many bytes are allocated at once. `reserved` is 0 then.
static constexpr uint64_t smallTable = 4096;
static constexpr uint64_t noMaximum = ~uint64_t(0);

/// Elements that a table of these flags can have: what table.size can say.
static uint64_t mostElements(uint32_t flags) {
  return flags & WASMC_TABLE_64 ? ~uint64_t(0) : UINT32_MAX;
}

static wasmc_ref *elementsOf(const wasmc_table *table) {
  return static_cast<wasmc_ref *>(table->elements);
}

/// Elements that are exceptions are counted, where there can be any.
static bool isCounted(const wasmc_table *table) {
  return valueTypeOf(*table).kind() == WASMC_VAL_EXNREF && __wasmc_exception_store_v_pl != nullptr;
}

static bool makeRoom(wasmc_table *table, uint64_t newSize) {
  if (table->reserved == 0)
    return true;
  const size_t from = roundToPages(table->size * elementBytes);
  const size_t to = roundToPages(newSize * elementBytes);
  return to <= from || commitPages(static_cast<char *>(table->elements) + from, to - from);
}

wasmc_status wasmc::rt::createTable(wasmc_table *table, const wasmc_table_type &type,
                                    uint64_t limit) {
  table->type = type.type;
  table->heap_type = type.heap_type;
  table->runtime = const_cast<char *>(&WASMC_ABI_SYMBOL);
  table->flags = type.flags;
  table->max = type.max;
  table->limit = type.max < limit ? type.max : limit;
  if (table->limit > mostElements(type.flags))
    table->limit = mostElements(type.flags);
  wasmc_status status = WASMC_LIMIT;
  if (type.min <= table->limit) {
    const bool small = table->limit <= smallTable / elementBytes;
    const bool representable = table->limit <= ~uint64_t(0) / (2 * elementBytes);
    const size_t bytes = representable ? roundToPages(table->limit * elementBytes) : 0;
    status = small ? WASMC_OUT_OF_MEMORY : WASMC_NO_ADDRESS_SPACE;
    if (small)
      // An empty table has an address too.
      table->reservation = allocate(static_cast<size_t>((table->limit + 1) * elementBytes));
    else if (bytes != 0)
      table->reservation = reserveAddresses(bytes);
    if (table->reservation != nullptr) {
      table->reserved = small ? 0 : bytes;
      table->elements = table->reservation;
      if (makeRoom(table, type.min)) {
        table->size = type.min;
        return WASMC_OK;
      }
      status = WASMC_OUT_OF_MEMORY;
      releaseAddresses(table->reservation, bytes);
    }
  }
  memset(table, 0, sizeof(*table));
  return status;
}

void wasmc::rt::destroyTable(wasmc_table *table) {
  if (table->reservation == nullptr)
    return;
  if (isCounted(table))
    __wasmc_table_fill_v_plll(table, 0, 0, table->size);
  if (table->reserved == 0)
    deallocate(table->reservation);
  else
    releaseAddresses(table->reservation, static_cast<size_t>(table->reserved));
}

int64_t __wasmc_table_grow_l_pll(wasmc_table *table, uint64_t delta, wasmc_ref init) {
  const uint64_t old = table->size;
  if (delta > table->limit - old || !makeRoom(table, old + delta))
    return -1;
  __wasmc_table_fill_v_plll(table, old, init, delta);
  table->size = old + delta;
  return static_cast<int64_t>(old);
}

int64_t wasmc_table_grow(wasmc_table *table, uint64_t delta, wasmc_ref init) {
  return fits(init, valueTypeOf(*table)) ? __wasmc_table_grow_l_pll(table, delta, init) : -1;
}

void __wasmc_table_fill_v_plll(wasmc_table *table, uint64_t start, wasmc_ref value, uint64_t n) {
  wasmc_ref *element = elementsOf(table) + start;
  const bool counted = isCounted(table);
  for (uint64_t i = 0; i != n; ++i)
    if (counted)
      __wasmc_exception_store_v_pl(&element[i], value);
    else
      element[i] = value;
}

void __wasmc_table_copy_v_pplll(wasmc_table *destination, wasmc_table *source, uint64_t d,
                                uint64_t s, uint64_t n) {
  wasmc_ref *to = elementsOf(destination) + d;
  const wasmc_ref *from = elementsOf(source) + s;
  if (!isCounted(destination)) {
    memmove(to, from, static_cast<size_t>(n * elementBytes));
    return;
  }
  // In the order in which none is overwritten before it is read.
  for (uint64_t i = 0; i != n; ++i) {
    const uint64_t at = to <= from ? i : n - 1 - i;
    __wasmc_exception_store_v_pl(&to[at], from[at]);
  }
}

void __wasmc_table_init_v_ppilll(wasmc_instance *instance, wasmc_table *table, uint32_t segment,
                                 uint64_t d, uint64_t s, uint64_t n) {
  const wasmc_module *from = moduleOf(instance);
  const wasmc_elem_segment &source = arrayOf<wasmc_elem_segment>(from->segments)[segment];
  wasmc_ref *element = elementsOf(table) + d;
  if (source.items == nullptr) {
    const wasmc_ref *cells = at<wasmc_ref>(instance, source.cells) + s;
    if (!isCounted(table))
      memcpy(element, cells, static_cast<size_t>(n * elementBytes));
    else
      for (uint64_t i = 0; i != n; ++i)
        __wasmc_exception_store_v_pl(&element[i], cells[i]);
    return;
  }
  wasmc_func *records = at<wasmc_func>(instance, from->func_records);
  const uint32_t *items = arrayOf<uint32_t>(source.items) + s;
  for (uint64_t i = 0; i != n; ++i)
    element[i] = items[i] == 0 ? 0 : reinterpret_cast<uintptr_t>(&records[items[i] - 1]);
}

wasmc_status wasmc_table_new(uint32_t type, uint64_t min, uint64_t max, uint64_t limit,
                             wasmc_ref init, wasmc_table **out) {
  return wasmc_table_new_typed(type, nullptr, min, max, limit, init, out);
}

wasmc_status wasmc_table_new_typed(uint32_t type, const wasmc_type *heapType, uint64_t min,
                                   uint64_t max, uint64_t limit, wasmc_ref init,
                                   wasmc_table **out) {
  *out = nullptr;
  wasmc_table_type wanted = {};
  wanted.flags = type & WASMC_TABLE_64;
  type &= ~WASMC_TABLE_64;
  const ValueType element = {type, heapType};
  const bool isTyped = element.kind() == WASMC_VAL_TYPEDREF;
  const uint64_t most = mostElements(wanted.flags);
  if (!element.isReference() || isTyped != (heapType != nullptr) || min > max || min > most ||
      (max > most && max != noMaximum))
    return WASMC_INVALID_ARGUMENT;
  // A table without elements needs no value for them.
  if (min != 0 && !fits(init, element))
    return WASMC_INVALID_ARGUMENT;
  wanted.type = type;
  wanted.heap_type = const_cast<wasmc_type *>(heapType);
  wanted.min = min;
  wanted.max = max;
  wasmc_table *table = static_cast<wasmc_table *>(allocate(sizeof(wasmc_table)));
  if (table == nullptr)
    return WASMC_OUT_OF_MEMORY;
  const wasmc_status status = createTable(table, wanted, limit == 0 ? defaultTableLimit : limit);
  if (status != WASMC_OK) {
    deallocate(table);
    return status;
  }
  __wasmc_table_fill_v_plll(table, 0, init, min);
  *out = table;
  return WASMC_OK;
}

void wasmc_table_delete(wasmc_table *table) {
  if (table == nullptr)
    return;
  destroyTable(table);
  deallocate(table);
}

uint64_t wasmc_table_size(const wasmc_table *table) { return table->size; }

wasmc_status wasmc_table_get(const wasmc_table *table, uint64_t index, wasmc_ref *out) {
  if (index >= table->size)
    return WASMC_INVALID_ARGUMENT;
  *out = elementsOf(table)[index];
  return WASMC_OK;
}

wasmc_status wasmc_table_set(wasmc_table *table, uint64_t index, wasmc_ref value) {
  if (index >= table->size || !fits(value, valueTypeOf(*table)))
    return WASMC_INVALID_ARGUMENT;
  __wasmc_table_fill_v_plll(table, index, value, 1);
  return WASMC_OK;
}
