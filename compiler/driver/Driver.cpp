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
      : invocation(invocation), options(invocation.compile), diags(diags) {
    options.forLTO = invocation.kind == OutputKind::Bitcode;
  }
  bool run();

private:
  bool readInputs();
  bool readInput(const InputFile &file);
  bool optimizeWasm();
  bool compile();
  bool emit();
  bool link();
  bool writeOutputs();

  bool stage(const char *name, const char *doing, bool (Compilation::*body)());
  bool printStages();
  bool emitTo(EmitKind kind, StringRef path);
  bool check(Error error);
  void saveTemporary(StringRef stem, StringRef ending, StringRef data);
  bool hasTerminalOutput() const;
  std::string temporaryName(StringRef ending) const;
  std::vector<std::string> inputFiles() const;

  const Invocation &invocation;
  CompileOptions options;
  Diagnostics &diags;
  std::deque<Input> inputs;
  std::vector<ModuleSource> sources; ///< Refer to `inputs`.
  std::unique_ptr<CompiledModule> module;
  OutputSet outputs;
  SmallVector<char, 0> object; ///< To be linked.
  TimerGroup timers{"wasmc", "wasmc stages"};
  std::deque<Timer> stageTimers;
};

} // namespace

bool Compilation::run() {
  if (!stage("read", "reading the module", &Compilation::readInputs))
    return false;
  if (invocation.dryRun)
    return printStages();
  return stage("wasm-opt", "running wasm-opt", &Compilation::optimizeWasm) &&
         stage("compile", "compiling", &Compilation::compile) &&
         stage("emit", "generating code", &Compilation::emit) &&
         stage("link", "linking", &Compilation::link) &&
         stage("write", "writing the output", &Compilation::writeOutputs);
}

/// What temporary files of a module are called.
static std::string stemOf(const InputFile &file) {
  return file.path == "-" ? "stdin" : sys::path::stem(file.path).str();
}

/// What `-###` shows: commands as they would be run, and in the same form what
/// wasmc does by itself.
bool Compilation::printStages() {
  raw_ostream &os = errs();
  Command compile = {"wasmc"};
  auto ofModule = [&](const InputFile &file) {
    return invocation.inputs.size() == 1 ? std::string() : file.name + "=";
  };
  auto print = [&](Expected<Command> command) {
    if (!command)
      return check(command.takeError());
    printCommand(os, *command);
    return true;
  };
  for (auto [file, input] : zip_equal(invocation.inputs, inputs)) {
    std::string module = file.path;
    if (input.isText) {
      std::string binary = stemOf(file) + ".text.wasm";
      if (!print(textToBinaryCommand(module, binary)))
        return false;
      module = binary;
    }
    if (invocation.wasmOpt) {
      std::string optimized = stemOf(file) + ".opt.wasm";
      if (!print(wasmOptCommand(invocation, module, optimized)))
        return false;
      module = optimized;
    }
    compile.push_back(ofModule(file) + module);
  }
  bool shared = invocation.kind == OutputKind::Shared;
  std::string output = shared ? temporaryName(".o") : invocation.output;
  os << " (in-process)\n";
  compile.insert(compile.end(), {"-o", output, "--target=" + invocation.compile.target});
  for (const InputFile &file : invocation.inputs)
    compile.push_back("--prefix=" + ofModule(file) + file.prefix);
  compile.push_back(std::string("-O") + invocation.compile.optLevel);
  for (const InputFile &file : invocation.inputs)
    if (!file.abi.empty())
      compile.push_back("--abi=" + ofModule(file) + file.abi);
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
  Error rest = handleErrors(std::move(error), [&](wasm::SourceError &e) {
    const Input &input = inputs[e.source];
    diags.report(e.takeCause(), input.path, input.bytes);
  });
  // What is none of a module in particular is said of the first.
  if (rest)
    diags.report(std::move(rest), inputs.front().path, inputs.front().bytes);
  return false;
}

static StringRef asText(ArrayRef<uint8_t> bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// In the current folder, a name that neither input nor output usually has:
/// `filter.text.wasm`.
std::string Compilation::temporaryName(StringRef ending) const {
  return stemOf(invocation.inputs.front()) + ending.str();
}

void Compilation::saveTemporary(StringRef stem, StringRef ending, StringRef data) {
  if (!invocation.saveTemps)
    return;
  SmallVectorImpl<char> &buffer = outputs.add((stem + ending).str());
  buffer.assign(data.begin(), data.end());
}

bool Compilation::readInput(const InputFile &file) {
  Expected<Input> read = driver::readInput(file.path);
  if (!read) {
    diags.error(toString(read.takeError()));
    return false;
  }
  inputs.push_back(std::move(*read));
  Expected<ModuleSource> source = makeSource(file, inputs.back());
  if (!source) {
    diags.error(toString(source.takeError()));
    return false;
  }
  sources.push_back(std::move(*source));
  return true;
}

bool Compilation::readInputs() {
  for (const InputFile &file : invocation.inputs)
    if (!readInput(file))
      return false;
  if (invocation.verbose || invocation.dryRun) {
    printVersion(errs());
    printToolVersions(errs(), invocation, any_of(inputs, [](auto &i) { return i.isText; }));
  }
  if (invocation.dryRun)
    return true;
  for (size_t i = 0; i != inputs.size(); ++i) {
    if (!inputs[i].isText)
      continue;
    if (!convertText(inputs[i], invocation.verbose, diags))
      return false;
    sources[i].bytes = inputs[i].bytes;
    saveTemporary(stemOf(invocation.inputs[i]), ".text.wasm", asText(inputs[i].bytes));
  }
  return true;
}

bool Compilation::optimizeWasm() {
  if (!invocation.wasmOpt)
    return true;
  for (size_t i = 0; i != inputs.size(); ++i) {
    if (!check(wasm::inSource(i, driver::optimizeWasm(inputs[i].bytes, invocation))))
      return false;
    sources[i].bytes = inputs[i].bytes;
    saveTemporary(stemOf(invocation.inputs[i]), ".opt.wasm", asText(inputs[i].bytes));
  }
  return true;
}

bool Compilation::compile() {
  options.guardThread = guardThread;
  StringRef crash = invocation.debugCrash;
  if (crash.consume_front("thread-"))
    options.guardThread = [crash](function_ref<void()> body) {
      guardThread([&] { crashOnPurpose(crash) ? void() : body(); });
    };
  else if (!crash.empty())
    crashOnPurpose(crash);
  if (invocation.kind == OutputKind::Header)
    return true; // No code is generated for a header alone.
  TimePassesIsEnabled = invocation.timeReport;
  Expected<std::unique_ptr<CompiledModule>> compiled = wasmc::compile(sources, options);
  if (!compiled)
    return check(compiled.takeError());
  module = std::move(*compiled);
  for (const Remark &remark : module->remarks()) {
    std::string file = inputs[remark.source].path;
    if (remark.offset)
      file = Diagnostics::locate(file, *remark.offset);
    if (remark.isWarning)
      diags.warning(file, remark.message);
    else if (remark.isAdvice)
      diags.advice(file, remark.message);
    else
      diags.remark(file, remark.message, invocation.remarks);
  }
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
    if (!check(writeHeader(sources, options, os)))
      return false;
  }
  if (invocation.saveTemps && module && invocation.kind != OutputKind::Bitcode) {
    SmallVector<char, 0> bitcode;
    raw_svector_ostream os(bitcode);
    if (!check(module->emit(EmitKind::Bitcode, os)))
      return false;
    saveTemporary(temporaryName(""), ".bc", {bitcode.data(), bitcode.size()});
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
  saveTemporary(temporaryName(""), ".o", {object.data(), object.size()});
  return check(linkShared(invocation, object, outputs.add(invocation.output, true)));
}

/// What the output is made of and must not overwrite.
std::vector<std::string> Compilation::inputFiles() const {
  std::vector<std::string> files;
  for (const InputFile &file : invocation.inputs) {
    if (file.path != "-")
      files.push_back(file.path);
    if (!file.abi.empty())
      files.push_back(file.abi);
  }
  if (!options.pgoUse.empty())
    files.push_back(options.pgoUse);
  return files;
}

bool Compilation::writeOutputs() {
  if (!invocation.depfile.empty()) {
    std::vector<std::string> dependencies = inputFiles();
    if (invocation.kind == OutputKind::Shared) {
      Expected<std::string> runtime = findRuntime(invocation);
      if (!runtime)
        return check(runtime.takeError());
      dependencies.push_back(*runtime);
    }
    raw_svector_ostream os(outputs.add(invocation.depfile));
    writeDepfile(os, invocation.depfileTarget, dependencies);
  }
  for (const std::string &file : inputFiles())
    outputs.protect(file);
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

namespace {
/// A module that is looked at.
struct Inspected {
  Input input;
  ModuleSource source;
  wasm::Module module;
  std::optional<abi::Interface> interface;
};
} // namespace

static bool readForInspection(const Invocation &invocation, const InputFile &file,
                              Inspected &into, Diagnostics &diags) {
  Expected<Input> input = readInput(file.path);
  if (!input) {
    diags.error(toString(input.takeError()));
    return false;
  }
  into.input = std::move(*input);
  auto check = [&](Error error) {
    if (!error)
      return true;
    diags.report(std::move(error), into.input.path, into.input.bytes);
    return false;
  };
  if (into.input.isText && !convertText(into.input, invocation.verbose, diags))
    return false;
  // What needs a proposal that cannot be compiled yet can be looked at.
  wasm::FeatureSet features = wasm::FeatureSet::all();
  Expected<wasm::Module> module = wasm::decodeModule(into.input.bytes, features);
  if (!module)
    return check(module.takeError());
  into.module = std::move(*module);
  if (!check(wasm::validateAll(into.module, features)))
    return false;
  Expected<ModuleSource> source = makeSource(file, into.input);
  if (!source) {
    diags.error(toString(source.takeError()));
    return false;
  }
  into.source = std::move(*source);
  Expected<std::optional<abi::Interface>> interface =
      readInterface(into.module, optionsFor(into.source, {}));
  if (!interface)
    return check(interface.takeError());
  into.interface = std::move(*interface);
  return true;
}

static bool inspectModules(const Invocation &invocation, Diagnostics &diags) {
  setStage("reading the module");
  std::deque<Inspected> modules;
  std::vector<wasm::Linkable> linkables;
  for (const InputFile &file : invocation.inputs) {
    Inspected &one = modules.emplace_back();
    if (!readForInspection(invocation, file, one, diags))
      return false;
    linkables.push_back({&one.module, file.name, one.input.path});
  }
  Expected<std::vector<wasm::Links>> links = wasm::linkModules(linkables);
  if (!links) {
    handleAllErrors(links.takeError(), [&](wasm::SourceError &e) {
      const Input &input = modules[e.source].input;
      diags.report(e.takeCause(), input.path, input.bytes);
    });
    return false;
  }
  json::Array list;
  for (size_t i = 0; i != modules.size(); ++i) {
    Inspected &one = modules[i];
    InspectedLinks linked = {(*links)[i], linkables};
    const abi::Interface *described = one.interface ? &*one.interface : nullptr;
    if (invocation.json) {
      list.push_back(inspect(one.module, described, linked));
      continue;
    }
    if (modules.size() > 1)
      outs() << (i ? "\n" : "") << printable(one.source.name) << " ("
             << printable(one.input.path) << ")\n";
    printInspection(outs(), one.module, described, linked);
  }
  if (invocation.json)
    outs() << formatv("{0:2}", modules.size() == 1 ? std::move(list[0])
                                                   : json::Value(std::move(list)))
           << '\n';
  return true;
}

/// False for a bad command line or module, or an error.
static bool act(const Invocation &invocation, Diagnostics &diags) {
  switch (invocation.action) {
  case Action::Help: printHelp(outs()); return true;
  case Action::Version: printVersion(outs()); return true;
  case Action::PrintTargets: printTargets(outs()); return true;
  case Action::Inspect: return inspectModules(invocation, diags);
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
