//===- DecodeOperator.cpp - One operator and its immediates (5.4) ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Decode.h"
#include "wasm/Limits.h"

namespace wasmc::wasm {

namespace {

std::string hex(uint32_t value) {
  std::string text;
  do
    text.insert(text.begin(), "0123456789abcdef"[value & 15]);
  while (value >>= 4);
  return text.size() < 2 ? "0" + text : text;
}

bool readOpcode(Reader &reader, Instruction &into) {
  into.offset = reader.offset();
  uint8_t byte;
  if (!reader.readByte(byte))
    return false;
  uint8_t prefix = 0;
  uint32_t code = byte;
  if (byte >= 0xfb && byte <= 0xfe) {
    prefix = byte;
    if (!reader.readU32(code))
      return false;
  }
  into.op = opcodeByCode(prefix, code);
  if (into.op == Opcode::Count)
    return reader.malformed(into.offset,
                            "illegal opcode " + (prefix ? hex(prefix) + " " : "") + hex(code));
  Feature feature = into.op == Opcode::Throw ? reader.tagFeature() : info(into.op).feature;
  return reader.need(feature, into.offset, info(into.op).text);
}

/// An index that was a single zero byte before `feature`.
bool readIndexSince(Reader &reader, Feature feature, const char *what, uint32_t &out) {
  size_t at = reader.offset();
  if (!reader.readU32(out))
    return false;
  bool isZeroByte = out == 0 && reader.offset() - at == 1;
  return isZeroByte || reader.need(feature, at, what);
}

bool readMemoryIndex(Reader &reader, uint32_t &out) {
  return readIndexSince(reader, Feature::MultiMemory, "a memory index", out);
}

bool readTableIndex(Reader &reader, uint32_t &out) {
  return readIndexSince(reader, Feature::ReferenceTypes, "a table index", out);
}

bool readMemArg(Reader &reader, Instruction &into) {
  size_t at = reader.offset();
  uint32_t flags;
  if (!reader.readU32(flags))
    return false;
  if (flags >= 128)
    return reader.malformed(at, "malformed memop flags");
  into.alignLog2 = flags & 63;
  into.memory = 0;
  if ((flags & 64) &&
      !(reader.need(Feature::MultiMemory, at, "a memory index") && reader.readU32(into.memory)))
    return false;
  size_t offsetAt = reader.offset();
  if (!reader.has(Feature::Memory64)) {
    uint32_t offset;
    if (!reader.readU32(offset))
      return false;
    into.value = offset;
    return true;
  }
  if (!reader.readU64(into.value))
    return false;
  return reader.offset() - offsetAt <= 5 ||
         reader.need(Feature::Memory64, offsetAt, "an offset of more than 32 bits");
}

bool readLabelTable(Reader &reader, Instruction &into) {
  uint32_t count;
  if (!reader.readCount(count, UINT32_MAX, "labels"))
    return false;
  into.labels.resize(size_t(count) + 1);
  for (uint32_t &label : into.labels)
    if (!reader.readU32(label))
      return false;
  return true;
}

bool readSelectTypes(Reader &reader, Instruction &into) {
  uint32_t count;
  if (!reader.readCount(count, limits::results, "types"))
    return false;
  into.types.resize(count);
  for (ValType &type : into.types)
    if (!reader.readValType(type))
      return false;
  return true;
}

bool readTryTable(Reader &reader, Instruction &into) {
  uint32_t count;
  if (!reader.readBlockType(into.block) || !reader.readCount(count, UINT32_MAX, "catch clauses"))
    return false;
  into.catches.resize(count);
  for (CatchClause &clause : into.catches) {
    size_t at = reader.offset();
    uint8_t kind;
    if (!reader.readByte(kind))
      return false;
    if (kind > 3)
      return reader.malformed(at, "malformed catch clause");
    clause.kind = static_cast<CatchKind>(kind);
    clause.tag = 0;
    bool hasTag = clause.kind == CatchKind::Catch || clause.kind == CatchKind::CatchRef;
    if ((hasTag && !reader.readU32(clause.tag)) || !reader.readU32(clause.label))
      return false;
  }
  return true;
}

bool readBrOnCast(Reader &reader, Instruction &into) {
  size_t at = reader.offset();
  uint8_t flags;
  if (!reader.readByte(flags))
    return false;
  if (flags > 3)
    return reader.malformed(at, "malformed br_on_cast flags");
  into.type.nullable = flags & 1;
  into.type2.nullable = flags & 2;
  return reader.readU32(into.index) && reader.readHeapType(into.type.heap) &&
         reader.readHeapType(into.type2.heap);
}

bool readArrayFixed(Reader &reader, Instruction &into) {
  uint32_t length;
  if (!reader.readU32(into.index) || !reader.readU32(length))
    return false;
  into.value = length;
  if (length > limits::arrayFixedOperands)
    return reader.fail(ErrorKind::Limit, into.offset,
                       "array.new_fixed of " + llvm::Twine(length) +
                           " elements, more than the limit of " +
                           llvm::Twine(limits::arrayFixedOperands));
  return true;
}

bool readFence(Reader &reader) {
  size_t at = reader.offset();
  uint8_t zero;
  if (!reader.readByte(zero))
    return false;
  return zero == 0 || reader.malformed(at, "zero byte expected");
}

bool readVector(Reader &reader, std::array<uint8_t, 16> &out) {
  Bytes raw;
  if (!reader.readBytes(out.size(), raw))
    return false;
  std::copy(raw.begin(), raw.end(), out.begin());
  return true;
}

bool readI32(Reader &reader, uint64_t &out) {
  uint32_t bits;
  if (!reader.readS32(bits))
    return false;
  out = bits;
  return true;
}

/// The data segment comes first, although the text format has it last.
bool readMemoryInit(Reader &reader, Instruction &into) {
  if (!reader.readU32(into.index) || !readMemoryIndex(reader, into.index2))
    return false;
  into.memory = into.index2;
  return true;
}

bool readCastType(Reader &reader, Instruction &into) {
  into.type.nullable = into.op == Opcode::RefTestNull || into.op == Opcode::RefCastNull;
  return reader.readHeapType(into.type.heap);
}

bool readImmediates(Reader &reader, Instruction &into) {
  switch (info(into.op).immediates) {
  case Immediates::None: return true;
  case Immediates::Block: return reader.readBlockType(into.block);
  case Immediates::LabelTable: return readLabelTable(reader, into);
  case Immediates::Label:
  case Immediates::Function:
  case Immediates::Type:
  case Immediates::Tag:
  case Immediates::Local:
  case Immediates::Global:
  case Immediates::Elem:
  case Immediates::Data: return reader.readU32(into.index);
  case Immediates::CallIndirect:
  case Immediates::TableInit:
    return reader.readU32(into.index) && readTableIndex(reader, into.index2);
  case Immediates::TryTable: return readTryTable(reader, into);
  case Immediates::Table: return reader.readU32(into.index);
  case Immediates::TableCopy:
    return readTableIndex(reader, into.index) && readTableIndex(reader, into.index2);
  case Immediates::Memory: return readMemoryIndex(reader, into.memory);
  case Immediates::MemoryCopy:
    return readMemoryIndex(reader, into.index) && readMemoryIndex(reader, into.index2);
  case Immediates::MemoryInit: return readMemoryInit(reader, into);
  case Immediates::MemArg: return readMemArg(reader, into);
  case Immediates::MemArgLane: return readMemArg(reader, into) && reader.readByte(into.lane);
  case Immediates::Lane: return reader.readByte(into.lane);
  case Immediates::Shuffle:
  case Immediates::V128: return readVector(reader, into.bytes);
  case Immediates::I32: return readI32(reader, into.value);
  case Immediates::I64: return reader.readS64(into.value);
  case Immediates::F32: return reader.readFixed(4, into.value);
  case Immediates::F64: return reader.readFixed(8, into.value);
  case Immediates::SelectTypes: return readSelectTypes(reader, into);
  case Immediates::HeapType: into.type.nullable = true; return reader.readHeapType(into.type.heap);
  case Immediates::RefTypeCast: return readCastType(reader, into);
  case Immediates::BrOnCast: return readBrOnCast(reader, into);
  case Immediates::StructField:
  case Immediates::ArrayData:
  case Immediates::ArrayElem:
  case Immediates::ArrayCopy: return reader.readU32(into.index) && reader.readU32(into.index2);
  case Immediates::ArrayFixed: return readArrayFixed(reader, into);
  case Immediates::Fence: return readFence(reader);
  }
  return false;
}

} // namespace

bool decodeOperator(Reader &reader, Instruction &into) {
  reader.needs.clear();
  bool ok = readOpcode(reader, into) && readImmediates(reader, into);
  into.needs = reader.needs;
  return ok;
}

OperatorReader::OperatorReader(Section expr, const FeatureSet &features,
                               std::optional<uint32_t> function)
    : reader(expr, features, nullptr, function) {}

llvm::Expected<std::vector<std::pair<uint32_t, ValType>>> OperatorReader::readLocals() {
  size_t at = reader.offset();
  std::vector<std::pair<uint32_t, ValType>> runs;
  uint32_t count;
  if (!reader.readCount(count, UINT32_MAX, "local declarations"))
    return reader.takeError();
  uint64_t total = 0;
  runs.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    auto &[repeat, type] = runs.emplace_back();
    if (!reader.readU32(repeat) || !reader.readValType(type))
      return reader.takeError();
    total += repeat;
  }
  if (total > UINT32_MAX) {
    reader.malformed(at, "too many locals");
    return reader.takeError();
  }
  if (total > limits::locals) {
    reader.fail(ErrorKind::Limit, at,
                llvm::Twine(total) + " locals, more than the limit of " +
                    llvm::Twine(limits::locals));
    return reader.takeError();
  }
  localNeeds = reader.needs;
  return runs;
}

llvm::Error OperatorReader::next(Instruction &into) {
  if (decodeOperator(reader, into)) {
    into.needs |= localNeeds;
    localNeeds.clear();
    return llvm::Error::success();
  }
  return reader.takeError();
}

std::optional<Instruction> onlyOperator(const ConstExpr &expr) {
  FeatureSet features = FeatureSet::all();
  OperatorReader reader(expr, features);
  Instruction value, end;
  for (Instruction *one : {&value, &end}) {
    if (reader.atEnd())
      return std::nullopt;
    if (llvm::Error e = reader.next(*one)) {
      llvm::consumeError(std::move(e));
      return std::nullopt;
    }
  }
  return end.op == Opcode::End ? std::optional(value) : std::nullopt;
}

} // namespace wasmc::wasm
