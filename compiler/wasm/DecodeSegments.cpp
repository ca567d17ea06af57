//===- DecodeSegments.cpp - Element, data and code sections (5.5) ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Decode.h"
#include "wasm/Limits.h"
#include "wasm/ModuleDecoder.h"

namespace wasmc::wasm {

/// The only way to find the end of an expression is to decode it. That it is
/// constant is a matter of validation.
bool ModuleDecoder::constExpr(Reader &reader, ConstExpr &out) {
  size_t start = reader.offset();
  uint64_t depth = 1;
  while (depth > 0) {
    if (!decodeOperator(reader, scratch))
      return false;
    Immediates kind = info(scratch.op).immediates;
    if (kind == Immediates::Block || kind == Immediates::TryTable)
      ++depth;
    else if (scratch.op == Opcode::End || scratch.op == Opcode::Delegate)
      --depth;
  }
  out = reader.since(start);
  return true;
}

//===----------------------------------------------------------------------===//
// Element section (5.5.12)
//===----------------------------------------------------------------------===//

bool ModuleDecoder::elementSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::elementSegments, "element segments"))
    return false;
  module.elements.reserve(count);
  while (count--)
    if (!elementSegment(reader))
      return false;
  return true;
}

/// Bit 0 of the flags: not active. Bit 1: declarative, or with a table index.
/// Bit 2: the elements are expressions.
bool ModuleDecoder::elementSegment(Reader &reader) {
  ElementSegment &segment = module.elements.emplace_back();
  segment.offset = reader.offset();
  uint32_t flags;
  if (!reader.readU32(flags))
    return false;
  if (flags > 7)
    return reader.malformed(segment.offset, "malformed elements segment kind");
  bool isActive = !(flags & 1), hasIndexOrDeclares = flags & 2, areExprs = flags & 4;
  if (flags && !reader.need(Feature::BulkMemory, segment.offset, "an element segment with flags"))
    return false;
  segment.mode = isActive             ? SegmentMode::Active
                 : hasIndexOrDeclares ? SegmentMode::Declarative
                                      : SegmentMode::Passive;
  if (segment.mode == SegmentMode::Declarative &&
      !reader.need(Feature::ReferenceTypes, segment.offset, "a declarative element segment"))
    return false;
  if (isActive) {
    size_t at = reader.offset();
    if (hasIndexOrDeclares && !reader.readU32(segment.table))
      return false;
    if (segment.table && !reader.need(Feature::ReferenceTypes, at, "a table index"))
      return false;
    if (!constExpr(reader, segment.offsetExpr))
      return false;
  }
  segment.type = {areExprs, {HeapKind::Func, 0}};
  if (!(flags & 3)) // No type is given: functions.
    return elementItems(reader, areExprs, segment);
  size_t at = reader.offset();
  uint8_t kind;
  if (!reader.peekByte(kind))
    return false;
  bool isPlain = kind == (areExprs ? 0x70 : 0x00);
  if (!areExprs && !isPlain)
    return reader.malformed(at, "malformed element kind");
  if (!(isPlain ? reader.readByte(kind) : reader.readRefType(segment.type)))
    return false;
  return elementItems(reader, areExprs, segment);
}

bool ModuleDecoder::elementItems(Reader &reader, bool areExprs, ElementSegment &out) {
  uint32_t count;
  if (!reader.readCount(count, limits::elementsPerSegment, "elements"))
    return false;
  if (!areExprs) {
    out.functions.resize(count);
    for (uint32_t &function : out.functions)
      if (!reader.readU32(function))
        return false;
    return true;
  }
  out.exprs.resize(count);
  for (ConstExpr &expr : out.exprs)
    if (!constExpr(reader, expr))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Data sections (5.5.14, 5.5.16)
//===----------------------------------------------------------------------===//

bool ModuleDecoder::dataCountSection(Reader &reader) {
  return reader.need(Feature::BulkMemory, reader.offset(), "a data count section") &&
         reader.readU32(module.dataCount.emplace());
}

bool ModuleDecoder::dataSection(Reader &reader) {
  uint32_t count;
  if (!reader.readCount(count, limits::dataSegments, "data segments"))
    return false;
  module.data.reserve(count);
  while (count--)
    if (!dataSegment(reader))
      return false;
  return true;
}

bool ModuleDecoder::dataSegment(Reader &reader) {
  DataSegment &segment = module.data.emplace_back();
  segment.offset = reader.offset();
  uint32_t flags, size;
  if (!reader.readU32(flags))
    return false;
  if (flags > 2)
    return reader.malformed(segment.offset, "malformed data segment kind");
  if (flags && !reader.need(Feature::BulkMemory, segment.offset, "a data segment with flags"))
    return false;
  segment.mode = flags == 1 ? SegmentMode::Passive : SegmentMode::Active;
  size_t at = reader.offset();
  if (flags == 2 && !reader.readU32(segment.memory))
    return false;
  if (segment.memory && !reader.need(Feature::MultiMemory, at, "a memory index"))
    return false;
  if (flags != 1 && !constExpr(reader, segment.offsetExpr))
    return false;
  return reader.readU32(size) && reader.readBytes(size, segment.bytes);
}

//===----------------------------------------------------------------------===//
// Code section (5.5.13)
//===----------------------------------------------------------------------===//

bool ModuleDecoder::codeSection(Reader &reader) {
  module.codeOffset = codeCountOffset = reader.offset();
  if (!reader.readCount(codeCount, limits::functions, "function bodies"))
    return false;
  size_t next = module.numImportedFunctions();
  if (codeCount != module.functions.size() - next)
    return reader.malformed(codeCountOffset,
                            "function and code section have inconsistent lengths: " +
                                llvm::Twine(module.functions.size() - next) + " and " +
                                llvm::Twine(codeCount));
  for (; next < module.functions.size(); ++next) {
    size_t at = reader.offset();
    uint32_t size;
    if (!reader.readU32(size))
      return false;
    if (!reader.readRange(size, module.functions[next].body))
      return false;
    if (size > limits::bodyBytes)
      return reader.fail(ErrorKind::Limit, at,
                         "a body of " + llvm::Twine(size) + " bytes, more than the limit of " +
                             llvm::Twine(limits::bodyBytes));
  }
  return true;
}

} // namespace wasmc::wasm
