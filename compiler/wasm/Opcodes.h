//===- Opcodes.h - The operators, expanded from Opcodes.def ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_OPCODES_H
#define WASMC_COMPILER_WASM_OPCODES_H

#include "Features.h"

#include <cstdint>
#include <string_view>

namespace wasmc::wasm {

/// One per row of Opcodes.def, the only list of operators.
enum class Opcode : uint16_t {
#define WASMC_OP(Enum, Text, Prefix, Code, Imm, Feat, Signature, Bytes) Enum,
#include "Opcodes.def"
  Count
};

/// What follows an opcode in the binary format (5.4).
enum class Immediates : uint8_t {
  None,
  Block,         ///< block type
  Label,         ///< label index
  LabelTable,    ///< vector of label indices, default label index
  Function,      ///< function index
  Type,          ///< type index
  CallIndirect,  ///< type index, table index
  Tag,           ///< tag index
  TryTable,      ///< block type, vector of catch clauses
  Local,         ///< local index
  Global,        ///< global index
  Table,         ///< table index
  TableCopy,     ///< destination and source table index
  TableInit,     ///< element segment index, table index
  Elem,          ///< element segment index
  Memory,        ///< memory index
  MemoryCopy,    ///< destination and source memory index
  MemoryInit,    ///< data segment index, memory index
  Data,          ///< data segment index
  MemArg,        ///< alignment (with memory index), offset
  MemArgLane,    ///< memarg, lane index
  Lane,          ///< lane index
  Shuffle,       ///< 16 lane indices
  I32, I64, F32, F64, V128,
  SelectTypes,   ///< vector of value types
  HeapType,      ///< heap type
  RefTypeCast,   ///< heap type of ref.test / ref.cast; nullability is in the opcode
  BrOnCast,      ///< flags, label index, two heap types
  StructField,   ///< type index, field index
  ArrayFixed,    ///< type index, length
  ArrayData,     ///< type index, data segment index
  ArrayElem,     ///< type index, element segment index
  ArrayCopy,     ///< two type indices
  Fence,         ///< one zero byte
};

struct OpcodeInfo {
  std::string_view text;      ///< As in the text format: `i32.load8_s`.
  uint8_t prefix;             ///< 0, 0xfb, 0xfc, 0xfd or 0xfe.
  uint32_t code;              ///< The opcode, or its number behind the prefix.
  Immediates immediates;
  Feature feature;            ///< The proposal that it belongs to.
  /// Operands and results, `il:d`: `i` i32, `l` i64, `f` f32, `d` f64, `v`
  /// v128, `a` the address type of the memory named by the immediate. `*`
  /// where the type depends on context: the validator has a rule by hand.
  std::string_view signature;
  uint8_t bytes;              ///< Bytes of memory that it accesses, 0 for none.
};

const OpcodeInfo &info(Opcode op);
/// `Opcode::Count` where there is no such operator.
Opcode opcodeByCode(uint8_t prefix, uint32_t code);

} // namespace wasmc::wasm

#endif
