//===- DecodeCustom.cpp - Custom sections and names (5.5.3, 7.4.1) ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/ModuleDecoder.h"

namespace wasmc::wasm {

bool ModuleDecoder::customSection(Reader &reader) {
  CustomSection section;
  if (!reader.readName(section.name, "a custom section's name"))
    return false;
  section.offset = reader.offset();
  if (!reader.readBytes(reader.remaining(), section.bytes))
    return false;
  module.customs.push_back(section);
  if (section.name == "name")
    decodeNames({section.bytes, section.offset}, top.enabled(), module);
  // Once, and before the code; anywhere else it is an error in a custom section,
  // which must not make a module malformed (5.5.3).
  if (section.name == "metadata.code.branch_hint" && !module.codeOffset && !hasBranchHints &&
      top.enabled().has(Feature::BranchHints)) {
    hasBranchHints = true;
    decodeBranchHints({section.bytes, section.offset}, top.enabled(), module);
  }
  return true;
}

static bool readNameMap(Reader &reader, std::map<uint32_t, std::string_view> &out) {
  uint32_t count;
  if (!reader.readCount(count, UINT32_MAX, "names"))
    return false;
  while (count--) {
    uint32_t index;
    std::string_view name;
    if (!reader.readU32(index) || !reader.readName(name, "a name"))
      return false;
    out.try_emplace(out.end(), index, name);
  }
  return reader.atEnd();
}

void decodeNames(Section bytes, const FeatureSet &features, Module &module) {
  enum : uint8_t { ModuleName = 0, FunctionNames = 1, GlobalNames = 7 };
  std::string_view name;
  std::map<uint32_t, std::string_view> functions, globals;
  Reader reader(bytes, features);
  while (!reader.atEnd()) {
    uint8_t id;
    uint32_t size;
    Section contents;
    if (!reader.readByte(id) || !reader.readU32(size) || !reader.readRange(size, contents))
      return;
    Reader part(contents, features);
    bool ok = id == ModuleName      ? part.readName(name, "a name") && part.atEnd()
              : id == FunctionNames ? readNameMap(part, functions)
              : id == GlobalNames   ? readNameMap(part, globals)
                                    : true;
    if (!ok)
      return; // 7.4.1: an error in the section makes it as if it were absent.
  }
  module.name = name;
  module.functionNames = std::move(functions);
  module.globalNames = std::move(globals);
}

static bool readBranchHint(Reader &reader, BranchHint &out) {
  uint32_t size, value;
  if (!reader.readU32(out.offset) || !reader.readU32(size) || !reader.readU32(value))
    return false;
  out.isLikely = value == 1;
  return size == 1 && value <= 1;
}

/// Functions, and offsets within each, in increasing order.
static bool readBranchHints(Reader &reader, std::vector<BranchHint> &out) {
  uint32_t functions, count;
  std::optional<uint32_t> lastFunction;
  if (!reader.readCount(functions, UINT32_MAX, "functions with branch hints"))
    return false;
  while (functions--) {
    BranchHint hint;
    if (!reader.readU32(hint.function) || !reader.readCount(count, UINT32_MAX, "branch hints"))
      return false;
    if (lastFunction && hint.function <= *lastFunction)
      return false;
    lastFunction = hint.function;
    for (uint32_t i = 0; i != count; ++i) {
      uint32_t last = i ? out.back().offset : 0;
      if (!readBranchHint(reader, hint) || (i && hint.offset <= last))
        return false;
      out.push_back(hint);
    }
  }
  return reader.atEnd();
}

void decodeBranchHints(Section bytes, const FeatureSet &features, Module &module) {
  Reader reader(bytes, features);
  if (!readBranchHints(reader, module.branchHints))
    module.branchHints.clear();
}

} // namespace wasmc::wasm
