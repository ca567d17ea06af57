//===- Layout.h - Offsets of the runtime contract's structures ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler's expansion of runtime/include/wasmc/abi/layout.def. Offsets
// depend on nothing but the target's pointer width.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_ABI_LAYOUT_H
#define WASMC_COMPILER_ABI_LAYOUT_H

#include <cstdint>
#include <vector>

namespace wasmc::abi {

enum class Struct : uint8_t {
#define WASMC_STRUCT(S) S,
#define WASMC_FIELD(S, K, F)
#define WASMC_STRUCT_END(S)
#include "wasmc/abi/layout.def"
  Count
};

/// `Field::instance_module` is the field `module` of the structure `instance`.
enum class Field : uint16_t {
#define WASMC_STRUCT(S)
#define WASMC_FIELD(S, K, F) S##_##F,
#define WASMC_STRUCT_END(S)
#include "wasmc/abi/layout.def"
  Count
};

enum class FieldKind : uint8_t { PTR, I32, I64, WORD };

class Layout {
public:
  explicit Layout(unsigned pointerBytes);
  unsigned pointerBytes() const { return pointerWidth; }
  unsigned offset(Field f) const { return offsets[static_cast<unsigned>(f)]; }
  unsigned size(Struct s) const { return sizes[static_cast<unsigned>(s)]; }
  unsigned bytes(FieldKind kind) const;
  static FieldKind kind(Field f);
  /// First field of a structure and the one behind its last.
  static std::pair<Field, Field> fields(Struct s);

private:
  unsigned pointerWidth;
  std::vector<unsigned> offsets, sizes;
};

} // namespace wasmc::abi

#endif
