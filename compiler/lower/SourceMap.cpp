//===- SourceMap.cpp - From wasm offsets to the module's own source -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/SourceMap.h"

#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Demangle/Demangle.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

SourceMap::SourceMap(const wasm::Module &module) : codeOffset(module.codeOffset) {
  for (const wasm::CustomSection &custom : module.customs) {
    StringRef name(custom.name.data(), custom.name.size());
    if (!name.consume_front(".debug_"))
      continue;
    StringRef bytes(reinterpret_cast<const char *>(custom.bytes.data()), custom.bytes.size());
    sections.try_emplace(("debug_" + name).str(), MemoryBuffer::getMemBufferCopy(bytes));
  }
  if (!sections.contains("debug_info") || !sections.contains("debug_abbrev"))
    return;
  auto ignore = [](Error e) { consumeError(std::move(e)); };
  dwarf = DWARFContext::create(sections, /*AddrSize=*/4, /*isLittleEndian=*/true, ignore, ignore);
}

SourceMap::~SourceMap() = default;

const std::vector<SourceFrame> &SourceMap::frames(size_t offset) const {
  std::lock_guard lock(mutex);
  auto [it, isNew] = cache.try_emplace(offset);
  if (!isNew || !dwarf || offset < codeOffset)
    return it->second;
  DILineInfoSpecifier wanted(DILineInfoSpecifier::FileLineInfoKind::RawValue,
                             DILineInfoSpecifier::FunctionNameKind::LinkageName);
  // DWARF in wasm counts addresses from the code section's contents.
  DIInliningInfo info = dwarf->getInliningInfoForAddress({offset - codeOffset}, wanted);
  for (uint32_t i = 0; i != info.getNumberOfFrames(); ++i) {
    const DILineInfo &line = info.getFrame(i);
    SourceFrame frame;
    if (line.FunctionName != DILineInfo::BadString)
      frame.function = demangle(line.FunctionName);
    if (line.FileName != DILineInfo::BadString && line.Line) {
      frame.file = line.FileName;
      frame.line = line.Line;
      frame.column = line.Column;
    }
    it->second.push_back(std::move(frame));
  }
  return it->second;
}
