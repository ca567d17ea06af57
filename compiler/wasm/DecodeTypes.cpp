//===- DecodeTypes.cpp - The type section (5.5.4) --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Limits.h"
#include "wasm/ModuleDecoder.h"

namespace wasmc::wasm {

namespace {
enum Form : uint8_t {
  SubFinalForm = 0x4f,
  SubForm = 0x50,
  RecForm = 0x4e,
  ArrayForm = 0x5e,
  StructForm = 0x5f,
  FuncForm = 0x60
};
} // namespace

bool ModuleDecoder::typeSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::types, "types"))
    return false;
  module.types.reserve(count);
  while (count--)
    if (!recGroup(reader))
      return false;
  return true;
}

bool ModuleDecoder::recGroup(Reader &reader) {
  size_t at = reader.offset();
  uint8_t form;
  if (!reader.peekByte(form))
    return false;
  uint32_t size = 1;
  if (form == RecForm) {
    if (!reader.readByte(form) || !reader.need(Feature::GC, at, "a recursive group") ||
        !reader.readCount(size, limits::types, "types in a recursive group"))
      return false;
  }
  if (module.types.size() + size > limits::types)
    return reader.fail(ErrorKind::Limit, at,
                       "more types than the limit of " + llvm::Twine(limits::types));
  auto start = static_cast<uint32_t>(module.types.size());
  for (uint32_t i = 0; i < size; ++i)
    if (!subType(reader, start, size))
      return false;
  return true;
}

bool ModuleDecoder::subType(Reader &reader, uint32_t groupStart, uint32_t groupSize) {
  SubType &type = module.types.emplace_back();
  type.groupStart = groupStart;
  type.groupSize = groupSize;
  type.offset = reader.offset();
  type.canonical = static_cast<uint32_t>(module.types.size() - 1);
  uint8_t form;
  if (!reader.readByte(form))
    return false;
  if (form == SubForm || form == SubFinalForm) {
    type.isFinal = form == SubFinalForm;
    uint32_t count;
    if (!reader.need(Feature::GC, type.offset, "a sub type") ||
        !reader.readCount(count, limits::types, "supertypes"))
      return false;
    type.supers.resize(count);
    for (uint32_t &super : type.supers)
      if (!reader.readU32(super))
        return false;
    if (!reader.readByte(form))
      return false;
  }
  return compositeType(reader, form, reader.offset() - 1, type);
}

bool ModuleDecoder::compositeType(Reader &reader, uint8_t form, size_t at, SubType &out) {
  switch (form) {
  case FuncForm: out.kind = CompositeKind::Func; return funcType(reader, out.func);
  case ArrayForm:
    out.kind = CompositeKind::Array;
    return reader.need(Feature::GC, at, "an array type") &&
           fieldType(reader, out.fields.emplace_back());
  case StructForm: {
    out.kind = CompositeKind::Struct;
    uint32_t count;
    if (!reader.need(Feature::GC, at, "a structure type") ||
        !reader.readCount(count, limits::structFields, "fields"))
      return false;
    out.fields.resize(count);
    for (FieldType &field : out.fields)
      if (!fieldType(reader, field))
        return false;
    return true;
  }
  }
  if (form & 0x80) // Only a longer form of a type's code could begin like this.
    return reader.malformed(at, "integer representation too long");
  return reader.malformed(at, "malformed definition type");
}

bool ModuleDecoder::funcType(Reader &reader, FuncType &out) {
  if (!resultType(reader, out.params, limits::params, "parameters"))
    return false;
  size_t at = reader.offset();
  return resultType(reader, out.results, limits::results, "results") &&
         (out.results.size() <= 1 || reader.need(Feature::MultiValue, at, "a second result"));
}

bool ModuleDecoder::resultType(Reader &reader, ResultType &out, uint32_t limit, const char *what) {
  uint32_t count;
  if (!reader.readCount(count, limit, what))
    return false;
  out.resize(count);
  for (ValType &type : out)
    if (!reader.readValType(type))
      return false;
  return true;
}

bool ModuleDecoder::fieldType(Reader &reader, FieldType &out) {
  uint8_t code, mutability;
  if (!reader.peekByte(code))
    return false;
  if (code == 0x78 || code == 0x77) {
    out.packed = code == 0x78 ? PackedKind::I8 : PackedKind::I16;
    out.type = ValType::i32();
    if (!reader.readByte(code))
      return false;
  } else if (!reader.readValType(out.type)) {
    return false;
  }
  size_t at = reader.offset();
  if (!reader.readByte(mutability))
    return false;
  if (mutability > 1)
    return reader.malformed(at, "malformed mutability");
  out.isMutable = mutability;
  return true;
}

} // namespace wasmc::wasm
