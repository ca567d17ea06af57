//===- link.cpp - Imports: matched, then bound ----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Import matching follows 4.5.4 and 3.4: what is given may have more than what
// is asked for (a larger minimum, a smaller maximum, a subtype), the rest is equal.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "memory/shared.h"
#include "runtime.h"
#include "types.h"

using namespace wasmc::rt;

namespace {

constexpr uint64_t noMaximum = ~uint64_t(0);

const char *kindName(uint32_t kind) {
  static const char *const names[] = {"function", "table",  "memory",
                                      "global",   "tag",    "instance of a module"};
  return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "nothing";
}

const char *indexName(bool is64) { return is64 ? "i64" : "i32"; }

/// Binds the imports of one instance, one after the other.
struct Binder {
  wasmc_instance *instance;
  const wasmc_module *from;
  Text &error;

  bool bySymbol(const wasmc_import &import_) const {
    return import_.kind == WASMC_EXTERN_FUNC && (from->flags & WASMC_MODULE_SYMBOL_IMPORTS);
  }

  wasmc_status refuse(const wasmc_import &import_) {
    error.clear();
    error << "import \"" << static_cast<const char *>(import_.module) << "\" \""
          << static_cast<const char *>(import_.name) << "\": expected ";
    return WASMC_UNLINKABLE;
  }

  wasmc_status missing(const wasmc_import &import_, const char *found) {
    const wasmc_status status = refuse(import_);
    error << kindName(import_.kind) << ", found " << found;
    return status;
  }

  void describe(const ValueType &type, bool isMutable) {
    error << "global " << (isMutable ? "(mut " : "") << type << (isMutable ? ")" : "");
  }

  /// Code, tags and exceptions are for the runtime that their link unit was linked with:
  /// it alone knows of the entries that a trap or an exception has to end.
  bool isForeign(const void *runtime) const { return runtime != from->abi; }
  bool isForeign(const wasmc_func *func) const {
    return isForeign(moduleOf(static_cast<wasmc_instance *>(func->instance))->abi);
  }

  wasmc_status foreign(const wasmc_import &import_) {
    const wasmc_status status = refuse(import_);
    error << kindName(import_.kind) << " of the same runtime, found one of another";
    return status;
  }

  /// Code that calls functions of the provider by name takes them to be of this very
  /// module: another one would be called with a record that it does not know.
  wasmc_status bindProvider(uint32_t index, const wasmc_instance *given) {
    const wasmc_module *wanted = static_cast<const wasmc_module *>(
        arrayOf<wasmc_provider>(from->providers)[index].module);
    if (given != nullptr && given->module == wanted) {
      at<const wasmc_instance *>(instance, from->provider_slots)[index] = given;
      return WASMC_OK;
    }
    error.clear();
    error << "module \"" << static_cast<const char *>(wanted->name)
          << "\": expected an instance of it, found ";
    if (given == nullptr)
      error << "nothing";
    else
      error << "one of \"" << static_cast<const char *>(moduleOf(given)->name) << "\"";
    return WASMC_UNLINKABLE;
  }

  /// Sizes and maxima in `unit`s.
  wasmc_status matchLimits(const wasmc_import &import_, const char *unit, uint64_t size,
                           uint64_t max, uint64_t wantedMin, uint64_t wantedMax) {
    if (size >= wantedMin && max <= wantedMax)
      return WASMC_OK;
    const wasmc_status status = refuse(import_);
    const bool tooSmall = size < wantedMin;
    error << kindName(import_.kind) << " with at " << (tooSmall ? "least " : "most ")
          << (tooSmall ? wantedMin : wantedMax) << " " << unit << ", found ";
    if (tooSmall)
      error << size;
    else if (max == noMaximum)
      error << "no maximum";
    else
      error << max;
    return status;
  }

  /// With --imports=symbols the adapter calls a symbol: there is no pointer.
  wasmc_status bindHostFunction(const wasmc_import &import_, void *function, uint32_t index) {
    if (function == nullptr && !bySymbol(import_))
      return missing(import_, "nothing");
    wasmc_func &record = at<wasmc_func>(instance, from->func_records)[index];
    record.code = import_.adapter;
    record.instance = instance;
    record.type = import_.type;
    at<void *>(instance, from->host_functions)[index] = function;
    return WASMC_OK;
  }

  wasmc_status bindFunction(const wasmc_import &import_, const wasmc_func *func, uint32_t index) {
    if (func == nullptr)
      return missing(import_, "nothing");
    const wasmc_type *wanted = static_cast<const wasmc_type *>(import_.type);
    const wasmc_type *found = static_cast<const wasmc_type *>(func->type);
    if (!__wasmc_type_matches_i_pp(found, wanted)) {
      const wasmc_status status = refuse(import_);
      error << "function " << wanted << ", found function " << found;
      return status;
    }
    if (isForeign(func))
      return foreign(import_);
    // With its own type: references to it show what it is, not what was asked for.
    at<wasmc_func>(instance, from->func_records)[index] = *func;
    return WASMC_OK;
  }

  wasmc_status bindMemory(const wasmc_import &import_, wasmc_memory *memory) {
    if (memory == nullptr)
      return missing(import_, "nothing");
    const wasmc_memory_type &wanted = arrayOf<wasmc_memory_type>(from->memories)[import_.index];
    const char *expected = nullptr, *found = nullptr;
    const uint32_t differ = wanted.flags ^ memory->flags;
    if (differ & WASMC_MEMORY_64) {
      const wasmc_status status = refuse(import_);
      error << "memory of " << indexName(wanted.flags & WASMC_MEMORY_64) << " indices, found "
            << indexName(memory->flags & WASMC_MEMORY_64) << " indices";
      return status;
    }
    if (differ & WASMC_MEMORY_SHARED) {
      expected = wanted.flags & WASMC_MEMORY_SHARED ? "shared memory" : "memory that is not shared";
      found = wanted.flags & WASMC_MEMORY_SHARED ? "one that is not" : "a shared one";
    } else if (differ & wanted.flags & WASMC_MEMORY_GUARD) {
      expected = "memory with a guard region (the module was compiled with --bounds=guard)";
      found = "one without (make it with WASMC_MEMORY_GUARD)";
    }
    if (expected != nullptr) {
      const wasmc_status status = refuse(import_);
      error << expected << ", found " << found;
      return status;
    }
    if (wanted.page_log2 != memory->page_log2) {
      const wasmc_status status = refuse(import_);
      error << "memory with a page size of " << (uint64_t(1) << wanted.page_log2) << ", found "
            << (uint64_t(1) << memory->page_log2);
      return status;
    }
    const wasmc_status status = matchLimits(import_, "pages", sizeOf(memory) >> memory->page_log2,
                                            memory->max_pages, wanted.min, wanted.max);
    if (status == WASMC_OK)
      at<wasmc_memory *>(instance, from->memory_slots)[import_.index] = memory;
    return status;
  }

  wasmc_status bindTable(const wasmc_import &import_, wasmc_table *table) {
    if (table == nullptr)
      return missing(import_, "nothing");
    const wasmc_table_type &wanted = arrayOf<wasmc_table_type>(from->tables)[import_.index];
    if ((wanted.flags ^ table->flags) & WASMC_TABLE_64) {
      const wasmc_status status = refuse(import_);
      error << "table of " << indexName(wanted.flags & WASMC_TABLE_64) << " indices, found "
            << indexName(table->flags & WASMC_TABLE_64) << " indices";
      return status;
    }
    // Both sides write to it: a subtype will not do.
    if (!equal(valueTypeOf(wanted), valueTypeOf(*table))) {
      const wasmc_status status = refuse(import_);
      error << "table of " << valueTypeOf(wanted) << ", found " << valueTypeOf(*table);
      return status;
    }
    // References of the host's alone are the same to all.
    if (valueTypeOf(*table).kind() != WASMC_VAL_EXTERNREF && isForeign(table->runtime))
      return foreign(import_);
    const wasmc_status status =
        matchLimits(import_, "elements", table->size, table->max, wanted.min, wanted.max);
    if (status == WASMC_OK)
      at<wasmc_table *>(instance, from->table_slots)[import_.index] = table;
    return status;
  }

  /// A global does not say whose it is; the function that is in it does.
  bool holdsForeignFunction(const wasmc_global &global) const {
    const uint32_t kind = valueTypeOf(global).kind();
    if (kind != WASMC_VAL_FUNCREF && kind != WASMC_VAL_TYPEDREF)
      return false;
    const wasmc_ref value = *static_cast<const wasmc_ref *>(global.cell);
    return value != 0 && isForeign(functionOf(value));
  }

  wasmc_status bindGlobal(const wasmc_import &import_, const wasmc_global *global) {
    if (global == nullptr || global->cell == nullptr)
      return missing(import_, "nothing");
    const wasmc_global_type &wanted = arrayOf<wasmc_global_type>(from->globals)[import_.index];
    const ValueType type = valueTypeOf(wanted), found = valueTypeOf(*global);
    const bool isTyped = found.kind() != WASMC_VAL_TYPEDREF || found.heapType != nullptr;
    const bool matched = isTyped && (wanted.is_mutable ? equal(found, type) : matches(found, type));
    if (!matched || !wanted.is_mutable != !global->is_mutable) {
      const wasmc_status status = refuse(import_);
      describe(type, wanted.is_mutable);
      error << ", found ";
      if (isTyped)
        describe(found, global->is_mutable);
      else
        error << "global without its heap_type";
      return status;
    }
    // The cell may be the host's own, which then says what is in it.
    if (type.isReference() && !fits(*static_cast<const wasmc_ref *>(global->cell), found)) {
      const wasmc_status status = refuse(import_);
      describe(type, wanted.is_mutable);
      error << ", found a reference that is none of " << found;
      return status;
    }
    if (holdsForeignFunction(*global))
      return foreign(import_);
    *at<void *>(instance, wanted.cell) = global->cell;
    return WASMC_OK;
  }

  wasmc_status bindTag(const wasmc_import &import_, const wasmc_tag *tag) {
    if (tag == nullptr)
      return missing(import_, "nothing");
    const wasmc_tag_type &wanted = arrayOf<wasmc_tag_type>(from->tags)[import_.index];
    const wasmc_type *wantedType = static_cast<const wasmc_type *>(wanted.type);
    const wasmc_type *found =
        static_cast<const wasmc_type *>(static_cast<const wasmc_tag_type *>(tag->type)->type);
    if (!equal(wantedType, found)) {
      const wasmc_status status = refuse(import_);
      error << "tag " << wantedType << ", found tag " << found;
      return status;
    }
    if (isForeign(tag->runtime))
      return foreign(import_);
    *at<const wasmc_tag *>(instance, wanted.cell) = tag;
    return WASMC_OK;
  }

  /// `given` is what the host's typed structure holds for the import.
  wasmc_status bindTyped(const wasmc_import &import_, void *given, uint32_t funcIndex) {
    switch (import_.kind) {
    case WASMC_EXTERN_FUNC: return bindHostFunction(import_, given, funcIndex);
    case WASMC_EXTERN_TABLE: return bindTable(import_, static_cast<wasmc_table *>(given));
    case WASMC_EXTERN_MEMORY: return bindMemory(import_, static_cast<wasmc_memory *>(given));
    case WASMC_EXTERN_GLOBAL: return bindGlobal(import_, static_cast<const wasmc_global *>(given));
    case WASMC_EXTERN_TAG: return bindTag(import_, static_cast<const wasmc_tag *>(given));
    default: return missing(import_, "no support for it in this runtime");
    }
  }

  wasmc_status bindExtern(const wasmc_import &import_, const wasmc_extern &given,
                          uint32_t funcIndex) {
    if (import_.kind != given.kind)
      return missing(import_, kindName(given.kind));
    switch (import_.kind) {
    case WASMC_EXTERN_FUNC: return bindFunction(import_, given.of.func, funcIndex);
    case WASMC_EXTERN_TABLE: return bindTable(import_, given.of.table);
    case WASMC_EXTERN_MEMORY: return bindMemory(import_, given.of.memory);
    case WASMC_EXTERN_GLOBAL: return bindGlobal(import_, &given.of.global);
    case WASMC_EXTERN_TAG: return bindTag(import_, given.of.tag);
    default: return missing(import_, "no support for it in this runtime");
    }
  }
};

/// Hands out what a host gave, in the order of wasmc_module_import().
class Given {
public:
  explicit Given(const ImportSource &source) : source(source) {}
  bool areExterns() const { return source.externs != nullptr; }
  void *nextPointer() {
    return source.typed ? const_cast<void *>(source.typed[next++]) : nullptr;
  }
  const wasmc_extern &nextExtern() { return source.externs[next++]; }
  wasmc_instance *nextInstance() {
    if (!areExterns())
      return static_cast<wasmc_instance *>(nextPointer());
    const wasmc_extern &given = nextExtern();
    return given.kind == WASMC_EXTERN_INSTANCE ? given.of.instance : nullptr;
  }

private:
  const ImportSource &source;
  uint32_t next = 0;
};

} // namespace

static wasmc_status bindOne(Binder &binder, const wasmc_import &one, Given &given,
                            uint32_t funcIndex) {
  if (one.provider != 0) {
    wasmc_instance *provider =
        at<wasmc_instance *>(binder.instance, binder.from->provider_slots)[one.provider - 1];
    wasmc_extern provided;
    fillExtern(provider, one.kind, one.entry, &provided);
    // Their types were compared when they were compiled, but a memory's or table's
    // size is that of now.
    return binder.bindExtern(one, provided, funcIndex);
  }
  if (given.areExterns()) {
    const wasmc_extern &external = given.nextExtern();
    return binder.bySymbol(one) ? binder.bindHostFunction(one, nullptr, funcIndex)
                                : binder.bindExtern(one, external, funcIndex);
  }
  // The typed structure has no fields for functions that are symbols.
  if (binder.bySymbol(one))
    return binder.bindHostFunction(one, nullptr, funcIndex);
  return binder.bindTyped(one, given.nextPointer(), funcIndex);
}

wasmc_status wasmc::rt::bindImports(wasmc_instance *instance, const ImportSource &source,
                                    Text &error) {
  const wasmc_module *from = moduleOf(instance);
  Binder binder = {instance, from, error};
  Given given(source);
  for (uint32_t i = 0; i != from->num_providers; ++i) {
    const wasmc_status status = binder.bindProvider(i, given.nextInstance());
    if (status != WASMC_OK)
      return status;
  }
  uint32_t funcIndex = 0;
  for (uint32_t i = 0; i != from->num_imports; ++i) {
    const wasmc_import &one = arrayOf<wasmc_import>(from->imports)[i];
    const wasmc_status status = bindOne(binder, one, given, funcIndex);
    if (status != WASMC_OK)
      return status;
    funcIndex += one.kind == WASMC_EXTERN_FUNC;
  }
  return WASMC_OK;
}

size_t wasmc_module_imports(const wasmc_module *from) {
  size_t count = from->num_providers;
  for (uint32_t i = 0; i != from->num_imports; ++i)
    count += arrayOf<wasmc_import>(from->imports)[i].provider == 0;
  return count;
}

/// The import that is the host's `index`-th to provide. Where all are the host's, no
/// search is needed.
static const wasmc_import &importOfHost(const wasmc_module *from, size_t index) {
  const wasmc_import *one = arrayOf<wasmc_import>(from->imports);
  if (from->num_providers == 0)
    return one[index];
  for (;; ++one)
    if (one->provider == 0 && index-- == 0)
      return *one;
}

void wasmc_module_import(const wasmc_module *from, size_t index, const char **moduleName,
                         size_t *moduleLength, const char **name, size_t *length, uint32_t *kind) {
  if (index < from->num_providers) {
    const wasmc_module *provider = static_cast<const wasmc_module *>(
        arrayOf<wasmc_provider>(from->providers)[index].module);
    *moduleName = *name = static_cast<const char *>(provider->name);
    for (*length = 0; (*name)[*length] != '\0';)
      ++*length;
    *moduleLength = *length;
    *kind = WASMC_EXTERN_INSTANCE;
    return;
  }
  const wasmc_import &one = importOfHost(from, index - from->num_providers);
  *moduleName = static_cast<const char *>(one.module);
  *moduleLength = one.module_length;
  *name = static_cast<const char *>(one.name);
  *length = one.name_length;
  *kind = one.kind;
}
