//===- DebugInfo.cpp - Debug locations, from the first instruction on ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/DebugInfo.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

DebugInfo::DebugInfo(Module &ir, const wasm::Module &module, const CompileOptions &options,
                     const SourceMap &sources)
    : sources(sources), module(module), options(options), builder(std::in_place, ir) {
  // The file's name without its folder: the output does not depend on where the
  // input lay.
  wasmFile = builder->createFile(sys::path::filename(options.fileName), "");
  unit = builder->createCompileUnit(
      DISourceLanguageName(dwarf::DW_LANG_C11), wasmFile, "wasmc", options.optLevel != '0', "", 0,
      "", options.debugInfo ? DICompileUnit::FullDebug : DICompileUnit::NoDebug);
  if (ir.getModuleFlag("Debug Info Version"))
    return; // Of another module in the same output.
  ir.addModuleFlag(Module::Warning, "Debug Info Version", DEBUG_METADATA_VERSION);
  ir.addModuleFlag(Module::Max, "Dwarf Version", 5);
}

std::string DebugInfo::displayName(uint32_t function) const {
  std::string_view name = module.functionName(function);
  if (name.empty())
    return "wasm-function[" + std::to_string(function) + "]";
  return demangle(name);
}

DIFile *DebugInfo::file(StringRef path) {
  return builder->createFile(sys::path::filename(path), sys::path::parent_path(path));
}

void DebugInfo::beginFunction(Function *function, uint32_t index) {
  size_t offset = module.functions[index].body.offset;
  DIFile *where = wasmFile;
  unsigned line = options.debugInfo ? 0 : offset;
  if (options.debugInfo) {
    const std::vector<SourceFrame> &frames = sources.frames(offset);
    if (!frames.empty() && !frames.back().file.empty()) {
      where = file(frames.back().file);
      line = frames.back().line;
    }
  }
  auto *type = builder->createSubroutineType(builder->getOrCreateTypeArray({}));
  DISubprogram::DISPFlags flags = DISubprogram::SPFlagDefinition | DISubprogram::SPFlagLocalToUnit;
  DISubprogram *subprogram =
      builder->createFunction(unit, displayName(index), function->getName(), where, line, type, line,
                             DINode::FlagZero, flags);
  function->setSubprogram(subprogram);
  functions[function->getName()] = {subprogram, index};
}

DebugLoc DebugInfo::location(Function *function, size_t offset) {
  DISubprogram *subprogram = function->getSubprogram();
  LLVMContext &context = function->getContext();
  if (!options.debugInfo)
    return DILocation::get(context, offset, 0, subprogram);
  const std::vector<SourceFrame> &frames = sources.frames(offset);
  DIScope *scope = subprogram;
  unsigned line = 0, column = 0;
  if (!frames.empty() && !frames.front().file.empty()) {
    DIFile *where = file(frames.front().file);
    if (where != subprogram->getFile())
      scope = builder->createLexicalBlockFile(subprogram, where);
    line = frames.front().line;
    column = std::min(frames.front().column, 65535u);
  }
  offsets.try_emplace({scope, {line, column}}, offset);
  return DILocation::get(context, line, column, scope);
}

std::optional<DebugInfo::Origin> DebugInfo::origin(const DILocation *location) const {
  auto function = functions.find(location->getScope()->getSubprogram()->getLinkageName());
  if (function == functions.end())
    return std::nullopt;
  if (!options.debugInfo) {
    if (!location->getLine())
      return std::nullopt;
    return Origin{function->second.function, location->getLine()};
  }
  auto offset = offsets.find({location->getScope(), {location->getLine(), location->getColumn()}});
  if (offset == offsets.end())
    return std::nullopt;
  return Origin{function->second.function, offset->second};
}

std::optional<uint32_t> DebugInfo::functionAt(size_t offset) const {
  auto own = drop_begin(module.functions, module.numImportedFunctions());
  auto next = partition_point(
      own, [&](const wasm::Function &f) { return f.body.offset <= offset; });
  if (next == own.begin())
    return std::nullopt;
  const wasm::Function &f = *std::prev(next);
  if (offset - f.body.offset >= f.body.bytes.size())
    return std::nullopt;
  return &f - module.functions.data();
}

static std::string position(StringRef path, unsigned line, unsigned column) {
  return (sys::path::filename(path) + ":" + Twine(line) + ":" + Twine(column)).str();
}

std::optional<DebugInfo::Place> DebugInfo::place(StringRef linkageName, StringRef path,
                                                 unsigned line, unsigned column) const {
  auto function = functions.find(linkageName);
  if (!options.debugInfo && line && path == sys::path::filename(options.fileName))
    // The line is the offset, and tells what was inlined from what it was inlined into.
    if (std::optional<uint32_t> f = functionAt(line)) {
      const std::vector<SourceFrame> &frames = sources.frames(line);
      bool isKnown = !frames.empty() && !frames.front().file.empty();
      return Place{{*f, line}, isKnown ? position(frames.front().file, frames.front().line,
                                                  frames.front().column)
                                       : ""};
    }
  if (function == functions.end())
    return std::nullopt;
  const auto [subprogram, index] = function->second;
  Place result = {{index, module.functions[index].body.offset}, ""};
  if (!options.debugInfo || !line)
    return result;
  result.source = position(path, line, column);
  auto offset = offsets.find({subprogram, {line, column}});
  if (offset != offsets.end())
    result.origin.offset = offset->second;
  return result;
}

void DebugInfo::finish() {
  builder->finalize();
  builder.reset();
}
