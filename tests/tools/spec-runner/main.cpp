//===- main.cpp - wasmc-spec-runner --------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Executes scripts of the WebAssembly test suite (JSON as wast2json writes it)
// on compiled code: each module of a script becomes an object, all of them one
// shared object with the runtime, which is loaded and called. Each script runs
// in a child process; when that dies, the parent says what it was doing.
//
//===----------------------------------------------------------------------===//

#include "Counts.h"
#include "Interpreter.h"
#include "Script.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;
using namespace wasmc;
using namespace wasmc::spec;

static cl::OptionCategory category("wasmc-spec-runner");
#define OPTION(Type, Name, Spelling, ...)                                                          \
  static cl::opt<Type> Name(Spelling, cl::cat(category), __VA_ARGS__)
OPTION(unsigned, optLevel, "opt", cl::init(2), cl::desc("optimisation level, 0 to 3"));
OPTION(BoundsMode, boundsMode, "bounds", cl::init(BoundsMode::Auto), cl::desc("bounds checks"),
       cl::values(clEnumValN(BoundsMode::Auto, "auto", "as the compiler chooses"),
                  clEnumValN(BoundsMode::Guard, "guard", "guard regions"),
                  clEnumValN(BoundsMode::Check, "check", "compares")));
OPTION(std::string, cpu, "cpu", cl::desc("compile for this CPU, such as native"));
OPTION(unsigned, shardSize, "shard-size", cl::desc("compile shards of so many instructions"));
OPTION(bool, strictTraps, "strict-traps", cl::desc("compile with exact traps"));
OPTION(bool, byReference, "by-reference",
       cl::desc("call through wasmc_func_call instead of the exports' C functions"));
OPTION(bool, reset, "reset", cl::desc("reset each instance once it is made"));
OPTION(std::string, specDir, "spec-dir", cl::desc("folder with SCRIPT/SCRIPT.json"));
OPTION(std::string, filter, "filter", cl::desc("run scripts whose name matches this regex"));
OPTION(bool, verbose, "verbose", cl::desc("report all commands"));
OPTION(bool, keep, "keep", cl::desc("keep objects and say where they are"));
OPTION(std::string, countsPath, "counts", cl::desc("file with the counts to expect"));
OPTION(bool, updateCounts, "update-counts", cl::desc("write the counts instead"));
OPTION(std::string, runExports, "run-all-exports", cl::value_desc("file.wasm"),
       cl::desc("run a module's exports as wasm-interp does"));
OPTION(std::string, linker, "linker", cl::init(WASMC_LLD), cl::desc("path of ld.lld"));
OPTION(std::string, runtimePath, "runtime", cl::init(WASMC_RUNTIME),
       cl::desc("path of libwasmc_rt.a"));
OPTION(std::string, spectest, "spectest", cl::init(WASMC_SPECTEST),
       cl::desc("path of spectest.wasm"));
static cl::list<std::string> enabled("enable", cl::cat(category), cl::value_desc("proposal"),
                                     cl::desc("turn a proposal on, for --run-all-exports"));
static cl::list<std::string> scripts(cl::Positional, cl::cat(category), cl::desc("[SCRIPT...]"));

/// Runs `work` in a child process with a scratch directory. Returns its exit
/// status, or -1 where it died; then `death` says of what.
static int inChild(Progress &progress, std::string &death,
                   function_ref<int(Progress &, const std::string &)> work) {
  SmallString<128> scratch;
  if (std::error_code code = sys::fs::createUniqueDirectory("wasmc-spec", scratch)) {
    death = "cannot make a scratch directory: " + code.message();
    return -1;
  }
  outs().flush();
  pid_t pid = fork();
  if (pid == 0) {
    int status = work(progress, scratch.str().str());
    outs().flush();
    progress.finished = true;
    _exit(status);
  }
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid)
    death = "cannot run a child process";
  else if (WIFSIGNALED(status))
    death = std::string("killed by signal: ") + strsignal(WTERMSIG(status));
  else if (!progress.finished)
    death = "exited with status " + std::to_string(WEXITSTATUS(status));
  if (keep)
    outs() << "objects are in " << scratch << "\n";
  else
    sys::fs::remove_directories(scratch);
  return death.empty() ? WEXITSTATUS(status) : -1;
}

/// Memory that a child process shares with this one.
static Progress *newProgress() {
  void *page =
      mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    errs() << "wasmc-spec-runner: error: no memory\n";
    exit(1);
  }
  return new (page) Progress;
}

static void printDeath(StringRef script, const Progress &progress, StringRef death) {
  outs() << script;
  if (progress.line)
    outs() << ":" << progress.line;
  outs() << ": " << progress.what << ": " << death << "\n";
}

static Settings makeSettings() {
  Settings settings;
  settings.compile.optLevel = char('0' + optLevel);
  settings.compile.bounds = boundsMode;
  settings.compile.strictTraps = strictTraps;
  settings.compile.shardSize = shardSize;
  settings.compile.cpu = cpu;
  settings.compile.lint = true;
  for (const std::string &name : enabled)
    settings.compile.features.set(wasm::featureByName(name));
  settings.linker = linker;
  settings.runtime = runtimePath;
  settings.spectest = spectest;
  settings.byReference = byReference;
  settings.reset = reset;
  return settings;
}

/// Paths of the scripts to run: those that were named, or all of --spec-dir.
static std::vector<std::string> selectScripts() {
  std::vector<std::string> paths;
  for (const std::string &script : scripts)
    paths.push_back(StringRef(script).ends_with(".json")
                        ? script
                        : specDir + "/" + script + "/" + script + ".json");
  std::error_code code;
  if (scripts.empty())
    for (sys::fs::directory_iterator it(specDir, code), end; it != end && !code;
         it.increment(code)) {
      std::string path = it->path() + "/" + sys::path::filename(it->path()).str() + ".json";
      if (sys::fs::exists(path))
        paths.push_back(path);
    }
  Regex regex(filter);
  if (!filter.empty())
    std::erase_if(paths,
                  [&](const std::string &path) { return !regex.match(sys::path::stem(path)); });
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// True if all went well.
static bool runOne(const std::string &path, const Settings &settings, Counts *counts,
                   Totals &totals) {
  std::string name = sys::path::stem(path).str();
  Progress *progress = newProgress();
  std::string death;
  int status = inChild(*progress, death, [&](Progress &shared, const std::string &scratch) {
    Settings own = settings;
    own.scratch = scratch;
    return runScript(path, own, verbose, shared, outs()) ? 0 : 1;
  });
  bool ok = status == 0;
  if (!death.empty())
    printDeath(name + ".wast", *progress, death);
  // A script that stopped has one failure more than those it counted itself.
  if (!ok)
    ++progress->totals.failed;
  outs() << name << ": " << summary(progress->totals) << "\n";
  ok = ok && progress->totals.failed == 0;
  if (ok && counts && updateCounts)
    counts->set(name, progress->totals);
  else if (ok && counts)
    if (std::string difference = counts->compare(name, progress->totals); !difference.empty()) {
      outs() << name << ": counts have changed: " << difference
             << "\n  if that is meant, run again with --update-counts\n";
      ok = false;
    }
  totals.add(progress->totals);
  munmap(progress, sizeof *progress);
  return ok;
}

static int runScripts() {
  std::vector<std::string> paths = selectScripts();
  if (paths.empty()) {
    errs() << "wasmc-spec-runner: error: no scripts in '" << specDir << "'\n";
    return 1;
  }
  std::optional<Counts> counts;
  if (!countsPath.empty()) {
    Expected<Counts> read = Counts::read(countsPath);
    if (read)
      counts = std::move(*read);
    else if (updateCounts)
      consumeError(read.takeError()), counts = Counts();
    else {
      errs() << "wasmc-spec-runner: error: " << llvm::toString(read.takeError()) << "\n";
      return 1;
    }
  }
  Settings settings = makeSettings();
  Totals totals;
  bool ok = true;
  for (const std::string &path : paths)
    ok &= runOne(path, settings, counts ? &*counts : nullptr, totals);
  outs() << summary(totals) << "\n";
  if (counts && updateCounts)
    if (Error error = counts->write(countsPath)) {
      errs() << "wasmc-spec-runner: error: " << llvm::toString(std::move(error)) << "\n";
      return 1;
    }
  return ok ? 0 : 1;
}

static int runInterpreter() {
  Progress *progress = newProgress();
  std::string death;
  int status = inChild(*progress, death, [&](Progress &shared, const std::string &scratch) {
    Settings settings = makeSettings();
    settings.scratch = scratch;
    return runAllExports(runExports, settings, shared, outs());
  });
  if (!death.empty())
    printDeath(runExports, *progress, death);
  return status < 0 ? 1 : status;
}

int main(int argc, char **argv) {
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, "runs scripts of the WebAssembly test suite\n");
  if (optLevel > 3) {
    errs() << "wasmc-spec-runner: error: --opt is 0 to 3\n";
    return 2;
  }
  return runExports.empty() ? runScripts() : runInterpreter();
}
