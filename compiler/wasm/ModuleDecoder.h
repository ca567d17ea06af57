//===- ModuleDecoder.h - The state of decoding a module --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_MODULEDECODER_H
#define WASMC_COMPILER_WASM_MODULEDECODER_H

#include "Reader.h"

namespace wasmc::wasm {

/// The numbering is that of 5.5.2.
enum class SectionId : uint8_t {
  Custom,
  Type,
  Import,
  Function,
  Table,
  Memory,
  Global,
  Export,
  Start,
  Element,
  Code,
  Data,
  DataCount,
  Tag,
  Count
};

/// Each member function decodes the part that it is named after; false means
/// that the reader it was given, or `top`, holds the error.
class ModuleDecoder {
public:
  ModuleDecoder(Bytes bytes, const FeatureSet &features)
      : top({bytes, 0}, features, &module.required) {
    module.bytes = bytes;
  }
  llvm::Expected<Module> run();

private:
  bool decodeAll();
  bool decodeHeader();
  bool decodeSection();
  bool checkOrder(SectionId id, size_t at);
  bool dispatch(SectionId id, Reader &reader);
  bool checkCounts();

  // DecodeTypes.cpp
  bool typeSection(Reader &reader);
  bool recGroup(Reader &reader);
  bool subType(Reader &reader, uint32_t groupStart, uint32_t groupSize);
  bool compositeType(Reader &reader, uint8_t form, size_t at, SubType &out);
  bool funcType(Reader &reader, FuncType &out);
  bool fieldType(Reader &reader, FieldType &out);
  bool resultType(Reader &reader, ResultType &out, uint32_t limit, const char *what);

  // DecodeModule.cpp
  bool importSection(Reader &reader);
  bool importEntry(Reader &reader);
  bool importedEntity(Reader &reader, Import &import, uint32_t number, size_t at);
  bool functionSection(Reader &reader);
  bool tableSection(Reader &reader);
  bool memorySection(Reader &reader);
  bool tagSection(Reader &reader);
  bool globalSection(Reader &reader);
  bool exportSection(Reader &reader);
  bool startSection(Reader &reader);
  bool limits(Reader &reader, uint8_t flags, Limits &out);
  bool tableType(Reader &reader, TableType &out);
  bool memoryType(Reader &reader, MemoryType &out);
  bool globalType(Reader &reader, GlobalType &out);
  bool tagType(Reader &reader, uint32_t &out);
  bool addTable(Reader &reader, Table table);
  bool addMemory(Reader &reader, Memory memory);

  // DecodeSegments.cpp
  bool elementSection(Reader &reader);
  bool elementSegment(Reader &reader);
  bool elementItems(Reader &reader, bool areExprs, ElementSegment &out);
  bool dataCountSection(Reader &reader);
  bool dataSection(Reader &reader);
  bool dataSegment(Reader &reader);
  bool codeSection(Reader &reader);
  bool constExpr(Reader &reader, ConstExpr &out);

  // DecodeCustom.cpp
  bool customSection(Reader &reader);

  Module module;
  Reader top;
  Instruction scratch;  ///< Reused by constExpr.
  uint8_t lastRank = 0; ///< Of the last section that is not a custom one.
  uint32_t codeCount = 0;
  size_t codeCountOffset = 0;
  bool hasBranchHints = false;
};

/// Takes what it can use from a `name` section; stops at what is malformed.
void decodeNames(Section bytes, const FeatureSet &features, Module &module);

/// Takes the hints from a `metadata.code.branch_hint` section, all or none.
void decodeBranchHints(Section bytes, const FeatureSet &features, Module &module);

} // namespace wasmc::wasm

#endif
