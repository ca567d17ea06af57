//===- SourceMap.h - From wasm offsets to the module's own source -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_SOURCEMAP_H
#define WASMC_COMPILER_LOWER_SOURCEMAP_H

#include "wasm/Module.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

namespace llvm {
class DWARFContext;
}

namespace wasmc::lower {

/// One source position; several for one offset where the producer inlined.
struct SourceFrame {
  std::string function; ///< Empty if unknown.
  std::string file;     ///< Empty if unknown.
  unsigned line = 0;
  unsigned column = 0;
};

/// Reads the DWARF that a module carries in custom sections (`.debug_info` ...).
/// What is malformed there is as if it were absent: debug information never
/// makes a module invalid.
class SourceMap {
public:
  explicit SourceMap(const wasm::Module &module);
  ~SourceMap();
  SourceMap(SourceMap &&) = delete;

  bool hasSources() const { return dwarf != nullptr; }
  /// Frames at an offset from the start of the module, innermost first. Empty
  /// where nothing is known. Thread safe.
  const std::vector<SourceFrame> &frames(size_t offset) const;

private:
  size_t codeOffset;
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> sections; ///< `dwarf` refers to them.
  std::unique_ptr<llvm::DWARFContext> dwarf;
  mutable std::mutex mutex; ///< Of `dwarf`, which reads as it is asked, and of `cache`.
  mutable std::map<size_t, std::vector<SourceFrame>> cache;
};

} // namespace wasmc::lower

#endif
