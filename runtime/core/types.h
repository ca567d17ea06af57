//===- types.h - Types at run time ----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_CORE_TYPES_H
#define WASMC_CORE_TYPES_H

#include "text.h"

#include "abi.h"

namespace wasmc::rt {

/// A value type as descriptors, tables and globals hold it.
struct ValueType {
  uint32_t code;              ///< WASMC_VAL_*, with WASMC_VAL_NONNULL.
  const wasmc_type *heapType; ///< Of WASMC_VAL_TYPEDREF; else ignored.

  uint32_t kind() const { return code & ~uint32_t(WASMC_VAL_NONNULL); }
  bool isReference() const { return kind() >= WASMC_VAL_FUNCREF && kind() <= WASMC_VAL_TYPEDREF; }
  bool isNullable() const { return !(code & WASMC_VAL_NONNULL); }
};

/// What a funcref other than null refers to.
inline const wasmc_func *functionOf(wasmc_ref reference) {
  return reinterpret_cast<const wasmc_func *>(static_cast<uintptr_t>(reference));
}

/// Of a `table_type`, `table`, `global_type` or `wasmc_global`.
template <typename T> ValueType valueTypeOf(const T &declared) {
  return {declared.type, static_cast<const wasmc_type *>(declared.heap_type)};
}

/// Defined types are equal if their addresses are, or else if their texts are: a linker
/// need not merge copies.
bool equal(const wasmc_type *a, const wasmc_type *b);
bool equal(const ValueType &a, const ValueType &b);
/// Matching (3.3.3 to 3.3.5): whether any value of `sub` is one of `super`.
bool matches(const ValueType &sub, const ValueType &super);
/// Whether a reference that the host gives is one of `type`.
bool fits(wasmc_ref value, const ValueType &type);

Text &operator<<(Text &text, const wasmc_type *type);
/// As in the text format, defined types by their canonical text.
Text &operator<<(Text &text, const ValueType &type);

} // namespace wasmc::rt

#endif
