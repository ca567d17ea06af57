//===- Program.h - The modules of a script, compiled, linked and loaded --===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_PROGRAM_H
#define WASMC_TESTS_SPEC_RUNNER_PROGRAM_H

#include "Compiler.h"
#include "Progress.h"
#include "abi/Symbols.h"
#include "wasmc/wasmc.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <vector>

namespace wasmc::spec {

/// How modules are compiled and with what they are linked.
struct Settings {
  CompileOptions compile;
  std::string linker;       ///< Path of ld.lld.
  std::string runtime;      ///< Path of libwasmc_rt.a.
  std::string spectest;     ///< Path of spectest.wasm.
  std::string scratch;      ///< Directory for objects.
  bool byReference = false; ///< Call through wasmc_func_call, not typed entries.
  bool reset = false;       ///< Reset each instance once it is made.
};

/// One compiled module.
struct Unit {
  std::string path;
  std::string prefix; ///< Of its symbols, unique in the program.
  std::unique_ptr<llvm::MemoryBuffer> bytes;
  wasm::Module module; ///< Views into `bytes`.
  abi::Names names;
  /// Proposals that the module needs and that are not lowered, in the order of
  /// the feature table. Such a module is not compiled.
  std::vector<wasm::Feature> missing;
  std::string error;  ///< Why it could not be compiled; empty if it was.
  std::string object; ///< Path of the object; empty if there is none.
  const wasmc_module *descriptor = nullptr;
};

/// The runtime's interface, looked up in the loaded program: host and modules
/// are linked through the dynamic linker as a plugin's user would have it.
struct Runtime {
#define WASMC_SPEC_RUNTIME(X)                                                                      \
  X(wasmc_instance_link) X(wasmc_instance_reset)                                                   \
  X(wasmc_instance_delete) X(wasmc_instance_export) X(wasmc_instance_trap) X(wasmc_func_call)      \
      X(wasmc_func_slots) X(wasmc_status_name)
#define X(Name) decltype(&::Name) Name = nullptr;
  WASMC_SPEC_RUNTIME(X)
#undef X
};

/// Decodes and validates a whole module.
llvm::Expected<wasm::Module> readModule(const llvm::MemoryBuffer &bytes,
                                        const wasm::FeatureSet &features);

/// All modules of a script in one shared object.
class Program {
public:
  Program(const Settings &settings, Progress &progress) : settings(settings), progress(progress) {}

  /// Compiles the module at `path` unless that has been done. Faults are kept
  /// in the unit: they belong to the command that uses it.
  Unit &add(const std::string &path);

  /// Links what was added and loads it. Called once, after the last `add`.
  llvm::Error load();

  /// The unit of `path`, or null.
  const Unit *find(const std::string &path) const;
  /// The address of a symbol of the loaded program, or null.
  void *symbol(const std::string &name) const;
  const Runtime &runtime() const { return api; }

private:
  llvm::Error compile(Unit &unit);
  llvm::Error link(const std::string &output);

  const Settings &settings;
  Progress &progress;
  std::vector<std::unique_ptr<Unit>> units;
  llvm::StringMap<Unit *> byPath;
  void *handle = nullptr;
  Runtime api;
};

} // namespace wasmc::spec

#endif
