//===- Value.cpp - Values of a test script and what they are compared with -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Value.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace wasmc::wasm;

namespace wasmc::spec {

static Error unknown(const json::Value &json) {
  std::string text;
  raw_string_ostream(text) << json;
  return createStringError("value not known to the runner: " + text);
}

/// Host values of scripts are numbers; bit 0 of an externref must be clear and
/// 0 is null, hence the encoding.
static uint64_t hostReference(uint64_t number) { return (number + 1) << 1; }

static bool isReferenceName(StringRef type) {
  return StringSwitch<bool>(type)
      .Cases({"externref", "hostref", "funcref", "anyref", "eqref"}, true)
      .Cases({"i31ref", "structref", "arrayref", "exnref"}, true)
      .Default(false);
}

/// The bits of a number that a script gives in decimals.
static std::optional<uint64_t> number(const json::Object &object, unsigned width) {
  std::optional<StringRef> text = object.getString("value");
  uint64_t bits;
  if (!text || text->getAsInteger(10, bits))
    return std::nullopt;
  if (width == 32 && bits > UINT32_MAX)
    return std::nullopt;
  return bits;
}

static bool isNumber(StringRef name, ValKind kind) {
  return (name == "i32" && kind == ValKind::I32) || (name == "i64" && kind == ValKind::I64) ||
         (name == "f32" && kind == ValKind::F32) || (name == "f64" && kind == ValKind::F64);
}

static unsigned widthOf(ValKind kind) {
  return kind == ValKind::I32 || kind == ValKind::F32 ? 32 : 64;
}

/// `nan:canonical`: the quiet bit alone; `nan:arithmetic`: at least that. The
/// sign is free in both (4.3.3).
static bool isNaN(uint64_t bits, unsigned width, bool canonical) {
  uint64_t quiet = width == 32 ? 0x7fc00000u : 0x7ff8000000000000u;
  uint64_t unsignedBits = bits & (width == 32 ? 0x7fffffffu : 0x7fffffffffffffffu);
  return canonical ? unsignedBits == quiet : (unsignedBits & quiet) == quiet;
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

/// Bits of a lane of an `i8` ... `f64`; 0 where a script names none of these.
static unsigned laneWidth(const json::Object &object) {
  return StringSwitch<unsigned>(object.getString("lane_type").value_or(""))
      .Case("i8", 8)
      .Case("i16", 16)
      .Cases({"i32", "f32"}, 32)
      .Cases({"i64", "f64"}, 64)
      .Default(0);
}

/// The lanes of a vector as the script has them, if there are as many as there must be.
static const json::Array *lanesOf(const json::Object &object) {
  unsigned width = laneWidth(object);
  const json::Array *lanes = object.getArray("value");
  return width && lanes && lanes->size() == 128 / width ? lanes : nullptr;
}

static std::optional<uint64_t> laneBits(const json::Value &json, unsigned width) {
  std::optional<StringRef> text = json.getAsString();
  uint64_t bits;
  if (!text || text->getAsInteger(10, bits) || (width < 64 && bits >> width))
    return std::nullopt;
  return bits;
}

static Expected<Value> parseVector(const json::Object &object, const json::Value &json) {
  const json::Array *lanes = lanesOf(object);
  if (!lanes)
    return unknown(json);
  unsigned width = laneWidth(object);
  Value value{ValType::v128()};
  for (size_t i = 0; i < lanes->size(); ++i) {
    std::optional<uint64_t> bits = laneBits((*lanes)[i], width);
    if (!bits)
      return unknown(json);
    (i * width < 64 ? value.bits : value.high) |= *bits << (i * width % 64);
  }
  return value;
}

static Expected<bool> matchesVector(const Value &value, const json::Object &object,
                                    const json::Value &json) {
  const json::Array *lanes = lanesOf(object);
  if (!lanes)
    return unknown(json);
  if (value.type.kind != ValKind::V128)
    return false;
  unsigned width = laneWidth(object);
  bool areFloats = object.getString("lane_type")->starts_with("f");
  bool same = true;
  for (size_t i = 0; i < lanes->size(); ++i) {
    uint64_t half = i * width < 64 ? value.bits : value.high;
    uint64_t bits = half >> (i * width % 64) & (~uint64_t(0) >> (64 - width));
    std::optional<StringRef> text = (*lanes)[i].getAsString();
    if (text == "nan:canonical" || text == "nan:arithmetic") {
      same &= areFloats && isNaN(bits, width, text == "nan:canonical");
      continue;
    }
    std::optional<uint64_t> wanted = laneBits((*lanes)[i], width);
    if (!wanted)
      return unknown(json);
    same &= bits == *wanted;
  }
  return same;
}

//===----------------------------------------------------------------------===//
// All values
//===----------------------------------------------------------------------===//

Expected<Value> parseArgument(const json::Value &json, ValType type) {
  const json::Object *object = json.getAsObject();
  std::optional<StringRef> name = object ? object->getString("type") : std::nullopt;
  if (!name)
    return unknown(json);
  if (isNumber(*name, type.kind)) {
    if (std::optional<uint64_t> bits = number(*object, widthOf(type.kind)))
      return Value{type, *bits};
    return unknown(json);
  }
  if (*name == "v128" && type.kind == ValKind::V128)
    return parseVector(*object, json);
  if (!type.isRef())
    return unknown(json);
  if (*name == "refnull" || (isReferenceName(*name) && object->getString("value") == "null"))
    return Value{type, 0};
  if (*name == "externref" || *name == "hostref")
    if (std::optional<uint64_t> bits = number(*object, 64))
      return Value{type, hostReference(*bits)};
  return unknown(json);
}

static Expected<bool> matchesReference(const Value &value, StringRef name,
                                       const json::Object &object, const json::Value &json) {
  if (!value.type.isRef())
    return false;
  if (name == "refnull" || object.getString("value") == "null")
    return value.bits == 0;
  if (!isReferenceName(name))
    return unknown(json);
  HeapKind heap = value.type.ref.heap.kind;
  bool isExternal = heap == HeapKind::Extern || heap == HeapKind::NoExtern;
  if (name == "externref" || name == "hostref") {
    if (!object.get("value"))
      return value.bits != 0 && isExternal;
    std::optional<uint64_t> bits = number(object, 64);
    if (!bits)
      return unknown(json);
    return value.bits == hostReference(*bits);
  }
  // Any reference of the kind. The static type of the result has been checked
  // by the validator; what is left to see is that there is a reference.
  return value.bits != 0 && !isExternal;
}

Expected<bool> matches(const Value &value, const json::Value &expected) {
  const json::Object *object = expected.getAsObject();
  std::optional<StringRef> name = object ? object->getString("type") : std::nullopt;
  if (!name)
    return unknown(expected);
  if (*name == "either") {
    const json::Array *values = object->getArray("values");
    if (!values || values->empty())
      return unknown(expected);
    for (const json::Value &one : *values) {
      Expected<bool> matched = matches(value, one);
      if (!matched || *matched)
        return matched;
    }
    return false;
  }
  if (*name == "v128")
    return matchesVector(value, *object, expected);
  if (*name != "i32" && *name != "i64" && *name != "f32" && *name != "f64")
    return matchesReference(value, *name, *object, expected);
  if (!isNumber(*name, value.type.kind))
    return false;
  unsigned width = widthOf(value.type.kind);
  std::optional<StringRef> text = object->getString("value");
  if (text == "nan:canonical" || text == "nan:arithmetic")
    return name->starts_with("f") && isNaN(value.bits, width, text == "nan:canonical");
  std::optional<uint64_t> bits = number(*object, width);
  if (!bits)
    return unknown(expected);
  return value.bits == *bits;
}

/// Four words, the low one first.
static void printWords(raw_ostream &os, const Value &value) {
  for (uint64_t half : {value.bits, value.high})
    os << format(" 0x%08x 0x%08x", uint32_t(half), uint32_t(half >> 32));
}

std::string toString(const Value &value) {
  std::string text = wasm::toString(value.type);
  raw_string_ostream os(text);
  switch (value.type.kind) {
  case ValKind::I32: os << " " << uint32_t(value.bits); break;
  case ValKind::F32:
    os << " " << value.bits << " ("
       << format("0x%08x, %g", uint32_t(value.bits), bit_cast<float>(uint32_t(value.bits))) << ")";
    break;
  case ValKind::F64:
    os << " " << value.bits << " (" << format_hex(value.bits, 18) << ", "
       << format("%g", bit_cast<double>(value.bits)) << ")";
    break;
  case ValKind::V128: printWords(os << " i32x4", value); break;
  case ValKind::Ref:
    if (!value.bits)
      os << " null";
    else if (value.type.ref.heap.kind == HeapKind::Extern)
      os << " host " << (value.bits >> 1) - 1;
    else
      os << " not null";
    break;
  default: os << " " << value.bits;
  }
  return text;
}

std::string toString(const std::vector<Value> &values) {
  std::string text;
  for (const Value &value : values)
    text += (text.empty() ? "" : ", ") + toString(value);
  return text.empty() ? "no results" : text;
}

std::string toInterpreterText(const Value &value) {
  std::string text = wasm::toString(value.type);
  raw_string_ostream os(text);
  if (value.type.kind == ValKind::V128) {
    os << " i32x4:";
    std::string words;
    raw_string_ostream wordStream(words);
    printWords(wordStream, value);
    os << StringRef(words).ltrim();
    return text;
  }
  os << ":";
  switch (value.type.kind) {
  case ValKind::I32: os << uint32_t(value.bits); break;
  case ValKind::F32: os << format("%f", bit_cast<float>(uint32_t(value.bits))); break;
  case ValKind::F64: os << format("%f", bit_cast<double>(value.bits)); break;
  case ValKind::Ref:
    // The interpreter numbers its objects; only null has the same number here.
    os << (value.bits ? "1" : "0");
    break;
  default: os << value.bits;
  }
  return text;
}

} // namespace wasmc::spec
