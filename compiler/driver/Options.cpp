//===- Options.cpp - What the command line asks for ------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "Diagnostics.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace llvm::opt;

namespace wasmc::driver {

namespace {

enum ID {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

#define OPTTABLE_STR_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

constexpr OptTable::Info optionInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

class WasmcOptTable : public GenericOptTable {
public:
  WasmcOptTable() : GenericOptTable(OptionStrTable, OptionPrefixesTable, optionInfos) {}
};

/// Gives the options their meaning, a group of them a function.
class Parser {
public:
  explicit Parser(Diagnostics &diags) : diags(diags) {}
  std::optional<Invocation> parse(ArrayRef<const char *> argv);

private:
  bool readSubcommand();
  bool refuseUnknown();
  bool readGeneral();
  bool readInput();
  bool readOutput();
  bool readDepfile();
  bool readCodeGeneration();
  bool readProfile();
  bool readShards();
  bool readTarget();
  bool readModule();
  bool readFeature(const Arg &arg, bool on);
  bool readPerModule(ID option, std::string InputFile::*member);
  void warnUnused();

  /// Reports an error and returns false.
  bool fail(const Twine &message) {
    diags.error(message);
    return false;
  }
  bool badValue(const Arg &arg, StringRef allowed) {
    return fail("invalid value '" + StringRef(arg.getValue()) + "' in '" + arg.getSpelling() +
                "': give " + allowed);
  }

  Diagnostics &diags;
  WasmcOptTable table;
  InputArgList args;
  std::vector<std::string> inputs; ///< Without the subcommand.
  Invocation result;
};

} // namespace

StringRef outputEnding(OutputKind kind) {
  switch (kind) {
  case OutputKind::Object: return ".o";
  case OutputKind::Assembly: return ".s";
  case OutputKind::LLVMIR: return ".ll";
  case OutputKind::Bitcode: return ".bc";
  case OutputKind::Shared: return ".so";
  case OutputKind::Header: return ".h";
  }
  llvm_unreachable("every kind has an ending");
}

/// A file of this name is given as `./inspect`.
bool Parser::readSubcommand() {
  inputs = args.getAllArgValues(OPT_INPUT);
  StringRef first = inputs.empty() ? "" : StringRef(inputs.front());
  if (first == "run")
    return fail("'wasmc run' is not available in this version; write an object or a shared "
                "library and call it from a host");
  if (first == "inspect") {
    result.action = Action::Inspect;
    inputs.erase(inputs.begin());
  }
  return true;
}

bool Parser::refuseUnknown() {
  bool ok = true;
  for (const Arg *arg : args.filtered(OPT_UNKNOWN)) {
    std::string spelling = arg->getAsString(args), nearest;
    if (table.findNearest(spelling, nearest) <= 2)
      ok = fail("unknown argument '" + spelling + "'; did you mean '" + nearest + "'?");
    else
      ok = fail("unknown argument '" + spelling + "'");
  }
  return ok;
}

bool Parser::readGeneral() {
  if (args.hasArg(OPT_help))
    result.action = Action::Help;
  else if (args.hasArg(OPT_version))
    result.action = Action::Version;
  else if (args.hasArg(OPT_print_targets))
    result.action = Action::PrintTargets;
  result.verbose = args.hasArg(OPT_v);
  result.dryRun = args.hasArg(OPT__HASH_HASH_HASH);
  result.saveTemps = args.hasArg(OPT_save_temps);
  result.remarks = result.compile.remarks = args.hasArg(OPT_remarks);
  result.timeReport = args.hasArg(OPT_time_report);
  result.json = args.hasArg(OPT_json);
  result.compile.lint = args.hasArg(OPT_lint_ir);
  result.debugCrash = args.getLastArgValue(OPT_debug_crash_EQ);
  if (result.json && result.action == Action::Compile)
    return fail("'--json' goes with 'wasmc inspect'");
  return true;
}

bool Parser::readInput() {
  if (inputs.empty())
    return fail("no input file; 'wasmc --help' shows how to use it");
  for (StringRef input : inputs) {
    InputFile file;
    // A file whose own name has the sign in it is given as `./a=b.wasm`.
    auto [name, path] = input.split('=');
    bool isNamed = name.size() != input.size() && !name.contains('/');
    file.path = isNamed ? path.str() : input.str();
    if (file.path.empty() || (isNamed && name.empty()))
      return fail("a module is given as FILE or NAME=FILE, not '" + input + "'");
    bool isStdin = file.path == "-";
    file.name = isNamed ? name.str() : isStdin ? "module" : sys::path::stem(file.path).str();
    file.prefix = isStdin ? "module" : defaultPrefix(file.path);
    result.inputs.push_back(std::move(file));
  }
  if (count_if(result.inputs, [](const InputFile &f) { return f.path == "-"; }) > 1)
    return fail("standard input is one module, and was given twice");
  return readPerModule(OPT_abi_EQ, &InputFile::abi);
}

/// Options that are about one module: with several, they say about which.
bool Parser::readPerModule(ID option, std::string InputFile::*member) {
  for (const Arg *arg : args.filtered(option)) {
    StringRef value = arg->getValue();
    auto file = result.inputs.begin();
    if (result.inputs.size() > 1) {
      auto [name, rest] = value.split('=');
      file = find_if(result.inputs, [&](const InputFile &f) { return f.name == name; });
      if (name.size() == value.size())
        return fail("'" + arg->getAsString(args) + "' does not say which of the modules is meant: "
                    "give " + arg->getSpelling() + "NAME=" + value);
      if (file == result.inputs.end())
        return fail("no module is called '" + name + "' in '" + arg->getAsString(args) + "'");
      value = rest;
    }
    if (value.empty() && option == OPT_abi_EQ)
      return fail("the name of the interface description is empty");
    (*file).*member = value.str();
  }
  return true;
}

/// Executables need the WASI library, which does not exist yet.
static constexpr const char *noExecutables =
    "executables (exe) are not available in this version: write an object or a shared library";

static std::optional<OutputKind> kindByName(StringRef name) {
  return StringSwitch<std::optional<OutputKind>>(name)
      .Case("obj", OutputKind::Object)
      .Case("asm", OutputKind::Assembly)
      .Case("llvm-ir", OutputKind::LLVMIR)
      .Case("llvm-bc", OutputKind::Bitcode)
      .Case("shared", OutputKind::Shared)
      .Case("header", OutputKind::Header)
      .Default(std::nullopt);
}

static std::optional<OutputKind> kindByEnding(StringRef ending) {
  return StringSwitch<std::optional<OutputKind>>(ending)
      .Cases({".o", ".obj"}, OutputKind::Object)
      .Cases({".s", ".asm"}, OutputKind::Assembly)
      .Case(".ll", OutputKind::LLVMIR)
      .Case(".bc", OutputKind::Bitcode)
      .Case(".so", OutputKind::Shared)
      .Cases({".h", ".hpp"}, OutputKind::Header)
      .Default(std::nullopt);
}

bool Parser::readOutput() {
  result.output = args.getLastArgValue(OPT_o);
  result.header = args.getLastArgValue(OPT_header_EQ);
  result.runtime = args.getLastArgValue(OPT_runtime_EQ);
  StringRef ending = sys::path::extension(result.output);
  if (const Arg *arg = args.getLastArg(OPT_emit_EQ)) {
    std::optional<OutputKind> kind = kindByName(arg->getValue());
    if (!kind && StringRef(arg->getValue()) == "exe")
      return fail(noExecutables);
    if (!kind)
      return badValue(*arg, "obj, asm, llvm-ir, llvm-bc, shared or header");
    result.kind = *kind;
  } else if (std::optional<OutputKind> kind = kindByEnding(ending)) {
    result.kind = *kind;
  } else if (args.hasArg(OPT_o) && result.output.empty()) {
    return fail("the name of the output file is empty");
  } else if (!result.output.empty() && result.output != "-" &&
             !StringRef(result.output).starts_with("/dev/")) {
    if (ending.empty())
      return fail("no ending in '" + result.output + "' to tell what to write: " + noExecutables +
                  ", or give --emit=KIND");
    return fail("cannot tell what to write from the ending of '" + result.output +
                "': endings are .o .s .ll .bc .so .h, or give --emit=KIND");
  }
  if (!result.output.empty())
    return true;
  if (result.inputs.size() > 1)
    return fail("several modules make one output: name it with '-o FILE'");
  // Like clang -c: into the current folder. A filter stays a filter.
  if (result.inputs[0].path == "-")
    result.output = "-";
  else
    result.output = (sys::path::stem(result.inputs[0].path) + outputEnding(result.kind)).str();
  return true;
}

bool Parser::readDepfile() {
  if (!args.hasArg(OPT_MD))
    return true;
  result.depfile = args.getLastArgValue(OPT_MF);
  if (result.depfile.empty()) {
    if (result.output == "-")
      return fail("'-MD' needs '-MF FILE' when the output is standard output");
    SmallString<128> path(result.output);
    sys::path::replace_extension(path, "d");
    result.depfile = std::string(path);
  }
  result.depfileTarget = args.getLastArgValue(OPT_MT, result.output);
  return true;
}

bool Parser::readCodeGeneration() {
  CompileOptions &options = result.compile;
  options.debugInfo = args.hasArg(OPT_g);
  options.strictTraps = args.hasArg(OPT_strict_traps);
  if (const Arg *arg = args.getLastArg(OPT_O)) {
    StringRef level = arg->getValue();
    if (level.empty())
      level = "1"; // As with clang.
    if (level.size() != 1 || !StringRef("0123sz").contains(level))
      return fail("invalid optimisation level '-O" + level + "': give 0, 1, 2, 3, s or z");
    options.optLevel = level.front();
  }
  if (const Arg *arg = args.getLastArg(OPT_bounds_EQ)) {
    auto mode = StringSwitch<std::optional<BoundsMode>>(arg->getValue())
                    .Case("auto", BoundsMode::Auto)
                    .Case("guard", BoundsMode::Guard)
                    .Case("check", BoundsMode::Check)
                    .Default(std::nullopt);
    if (!mode)
      return badValue(*arg, "auto, guard or check");
    options.bounds = *mode;
  }
  return readProfile() && readShards() && readTarget();
}

/// Shards are for objects: other kinds show the module as a whole. So do debug information, of
/// which each shard would have its own, and counters, which LLVM finds by their sections.
bool Parser::readShards() {
  CompileOptions &options = result.compile;
  auto number = [&](ID option, auto &into) {
    const Arg *arg = args.getLastArg(option);
    return !arg || (to_integer(arg->getValue(), into, 10) && into != 0) ||
           badValue(*arg, "a number from 1 on");
  };
  size_t size = 3'000;
  unsigned threads = heavyweight_hardware_concurrency().compute_thread_count();
  if (!number(OPT_debug_shard_size_EQ, size) || !number(OPT_threads_EQ, threads))
    return false;
  bool isObject = result.kind == OutputKind::Object || result.kind == OutputKind::Shared;
  if (isObject && !result.saveTemps && !options.debugInfo && !options.pgoGenerate)
    options.shardSize = size;
  options.threads = threads;
  return true;
}

bool Parser::readProfile() {
  CompileOptions &options = result.compile;
  const Arg *generate = args.getLastArg(OPT_pgo_generate, OPT_pgo_generate_EQ);
  options.pgoUse = args.getLastArgValue(OPT_pgo_use_EQ);
  if (args.hasArg(OPT_pgo_use_EQ) && options.pgoUse.empty())
    return fail("the name of the profile is empty");
  if (!generate)
    return true;
  if (!options.pgoUse.empty())
    return fail("'" + generate->getAsString(args) + "' and '--pgo-use=' exclude each other");
  if (result.kind == OutputKind::Shared)
    return fail("'" + generate->getAsString(args) + "' needs LLVM's profile runtime: write an object, "
                "and link it with 'clang -fprofile-generate'");
  // As clang's: each program merges what its runs count into a file of its own.
  options.pgoGenerate = "default_%m.profraw";
  if (generate->getOption().matches(OPT_pgo_generate_EQ))
    options.pgoGenerate = generate->getValue();
  if (options.pgoGenerate->empty())
    return fail("the name of the profile is empty");
  return true;
}

bool Parser::readTarget() {
  CompileOptions &options = result.compile;
  options.target = args.getLastArgValue(OPT_target_EQ);
  options.attributes = join(args.getAllArgValues(OPT_mattr_EQ), ",");
  const Arg *arg = args.getLastArg(OPT_mcpu_EQ, OPT_march_EQ);
  if (!arg)
    return true;
  options.cpu = arg->getValue();
  // Elsewhere, clang's -march is a list of extensions.
  if (arg->getOption().matches(OPT_march_EQ) && !options.target.empty() &&
      !Triple(Triple::normalize(options.target)).isX86())
    return fail("'-march=' is for x86: use '-mcpu=' and '-mattr=' for target '" + options.target +
                "'");
  return true;
}

bool Parser::readFeature(const Arg &arg, bool on) {
  StringRef name = arg.getValue();
  wasm::Feature feature = wasm::featureByName(std::string_view(name));
  if (feature == wasm::Feature::MVP)
    return fail("'mvp' is always on");
  if (feature != wasm::Feature::Count) {
    result.compile.features.set(feature, on);
    return true;
  }
  StringRef nearest;
  unsigned distance = 4;
  for (unsigned i = 1; i < static_cast<unsigned>(wasm::Feature::Count); ++i) {
    StringRef candidate = wasm::featureName(static_cast<wasm::Feature>(i));
    if (unsigned d = name.edit_distance(candidate, true, distance); d < distance) {
      distance = d;
      nearest = candidate;
    }
  }
  std::string hint = nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").str();
  return fail("unknown feature '" + name + "' in '" + arg.getAsString(args) + "'" + hint);
}

bool Parser::readModule() {
  CompileOptions &options = result.compile;
  if (!readPerModule(OPT_prefix_EQ, &InputFile::prefix))
    return false;
  for (ID id : {OPT_imports_EQ, OPT_exports_EQ}) {
    const Arg *arg = args.getLastArg(id);
    if (!arg)
      continue;
    StringRef mode = arg->getValue();
    if (mode != "table" && mode != "symbols")
      return badValue(*arg, "table or symbols");
    if (id == OPT_imports_EQ)
      options.imports = mode == "table" ? ImportMode::Table : ImportMode::Symbols;
    else
      options.exports = mode == "table" ? ExportMode::Table : ExportMode::Symbols;
  }
  if (const Arg *arg = args.getLastArg(OPT_wasm_opt, OPT_wasm_opt_EQ))
    result.wasmOpt = arg->getOption().matches(OPT_wasm_opt_EQ) ? arg->getValue() : "";
  for (const Arg *arg : args.filtered(OPT_enable, OPT_disable))
    if (!readFeature(*arg, arg->getOption().matches(OPT_enable)))
      return false;
  return true;
}

/// Options that do nothing in this combination, as clang warns of them.
void Parser::warnUnused() {
  auto warn = [&](bool unused, OptSpecifier option) {
    const Arg *arg = args.getLastArg(option);
    if (arg && unused)
      diags.warning("argument unused: '" + arg->getAsString(args) + "'");
  };
  warn(result.depfile.empty(), OPT_MF);
  warn(result.depfile.empty(), OPT_MT);
  warn(result.kind != OutputKind::Shared, OPT_runtime_EQ);
}

std::optional<Invocation> Parser::parse(ArrayRef<const char *> argv) {
  unsigned missingIndex = 0, missingCount = 0;
  args = table.ParseArgs(argv, missingIndex, missingCount);
  // Before the first error is printed.
  if (const Arg *arg = args.getLastArg(OPT_fcolor_diagnostics, OPT_fno_color_diagnostics))
    diags.setColors(arg->getOption().matches(OPT_fcolor_diagnostics));
  diags.setWarningsAreErrors(args.hasArg(OPT_Werror));
  if (missingCount != 0) {
    fail("argument to '" + StringRef(args.getArgString(missingIndex)) + "' is missing");
    return std::nullopt;
  }
  if (!refuseUnknown() || !readSubcommand() || !readGeneral())
    return std::nullopt;
  if (result.action != Action::Compile && result.action != Action::Inspect)
    return result;
  if (!readInput())
    return std::nullopt;
  if (result.action == Action::Inspect)
    return result;
  if (!readOutput() || !readDepfile() || !readCodeGeneration() || !readModule())
    return std::nullopt;
  for (const InputFile &input : result.inputs) {
    CompileOptions options = result.compile;
    options.prefix = input.prefix;
    if (Error error = resolveOptions(options)) {
      diags.error(toString(std::move(error)));
      return std::nullopt;
    }
    result.compile.target = options.target;
  }
  warnUnused();
  if (diags.hasErrors())
    return std::nullopt;
  return result;
}

std::optional<Invocation> parseCommandLine(ArrayRef<const char *> argv, Diagnostics &diags) {
  return Parser(diags).parse(argv);
}

void printHelp(raw_ostream &os) {
  WasmcOptTable().printHelp(
      os,
      "wasmc [options] <module>...          compile; several modules are linked\n"
      "       wasmc inspect <module>... [--json]   show what a module has and needs",
      "wasmc: WebAssembly to native code, ahead of time");
  os << "\nFEATURES (--enable-, --disable-):\n";
  wasm::FeatureSet on = wasm::FeatureSet::defaults(), lowered = wasm::FeatureSet::lowered();
  for (unsigned i = 1; i < static_cast<unsigned>(wasm::Feature::Count); ++i) {
    auto feature = static_cast<wasm::Feature>(i);
    os << "  " << left_justify(StringRef(wasm::featureName(feature)), 24)
       << StringRef(wasm::featureDescription(feature))
       << (on.has(feature) ? "" : " (off by default)")
       << (lowered.has(feature) ? "" : " (cannot be compiled yet)") << '\n';
  }
  os << "\nEXAMPLES:\n"
        "  wasmc filter.wasm -o filter.o --header filter.h   an object and its C and C++ header\n"
        "  wasmc filter.wasm --abi=filter.abi -o filter.o    an object whose exports take buffers\n"
        "  wasmc filter.wasm -o libfilter.so                 a plugin, with the runtime inside\n"
        "  wasmc filter.wasm -o filter.bc                    bitcode, to join the host's LTO\n"
        "  wasmc -O3 -mcpu=native filter.wat -o filter.s     assembly for this machine, from text\n"
        "  wasmc --target=aarch64-linux-gnu filter.wasm      filter.o for another machine\n"
        "  wasmc codec.wasm app.wasm -o all.o                what app imports from \"codec\" is called\n"
        "                                                    directly; each has its own sandbox\n"
        "  wasmc inspect filter.wasm                         exports, imports, limits, buffers\n"
        "\n"
        "A module is a binary or text, a file or '-'. Others import from it by its file's name without\n"
        "ending, or by NAME if it is given as NAME=FILE. Exit status: 0; 1 for a bad module or an\n"
        "error; 2 for a bad command line.\n";
}

} // namespace wasmc::driver
