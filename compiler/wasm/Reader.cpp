//===- Reader.cpp - A bounds-checked cursor over the binary format ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Reader.h"

#include "llvm/Support/ConvertUTF.h"

namespace wasmc::wasm {

bool Reader::fail(ErrorKind kind, size_t at, const llvm::Twine &message) {
  failure = std::make_unique<WasmError>(kind, at, message.str(), function);
  return false;
}

bool Reader::endOfInput() {
  return malformed(range.offset + range.bytes.size(), "unexpected end of section or function");
}

bool Reader::needSlow(Feature feature, size_t at, llvm::StringRef what) {
  if (!features.has(feature)) {
    failure = unsupported(feature, at, what.str(), function);
    return false;
  }
  needs.set(feature);
  if (record)
    record->try_emplace(feature, at);
  return true;
}

bool Reader::readByte(uint8_t &out) {
  if (atEnd())
    return endOfInput();
  out = range.bytes[pos++];
  return true;
}

bool Reader::peekByte(uint8_t &out) {
  if (atEnd())
    return endOfInput();
  out = range.bytes[pos];
  return true;
}

/// LEB128 as 5.2.2 restricts it: at most ceil(Bits / 7) bytes, and in the last
/// of these the bits past `Bits` are zeros, or copies of the sign.
template <unsigned Bits, bool Signed> bool Reader::readLEB(uint64_t &out) {
  constexpr unsigned maxBytes = (Bits + 6) / 7;
  constexpr unsigned lastBits = Bits - 7 * (maxBytes - 1);
  uint64_t value = 0;
  for (unsigned i = 0; i < maxBytes; ++i) {
    if (atEnd())
      return endOfInput();
    uint8_t byte = range.bytes[pos++];
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte & 0x80)
      continue;
    if (i == maxBytes - 1) {
      // The sign bit and those above it, or only those above the value.
      constexpr unsigned kept = Signed ? lastBits - 1 : lastBits;
      uint8_t high = (byte & 0x7f) >> kept;
      constexpr uint8_t ones = 0x7f >> kept;
      if (high != 0 && !(Signed && high == ones))
        return malformed(offset() - 1, "integer too large");
    }
    if (unsigned bits = 7 * (i + 1); Signed && bits < 64 && (byte & 0x40))
      value |= ~uint64_t(0) << bits;
    out = value;
    return true;
  }
  return malformed(offset() - 1, "integer representation too long");
}

bool Reader::readU32(uint32_t &out) {
  uint64_t value;
  if (!readLEB<32, false>(value))
    return false;
  out = static_cast<uint32_t>(value);
  return true;
}

bool Reader::readU64(uint64_t &out) { return readLEB<64, false>(out); }

bool Reader::readS32(uint32_t &out) {
  uint64_t value;
  if (!readLEB<32, true>(value))
    return false;
  out = static_cast<uint32_t>(value);
  return true;
}

bool Reader::readS33(int64_t &out) {
  uint64_t value;
  if (!readLEB<33, true>(value))
    return false;
  out = static_cast<int64_t>(value);
  return true;
}

bool Reader::readS64(uint64_t &out) { return readLEB<64, true>(out); }

bool Reader::readFixed(unsigned bytes, uint64_t &out) {
  Bytes raw;
  if (!readBytes(bytes, raw))
    return false;
  out = 0;
  for (unsigned i = 0; i < bytes; ++i)
    out |= static_cast<uint64_t>(raw[i]) << (8 * i);
  return true;
}

bool Reader::readBytes(size_t size, Bytes &out) {
  if (size > remaining())
    return endOfInput();
  out = range.bytes.subspan(pos, size);
  pos += size;
  return true;
}

bool Reader::readRange(size_t size, Section &out) {
  out.offset = offset();
  return readBytes(size, out.bytes);
}

bool Reader::readName(std::string_view &out, const char *what) {
  uint32_t size;
  if (!readU32(size))
    return false;
  size_t at = offset();
  if (size > remaining())
    return malformed(at, "length out of bounds: unexpected end of section or function in " +
                             llvm::Twine(what));
  Bytes raw;
  if (!readBytes(size, raw))
    return false;
  const llvm::UTF8 *text = raw.data();
  if (!llvm::isLegalUTF8String(&text, text + raw.size()))
    return malformed(at, "malformed UTF-8 encoding of " + llvm::Twine(what));
  out = {reinterpret_cast<const char *>(raw.data()), raw.size()};
  return true;
}

bool Reader::readCount(uint32_t &out, uint32_t limit, const char *what) {
  size_t at = offset();
  if (!readU32(out))
    return false;
  if (out > remaining())
    return malformed(at, "unexpected end of section or function: " + llvm::Twine(out) + " " + what +
                             " in " + llvm::Twine(remaining()) + " bytes");
  if (out > limit)
    return fail(ErrorKind::Limit, at,
                llvm::Twine(out) + " " + what + ", more than the limit of " + llvm::Twine(limit));
  return true;
}

//===----------------------------------------------------------------------===//
// Types (5.3)
//===----------------------------------------------------------------------===//

/// Takes the code of an abstract heap type; false, without an error, where
/// `code` is none.
static bool abstractHeapKind(uint8_t code, HeapKind &kind) {
  static constexpr HeapKind kinds[] = {HeapKind::Exn,      HeapKind::Array,  HeapKind::Struct,
                                       HeapKind::I31,      HeapKind::Eq,     HeapKind::Any,
                                       HeapKind::Extern,   HeapKind::Func,   HeapKind::None,
                                       HeapKind::NoExtern, HeapKind::NoFunc, HeapKind::NoExn};
  if (code < 0x69 || code > 0x74)
    return false;
  kind = kinds[code - 0x69];
  return true;
}

static Feature featureOf(HeapKind kind) {
  switch (kind) {
  case HeapKind::Func:
  case HeapKind::Extern: return Feature::ReferenceTypes;
  case HeapKind::Exn:
  case HeapKind::NoExn: return Feature::Exceptions;
  case HeapKind::Concrete: return Feature::FunctionReferences;
  default: return Feature::GC;
  }
}

bool Reader::readAbstract(uint8_t code, HeapType &out, size_t at) {
  HeapKind kind = HeapKind::Func;
  if (!abstractHeapKind(code, kind))
    return malformed(at, "malformed reference type");
  out = {kind, 0};
  return need(featureOf(kind), at, heapName(kind));
}

bool Reader::readHeapType(HeapType &out) {
  size_t at = offset();
  uint8_t code;
  if (!peekByte(code))
    return false;
  if ((code & 0xc0) == 0x40)
    return readByte(code) && readAbstract(code, out, at);
  int64_t index;
  if (!readS33(index))
    return false;
  if (index < 0)
    return malformed(at, "malformed heap type");
  out = {HeapKind::Concrete, static_cast<uint32_t>(index)};
  return need(Feature::FunctionReferences, at, "a reference to a defined type");
}

bool Reader::readRefType(RefType &out) {
  size_t at = offset();
  uint8_t code;
  if (!readByte(code))
    return false;
  if (code == 0x63 || code == 0x64) {
    out.nullable = code == 0x63;
    return need(Feature::FunctionReferences, at, "a typed reference") && readHeapType(out.heap);
  }
  out.nullable = true;
  return readAbstract(code, out.heap, at);
}

bool Reader::readValType(ValType &out) {
  size_t at = offset();
  uint8_t code;
  if (!peekByte(code))
    return false;
  switch (code) {
  case 0x7f: out = ValType::i32(); return readByte(code);
  case 0x7e: out = ValType::i64(); return readByte(code);
  case 0x7d: out = ValType::f32(); return readByte(code);
  case 0x7c: out = ValType::f64(); return readByte(code);
  case 0x7b: out = ValType::v128(); return readByte(code) && need(Feature::SIMD, at, "v128");
  }
  HeapKind kind;
  if (code != 0x63 && code != 0x64 && !abstractHeapKind(code, kind))
    return malformed(at, "malformed value type");
  out.kind = ValKind::Ref;
  return readRefType(out.ref);
}

bool Reader::readBlockType(BlockType &out) {
  size_t at = offset();
  uint8_t code;
  if (!peekByte(code))
    return false;
  out = {};
  if (code == 0x40)
    return readByte(code);
  if ((code & 0xc0) == 0x40) {
    out.kind = BlockType::Value;
    return readValType(out.value);
  }
  int64_t index;
  if (!readS33(index))
    return false;
  if (index < 0)
    return malformed(at, "malformed block type");
  out.kind = BlockType::TypeIndex;
  out.index = static_cast<uint32_t>(index);
  return need(Feature::MultiValue, at, "a block with a function type");
}

} // namespace wasmc::wasm
