//===- DecodeModule.cpp - The sections of a module (5.5) -------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Decode.h"
#include "wasm/Limits.h"
#include "wasm/ModuleDecoder.h"

#include <algorithm>

namespace wasmc::wasm {

llvm::Expected<Module> decodeModule(Bytes bytes, const FeatureSet &features) {
  return ModuleDecoder(bytes, features).run();
}

llvm::Expected<Module> ModuleDecoder::run() {
  if (!decodeAll())
    return top.takeError();
  for (const Export &e : module.exports)
    if (e.kind == ExternKind::Func)
      module.exportedFunctionNames.try_emplace(e.index, e.name);
  return std::move(module);
}

bool ModuleDecoder::decodeAll() {
  if (module.bytes.size() > limits::moduleBytes)
    return top.fail(ErrorKind::Limit, 0,
                    llvm::Twine(module.bytes.size()) + " bytes, more than the limit of " +
                        llvm::Twine(limits::moduleBytes));
  if (!decodeHeader())
    return false;
  while (!top.atEnd())
    if (!decodeSection())
      return false;
  return checkCounts();
}

bool ModuleDecoder::decodeHeader() {
  static constexpr uint8_t magic[] = {0, 'a', 's', 'm'};
  static constexpr uint8_t version[] = {1, 0, 0, 0};
  Bytes raw;
  if (top.remaining() < 4)
    return top.malformed(top.remaining(), "unexpected end");
  if (!top.readBytes(4, raw))
    return false;
  if (!std::equal(raw.begin(), raw.end(), magic))
    return top.malformed(0, "magic header not detected");
  if (top.remaining() < 4)
    return top.malformed(module.bytes.size(), "unexpected end");
  if (!top.readBytes(4, raw))
    return false;
  if (!std::equal(raw.begin(), raw.end(), version))
    return top.malformed(4, "unknown binary version");
  return true;
}

bool ModuleDecoder::decodeSection() {
  size_t at = top.offset();
  uint8_t id;
  uint32_t size;
  if (!top.readByte(id))
    return false;
  if (id >= static_cast<uint8_t>(SectionId::Count))
    return top.malformed(at, "malformed section id " + llvm::Twine(unsigned(id)));
  if (!top.readU32(size))
    return false;
  Section contents;
  if (size > top.remaining())
    return top.malformed(top.offset(), "length out of bounds: unexpected end of a section of " +
                                           llvm::Twine(size) + " bytes");
  if (!top.readRange(size, contents) || !checkOrder(static_cast<SectionId>(id), at))
    return false;
  Reader reader(contents, top.enabled(), &module.required);
  bool ok = dispatch(static_cast<SectionId>(id), reader);
  if (ok && !reader.atEnd())
    ok = reader.malformed(reader.offset(), "section size mismatch: " +
                                               llvm::Twine(reader.remaining()) + " bytes are left");
  if (!ok)
    top.adopt(reader);
  return ok;
}

/// Sections other than custom ones come at most once, and in this order.
bool ModuleDecoder::checkOrder(SectionId id, size_t at) {
  if (id == SectionId::Custom)
    return true;
  static constexpr SectionId order[] = {
      SectionId::Type,   SectionId::Import,  SectionId::Function,  SectionId::Table,
      SectionId::Memory, SectionId::Tag,     SectionId::Global,    SectionId::Export,
      SectionId::Start,  SectionId::Element, SectionId::DataCount, SectionId::Code,
      SectionId::Data};
  uint8_t rank = std::find(std::begin(order), std::end(order), id) - std::begin(order) + 1;
  if (rank <= lastRank)
    return top.malformed(at, "unexpected content after last section: section " +
                                 llvm::Twine(static_cast<unsigned>(id)) +
                                 " is repeated or out of order");
  lastRank = rank;
  return true;
}

bool ModuleDecoder::dispatch(SectionId id, Reader &reader) {
  switch (id) {
  case SectionId::Custom: return customSection(reader);
  case SectionId::Type: return typeSection(reader);
  case SectionId::Import: return importSection(reader);
  case SectionId::Function: return functionSection(reader);
  case SectionId::Table: return tableSection(reader);
  case SectionId::Memory: return memorySection(reader);
  case SectionId::Global: return globalSection(reader);
  case SectionId::Export: return exportSection(reader);
  case SectionId::Start: return startSection(reader);
  case SectionId::Element: return elementSection(reader);
  case SectionId::Code: return codeSection(reader);
  case SectionId::Data: return dataSection(reader);
  case SectionId::DataCount: return dataCountSection(reader);
  case SectionId::Tag: return tagSection(reader);
  case SectionId::Count: break;
  }
  return false;
}

bool ModuleDecoder::checkCounts() {
  size_t declared = module.functions.size() - module.numImportedFunctions();
  if (declared != codeCount)
    return top.malformed(codeCount ? codeCountOffset : module.bytes.size(),
                         "function and code section have inconsistent lengths: " +
                             llvm::Twine(declared) + " and " + llvm::Twine(codeCount));
  if (module.dataCount && *module.dataCount != module.data.size())
    return top.malformed(
        module.bytes.size(),
        "data count and data section have inconsistent lengths: " + llvm::Twine(*module.dataCount) +
            " and " + llvm::Twine(module.data.size()));
  return true;
}

//===----------------------------------------------------------------------===//
// External types (5.3)
//===----------------------------------------------------------------------===//

/// Bit 0 says that there is a maximum, bit 2 that addresses are i64.
bool ModuleDecoder::limits(Reader &reader, uint8_t flags, Limits &out) {
  out.hasMax = flags & 1;
  out.is64 = flags & 4;
  size_t at = reader.offset();
  // With memory64, both address types are encoded alike (and checked later).
  auto read = [&](uint64_t &value) {
    if (out.is64 || reader.has(Feature::Memory64))
      return reader.readU64(value);
    uint32_t narrow;
    if (!reader.readU32(narrow))
      return false;
    value = narrow;
    return true;
  };
  if (!read(out.min) || (out.hasMax && !read(out.max)))
    return false;
  size_t width = reader.offset() - at;
  bool isWide = out.is64 || width > (out.hasMax ? 10 : 5);
  return !isWide || reader.need(Feature::Memory64, at, "a limit of more than 32 bits");
}

bool ModuleDecoder::tableType(Reader &reader, TableType &out) {
  uint8_t code, flags;
  if (!reader.peekByte(code))
    return false;
  if (code == 0x70) { // The only element type of the MVP.
    out.element = {true, {HeapKind::Func, 0}};
    if (!reader.readByte(code))
      return false;
  } else if (!reader.readRefType(out.element)) {
    return false;
  }
  size_t at = reader.offset();
  if (!reader.readByte(flags))
    return false;
  if (flags & ~5u)
    return reader.malformed(at, "malformed limits flags");
  return limits(reader, flags, out.limits);
}

bool ModuleDecoder::memoryType(Reader &reader, MemoryType &out) {
  size_t at = reader.offset();
  uint8_t flags;
  if (!reader.readByte(flags))
    return false;
  if (flags > 15)
    return reader.malformed(at, "malformed limits flags");
  if (!limits(reader, flags, out.limits))
    return false;
  out.shared = flags & 2;
  if (out.shared && !reader.need(Feature::Threads, at, "a shared memory"))
    return false;
  if (!(flags & 8))
    return true;
  size_t sizeAt = reader.offset();
  uint32_t pageSize;
  if (!reader.readU32(pageSize))
    return false;
  if (pageSize >= 64)
    return reader.malformed(sizeAt, "invalid custom page size");
  out.pageSizeLog2 = static_cast<uint8_t>(pageSize);
  return reader.need(Feature::CustomPageSizes, at, "a page size");
}

bool ModuleDecoder::globalType(Reader &reader, GlobalType &out) {
  if (!reader.readValType(out.type))
    return false;
  size_t at = reader.offset();
  uint8_t mutability;
  if (!reader.readByte(mutability))
    return false;
  if (mutability > 1)
    return reader.malformed(at, "malformed mutability");
  out.isMutable = mutability;
  return true;
}

bool ModuleDecoder::tagType(Reader &reader, uint32_t &out) {
  size_t at = reader.offset();
  uint8_t attribute;
  if (!reader.readByte(attribute))
    return false;
  if (attribute != 0)
    return reader.malformed(at, "malformed tag attribute: zero byte expected");
  return reader.readU32(out) && reader.need(reader.tagFeature(), at, "a tag");
}

//===----------------------------------------------------------------------===//
// Sections
//===----------------------------------------------------------------------===//

bool ModuleDecoder::addTable(Reader &reader, Table table) {
  if (module.tables.size() == limits::tables)
    return reader.fail(ErrorKind::Limit, table.offset, "too many tables");
  module.tables.push_back(std::move(table));
  return module.tables.size() <= 1 ||
         reader.need(Feature::ReferenceTypes, module.tables.back().offset, "a second table");
}

bool ModuleDecoder::addMemory(Reader &reader, Memory memory) {
  if (module.memories.size() == limits::memories)
    return reader.fail(ErrorKind::Limit, memory.offset, "too many memories");
  module.memories.push_back(memory);
  return module.memories.size() <= 1 ||
         reader.need(Feature::MultiMemory, memory.offset, "a second memory");
}

bool ModuleDecoder::importSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::imports, "imports"))
    return false;
  module.imports.reserve(count);
  while (count--)
    if (!importEntry(reader))
      return false;
  return true;
}

bool ModuleDecoder::importEntry(Reader &reader) {
  Import import{};
  import.offset = reader.offset();
  uint8_t kind;
  if (!reader.readName(import.module, "an import's module name") ||
      !reader.readName(import.name, "an import's name"))
    return false;
  size_t at = reader.offset();
  if (!reader.readByte(kind))
    return false;
  if (kind > static_cast<uint8_t>(ExternKind::Tag) ||
      (kind == static_cast<uint8_t>(ExternKind::Tag) && !reader.has(reader.tagFeature())))
    return reader.malformed(at, "malformed import kind " + llvm::Twine(unsigned(kind)));
  import.kind = static_cast<ExternKind>(kind);
  auto number = static_cast<uint32_t>(module.imports.size());
  if (!importedEntity(reader, import, number, at))
    return false;
  module.imports.push_back(import);
  return true;
}

/// Adds what import `number` describes to the index space of its kind.
bool ModuleDecoder::importedEntity(Reader &reader, Import &import, uint32_t number, size_t at) {
  switch (import.kind) {
  case ExternKind::Func: {
    import.index = module.functions.size();
    Function &function = module.functions.emplace_back();
    function.import = number;
    return reader.readU32(function.type);
  }
  case ExternKind::Table: {
    import.index = module.tables.size();
    Table table;
    table.import = number;
    table.offset = at;
    return tableType(reader, table.type) && addTable(reader, std::move(table));
  }
  case ExternKind::Memory: {
    import.index = module.memories.size();
    Memory memory{{}, number, at};
    return memoryType(reader, memory.type) && addMemory(reader, memory);
  }
  case ExternKind::Global: {
    import.index = module.globals.size();
    Global &global = module.globals.emplace_back();
    global.import = number;
    global.offset = at;
    return globalType(reader, global.type) &&
           (!global.type.isMutable ||
            reader.need(Feature::MutableGlobals, at, "an imported mutable global"));
  }
  case ExternKind::Tag: {
    import.index = module.tags.size();
    Tag &tag = module.tags.emplace_back(Tag{0, number, at});
    return tagType(reader, tag.type);
  }
  }
  return false;
}

bool ModuleDecoder::functionSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::functions, "functions"))
    return false;
  module.functions.reserve(module.functions.size() + count);
  while (count--)
    if (!reader.readU32(module.functions.emplace_back().type))
      return false;
  return true;
}

bool ModuleDecoder::tableSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::tables, "tables"))
    return false;
  while (count--) {
    Table table;
    table.offset = reader.offset();
    uint8_t code, reserved;
    if (!reader.peekByte(code))
      return false;
    bool hasInit = code == 0x40;
    if (hasInit) {
      if (!reader.readByte(code) || !reader.readByte(reserved))
        return false;
      if (reserved != 0)
        return reader.malformed(table.offset + 1, "malformed table: zero byte expected");
      if (!reader.need(Feature::FunctionReferences, table.offset, "a table with an initializer"))
        return false;
    }
    if (!tableType(reader, table.type))
      return false;
    if (hasInit && !constExpr(reader, table.init.emplace()))
      return false;
    if (!addTable(reader, std::move(table)))
      return false;
  }
  return true;
}

bool ModuleDecoder::memorySection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::memories, "memories"))
    return false;
  while (count--) {
    Memory memory{{}, {}, reader.offset()};
    if (!memoryType(reader, memory.type) || !addMemory(reader, memory))
      return false;
  }
  return true;
}

bool ModuleDecoder::tagSection(Reader &reader) {
  uint32_t count;
  if (!reader.need(reader.tagFeature(), reader.offset(), "a tag section") ||
      !reader.readCount(count, limits::tags, "tags"))
    return false;
  module.tags.reserve(module.tags.size() + count);
  while (count--) {
    Tag &tag = module.tags.emplace_back(Tag{0, {}, reader.offset()});
    if (!tagType(reader, tag.type))
      return false;
  }
  return true;
}

bool ModuleDecoder::globalSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::globals, "globals"))
    return false;
  module.globals.reserve(module.globals.size() + count);
  while (count--) {
    Global &global = module.globals.emplace_back();
    global.offset = reader.offset();
    if (!globalType(reader, global.type) || !constExpr(reader, global.init))
      return false;
  }
  return true;
}

bool ModuleDecoder::exportSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::exports, "exports"))
    return false;
  module.exports.reserve(count);
  while (count--) {
    Export &e = module.exports.emplace_back();
    e.offset = reader.offset();
    uint8_t kind;
    if (!reader.readName(e.name, "an export's name"))
      return false;
    size_t at = reader.offset();
    if (!reader.readByte(kind))
      return false;
    if (kind > static_cast<uint8_t>(ExternKind::Tag))
      return reader.malformed(at, "malformed export kind " + llvm::Twine(unsigned(kind)));
    e.kind = static_cast<ExternKind>(kind);
    if (e.kind == ExternKind::Tag && !reader.need(reader.tagFeature(), at, "an exported tag"))
      return false;
    if (!reader.readU32(e.index))
      return false;
  }
  return true;
}

bool ModuleDecoder::startSection(Reader &reader) {
  module.startOffset = reader.offset();
  return reader.readU32(module.start.emplace());
}

} // namespace wasmc::wasm
