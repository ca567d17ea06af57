//===- instance.cpp - Making and deleting instances -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An instance is built in order: room, memories, tables, imports, functions,
// then the module's own code for globals, segments and start function (4.5.5).
// All is zero before it is made, so that one function takes apart an instance
// that failed at any point.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "exception.h"
#include "platform/platform.h"
#include "text.h"

using namespace wasmc::rt;

/// Here since every host that makes an instance links this file.
const char WASMC_ABI_SYMBOL = 0;

static constexpr uintptr_t recordAlignment = 64;
static_assert(sizeof(State) % recordAlignment == 0, "the record follows the State directly");

static const wasmc_memory_type *memoryTypes(const wasmc_module *from) {
  return arrayOf<wasmc_memory_type>(from->memories);
}

static bool ownsMemory0(const wasmc_module *from) {
  return from->num_memories != 0 && !memoryTypes(from)[0].imported;
}

static void explain(Text &error, const char *what, uint64_t index, wasmc_status status) {
  error << what << " " << index << ": ";
  switch (status) {
  case WASMC_LIMIT: error << "its declared minimum is more than the limit of this instance"; break;
  case WASMC_NO_ADDRESS_SPACE: error << "no address space left to reserve"; break;
  default: error << wasmc_status_name(status);
  }
}

/// Room for the record, below memory 0 if that is the module's own.
static wasmc_status makeRecord(const wasmc_module *from, uint64_t memoryLimit,
                               wasmc_instance **out) {
  wasmc_memory memory = {};
  void *allocation = nullptr;
  uintptr_t record;
  if (ownsMemory0(from)) {
    const uint32_t head = sizeof(Reservation) + sizeof(State) + from->instance_size;
    const wasmc_status status = createMemory(&memory, memoryTypes(from)[0], memoryLimit, head);
    if (status != WASMC_OK)
      return status;
    record = reinterpret_cast<uintptr_t>(memory.base) - from->instance_size;
  } else {
    allocation = allocate(sizeof(State) + from->instance_size + recordAlignment);
    if (allocation == nullptr)
      return WASMC_OUT_OF_MEMORY;
    const uintptr_t start = reinterpret_cast<uintptr_t>(allocation);
    record = (start + recordAlignment - 1) / recordAlignment * recordAlignment + sizeof(State);
  }
  wasmc_instance *instance = reinterpret_cast<wasmc_instance *>(record);
  State *state = reinterpret_cast<State *>(record - sizeof(State));
  state->allocation = allocation;
  instance->module = const_cast<wasmc_module *>(from);
  instance->state = state;
  instance->region = instance;
  instance->shadow_stack =
      from->shadow_stack != 0 ? at<void>(instance, from->shadow_stack) : &instance->scratch;
  if (memory.base != nullptr)
    *at<wasmc_memory>(instance, memoryTypes(from)[0].object) = memory;
  *out = instance;
  return WASMC_OK;
}

static wasmc_status makeMemories(wasmc_instance *instance, uint64_t limit, Text &error) {
  const wasmc_module *from = moduleOf(instance);
  wasmc_memory **slots = at<wasmc_memory *>(instance, from->memory_slots);
  for (uint32_t i = 0; i != from->num_memories; ++i) {
    const wasmc_memory_type &type = memoryTypes(from)[i];
    if (type.imported)
      continue;
    wasmc_memory *memory = at<wasmc_memory>(instance, type.object);
    // Memory 0 is there already: the record lies in its reservation.
    if (i != 0) {
      const wasmc_status status = createMemory(memory, type, limit, sizeof(Reservation));
      if (status != WASMC_OK) {
        explain(error, "memory", i, status);
        return status;
      }
    }
    slots[i] = memory;
  }
  return WASMC_OK;
}

static wasmc_status makeTables(wasmc_instance *instance, uint64_t limit, Text &error) {
  const wasmc_module *from = moduleOf(instance);
  wasmc_table **slots = at<wasmc_table *>(instance, from->table_slots);
  for (uint32_t i = 0; i != from->num_tables; ++i) {
    const wasmc_table_type &type = arrayOf<wasmc_table_type>(from->tables)[i];
    if (type.imported)
      continue;
    slots[i] = at<wasmc_table>(instance, type.object);
    const wasmc_status status = createTable(slots[i], type, limit);
    if (status != WASMC_OK) {
      explain(error, "table", i, status);
      return status;
    }
  }
  return WASMC_OK;
}

void wasmc::rt::makeTags(wasmc_instance *instance) {
  const wasmc_module *from = moduleOf(instance);
  for (uint32_t i = 0; i != from->num_tags; ++i) {
    const wasmc_tag_type &type = arrayOf<wasmc_tag_type>(from->tags)[i];
    if (type.imported)
      continue;
    wasmc_tag *tag = at<wasmc_tag>(instance, type.cell);
    tag->id = newTagId();
    tag->type = const_cast<wasmc_tag_type *>(&type);
    tag->runtime = from->abi;
  }
}

/// Records of own functions, which follow those of imported ones, and what is
/// left of the segments.
void wasmc::rt::fillRecords(wasmc_instance *instance) {
  const wasmc_module *from = moduleOf(instance);
  wasmc_func *func = at<wasmc_func>(instance, from->func_records);
  for (uint32_t i = 0; i != from->num_imports; ++i)
    func += arrayOf<wasmc_import>(from->imports)[i].kind == WASMC_EXTERN_FUNC;
  for (uint32_t i = 0; i != from->num_funcs; ++i, ++func) {
    const wasmc_func_init &init = arrayOf<wasmc_func_init>(from->funcs)[i];
    func->code = init.code;
    func->instance = instance;
    func->type = init.type;
    func->tail = init.tail;
  }
  uint32_t *dataLengths = at<uint32_t>(instance, from->data_lengths);
  for (uint32_t i = 0; i != from->num_data; ++i)
    dataLengths[i] = arrayOf<wasmc_data_segment>(from->data)[i].length;
  uint32_t *elemLengths = at<uint32_t>(instance, from->elem_lengths);
  for (uint32_t i = 0; i != from->num_segments; ++i)
    elemLengths[i] = arrayOf<wasmc_elem_segment>(from->segments)[i].length;
}

/// Everything after the record exists, except the module's own code.
static wasmc_status fill(wasmc_instance *instance, const ImportSource &source,
                         const wasmc_config &config, Text &error) {
  const uint64_t memoryLimit = config.memory_limit ? config.memory_limit : defaultMemoryLimit;
  const uint64_t tableLimit = config.table_limit ? config.table_limit : defaultTableLimit;
  wasmc_status status = makeMemories(instance, memoryLimit, error);
  if (status == WASMC_OK)
    status = makeTables(instance, tableLimit, error);
  if (status == WASMC_OK)
    status = bindImports(instance, source, error);
  if (status != WASMC_OK)
    return status;
  fillRecords(instance);
  makeTags(instance);
  stateOf(instance)->exceptionLimit = memoryLimit;
  status = findLinked(instance);
  if (status != WASMC_OK) {
    error << wasmc_status_name(status);
    return status;
  }
  if (moduleOf(instance)->flags & WASMC_MODULE_GUARD) {
    acquireFaultHandlers();
    stateOf(instance)->handlersAcquired = 1;
  }
  return WASMC_OK;
}

static wasmc_status makeInstance(const wasmc_module *from, const ImportSource &source,
                                 void *context, const wasmc_config *given, wasmc_instance **out) {
  static constexpr wasmc_config defaults = {};
  const wasmc_config &config = given ? *given : defaults;
  Text error(config.error, config.error_capacity);
  *out = nullptr;
  if (from->abi != &WASMC_ABI_SYMBOL) {
    error << "module \"" << static_cast<const char *>(from->name)
          << "\": linked with another runtime";
    return WASMC_UNLINKABLE;
  }
  wasmc_instance *instance = nullptr;
  wasmc_status status =
      makeRecord(from, config.memory_limit ? config.memory_limit : defaultMemoryLimit, &instance);
  if (status != WASMC_OK) {
    if (ownsMemory0(from))
      explain(error, "memory", 0, status);
    else
      error << wasmc_status_name(status);
    return status;
  }
  instance->context = context;
  status = fill(instance, source, config, error);
  if (status == WASMC_OK && from->init != nullptr) {
    status = __wasmc_call(instance, nullptr, nullptr, from->init);
    if (status == WASMC_TRAP || status == WASMC_EXCEPTION)
      error << trapMessage(stateOf(instance)->trap.code);
    else if (status != WASMC_OK)
      error << wasmc_status_name(status);
  }
  if (status != WASMC_OK && status != WASMC_TRAP && status != WASMC_EXCEPTION) {
    wasmc_instance_delete(instance);
    return status;
  }
  *out = instance;
  return status;
}

wasmc_status wasmc_instance_new(const wasmc_module *from, const void *imports,
                                const wasmc_config *config, wasmc_instance **out) {
  static void *const nothing[1] = {};
  void *const *fields = imports ? static_cast<void *const *>(imports) : nothing;
  const ImportSource source = {imports ? fields + 1 : nullptr, nullptr};
  return makeInstance(from, source, fields[0], config, out);
}

wasmc_status wasmc_instance_link(const wasmc_module *from, const wasmc_extern *imports,
                                 size_t numImports, void *context, const wasmc_config *config,
                                 wasmc_instance **out) {
  const size_t expected = wasmc_module_imports(from);
  if (numImports != expected || (imports == nullptr && numImports != 0)) {
    if (config != nullptr)
      Text(config->error, config->error_capacity)
          << "expected " << uint64_t(expected) << " imports, found " << uint64_t(numImports);
    *out = nullptr;
    return WASMC_INVALID_ARGUMENT;
  }
  return makeInstance(from, {nullptr, imports}, context, config, out);
}

void wasmc_instance_delete(wasmc_instance *instance) {
  if (instance == nullptr)
    return;
  const wasmc_module *from = moduleOf(instance);
  State *state = stateOf(instance);
  if (state->handlersAcquired)
    releaseFaultHandlers();
  if (__wasmc_exception_forget != nullptr)
    __wasmc_exception_forget(instance);
  freeLinked(instance);
  for (uint32_t i = 0; i != from->num_tables; ++i) {
    const wasmc_table_type &type = arrayOf<wasmc_table_type>(from->tables)[i];
    if (!type.imported)
      destroyTable(at<wasmc_table>(instance, type.object));
  }
  for (uint32_t i = 1; i < from->num_memories; ++i)
    if (!memoryTypes(from)[i].imported)
      destroyMemory(at<wasmc_memory>(instance, memoryTypes(from)[i].object));
  if (ownsMemory0(from))
    destroyMemory(at<wasmc_memory>(instance, memoryTypes(from)[0].object));
  else
    deallocate(state->allocation);
}

void wasmc::rt::fillExtern(wasmc_instance *instance, uint32_t kind, uint32_t index,
                           wasmc_extern *out) {
  const wasmc_module *from = moduleOf(instance);
  memset(out, 0, sizeof(*out));
  out->kind = kind;
  switch (kind) {
  case WASMC_EXTERN_FUNC:
    out->of.func = at<wasmc_func>(instance, from->func_records) + index;
    break;
  case WASMC_EXTERN_TABLE:
    out->of.table = at<wasmc_table *>(instance, from->table_slots)[index];
    break;
  case WASMC_EXTERN_MEMORY:
    out->of.memory = at<wasmc_memory *>(instance, from->memory_slots)[index];
    break;
  case WASMC_EXTERN_GLOBAL: {
    const wasmc_global_type &type = arrayOf<wasmc_global_type>(from->globals)[index];
    out->of.global.cell =
        type.imported ? *at<void *>(instance, type.cell) : at<void>(instance, type.cell);
    out->of.global.type = type.type;
    out->of.global.is_mutable = type.is_mutable;
    out->of.global.heap_type = static_cast<const wasmc_type *>(type.heap_type);
    break;
  }
  case WASMC_EXTERN_TAG: {
    const wasmc_tag_type &type = arrayOf<wasmc_tag_type>(from->tags)[index];
    out->of.tag = type.imported ? *at<const wasmc_tag *>(instance, type.cell)
                                : at<const wasmc_tag>(instance, type.cell);
    break;
  }
  }
}

int wasmc_instance_export(wasmc_instance *instance, const char *name, size_t length,
                          wasmc_extern *out) {
  const wasmc_module *from = moduleOf(instance);
  for (uint32_t i = 0; i != from->num_exports; ++i) {
    const wasmc_export_ &one = arrayOf<wasmc_export_>(from->exports)[i];
    if (one.name_length != length || memcmp(one.name, name, length) != 0)
      continue;
    fillExtern(instance, one.kind, one.index, out);
    return 1;
  }
  return 0;
}
