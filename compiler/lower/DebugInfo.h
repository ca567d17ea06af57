//===- DebugInfo.h - Debug locations, from the first instruction on -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_DEBUGINFO_H
#define WASMC_COMPILER_LOWER_DEBUGINFO_H

#include "Compiler.h"
#include "lower/SourceMap.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DIBuilder.h"

namespace wasmc::lower {

/// Gives each instruction a location. Without -g its line is the wasm offset,
/// which survives optimisation and inlining and from which the site table finds
/// the source. With -g the locations are the module's own source lines, and DWARF
/// is written.
class DebugInfo {
public:
  DebugInfo(llvm::Module &ir, const wasm::Module &module, const CompileOptions &options,
            const SourceMap &sources);

  void beginFunction(llvm::Function *function, uint32_t index);
  llvm::DebugLoc location(llvm::Function *function, size_t offset);
  /// Where all is lowered. What follows is of no context: it works for locations of others that
  /// the module was copied to, once the one that it was lowered in is gone.
  void finish();

  /// Back from a location to what it was made from.
  struct Origin {
    uint32_t function;
    size_t offset;
  };
  std::optional<Origin> origin(const llvm::DILocation *location) const;
  /// The same for what a remark of a pass tells: the linkage name of the function that it
  /// looks at, into which others may be inlined, and a position in it; line 0 if it has none.
  struct Place {
    Origin origin;
    std::string source; ///< `filter.c:20:3`; empty if unknown.
  };
  std::optional<Place> place(llvm::StringRef function, llvm::StringRef file, unsigned line,
                             unsigned column) const;
  /// What a trace calls a function: its name from the module, else
  /// `wasm-function[12]`.
  std::string displayName(uint32_t function) const;
  const SourceMap &sources;

private:
  std::optional<uint32_t> functionAt(size_t offset) const;
  llvm::DIFile *file(llvm::StringRef path);

  const wasm::Module &module;
  const CompileOptions &options;
  std::optional<llvm::DIBuilder> builder; ///< Until all is lowered.
  llvm::DICompileUnit *unit;
  llvm::DIFile *wasmFile;
  /// By linkage name, since shards have copies of the metadata.
  struct Subprogram {
    const llvm::DISubprogram *node;
    uint32_t function;
  };
  llvm::StringMap<Subprogram> functions;
  /// With -g only, where there are no shards: the first offset that a source position was made from.
  llvm::DenseMap<std::pair<const llvm::DIScope *, std::pair<unsigned, unsigned>>, size_t> offsets;
};

} // namespace wasmc::lower

#endif
