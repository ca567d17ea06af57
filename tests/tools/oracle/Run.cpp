//===- Run.cpp - Compiles, links and runs modules that were prepared -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Run.h"

#include "Call.h"

#include <csignal>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace wasmc::oracle {

static std::string trapMessage(const spec::Runtime &runtime, wasmc_instance *instance) {
  const wasmc_trap *trap = runtime.wasmc_instance_trap(instance);
  return trap && trap->message ? trap->message : "trap without a message";
}

static void callExport(const spec::Program &program, const spec::Unit &unit, size_t index,
                       wasmc_instance *instance, raw_ostream &out) {
  const wasm::Export &exported = unit.module.exports[index];
  std::string symbol = unit.prefix + "_" + unit.names.exports[index];
  out << StringRef(exported.name) << "() =>";
  void *entry = program.symbol(symbol);
  if (!entry) {
    out << " the object has no symbol " << symbol << "\n";
    return;
  }
  Expected<spec::CallResult> called =
      spec::callEntry(entry, instance, unit.module.funcType(exported.index), {});
  if (!called)
    out << " " << llvm::toString(called.takeError());
  else if (called->status == WASMC_TRAP)
    out << " error: " << trapMessage(program.runtime(), instance);
  else if (called->status != WASMC_OK)
    out << " status " << program.runtime().wasmc_status_name(called->status);
  else
    for (size_t r = 0; r < called->results.size(); ++r)
      out << (r ? ", " : " ") << spec::toInterpreterText(called->results[r]);
  out << "\n";
}

/// A last line of numbers: the exported globals that Prepare.cpp adds to count operators.
static void printCounters(const spec::Program &program, const spec::Unit &unit,
                          wasmc_instance *instance, raw_ostream &out) {
  out << "#";
  for (const wasm::Export &exported : unit.module.exports) {
    wasmc_extern found;
    if (exported.kind == wasm::ExternKind::Global && exported.name.starts_with("c") &&
        program.runtime().wasmc_instance_export(instance, exported.name.data(),
                                                exported.name.size(), &found))
      out << " " << *static_cast<const uint64_t *>(found.of.global.cell);
  }
  out << "\n";
}

static void run(const spec::Program &program, const spec::Unit &unit, bool counters,
                raw_ostream &out) {
  const spec::Runtime &runtime = program.runtime();
  char reason[256] = "";
  wasmc_config config = {};
  config.memory_limit = uint64_t(4) << 30;
  config.table_limit = 10'000'000;
  config.error = reason;
  config.error_capacity = sizeof reason;
  wasmc_instance *instance = nullptr;
  wasmc_status status =
      runtime.wasmc_instance_link(unit.descriptor, nullptr, 0, nullptr, &config, &instance);
  if (status == WASMC_TRAP) {
    out << "error initializing module: " << trapMessage(runtime, instance) << "\n";
  } else if (status != WASMC_OK) {
    out << "! " << runtime.wasmc_status_name(status) << ": " << reason << "\n";
    return;
  } else {
    for (size_t i = 0; i < unit.module.exports.size(); ++i)
      if (unit.module.exports[i].kind == wasm::ExternKind::Func)
        callExport(program, unit, i, instance, out);
    if (counters)
      printCounters(program, unit, instance, out);
  }
  runtime.wasmc_instance_delete(instance);
}

Error runAll(const std::vector<std::string> &paths, const spec::Settings &settings,
             unsigned seconds, bool counters, raw_ostream &out) {
  spec::Progress progress;
  spec::Program program(settings, progress);
  bool any = false;
  for (const std::string &path : paths)
    any |= !program.add(path).object.empty();
  if (any)
    if (Error error = program.load())
      return error;
  for (const std::string &path : paths) {
    const spec::Unit &unit = *program.find(path);
    out << "= " << path << "\n";
    if (unit.object.empty()) {
      if (unit.error.empty())
        out << "! needs a proposal that cannot be compiled: "
            << wasm::featureName(unit.missing.front()) << "\n";
      else
        out << "! " << unit.error << "\n";
      continue;
    }
    // A process for each: a crash or an endless loop is that of one module.
    out.flush();
    pid_t pid = fork();
    if (pid == 0) {
      alarm(seconds);
      run(program, unit, counters, out);
      out.flush();
      _exit(0);
    }
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
      return createStringError("cannot run a child process");
    if (WIFSIGNALED(status))
      out << (WTERMSIG(status) == SIGALRM ? std::string("! too slow")
                                          : std::string("! died: ") + strsignal(WTERMSIG(status)))
          << "\n";
  }
  return Error::success();
}

} // namespace wasmc::oracle
