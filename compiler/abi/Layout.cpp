//===- Layout.cpp - Offsets of the runtime contract's structures --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/Layout.h"

#include <array>
#include <utility>

using namespace wasmc::abi;

namespace {
struct Row {
  Struct owner;
  FieldKind kind;
};
constexpr Row rows[] = {
#define WASMC_STRUCT(S)
#define WASMC_FIELD(S, K, F) {Struct::S, FieldKind::K},
#define WASMC_STRUCT_END(S)
#include "wasmc/abi/layout.def"
};
} // namespace

FieldKind Layout::kind(Field f) { return rows[static_cast<unsigned>(f)].kind; }

unsigned Layout::bytes(FieldKind kind) const {
  switch (kind) {
  case FieldKind::I32: return 4;
  case FieldKind::I64: return 8;
  case FieldKind::PTR:
  case FieldKind::WORD: return pointerWidth;
  }
  return 0;
}

static unsigned alignTo(unsigned value, unsigned align) { return (value + align - 1) & -align; }

Layout::Layout(unsigned pointerBytes)
    : pointerWidth(pointerBytes), sizes(static_cast<unsigned>(Struct::Count), 0) {
  for (const Row &row : rows) {
    unsigned &size = sizes[static_cast<unsigned>(row.owner)];
    unsigned width = bytes(row.kind);
    offsets.push_back(alignTo(size, width));
    size = offsets.back() + width;
  }
  for (unsigned &size : sizes)
    size = alignTo(size, 8);
}

std::pair<Field, Field> Layout::fields(Struct s) {
  unsigned first = 0;
  while (rows[first].owner != s)
    ++first;
  unsigned last = first;
  while (last != std::size(rows) && rows[last].owner == s)
    ++last;
  return {static_cast<Field>(first), static_cast<Field>(last)};
}
