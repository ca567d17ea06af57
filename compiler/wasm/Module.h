//===- Module.h - A decoded WebAssembly module -----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The immutable result of decoding. Byte ranges and names are views into the
// input, which must outlive the module.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_MODULE_H
#define WASMC_COMPILER_WASM_MODULE_H

#include "Features.h"
#include "Types.h"

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace wasmc::wasm {

using Bytes = std::span<const uint8_t>;

/// The numbering is that of the binary format (5.5.5).
enum class ExternKind : uint8_t { Func, Table, Memory, Global, Tag };

/// A range of the input and where it begins, for diagnostics.
struct Section {
  Bytes bytes;
  size_t offset = 0;
};

/// A constant expression: its instructions with the final `end`.
using ConstExpr = Section;

/// Identifies an import; the entity itself stands in its index space.
struct Import {
  std::string_view module;
  std::string_view name;
  ExternKind kind;
  uint32_t index;   ///< In the index space of its kind.
  size_t offset;
};

struct Export {
  std::string_view name;
  ExternKind kind;
  uint32_t index;
  size_t offset;
};

/// An entity with `import` set is the module's `imports[*import]`.
struct Function {
  uint32_t type = 0;
  std::optional<uint32_t> import;
  Section body;                ///< Local declarations and code, without the size.
  /// Occurs outside function bodies (element segment, export, global): may be
  /// the operand of ref.func (C.refs of 3.1).
  bool isDeclared = false;
};

struct Table {
  TableType type;
  std::optional<uint32_t> import;
  std::optional<ConstExpr> init;
  size_t offset = 0;
};

struct Memory {
  MemoryType type;
  std::optional<uint32_t> import;
  size_t offset = 0;
};

struct Global {
  GlobalType type;
  std::optional<uint32_t> import;
  ConstExpr init;
  size_t offset = 0;
};

struct Tag {
  uint32_t type = 0;
  std::optional<uint32_t> import;
  size_t offset = 0;
};

enum class SegmentMode : uint8_t { Active, Passive, Declarative };

struct ElementSegment {
  SegmentMode mode = SegmentMode::Active;
  uint32_t table = 0;
  ConstExpr offsetExpr;            ///< Active only.
  RefType type;
  /// Either function indices or expressions, never both.
  std::vector<uint32_t> functions;
  std::vector<ConstExpr> exprs;
  size_t offset = 0;
  size_t size() const { return functions.empty() ? exprs.size() : functions.size(); }
};

struct DataSegment {
  SegmentMode mode = SegmentMode::Active;
  uint32_t memory = 0;
  ConstExpr offsetExpr;            ///< Active only.
  Bytes bytes;
  size_t offset = 0;
};

struct CustomSection {
  std::string_view name;
  Bytes bytes;
  size_t offset = 0;
};

/// Of a `br_if` or `if`, from the section `metadata.code.branch_hint`.
struct BranchHint {
  uint32_t function;
  uint32_t offset;  ///< Of the operator, from the function's local declarations on.
  bool isLikely;    ///< The condition is; else it is unlikely.
};

struct Module {
  Bytes bytes;                     ///< The whole input.
  std::vector<SubType> types;
  std::vector<Import> imports;
  std::vector<Function> functions; ///< Imported ones first, as in all index spaces.
  std::vector<Table> tables;
  std::vector<Memory> memories;
  std::vector<Global> globals;
  std::vector<Tag> tags;
  std::vector<Export> exports;
  std::optional<uint32_t> start;
  size_t startOffset = 0;          ///< Of the start section's contents.
  std::vector<ElementSegment> elements;
  std::vector<DataSegment> data;
  std::optional<uint32_t> dataCount;
  std::vector<CustomSection> customs;
  size_t codeOffset = 0;           ///< Of the code section's contents: DWARF counts from here.

  /// From the `name` section; a malformed one is ignored, as 7.4.1 demands.
  std::string_view name;
  std::map<uint32_t, std::string_view> functionNames;
  std::map<uint32_t, std::string_view> globalNames;
  /// By function, then by offset; empty where the section is malformed.
  std::vector<BranchHint> branchHints;
  /// The first export of each exported function.
  std::map<uint32_t, std::string_view> exportedFunctionNames;

  /// Proposals that the module needs beyond the MVP, found by decoding and
  /// validation, each with the offset of its first use.
  std::map<Feature, size_t> required;
  /// Offset of the first operator that makes, reads or casts objects of the gc
  /// proposal, found by validation: such operators are not lowered, gc's types are.
  std::optional<size_t> objects;

  uint32_t numImportedFunctions() const;
  const FuncType &funcType(uint32_t function) const { return types[functions[function].type].func; }
  std::span<const BranchHint> branchHintsOf(uint32_t function) const;
  /// The name from the name section, else an export's name, else empty.
  std::string_view functionName(uint32_t function) const;
};

} // namespace wasmc::wasm

#endif
