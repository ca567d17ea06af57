//===- layout.h - Offsets of layout.def for any pointer width -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler asks here where a field of layout.def lies on a target with
// pointers of 4 or 8 bytes; the runtime asserts that its own structures agree.
// Header-only, constexpr, without any library. C++20.
//
//   layout::offset(layout::Field::memory_size, 8)
//   layout::size(layout::Struct::memory, 4)
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_ABI_LAYOUT_H
#define WASMC_ABI_LAYOUT_H

#include <stdint.h>

namespace wasmc::layout {

/// Kinds of fields; see layout.def.
enum class Kind : uint8_t { PTR, I32, I64, WORD };

/// One enumerator per structure: Struct::func, Struct::type, ...
enum class Struct : uint8_t {
#define WASMC_STRUCT(S) S,
#define WASMC_FIELD(S, K, N)
#define WASMC_STRUCT_END(S)
#include "layout.def"
};

/// One enumerator per field, in the order of the file: Field::func_code, ...
enum class Field : uint8_t {
#define WASMC_STRUCT(S)
#define WASMC_FIELD(S, K, N) S##_##N,
#define WASMC_STRUCT_END(S)
#include "layout.def"
};

struct Row {
  Struct owner;
  Kind kind;
  const char *name;
};

/// The fields of all structures, indexed by `Field`.
inline constexpr Row rows[] = {
#define WASMC_STRUCT(S)
#define WASMC_FIELD(S, K, N) {Struct::S, Kind::K, #N},
#define WASMC_STRUCT_END(S)
#include "layout.def"
};
inline constexpr unsigned numRows = sizeof(rows) / sizeof(rows[0]);

/// Bytes of a field, which is also its alignment, with pointers of
/// `pointerBytes` (4 or 8).
constexpr uint32_t kindSize(Kind kind, unsigned pointerBytes) {
  switch (kind) {
  case Kind::I32:
    return 4;
  case Kind::I64:
    return 8;
  case Kind::PTR:
  case Kind::WORD:
    break;
  }
  return pointerBytes;
}

constexpr uint32_t alignTo(uint32_t offset, uint32_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

constexpr Kind kind(Field field) { return rows[static_cast<unsigned>(field)].kind; }

/// Offset in bytes of a field in its structure.
constexpr uint32_t offset(Field field, unsigned pointerBytes) {
  const unsigned last = static_cast<unsigned>(field);
  uint32_t end = 0, start = 0;
  for (unsigned row = 0; row <= last; ++row) {
    if (rows[row].owner != rows[last].owner)
      continue;
    const uint32_t bytes = kindSize(rows[row].kind, pointerBytes);
    start = alignTo(end, bytes);
    end = start + bytes;
  }
  return start;
}

/// Size in bytes of a structure: the end of its last field, rounded up to 8.
constexpr uint32_t size(Struct owner, unsigned pointerBytes) {
  uint32_t end = 0;
  for (unsigned row = 0; row != numRows; ++row) {
    if (rows[row].owner != owner)
      continue;
    const uint32_t bytes = kindSize(rows[row].kind, pointerBytes);
    end = alignTo(end, bytes) + bytes;
  }
  return alignTo(end, 8);
}

} // namespace wasmc::layout

#endif
