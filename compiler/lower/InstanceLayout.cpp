//===- InstanceLayout.cpp - Where a module's own state lies in its instance ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/InstanceLayout.h"
#include "lower/ElementItems.h"

using namespace wasmc;
using namespace wasmc::lower;

namespace {
/// Hands out ranges of the record one after another.
class Allocator {
public:
  explicit Allocator(uint64_t head) : end(head) {}
  uint32_t take(uint64_t count, uint64_t bytes, uint64_t align) {
    end = (end + align - 1) & ~(align - 1);
    uint64_t at = end;
    end += count * bytes;
    return static_cast<uint32_t>(at);
  }
  uint64_t end;
};
} // namespace

InstanceLayout::InstanceLayout(const wasm::Module &module, const abi::Layout &layout,
                               size_t numMailboxes, size_t numProviders,
                               unsigned tailAreaBytes) {
  Allocator record(layout.size(abi::Struct::instance));
  unsigned pointer = layout.pointerBytes();
  for (const wasm::Global &g : module.globals) {
    bool wide = g.type.type.kind == wasm::ValKind::V128;
    if (g.import)
      globalCells.push_back(record.take(1, pointer, pointer));
    else
      globalCells.push_back(record.take(1, wide ? 16 : 8, wide ? 16 : 8));
  }
  providers = record.take(numProviders, pointer, pointer);
  mailboxes = record.take(numMailboxes, 4, 4);
  for (const wasm::Memory &m : module.memories)
    memoryObjects.push_back(m.import ? 0 : record.take(1, layout.size(abi::Struct::memory), 8));
  for (const wasm::Table &t : module.tables)
    tableObjects.push_back(t.import ? 0 : record.take(1, layout.size(abi::Struct::table), 8));
  for (const wasm::Tag &t : module.tags)
    tagCells.push_back(t.import ? record.take(1, pointer, pointer)
                                : record.take(1, layout.size(abi::Struct::tag), 8));
  memorySlots = record.take(module.memories.size(), pointer, pointer);
  tableSlots = record.take(module.tables.size(), pointer, pointer);
  dataLengths = record.take(module.data.size(), 4, 4);
  elemLengths = record.take(module.elements.size(), 4, 4);

  uint32_t imported = module.numImportedFunctions();
  for (uint32_t f = 0; f != module.functions.size(); ++f) {
    bool has = f < imported || module.functions[f].isDeclared;
    recordOf.push_back(!has ? ~0u : f < imported ? f : imported + uint32_t(ownRecords.size()));
    if (has && f >= imported)
      ownRecords.push_back(f);
  }
  uint64_t records = imported + ownRecords.size();
  funcRecords = record.take(records, layout.size(abi::Struct::func), 8);
  hostFunctions = record.take(imported, pointer, pointer);
  for (const wasm::ElementSegment &s : module.elements)
    elemCells.push_back(hasPlainItems(s) ? 0 : record.take(s.size(), 8, 8));
  tailArea = record.take(1, tailAreaBytes, 8);
  tooLarge = record.end > 0x7fffff00;
  size = static_cast<uint32_t>((record.end + 63) & ~uint64_t(63));
}
