//===- TestModule.h - Modules made by hand --------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the compiler writes into an object, as C++ objects: a descriptor and an
// instance record with room for two of everything. Functions of modules are C++
// functions whose first parameter is the instance; register-only arguments
// travel alike in the internal convention and in C's.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_RUNTIME_TESTMODULE_H
#define WASMC_TESTS_RUNTIME_TESTMODULE_H

#include "runtime.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace wasmc::test {

struct alignas(64) Record {
  wasmc_instance head;
  wasmc_memory *memorySlots[2];
  wasmc_table *tableSlots[2];
  wasmc_func funcs[6];
  void *hostFunctions[4];
  uint32_t dataLengths[2];
  uint32_t elemLengths[2];
  alignas(16) uint64_t stackPointer[2]; ///< Cell of global 0, where it is own.
  alignas(16) uint64_t ownCell[2];      ///< Cell of global 1, where it is own.
  void *importedCell;
  uint64_t elemCells[4];
  wasmc_tag tags[2];
  const wasmc_tag *importedTag;
  wasmc_memory memories[2];
  wasmc_table tables[2];
};
static_assert(sizeof(Record) % 64 == 0);

inline Record *recordOf(wasmc_instance *instance) { return reinterpret_cast<Record *>(instance); }

/// Function types with their texts; `call` is set where a test calls by slots.
struct Type : wasmc_type {
  explicit Type(const char *canonical, uint32_t slots = 0, void *caller = nullptr,
                wasmc_type *above = nullptr) {
    length = static_cast<uint32_t>(std::string_view(canonical).size());
    num_slots = slots;
    text = const_cast<char *>(canonical);
    call = caller;
    super = above;
    kind = WASMC_VAL_FUNCREF;
  }
};

template <typename F> void *address(F *function) { return reinterpret_cast<void *>(function); }

/// A module. Fill the vectors, then take `module()`, after which it must not
/// change.
class TestModule {
public:
  std::vector<wasmc_import> imports;
  std::vector<wasmc_export_> exports;
  std::vector<wasmc_memory_type> memories;
  std::vector<wasmc_table_type> tables;
  std::vector<wasmc_global_type> globals;
  std::vector<wasmc_tag_type> tags;
  std::vector<wasmc_func_init> funcs;
  std::vector<wasmc_elem_segment> segments;
  std::vector<wasmc_data_segment> data;
  void *init = nullptr;
  bool shadowStack = false;
  uint32_t flags = 0; ///< WASMC_MODULE_*, beside what the memories need.
  const void *sites = nullptr, *sitesEnd = nullptr;

  /// A memory of its own, guarded unless `flags` say otherwise.
  TestModule &memory(uint64_t min, uint64_t max = ~uint64_t(0),
                     uint32_t flags = WASMC_MEMORY_GUARD) {
    wasmc_memory_type type = {};
    type.min = min;
    type.max = max;
    type.page_log2 = 16;
    type.flags = flags;
    type.object =
        static_cast<uint32_t>(offsetof(Record, memories) + memories.size() * sizeof(wasmc_memory));
    memories.push_back(type);
    return *this;
  }

  TestModule &table(uint64_t min, uint64_t max = ~uint64_t(0), uint32_t kind = WASMC_VAL_FUNCREF) {
    wasmc_table_type type = {};
    type.min = min;
    type.max = max;
    type.type = kind;
    type.object =
        static_cast<uint32_t>(offsetof(Record, tables) + tables.size() * sizeof(wasmc_table));
    tables.push_back(type);
    return *this;
  }

  /// A tag, an imported one first. `kinds` are of its operands, WASMC_VAL_* each.
  TestModule &tag(Type &type, const char *kinds, uint32_t params, bool imported = false) {
    wasmc_tag_type made = {};
    made.type = static_cast<wasmc_type *>(&type);
    made.name = const_cast<char *>("e");
    made.params = const_cast<char *>(kinds);
    made.num_params = params;
    made.num_slots = type.num_slots;
    made.imported = imported;
    made.cell = static_cast<uint32_t>(imported ? offsetof(Record, importedTag)
                                               : offsetof(Record, tags) +
                                                     tags.size() * sizeof(wasmc_tag));
    tags.push_back(made);
    return *this;
  }

  TestModule &func(void *code, Type &type) {
    wasmc_func_init made = {};
    made.code = code;
    made.type = static_cast<wasmc_type *>(&type);
    funcs.push_back(made);
    return *this;
  }

  wasmc_import &import(uint32_t kind, const char *field, uint32_t index = 0) {
    wasmc_import made = {};
    made.module = const_cast<char *>("env");
    made.module_length = 3;
    made.name = const_cast<char *>(field);
    made.name_length = static_cast<uint32_t>(std::string_view(field).size());
    made.kind = kind;
    made.index = index;
    imports.push_back(made);
    return imports.back();
  }

  TestModule &exported(const char *field, uint32_t kind, uint32_t index) {
    wasmc_export_ made = {};
    made.name = const_cast<char *>(field);
    made.name_length = static_cast<uint32_t>(std::string_view(field).size());
    made.kind = kind;
    made.index = index;
    exports.push_back(made);
    return *this;
  }

  const wasmc_module *module() {
    made = {};
    made.abi = const_cast<char *>(&WASMC_ABI_SYMBOL);
    made.name = const_cast<char *>("filter");
    made.instance_size = sizeof(Record);
    made.flags = flags;
    for (const wasmc_memory_type &type : memories)
      if (type.flags & WASMC_MEMORY_GUARD)
        made.flags |= WASMC_MODULE_GUARD;
    made.init = init;
    made.shadow_stack = shadowStack ? offsetof(Record, stackPointer) : 0;
    set(made.imports, made.num_imports, imports);
    set(made.exports, made.num_exports, exports);
    set(made.memories, made.num_memories, memories);
    set(made.tables, made.num_tables, tables);
    set(made.globals, made.num_globals, globals);
    set(made.tags, made.num_tags, tags);
    set(made.funcs, made.num_funcs, funcs);
    set(made.segments, made.num_segments, segments);
    set(made.data, made.num_data, data);
    made.memory_slots = offsetof(Record, memorySlots);
    made.table_slots = offsetof(Record, tableSlots);
    made.func_records = offsetof(Record, funcs);
    made.host_functions = offsetof(Record, hostFunctions);
    made.data_lengths = offsetof(Record, dataLengths);
    made.elem_lengths = offsetof(Record, elemLengths);
    made.sites = const_cast<void *>(sites);
    made.sites_end = const_cast<void *>(sitesEnd);
    return &made;
  }

private:
  template <typename T> static void set(void *&pointer, uint32_t &count, std::vector<T> &from) {
    pointer = from.empty() ? nullptr : from.data();
    count = static_cast<uint32_t>(from.size());
  }

  wasmc_module made;
};

/// An instance for the length of a scope.
class Instance {
public:
  explicit Instance(const wasmc_module *from, const void *imports = nullptr,
                    wasmc_config config = {}) {
    config.error = error;
    config.error_capacity = sizeof(error);
    status = wasmc_instance_new(from, imports, &config, &instance);
  }
  Instance(const Instance &) = delete;
  Instance &operator=(const Instance &) = delete;
  ~Instance() { wasmc_instance_delete(instance); }

  operator wasmc_instance *() const { return instance; }
  Record *record() const { return recordOf(instance); }
  uint8_t *base() const { return static_cast<uint8_t *>(record()->memorySlots[0]->base); }
  uint32_t trapCode() const {
    const wasmc_trap *trap = wasmc_instance_trap(instance);
    return trap ? trap->code : 0;
  }

  wasmc_status status;
  wasmc_instance *instance = nullptr;
  char error[256];
};

/// Enters `instance` to run body(instance, a, b).
template <typename F>
wasmc_status enter(wasmc_instance *instance, F *body, void *a = nullptr, void *b = nullptr) {
  return __wasmc_call(instance, a, b, address(body));
}

/// The lines of wasmc_trap_write.
inline std::string trapText(const wasmc_instance *instance) {
  std::string text;
  wasmc_trap_write(
      wasmc_instance_trap(instance),
      [](void *context, const char *line, size_t length) {
        static_cast<std::string *>(context)->append(line, length);
      },
      &text);
  return text;
}

/// What an import adapter does around a host function. Calls of their own, so
/// that the compiler moves nothing across.
void leaveModule();
void enterModule();

/// Number of mappings of this process, and of its resident pages.
size_t countMappings();
size_t residentPages();

} // namespace wasmc::test

#endif
