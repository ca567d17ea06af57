//===- Driver.cpp - From a command line to files ---------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include "Crash.h"
#include "Depfile.h"
#include "Diagnostics.h"
#include "Input.h"
#include "Inspect.h"
#include "Link.h"
#include "Options.h"
#include "OutputFile.h"
#include "Version.h"
#include "WasmOpt.h"
#include "wasm/Validate.h"

#include "llvm/IR/PassTimingInfo.h"
#include "llvm/Pass.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Timer.h"

#include <deque>

using namespace llvm;

namespace wasmc::driver {

namespace {

/// One compilation, a member function a stage. Each returns false after it has
/// reported why it failed.
class Compilation {
public:
  Compilation(const Invocation &invocation, Diagnostics &diags)
      : invocation(invocation), options(invocation.compile), diags(diags) {}
  bool run();

private:
  bool readInput();
  bool optimizeWasm();
  bool compile();
  bool emit();
  bool link();
  bool writeOutputs();

  bool stage(const char *name, const char *doing, bool (Compilation::*body)());
  bool printStages();
  bool emitTo(EmitKind kind, StringRef path);
  bool check(Error error);
  void saveTemporary(StringRef ending, StringRef data);
  bool hasTerminalOutput() const;
  std::string temporaryName(StringRef ending) const;

  const Invocation &invocation;
  CompileOptions options; ///< With the interface description.
  Diagnostics &diags;
  Input input;
  std::unique_ptr<CompiledModule> module;
  OutputSet outputs;
  SmallVector<char, 0> object; ///< To be linked.
  TimerGroup timers{"wasmc", "wasmc stages"};
  std::deque<Timer> stageTimers;
};

} // namespace

bool Compilation::run() {
  if (!stage("read", "reading the module", &Compilation::readInput))
    return false;
  if (invocation.dryRun)
    return printStages();
  return stage("wasm-opt", "running wasm-opt", &Compilation::optimizeWasm) &&
         stage("compile", "compiling", &Compilation::compile) &&
         stage("emit", "generating code", &Compilation::emit) &&
         stage("link", "linking", &Compilation::link) &&
         stage("write", "writing the output", &Compilation::writeOutputs);
}

/// What `-###` shows: commands as they would be run, and in the same form what
/// wasmc does by itself.
bool Compilation::printStages() {
  raw_ostream &os = errs();
  std::string module = invocation.input;
  auto print = [&](Expected<Command> command) {
    if (!command)
      return check(command.takeError());
    printCommand(os, *command);
    return true;
  };
  if (input.isText) {
    std::string binary = temporaryName(".text.wasm");
    if (!print(textToBinaryCommand(module, binary)))
      return false;
    module = binary;
  }
  if (invocation.wasmOpt) {
    std::string optimized = temporaryName(".opt.wasm");
    if (!print(wasmOptCommand(invocation, module, optimized)))
      return false;
    module = optimized;
  }
  bool shared = invocation.kind == OutputKind::Shared;
  std::string output = shared ? temporaryName(".o") : invocation.output;
  os << " (in-process)\n";
  Command compile = {"wasmc", module, "-o", output, "--target=" + invocation.compile.target,
                     "--prefix=" + invocation.compile.prefix,
                     std::string("-O") + invocation.compile.optLevel};
  if (!invocation.abi.empty())
    compile.push_back("--abi=" + invocation.abi);
  printCommand(os, compile);
  return !shared ||
         print(linkCommand(invocation, output, temporaryName(".exports"), invocation.output));
}

/// Names the stage for a crash's diagnostic, and times it.
bool Compilation::stage(const char *name, const char *doing, bool (Compilation::*body)()) {
  setStage(doing);
  if (!invocation.timeReport)
    return (this->*body)();
  Timer &timer = stageTimers.emplace_back(name, doing, timers);
  TimeRegion region(timer);
  return (this->*body)();
}

bool Compilation::check(Error error) {
  if (!error)
    return true;
  diags.report(std::move(error), input.path, input.bytes);
  return false;
}

static StringRef asText(ArrayRef<uint8_t> bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// In the current folder, a name that neither input nor output usually has:
/// `filter.text.wasm`.
std::string Compilation::temporaryName(StringRef ending) const {
  StringRef stem = invocation.input == "-" ? "stdin" : sys::path::stem(invocation.input);
  return (stem + ending).str();
}

void Compilation::saveTemporary(StringRef ending, StringRef data) {
  if (!invocation.saveTemps)
    return;
  SmallVectorImpl<char> &buffer = outputs.add(temporaryName(ending));
  buffer.assign(data.begin(), data.end());
}

bool Compilation::readInput() {
  Expected<Input> read = driver::readInput(invocation.input);
  if (!read) {
    diags.error(toString(read.takeError()));
    return false;
  }
  input = std::move(*read);
  if (Error error = readInterfaceText(invocation.abi, input, options)) {
    diags.error(toString(std::move(error)));
    return false;
  }
  if (invocation.verbose || invocation.dryRun) {
    printVersion(errs());
    printToolVersions(errs(), invocation, input.isText);
  }
  if (!input.isText || invocation.dryRun)
    return true;
  if (!convertText(input, invocation.verbose, diags))
    return false;
  saveTemporary(".text.wasm", asText(input.bytes));
  return true;
}

bool Compilation::optimizeWasm() {
  if (!invocation.wasmOpt)
    return true;
  if (!check(driver::optimizeWasm(input.bytes, invocation)))
    return false;
  saveTemporary(".opt.wasm", asText(input.bytes));
  return true;
}

bool Compilation::compile() {
  if (!invocation.debugCrash.empty())
    crashOnPurpose(invocation.debugCrash);
  if (invocation.kind == OutputKind::Header)
    return true; // No code is generated for a header alone.
  TimePassesIsEnabled = invocation.timeReport;
  options.forLTO = invocation.kind == OutputKind::Bitcode;
  Expected<std::unique_ptr<CompiledModule>> compiled =
      wasmc::compile(input.bytes, options);
  if (!compiled)
    return check(compiled.takeError());
  module = std::move(*compiled);
  for (const Remark &remark : module->remarks())
    diags.remark(input.path, remark.message, invocation.remarks);
  return !diags.hasErrors();
}

bool Compilation::emitTo(EmitKind kind, StringRef path) {
  raw_svector_ostream os(outputs.add(path));
  return check(module->emit(kind, os));
}

bool Compilation::emit() {
  if (hasTerminalOutput()) {
    diags.error("will not write binary output to a terminal; use '-o FILE'");
    return false;
  }
  for (const std::string &header :
       {invocation.header, invocation.kind == OutputKind::Header ? invocation.output : ""}) {
    if (header.empty())
      continue;
    raw_svector_ostream os(outputs.add(header));
    if (!check(writeHeader(input.bytes, options, os)))
      return false;
  }
  if (invocation.saveTemps && module && invocation.kind != OutputKind::Bitcode) {
    SmallVector<char, 0> bitcode;
    raw_svector_ostream os(bitcode);
    if (!check(module->emit(EmitKind::Bitcode, os)))
      return false;
    saveTemporary(".bc", {bitcode.data(), bitcode.size()});
  }
  switch (invocation.kind) {
  case OutputKind::Object: return emitTo(EmitKind::Object, invocation.output);
  case OutputKind::Assembly: return emitTo(EmitKind::Assembly, invocation.output);
  case OutputKind::LLVMIR: return emitTo(EmitKind::LLVMIR, invocation.output);
  case OutputKind::Bitcode: return emitTo(EmitKind::Bitcode, invocation.output);
  case OutputKind::Shared: {
    raw_svector_ostream os(object);
    return check(module->emit(EmitKind::Object, os));
  }
  case OutputKind::Header: return true;
  }
  llvm_unreachable("every kind is emitted");
}

bool Compilation::link() {
  if (invocation.kind != OutputKind::Shared)
    return true;
  saveTemporary(".o", {object.data(), object.size()});
  return check(linkShared(invocation, object, outputs.add(invocation.output, true)));
}

bool Compilation::writeOutputs() {
  if (!invocation.depfile.empty()) {
    std::vector<std::string> dependencies;
    if (invocation.input != "-")
      dependencies.push_back(invocation.input);
    if (!invocation.abi.empty())
      dependencies.push_back(invocation.abi);
    if (invocation.kind == OutputKind::Shared) {
      Expected<std::string> runtime = findRuntime(invocation);
      if (!runtime)
        return check(runtime.takeError());
      dependencies.push_back(*runtime);
    }
    raw_svector_ostream os(outputs.add(invocation.depfile));
    writeDepfile(os, invocation.depfileTarget, dependencies);
  }
  if (invocation.input != "-")
    outputs.protect(invocation.input);
  if (!invocation.abi.empty())
    outputs.protect(invocation.abi);
  if (Error error = outputs.commit()) {
    diags.error(toString(std::move(error)));
    return false;
  }
  return true;
}

/// Only text goes to a terminal.
bool Compilation::hasTerminalOutput() const {
  bool binary = invocation.kind == OutputKind::Object || invocation.kind == OutputKind::Bitcode ||
                invocation.kind == OutputKind::Shared;
  return binary && invocation.output == "-" && sys::Process::StandardOutIsDisplayed();
}

static bool inspectModule(const Invocation &invocation, Diagnostics &diags) {
  setStage("reading the module");
  Expected<Input> input = readInput(invocation.input);
  if (!input) {
    diags.error(toString(input.takeError()));
    return false;
  }
  if (input->isText && !convertText(*input, invocation.verbose, diags))
    return false;
  // What needs a proposal that cannot be compiled yet can be looked at.
  wasm::FeatureSet features = wasm::FeatureSet::all();
  Expected<wasm::Module> module = wasm::decodeModule(input->bytes, features);
  if (!module) {
    diags.report(module.takeError(), input->path, input->bytes);
    return false;
  }
  if (Error error = wasm::validateAll(*module, features)) {
    diags.report(std::move(error), input->path, input->bytes);
    return false;
  }
  CompileOptions options;
  if (Error error = readInterfaceText(invocation.abi, *input, options)) {
    diags.error(toString(std::move(error)));
    return false;
  }
  Expected<std::optional<abi::Interface>> interface = readInterface(*module, options);
  if (!interface) {
    diags.report(interface.takeError(), input->path, input->bytes);
    return false;
  }
  const abi::Interface *described = *interface ? &**interface : nullptr;
  if (invocation.json)
    outs() << formatv("{0:2}", json::Value(inspect(*module, described))) << '\n';
  else
    printInspection(outs(), *module, described);
  return true;
}

/// False for a bad command line or module, or an error.
static bool act(const Invocation &invocation, Diagnostics &diags) {
  switch (invocation.action) {
  case Action::Help: printHelp(outs()); return true;
  case Action::Version: printVersion(outs()); return true;
  case Action::PrintTargets: printTargets(outs()); return true;
  case Action::Inspect: return inspectModule(invocation, diags);
  case Action::Compile: return Compilation(invocation, diags).run();
  }
  llvm_unreachable("every action is done");
}

/// Standard output may be a full disk.
static bool flushStandardOutput(Diagnostics &diags) {
  outs().flush();
  std::error_code error = outs().error();
  outs().clear_error();
  if (error)
    diags.error("cannot write 'standard output': " + error.message());
  return !error;
}

int run(ArrayRef<const char *> args) {
  Diagnostics diags;
  diags.setColors(std::nullopt);
  return runGuarded([&] {
    setStage("reading the command line");
    std::optional<Invocation> invocation = parseCommandLine(args, diags);
    if (!invocation)
      return 2;
    bool ok = act(*invocation, diags);
    return flushStandardOutput(diags) && ok ? 0 : 1;
  });
}

} // namespace wasmc::driver
