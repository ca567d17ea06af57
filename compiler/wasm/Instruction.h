//===- Instruction.h - One decoded operator with its immediates -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_INSTRUCTION_H
#define WASMC_COMPILER_WASM_INSTRUCTION_H

#include "Opcodes.h"
#include "Types.h"

#include <array>
#include <vector>

namespace wasmc::wasm {

/// A block type (5.4.1).
struct BlockType {
  enum Kind : uint8_t { Empty, Value, TypeIndex } kind = Empty;
  ValType value;      ///< `Value`: the single result.
  uint32_t index = 0; ///< `TypeIndex`: a function type.
};

enum class CatchKind : uint8_t { Catch, CatchRef, CatchAll, CatchAllRef };

struct CatchClause {
  CatchKind kind;
  uint32_t tag;   ///< `Catch`, `CatchRef`.
  uint32_t label;
};

/// An operator as decoded. Which members are meaningful follows from
/// `info(op).immediates`. One object is reused for a whole function, so that
/// the vectors allocate once.
struct Instruction {
  Opcode op = Opcode::Nop;
  FeatureSet needs;             ///< Proposals that operator and encoding belong to.
  size_t offset = 0;            ///< Of the first byte, from the start of the module.
  uint32_t index = 0;           ///< Label, function, type, local, global, table, tag,
                                ///< element or data segment; destination of a copy.
  uint32_t index2 = 0;          ///< Table of call_indirect / table.init, memory of
                                ///< memory.init, source of a copy, field, second type.
  uint32_t memory = 0;          ///< Memory index of a memarg or memory.size/grow/fill.
  uint32_t alignLog2 = 0;       ///< Alignment hint of a memarg. Never to be trusted.
  uint64_t value = 0;           ///< Bits of a constant, offset of a memarg, array length.
  uint8_t lane = 0;
  std::array<uint8_t, 16> bytes{}; ///< v128 constant or shuffle lanes.
  BlockType block;
  RefType type;                 ///< ref.null, ref.test/cast; source type of br_on_cast.
  RefType type2;                ///< Target type of br_on_cast.
  std::vector<uint32_t> labels; ///< br_table: all targets, the default last.
  std::vector<ValType> types;   ///< select with types.
  std::vector<CatchClause> catches;
};

} // namespace wasmc::wasm

#endif
