//===- main.cpp - wasmc-oracle: wasmc's part of the comparison of engines ===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Prepare.h"
#include "Run.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace wasmc;

static cl::OptionCategory category("wasmc-oracle options");
#define OPTION(Type, Variable, Name, ...)                                                          \
  static cl::opt<Type> Variable(Name, cl::cat(category), __VA_ARGS__)

OPTION(bool, preparing, "prepare",
       cl::desc("write FILE.prepared.wasm, FILE.counting.wasm and FILE.operators for each module"));
OPTION(uint64_t, seed, "seed", cl::init(0), cl::desc("for the operands of exports"));
OPTION(bool, canonicalNaNs, "canonical-nans",
       cl::desc("with --prepare: no vector has a NaN that engines may choose"));
OPTION(unsigned, optLevel, "opt", cl::init(2), cl::desc("optimisation level, 0 to 3"));
OPTION(bool, strictTraps, "strict-traps", cl::desc("compile with --strict-traps"));
OPTION(std::string, bounds, "bounds", cl::init("auto"), cl::desc("auto, guard or check"));
OPTION(unsigned, seconds, "seconds", cl::init(10), cl::desc("that a module may run"));
OPTION(bool, counters, "counters", cl::desc("print the counters of FILE.counting.wasm last"));
OPTION(std::string, linker, "linker", cl::init(WASMC_LLD), cl::desc("path of ld.lld"));
OPTION(std::string, runtimePath, "runtime", cl::init(WASMC_RUNTIME),
       cl::desc("path of libwasmc_rt.a"));
static cl::list<std::string> paths(cl::Positional, cl::cat(category),
                                   cl::desc("FILE.wasm..."));

static Error write(const std::string &path, StringRef contents) {
  std::error_code code;
  raw_fd_ostream out(path, code);
  if (code)
    return createStringError(code, "cannot write " + path);
  out << contents;
  return Error::success();
}

/// A module that cannot be prepared is named on standard output and leaves no files.
static Error prepareAll() {
  for (const std::string &path : paths) {
    auto buffer = MemoryBuffer::getFile(path, false, false);
    if (!buffer)
      return createStringError(buffer.getError(), "cannot read " + path);
    wasm::Bytes bytes(reinterpret_cast<const uint8_t *>((*buffer)->getBufferStart()),
                      (*buffer)->getBufferSize());
    Expected<oracle::Prepared> prepared = oracle::prepare(bytes, {seed, canonicalNaNs});
    if (!prepared) {
      outs() << path << ": " << toString(prepared.takeError()) << "\n";
      continue;
    }
    std::string stem = path.substr(0, path.size() - sys::path::extension(path).size());
    if (Error error = write(stem + ".prepared.wasm", prepared->module))
      return error;
    if (Error error = write(stem + ".counting.wasm", prepared->counting))
      return error;
    if (Error error = write(stem + ".operators", prepared->operators))
      return error;
  }
  return Error::success();
}

static Error runModules() {
  SmallString<128> scratch;
  if (std::error_code code = sys::fs::createUniqueDirectory("wasmc-oracle", scratch))
    return createStringError(code, "cannot make a scratch directory");
  spec::Settings settings;
  settings.compile.optLevel = char('0' + optLevel);
  settings.compile.strictTraps = strictTraps;
  settings.compile.features = wasm::FeatureSet::all();
  settings.compile.bounds = bounds == "guard"   ? BoundsMode::Guard
                            : bounds == "check" ? BoundsMode::Check
                                                : BoundsMode::Auto;
  settings.compile.lint = true;
  settings.linker = linker;
  settings.runtime = runtimePath;
  settings.scratch = scratch.str();
  std::vector<std::string> modules(paths.begin(), paths.end());
  Error error = oracle::runAll(modules, settings, seconds, counters, outs());
  sys::fs::remove_directories(scratch);
  return error;
}

int main(int argc, char **argv) {
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "prepares generated modules and runs them\n");
  if (optLevel > 3 || !is_contained({"auto", "guard", "check"}, bounds)) {
    errs() << "wasmc-oracle: error: --opt is 0 to 3, --bounds auto, guard or check\n";
    return 2;
  }
  if (Error error = preparing ? prepareAll() : runModules()) {
    errs() << "wasmc-oracle: error: " << toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
