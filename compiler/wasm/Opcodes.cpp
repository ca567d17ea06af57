//===- Opcodes.cpp - The operators, expanded from Opcodes.def --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Opcodes.h"

#include <array>

namespace wasmc::wasm {

static constexpr OpcodeInfo table[] = {
#define WASMC_OP(Enum, Text, Prefix, Code, Imm, Feat, Signature, Bytes)                            \
  {Text, Prefix, Code, Immediates::Imm, Feature::Feat, Signature, Bytes},
#include "wasm/Opcodes.def"
};

const OpcodeInfo &info(Opcode op) { return table[static_cast<size_t>(op)]; }

namespace {

/// No operator has a number past this: 0xfd 0x113 is the last.
constexpr size_t codesPerPrefix = 0x114;
constexpr size_t prefixes = 5;

/// Row of the code table for a prefix byte, or `prefixes` where it is none.
constexpr size_t prefixRow(uint8_t prefix) {
  if (prefix == 0)
    return 0;
  return prefix >= 0xfb && prefix <= 0xfe ? prefix - 0xfb + 1 : prefixes;
}

using CodeTable = std::array<std::array<Opcode, codesPerPrefix>, prefixes>;

/// Inverts the operator table, so that decoding is one load.
constexpr CodeTable invert() {
  CodeTable codes{};
  for (auto &row : codes)
    row.fill(Opcode::Count);
  for (size_t i = 0; i < std::size(table); ++i)
    codes[prefixRow(table[i].prefix)][table[i].code] = static_cast<Opcode>(i);
  return codes;
}

constexpr CodeTable byCode = invert();

} // namespace

Opcode opcodeByCode(uint8_t prefix, uint32_t code) {
  size_t row = prefixRow(prefix);
  return row < prefixes && code < codesPerPrefix ? byCode[row][code] : Opcode::Count;
}

} // namespace wasmc::wasm
