//===- Options.h - What the command line asks for --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_OPTIONS_H
#define WASMC_DRIVER_OPTIONS_H

#include "Compiler.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>
#include <vector>

namespace wasmc::driver {

class Diagnostics;

enum class Action : uint8_t { Compile, Inspect, Help, Version, PrintTargets };
enum class OutputKind : uint8_t { Object, Assembly, LLVMIR, Bitcode, Shared, Header };

/// A module to read.
struct InputFile {
  std::string path;   ///< Or `-`.
  std::string name;   ///< By which others import from it.
  std::string prefix; ///< Of its symbols.
  std::string abi;    ///< `--abi`; empty for none.
};

/// A command line, understood.
struct Invocation {
  Action action = Action::Compile;
  std::vector<InputFile> inputs;
  OutputKind kind = OutputKind::Object;
  std::string output;  ///< A path, or `-`.
  std::string header;  ///< `--header`; empty for none.
  std::string depfile; ///< Empty for none.
  std::string depfileTarget;
  std::string runtime;                ///< `--runtime`; empty: found beside wasmc.
  std::optional<std::string> wasmOpt; ///< Arguments; empty for the default ones.
  CompileOptions compile;
  bool saveTemps = false;
  bool verbose = false;
  bool dryRun = false; ///< `-###`
  bool remarks = false;
  bool timeReport = false;
  bool json = false;
  std::string debugCrash;
};

/// Reads the command line. Errors are reported to `diags`, which also takes its
/// own options from here; nothing is returned then. Exit status 2.
std::optional<Invocation> parseCommandLine(llvm::ArrayRef<const char *> args, Diagnostics &diags);

void printHelp(llvm::raw_ostream &os);

/// `.o` for an object.
llvm::StringRef outputEnding(OutputKind kind);

} // namespace wasmc::driver

#endif
