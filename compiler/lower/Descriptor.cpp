//===- Descriptor.cpp - What an object tells the runtime about its module ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/ElementItems.h"
#include "lower/ModuleLowering.h"

#include "wasmc/abi/hash.h"
#include "wasmc/wasmc.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;
using abi::Struct;

Constant *ModuleLowering::structConstant(Struct s,
                                         ArrayRef<std::pair<Field, Constant *>> given) const {
  auto [first, last] = abi::Layout::fields(s);
  SmallVector<Constant *> values;
  unsigned end = 0;
  auto pad = [&](unsigned until) {
    if (until > end)
      values.push_back(ConstantAggregateZero::get(ArrayType::get(i8, until - end)));
  };
  for (unsigned f = unsigned(first); f != unsigned(last); ++f) {
    Field id = static_cast<Field>(f);
    abi::FieldKind kind = abi::Layout::kind(id);
    unsigned bytes = layout.bytes(kind);
    Constant *value = nullptr;
    for (const auto &[field, constant] : given)
      if (field == id)
        value = constant;
    if (!value)
      value = kind == abi::FieldKind::PTR
                  ? cast<Constant>(ConstantPointerNull::get(ptr))
                  : cast<Constant>(ConstantInt::get(context, APInt(bytes * 8, 0)));
    pad(layout.offset(id));
    values.push_back(value);
    end = layout.offset(id) + bytes;
  }
  pad(layout.size(s));
  return ConstantStruct::getAnon(context, values, /*Packed=*/true);
}

namespace {
class Descriptor {
public:
  explicit Descriptor(ModuleLowering &m) : m(m) {}

  Constant *number(uint64_t value) { return ConstantInt::get(m.i32, value); }
  Constant *wide(uint64_t value) { return ConstantInt::get(m.i64, value); }

  // Never unnamed_addr: LLVM would merge equal ones, one use after the other, and
  // a table of 100,000 names is a constant with 100,000 uses to replace.
  Constant *constant(Constant *init, const Twine &name) {
    auto *g = new GlobalVariable(m.ir, init->getType(), true, GlobalValue::PrivateLinkage, init,
                                 m.options.prefix + "." + name);
    g->setAlignment(Align(8));
    return g;
  }
  Constant *array(ArrayRef<Constant *> rows, const Twine &name) {
    if (rows.empty())
      return ConstantPointerNull::get(m.ptr);
    return constant(ConstantArray::get(ArrayType::get(rows[0]->getType(), rows.size()), rows), name);
  }
  Constant *string(std::string_view text) {
    Constant *&known = strings[StringRef(text)];
    if (!known)
      known = constant(ConstantDataArray::getString(m.context, StringRef(text), true), "name");
    return known;
  }

  Constant *providers();
  Constant *imports();
  /// Those that are found by their names while the program runs.
  std::vector<uint32_t> namedExports();
  Constant *exports();
  Constant *memories();
  Constant *tables();
  Constant *globals();
  Constant *tags();
  Constant *functions();
  Constant *elements();
  Constant *data();
  uint32_t flags();
  Constant *edge(const char *name);

private:
  ModuleLowering &m;
  StringMap<Constant *> strings;
};
} // namespace

Constant *Descriptor::providers() {
  SmallVector<Constant *> rows;
  for (ModuleLowering *provider : m.providers)
    rows.push_back(m.structConstant(Struct::provider,
                                    {{Field::provider_module, provider->descriptor()}}));
  return array(rows, "providers");
}

/// What the runtime finds an export by in an instance: functions by their record.
static uint32_t exportIndex(const ModuleLowering &m, uint32_t entry) {
  const wasm::Export &e = m.module.exports[entry];
  return e.kind == wasm::ExternKind::Func ? m.instance.recordOf[e.index] : e.index;
}

Constant *Descriptor::imports() {
  SmallVector<Constant *> rows;
  for (auto [i, binding] : zip_equal(m.module.imports, m.links.imports)) {
    Constant *null = ConstantPointerNull::get(m.ptr);
    bool isFunction = i.kind == wasm::ExternKind::Func;
    uint32_t entry = 0;
    if (binding)
      entry = exportIndex(*m.providers[binding->provider], binding->entry);
    rows.push_back(m.structConstant(
        Struct::import,
        {{Field::import_module, string(i.module)},
         {Field::import_name, string(i.name)},
         {Field::import_module_length, number(i.module.size())},
         {Field::import_name_length, number(i.name.size())},
         {Field::import_kind, number(uint32_t(i.kind))},
         {Field::import_index, number(i.index)},
         {Field::import_type,
          isFunction ? m.typeRecord(m.module.functions[i.index].type) : null},
         {Field::import_adapter, isFunction && !binding ? m.function(i.index) : null},
         {Field::import_provider, number(binding ? 1 + binding->provider : 0)},
         {Field::import_entry, number(entry)}}));
  }
  return array(rows, "imports");
}

std::vector<uint32_t> Descriptor::namedExports() {
  std::vector<uint32_t> named;
  for (uint32_t i = 0; i != m.module.exports.size(); ++i)
    if (m.options.exports == ExportMode::Table ||
        m.module.exports[i].kind != wasm::ExternKind::Func)
      named.push_back(i);
  return named;
}

Constant *Descriptor::exports() {
  SmallVector<Constant *> rows;
  for (uint32_t i : namedExports()) {
    const wasm::Export &e = m.module.exports[i];
    rows.push_back(m.structConstant(Struct::export_,
                                    {{Field::export__name, string(e.name)},
                                     {Field::export__name_length, number(e.name.size())},
                                     {Field::export__kind, number(uint32_t(e.kind))},
                                     {Field::export__index, number(exportIndex(m, i))}}));
  }
  return array(rows, "exports");
}

Constant *Descriptor::memories() {
  SmallVector<Constant *> rows;
  for (uint32_t i = 0; i != m.module.memories.size(); ++i) {
    const wasm::Memory &memory = m.module.memories[i];
    const wasm::Limits &limits = memory.type.limits;
    uint32_t flags = (limits.is64 ? WASMC_MEMORY_64 : 0) |
                     (memory.type.shared ? WASMC_MEMORY_SHARED : 0) |
                     (m.checksBounds(i) ? 0 : WASMC_MEMORY_GUARD);
    rows.push_back(m.structConstant(
        Struct::memory_type,
        {{Field::memory_type_min, wide(limits.min)},
         {Field::memory_type_max, wide(limits.hasMax ? limits.max : ~uint64_t(0))},
         {Field::memory_type_page_log2, number(memory.type.pageSizeLog2)},
         {Field::memory_type_flags, number(flags)},
         {Field::memory_type_object, number(m.instance.memoryObjects[i])},
         {Field::memory_type_imported, number(memory.import.has_value())}}));
  }
  return array(rows, "memories");
}

Constant *Descriptor::tables() {
  SmallVector<Constant *> rows;
  for (uint32_t i = 0; i != m.module.tables.size(); ++i) {
    const wasm::Table &table = m.module.tables[i];
    const wasm::Limits &limits = table.type.limits;
    const wasm::ValType element = wasm::ValType::reference(table.type.element);
    rows.push_back(m.structConstant(
        Struct::table_type,
        {{Field::table_type_min, wide(limits.min)},
         {Field::table_type_max, wide(limits.hasMax ? limits.max : ~uint64_t(0))},
         {Field::table_type_type, number(m.valueCode(element))},
         {Field::table_type_heap_type, m.heapRecord(element)},
         {Field::table_type_flags, number(limits.is64 ? WASMC_TABLE_64 : 0)},
         {Field::table_type_object, number(m.instance.tableObjects[i])},
         {Field::table_type_imported, number(table.import.has_value())}}));
  }
  return array(rows, "tables");
}

Constant *Descriptor::globals() {
  SmallVector<Constant *> rows;
  for (uint32_t i = 0; i != m.module.globals.size(); ++i) {
    const wasm::Global &global = m.module.globals[i];
    rows.push_back(
        m.structConstant(Struct::global_type,
                         {{Field::global_type_type, number(m.valueCode(global.type.type))},
                          {Field::global_type_heap_type, m.heapRecord(global.type.type)},
                          {Field::global_type_is_mutable, number(global.type.isMutable)},
                          {Field::global_type_cell, number(m.instance.globalCells[i])},
                          {Field::global_type_imported, number(global.import.has_value())}}));
  }
  return array(rows, "globals");
}

Constant *Descriptor::functions() {
  SmallVector<Constant *> rows;
  Constant *null = ConstantPointerNull::get(m.ptr);
  for (uint32_t f : m.instance.ownRecords)
    rows.push_back(!m.needsRecord(f) ? m.structConstant(Struct::func_init, {}) : m.structConstant(
        Struct::func_init,
        {{Field::func_init_code, m.function(f)},
         {Field::func_init_type, m.typeRecord(m.module.functions[f].type)},
         {Field::func_init_tail, m.tailEntry(f) ? m.tailEntry(f) : null}}));
  return array(rows, "funcs");
}

Constant *Descriptor::elements() {
  SmallVector<Constant *> rows;
  for (uint32_t i = 0; i != m.module.elements.size(); ++i) {
    const wasm::ElementSegment &segment = m.module.elements[i];
    Constant *items = ConstantPointerNull::get(m.ptr);
    if (hasPlainItems(segment)) {
      std::vector<uint32_t> records;
      for (uint32_t f : segment.functions)
        records.push_back(m.instance.recordOf[f] + 1);
      for (const wasm::ConstExpr &e : segment.exprs) {
        uint32_t item = *plainItem(e);
        records.push_back(item ? m.instance.recordOf[item - 1] + 1 : 0);
      }
      if (records.empty())
        records.push_back(0); // An empty segment is constant data, too.
      items = constant(ConstantDataArray::get(m.context, records), "elem");
    }
    rows.push_back(m.structConstant(Struct::elem_segment,
                                    {{Field::elem_segment_items, items},
                                     {Field::elem_segment_length, number(segment.size())},
                                     {Field::elem_segment_cells, number(m.instance.elemCells[i])}}));
  }
  return array(rows, "segments");
}

Constant *Descriptor::data() {
  SmallVector<Constant *> rows;
  for (uint32_t i = 0; i != m.module.data.size(); ++i)
    rows.push_back(
        m.structConstant(Struct::data_segment,
                         {{Field::data_segment_bytes, m.dataSegment(i)},
                          {Field::data_segment_length, number(m.module.data[i].bytes.size())}}));
  return array(rows, "segments");
}

/// What a tag is called in messages: as it is imported, or else exported.
static std::string tagName(const wasm::Module &module, uint32_t index) {
  const wasm::Tag &tag = module.tags[index];
  if (tag.import)
    return abi::escapeText(module.imports[*tag.import].name);
  for (const wasm::Export &e : module.exports)
    if (e.kind == wasm::ExternKind::Tag && e.index == index)
      return abi::escapeText(e.name);
  return "tag " + std::to_string(index);
}

Constant *Descriptor::tags() {
  SmallVector<Constant *> rows;
  for (uint32_t i = 0; i != m.module.tags.size(); ++i) {
    const wasm::Tag &tag = m.module.tags[i];
    const wasm::ResultType &params = m.module.types[tag.type].func.params;
    std::string kinds;
    for (const wasm::ValType &t : params)
      kinds += static_cast<char>(m.valueCode(t) & 0xff); // Whether null or not.
    rows.push_back(m.structConstant(
        Struct::tag_type, {{Field::tag_type_type, m.typeRecord(tag.type)},
                           {Field::tag_type_name, string(tagName(m.module, i))},
                           {Field::tag_type_params, string(kinds)},
                           {Field::tag_type_num_params, number(params.size())},
                           {Field::tag_type_num_slots, number(slotCount(params))},
                           {Field::tag_type_cell, number(m.instance.tagCells[i])},
                           {Field::tag_type_imported, number(tag.import.has_value())}}));
  }
  return array(rows, "tags");
}

uint32_t Descriptor::flags() {
  uint32_t flags = m.importsAreSymbols() ? WASMC_MODULE_SYMBOL_IMPORTS : 0;
  for (uint32_t i = 0; i != m.module.memories.size(); ++i)
    if (!m.checksBounds(i))
      flags |= WASMC_MODULE_GUARD;
  return flags;
}

/// The linker's symbol for an edge of the section of site records; null where
/// no object of the link unit has any.
Constant *Descriptor::edge(const char *name) {
  auto *g = cast<GlobalVariable>(m.ir.getOrInsertGlobal(name, m.i8));
  g->setLinkage(GlobalValue::ExternalWeakLinkage);
  g->setVisibility(GlobalValue::HiddenVisibility);
  return g;
}

GlobalVariable *ModuleLowering::descriptor() {
  if (!descriptorVariable) {
    StructType *type = cast<StructType>(structConstant(Struct::module, {})->getType());
    descriptorVariable = new GlobalVariable(ir, type, true, GlobalValue::ExternalLinkage, nullptr,
                                            options.prefix + "_module");
    descriptorVariable->setAlignment(Align(8));
  }
  return descriptorVariable;
}

void ModuleLowering::emitDescriptor(Function *init) {
  Descriptor d(*this);
  auto *abi = cast<GlobalVariable>(ir.getOrInsertGlobal(WASMC_ABI_SYMBOL_NAME, i8));
  abi->setVisibility(GlobalValue::HiddenVisibility);
  auto count = [&](size_t n) { return d.number(n); };
  Constant *value = structConstant(
      Struct::module,
      {{Field::module_abi, abi},
       {Field::module_name, d.string(options.prefix)},
       {Field::module_instance_size, count(instance.size)},
       {Field::module_flags, count(d.flags())},
       {Field::module_init, init},
       {Field::module_shadow_stack, count(shadowStack ? instance.globalCells[*shadowStack] : 0)},
       {Field::module_num_providers, count(providers.size())},
       {Field::module_providers, d.providers()},
       {Field::module_provider_slots, count(instance.providers)},
       {Field::module_num_imports, count(module.imports.size())},
       {Field::module_imports, d.imports()},
       {Field::module_exports, d.exports()},
       {Field::module_num_exports, count(d.namedExports().size())},
       {Field::module_num_memories, count(module.memories.size())},
       {Field::module_memories, d.memories()},
       {Field::module_tables, d.tables()},
       {Field::module_num_tables, count(module.tables.size())},
       {Field::module_num_funcs, count(instance.ownRecords.size())},
       {Field::module_funcs, d.functions()},
       {Field::module_segments, d.elements()},
       {Field::module_num_segments, count(module.elements.size())},
       {Field::module_num_globals, count(module.globals.size())},
       {Field::module_globals, d.globals()},
       {Field::module_data, d.data()},
       {Field::module_num_data, count(module.data.size())},
       {Field::module_num_tags, count(module.tags.size())},
       {Field::module_tags, d.tags()},
       {Field::module_memory_slots, count(instance.memorySlots)},
       {Field::module_table_slots, count(instance.tableSlots)},
       {Field::module_func_records, count(instance.funcRecords)},
       {Field::module_host_functions, count(instance.hostFunctions)},
       {Field::module_data_lengths, count(instance.dataLengths)},
       {Field::module_elem_lengths, count(instance.elemLengths)},
       {Field::module_tail_area, count(instance.tailArea)},
       {Field::module_sites, d.edge("__start_wasmc_sites")},
       {Field::module_sites_end, d.edge("__stop_wasmc_sites")}});
  descriptor()->setInitializer(value);
}
