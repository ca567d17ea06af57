//===- Interpreter.cpp - Runs the exports of a module as wasm-interp does -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Interpreter.h"

#include "Call.h"

using namespace llvm;

namespace wasmc::spec {

static int fail(raw_ostream &out, const Twine &message) {
  out << "error: " << message << "\n";
  return 1;
}

static std::string trapMessage(const Runtime &runtime, wasmc_instance *instance) {
  const wasmc_trap *trap = runtime.wasmc_instance_trap(instance);
  return trap && trap->message ? trap->message : "trap without a message";
}

/// Calls one export, through its C function or by reference.
static Expected<CallResult> call(const Program &program, const Unit &unit, size_t exportIndex,
                                 wasmc_instance *instance, bool byReference) {
  const wasm::Export &exported = unit.module.exports[exportIndex];
  const wasm::FuncType &type = unit.module.funcType(exported.index);
  if (byReference) {
    wasmc_extern found;
    if (!program.runtime().wasmc_instance_export(instance, exported.name.data(),
                                                 exported.name.size(), &found))
      return createStringError("wasmc_instance_export does not find the function");
    return callReference(program.runtime(), found.of.func, type, {});
  }
  std::string symbol = unit.prefix + "_" + unit.names.exports[exportIndex];
  void *entry = program.symbol(symbol);
  if (!entry)
    return createStringError("the object has no symbol " + symbol);
  return callEntry(entry, instance, type, {});
}

int runAllExports(const std::string &path, const Settings &settings, Progress &progress,
                  raw_ostream &out) {
  Program program(settings, progress);
  const Unit &unit = program.add(path);
  if (!unit.error.empty())
    return fail(out, unit.error);
  if (!unit.missing.empty())
    return fail(out, "the module needs a proposal that is not compiled yet");
  if (Error error = program.load())
    return fail(out, llvm::toString(std::move(error)));

  progress.set(0, "instantiating");
  const Runtime &runtime = program.runtime();
  wasmc_instance *instance = nullptr;
  wasmc_status status =
      runtime.wasmc_instance_link(unit.descriptor, nullptr, 0, nullptr, nullptr, &instance);
  if (status != WASMC_OK) {
    out << "error initializing module: "
        << (instance ? trapMessage(runtime, instance) : runtime.wasmc_status_name(status))
        << "\n";
    runtime.wasmc_instance_delete(instance);
    return 1;
  }
  int exitStatus = 0;
  for (size_t i = 0; i < unit.module.exports.size(); ++i) {
    const wasm::Export &exported = unit.module.exports[i];
    if (exported.kind != wasm::ExternKind::Func ||
        !unit.module.funcType(exported.index).params.empty())
      continue;
    StringRef name(exported.name.data(), exported.name.size());
    progress.set(0, name);
    out << name << "() =>";
    Expected<CallResult> called = call(program, unit, i, instance, settings.byReference);
    if (!called) {
      out << " " << llvm::toString(called.takeError());
      exitStatus = 1;
    } else if (called->status == WASMC_TRAP || called->status == WASMC_EXCEPTION) {
      out << " error: " << trapMessage(runtime, instance);
    } else if (called->status != WASMC_OK) {
      out << " status " << runtime.wasmc_status_name(called->status);
      exitStatus = 1;
    }
    if (called)
      for (size_t r = 0; r < called->results.size(); ++r)
        out << (r ? ", " : " ") << toInterpreterText(called->results[r]);
    out << "\n";
  }
  progress.set(0, "deleting the instance");
  runtime.wasmc_instance_delete(instance);
  return exitStatus;
}

} // namespace wasmc::spec
