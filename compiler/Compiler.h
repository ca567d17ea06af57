//===- Compiler.h - The compiler as a library ------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// decode -> validate -> lower -> passes -> object, for a module in memory, or for
// several that import from each other. The command line is a thin shell over this; the test runner uses it too.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_COMPILER_H
#define WASMC_COMPILER_COMPILER_H

#include "abi/Interface.h"
#include "wasm/Linking.h"
#include "wasm/Module.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wasmc {

enum class BoundsMode : uint8_t { Auto, Guard, Check };
enum class ImportMode : uint8_t { Table, Symbols };
enum class ExportMode : uint8_t { Table, Symbols };
/// What is written; `Shared` is linked by the driver from an object.
enum class EmitKind : uint8_t { Object, Assembly, LLVMIR, Bitcode, Header };

struct CompileOptions {
  std::string fileName = "<wasm>";  ///< What diagnostics and debug information call the input.
  std::string prefix = "module";    ///< Of all symbols; a C identifier.
  std::string target;               ///< Triple; empty: the host's.
  std::string cpu;                  ///< As -mcpu: `native`, a name, or empty for the baseline.
  std::string attributes;           ///< As -mattr: `+avx2,-bmi`.
  char optLevel = '2';              ///< '0' to '3', 's', 'z'.
  BoundsMode bounds = BoundsMode::Auto;
  ImportMode imports = ImportMode::Table;
  ExportMode exports = ExportMode::Table; ///< Of functions: found by name, too, or C functions alone.
  bool strictTraps = false;
  bool debugInfo = false;           ///< -g: DWARF in the output.
  bool forLTO = false;              ///< For bitcode that joins a host's link: buffer functions can
                                    ///< run in an open region of the host's (wasmc_protect) without
                                    ///< an entry.
  /// --pgo-generate: count what runs; the file that the profile runtime writes, unless the
  /// host or its environment names another. --pgo-use: the merged profile; empty for none.
  std::optional<std::string> pgoGenerate;
  std::string pgoUse;
  bool remarks = false;             ///< Collect what passes say of the module's loops.
  /// Instructions of LLVM's in a shard; 0: the module stays whole. Shards are compiled side by
  /// side to an object, which is then all that can be emitted.
  size_t shardSize = 0;
  unsigned threads = 1;             ///< For shards; what is emitted does not depend on it.
  /// Runs what a thread of ours does, where crashes are to be caught; empty: as it is.
  std::function<void(llvm::function_ref<void()>)> guardThread;
  bool lint = false;                ///< Check our own IR rules after lowering.
  /// The interface description (docs/buffers.md); where there is none, the one that
  /// the module has embedded is used.
  std::optional<std::string> interfaceText;
  /// What diagnostics call the description; empty: `<fileName>: wasmc.abi`.
  std::string interfaceFile;
  wasm::FeatureSet features = wasm::FeatureSet::defaults();
};

/// One of several modules that are compiled together: what it does not share with
/// the others, in the place of the same in CompileOptions.
struct ModuleSource {
  wasm::Bytes bytes;
  std::string name;                 ///< By which the others import from it.
  std::string path;                 ///< What errors in the others call it.
  std::string fileName, prefix;
  std::optional<std::string> interfaceText;
  std::string interfaceFile;
};

/// A remark: something that the user may want to know, never an error.
struct Remark {
  std::string message;
  size_t source = 0;                ///< Index of the module that it is about.
  bool isWarning = false;           ///< Hardly ever meant.
  bool isAdvice = false;            ///< Of speed alone: -Werror leaves it a remark.
  std::optional<size_t> offset = {}; ///< In the module, where it is about a place there.
};

/// A module, or several, compiled as far as optimised LLVM IR; with shards, as far as objects.
class CompiledModule {
public:
  ~CompiledModule();
  /// Writes one kind of output. May be called once per kind; `Object` and
  /// `Assembly` consume the IR, so ask for `LLVMIR` and `Bitcode` before. After `shardSize`
  /// in the options, `Object` and `Header` alone.
  llvm::Error emit(EmitKind kind, llvm::raw_pwrite_stream &out);
  const std::vector<Remark> &remarks() const;

private:
  friend llvm::Expected<std::unique_ptr<CompiledModule>>
  compile(llvm::ArrayRef<ModuleSource>, const CompileOptions &);
  struct Impl;
  std::unique_ptr<Impl> impl;
  explicit CompiledModule(std::unique_ptr<Impl> impl);
};

/// Compiles a binary module. `bytes` must outlive the result. Errors are
/// wasm::WasmError for the module's faults, abi::InterfaceError for those of the
/// interface description, llvm::StringError for ours. Thread safe: each call has
/// its own LLVM context.
llvm::Expected<std::unique_ptr<CompiledModule>> compile(wasm::Bytes bytes,
                                                        const CompileOptions &options);

/// Compiles several modules, of which some import from others (docs/cli.md), to one
/// output. The same errors, each as a wasm::SourceError.
llvm::Expected<std::unique_ptr<CompiledModule>> compile(llvm::ArrayRef<ModuleSource> sources,
                                                        const CompileOptions &options);

/// The text of the C and C++ header alone: no code is generated.
llvm::Error writeHeader(llvm::ArrayRef<ModuleSource> sources, const CompileOptions &options,
                        llvm::raw_ostream &out);

/// What is compiled where `source` is one of several modules.
CompileOptions optionsFor(const ModuleSource &source, const CompileOptions &options);

/// The interface that `options` give or the module has embedded, bound to the
/// module; nothing where there is neither.
llvm::Expected<std::optional<abi::Interface>> readInterface(const wasm::Module &module,
                                                            const CompileOptions &options);

/// A C identifier made from a file name: `my-filter.v2.wasm` -> `my_filter_v2`.
std::string defaultPrefix(llvm::StringRef path);

/// Fills the empty fields (target triple of the host) and checks the rest: the
/// target exists and can be compiled for, the prefix is an identifier.
llvm::Error resolveOptions(CompileOptions &options);

} // namespace wasmc

#endif
