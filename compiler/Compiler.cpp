//===- Compiler.cpp - The compiler as a library -------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Compiler.h"

#include "abi/HeaderWriter.h"
#include "abi/Symbols.h"
#include "lower/Program.h"
#include "object/Emit.h"
#include "object/MergeObjects.h"
#include "object/Shards.h"
#include "object/TargetMachines.h"
#include "passes/Pipeline.h"
#include "passes/Profile.h"
#include "passes/Reports.h"
#include "wasm/Validate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassTimingInfo.h"
#include "llvm/Pass.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace llvm;
using namespace wasmc;

namespace {
/// One of the modules, as far as it is read before anything is lowered.
struct Part {
  CompileOptions options;
  wasm::Module module;
  std::optional<abi::Interface> interface;

  const abi::Interface *described() const { return interface ? &*interface : nullptr; }
};

/// All of them, and what binds them.
struct Parts {
  std::vector<std::unique_ptr<Part>> list;
  std::vector<wasm::Links> links;
};
} // namespace

/// Members in the order of their making; destroyed in reverse.
struct CompiledModule::Impl {
  Parts parts;
  object::Target target;
  std::unique_ptr<LLVMContext> context;
  std::unique_ptr<llvm::Module> ir;
  std::vector<std::unique_ptr<lower::SourceMap>> sources;
  CompileOptions options;
  std::unique_ptr<lower::Program> program;
  bool hasCounts = false; ///< Of a profile.
  std::vector<Remark> remarks;
  std::unique_ptr<passes::Reports> ownReports; ///< Once the context is gone.
  passes::Reports *reports = nullptr;           ///< The context's.
  TimePassesHandler times{TimePassesIsEnabled};
  /// Where the module is not whole: what it is made of, and an object of each. `ir` and the
  /// context are gone.
  std::optional<object::Shards> shards;
  std::vector<SmallVector<char, 0>> objects;
  std::vector<uint64_t> frames; ///< By node, of the code that was generated last.

  explicit Impl(const CompileOptions &options) : options(options) {}
  std::vector<const lower::DebugInfo *> debugInfos() const {
    std::vector<const lower::DebugInfo *> modules;
    for (const auto &lowering : program->lowered())
      modules.push_back(&lowering->debug);
    return modules;
  }
  /// Whether modules are to need no handlers of faults.
  bool comparesAll() const {
    return options.bounds == BoundsMode::Check || !target.traits.guardMemory;
  }
  /// Not where a profile is used, which fits functions as they are where the whole module was
  /// simplified, and not at -O0, where that is little and copies of functions would stay.
  bool simplifiesShards() const { return options.pgoUse.empty() && options.optLevel != '0'; }
  Error lower(std::vector<uint64_t> expected);
  Error generate(EmitKind kind, raw_pwrite_stream &out);
  Error generateWhole(EmitKind kind, raw_pwrite_stream &out);
  Error mergeShards(raw_pwrite_stream &out) const;
  void makeContext();
  void dropIR();
  Error compileShards();
  Error compileShard(unsigned shard, LLVMContext &context, std::vector<uint64_t> &frames);
};

static Error takeBackendErrors(const passes::Reports &reports) {
  if (reports.errors.empty())
    return Error::success();
  StringRef first = StringRef(reports.errors).split('\n').first;
  return createStringError(inconvertibleErrorCode(), "internal error: code generation: " + first);
}

void CompiledModule::Impl::makeContext() {
  program.reset();
  ir.reset();
  context = std::make_unique<LLVMContext>();
  auto handler = std::make_unique<passes::Reports>(options.remarks);
  reports = handler.get();
  context->setDiagnosticHandler(std::move(handler));
  // Names of values are for readers of IR.
  context->setDiscardValueNames(options.shardSize != 0);
}

/// What is in the shards is needed no longer.
void CompiledModule::Impl::dropIR() {
  ir.reset();
  ownReports.reset(static_cast<passes::Reports *>(context->getDiagnosticHandler().release()));
  context.reset();
#ifdef __GLIBC__
  malloc_trim(0); // Threads allocate from heaps of their own.
#endif
}

/// From what was split to an object. On a thread of its own: of the members, it writes to
/// the shard's object alone.
Error CompiledModule::Impl::compileShard(unsigned shard, LLVMContext &own,
                                         std::vector<uint64_t> &ownFrames) {
  auto machine = object::createTarget(options);
  if (!machine)
    return machine.takeError();
  auto part = shards->load(shard, own);
  if (!part)
    return part.takeError();
  if (simplifiesShards())
    if (Error e = passes::simplify(**part, *machine->machine, options, times))
      return e;
  if (Error e = passes::finish(**part, *machine->machine, options, times))
    return e;
  if (program->generatesUnoptimized)
    machine->machine->setOptLevel(CodeGenOptLevel::None);
  raw_svector_ostream out(objects[shard]);
  return object::emitCode(**part, *machine->machine, debugInfos(), out, /*assembly=*/false,
                          ownFrames);
}

Error CompiledModule::Impl::compileShards() {
  const size_t numNodes = program->numNodes();
  objects.assign(shards->size(), {});
  struct Outcome {
    Error error = Error::success();
    std::unique_ptr<passes::Reports> reports;
    std::vector<uint64_t> frames;
  };
  std::vector<Outcome> outcomes(shards->size());
  // LLVM's timers are not for several threads.
  unsigned threads = TimePassesIsEnabled ? 1 : options.threads;
  shards->forEach(threads, options.guardThread, [&](unsigned shard) {
    LLVMContext own;
    own.setDiscardValueNames(true);
    own.setDiagnosticHandler(std::make_unique<passes::Reports>(options.remarks));
    Outcome &outcome = outcomes[shard];
    outcome.frames.resize(numNodes);
    outcome.error =
        joinErrors(std::move(outcome.error), compileShard(shard, own, outcome.frames));
    outcome.reports.reset(static_cast<passes::Reports *>(own.getDiagnosticHandler().release()));
  });
  frames.assign(numNodes, 0);
  Error first = Error::success();
  for (Outcome &outcome : outcomes) {
    if (!first)
      first = std::move(outcome.error);
    else
      consumeError(std::move(outcome.error));
    reports->add(std::move(*outcome.reports));
    for (auto [most, frame] : zip_equal(frames, outcome.frames))
      most = std::max(most, frame);
  }
  return first ? std::move(first) : takeBackendErrors(*reports);
}

CompiledModule::CompiledModule(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
CompiledModule::~CompiledModule() = default;
const std::vector<Remark> &CompiledModule::remarks() const { return impl->remarks; }

/// Decodes and validates all but the bodies; refuses what cannot be lowered.
static Expected<wasm::Module> readModule(wasm::Bytes bytes, const CompileOptions &options) {
  auto module = wasm::decodeModule(bytes, options.features);
  if (!module)
    return module.takeError();
  if (Error e = wasm::validateModule(*module, options.features))
    return e;
  for (auto [feature, offset] : module->required)
    if (!wasm::FeatureSet::lowered().has(feature)) {
      auto error = std::make_unique<wasm::WasmError>(
          wasm::ErrorKind::Unsupported, offset,
          "the proposal '" + std::string(wasm::featureName(feature)) +
              "' is needed, which cannot be compiled yet");
      error->feature = feature;
      return Error(std::move(error));
    }
  if (module->objects) {
    auto error = std::make_unique<wasm::WasmError>(
        wasm::ErrorKind::Unsupported, *module->objects,
        "the objects of the proposal 'gc' are needed, which cannot be compiled yet");
    error->feature = wasm::Feature::GC;
    return Error(std::move(error));
  }
  return module;
}

Expected<std::optional<abi::Interface>> wasmc::readInterface(const wasm::Module &module,
                                                             const CompileOptions &options) {
  return abi::readInterface(module, options.interfaceText,
                            options.interfaceFile.empty() ? options.fileName + ": wasmc.abi"
                                                          : options.interfaceFile);
}

/// The pages behind the module's own are there from the start, and the module,
/// which cannot ask for the size of its memory, never hears of them.
static void addMailboxPages(wasm::Module &module, uint64_t pages) {
  if (pages == 0)
    return;
  wasm::Limits &limits = module.memories[0].type.limits;
  limits.min += pages;
  limits.max = std::min<uint64_t>(limits.max + pages, 65536); // Of no meaning if !hasMax.
}

CompileOptions wasmc::optionsFor(const ModuleSource &source, const CompileOptions &options) {
  CompileOptions own = options;
  own.fileName = source.fileName;
  own.prefix = source.prefix;
  own.interfaceText = source.interfaceText;
  own.interfaceFile = source.interfaceFile;
  return own;
}

static Expected<std::unique_ptr<Part>> readPart(wasm::Bytes bytes, const CompileOptions &options) {
  auto part = std::make_unique<Part>();
  part->options = options;
  if (Error e = resolveOptions(part->options))
    return e;
  auto module = readModule(bytes, part->options);
  if (!module)
    return module.takeError();
  part->module = std::move(*module);
  auto interface = readInterface(part->module, part->options);
  if (!interface)
    return interface.takeError();
  part->interface = std::move(*interface);
  return part;
}

/// Where the prefix of one module is the beginning of another's, a name that it has
/// must not be, too: `a` with an export `b_run`, and `a_b` with an export `run`.
static Error checkPrefixes(ArrayRef<ModuleSource> sources, const Parts &parts) {
  for (size_t i = 0; i != parts.list.size(); ++i) {
    const Part &part = *parts.list[i];
    std::optional<abi::Names> names;
    for (size_t j = 0; j != parts.list.size(); ++j) {
      const std::string &other = parts.list[j]->options.prefix;
      StringRef rest = other;
      if (i == j || !rest.consume_front(part.options.prefix))
        continue;
      bool clashes = rest.empty();
      if (!clashes && rest.consume_front("_")) {
        if (!names)
          names = abi::makeNames(part.module, part.described());
        clashes = abi::mayBegin(*names, part.described(), rest);
      }
      if (clashes)
        return wasm::inSource(
            j, createStringError("names that begin with '" + other + "' are those of '" +
                                 sources[i].path + "', too: give one of them another "
                                 "prefix, as in --prefix=NAME=PREFIX"));
    }
  }
  return Error::success();
}

/// Reads and links them. A single module needs no name.
static Expected<Parts> readParts(ArrayRef<ModuleSource> sources, const CompileOptions &options) {
  Parts parts;
  std::vector<wasm::Linkable> linkables;
  for (size_t i = 0; i != sources.size(); ++i) {
    auto part = readPart(sources[i].bytes, optionsFor(sources[i], options));
    if (!part)
      return wasm::inSource(i, part.takeError());
    linkables.push_back({&(*part)->module, sources[i].name, sources[i].path});
    parts.list.push_back(std::move(*part));
  }
  auto links = wasm::linkModules(linkables);
  if (!links)
    return links.takeError();
  parts.links = std::move(*links);
  if (Error e = checkPrefixes(sources, parts))
    return e;
  return parts;
}

/// With one module, errors are its own.
static Error ofOnlySource(Error error) {
  return handleErrors(std::move(error),
                      [](wasm::SourceError &e) -> Error { return e.takeCause(); });
}

Expected<std::unique_ptr<CompiledModule>> wasmc::compile(wasm::Bytes bytes,
                                                         const CompileOptions &options) {
  ModuleSource source = {bytes,          "", options.fileName,      options.fileName,
                         options.prefix, options.interfaceText, options.interfaceFile};
  auto compiled = compile(ArrayRef(source), options);
  if (!compiled)
    return ofOnlySource(compiled.takeError());
  return compiled;
}

/// Imports that name one of the modules without an export that would do.
static void remarkMissing(ArrayRef<ModuleSource> sources, const Parts &parts,
                          std::vector<Remark> &remarks) {
  for (size_t i = 0; i != sources.size(); ++i)
    for (uint32_t missing : parts.links[i].missing) {
      const wasm::Import &import = parts.list[i]->module.imports[missing];
      remarks.push_back({"'" + std::string(import.module) + "' has no export '" +
                             std::string(import.name) + "': the import stays the host's",
                         i, /*isWarning=*/true});
    }
}

/// A profile of another module, or of another version of this one.
static void warnOfProfile(const std::string &file, bool hasCounts,
                          const passes::Reports &reports, std::vector<Remark> &remarks) {
  auto warn = [&](const std::string &message) {
    remarks.push_back({"the profile '" + file + "' " + message, 0, /*isWarning=*/true});
  };
  if (reports.numOutdated)
    warn("was made of other code: of " + std::to_string(reports.numOutdated) +
         " functions that have changed since, '" + reports.outdated + "' is one");
  else if (!hasCounts)
    warn("has counts of none of the functions: was it made of this module, under the same file "
         "name and with the same --prefix?");
}

/// Lowers and optimises. `expected`: Program::expectFrames.
Error CompiledModule::Impl::lower(std::vector<uint64_t> expected) {
  TargetMachine &machine = *target.machine;
  makeContext();
  ir = std::make_unique<llvm::Module>(sys::path::filename(parts.list[0]->options.fileName), *context);
  ir->setTargetTriple(machine.getTargetTriple());
  ir->setDataLayout(machine.createDataLayout());
  ir->setPICLevel(PICLevel::BigPIC);
  program = std::make_unique<lower::Program>(options.optLevel, target.traits, *ir);
  for (size_t i = 0; i != parts.list.size(); ++i) {
    Part &part = *parts.list[i];
    program->add(part.module, part.options, part.described(), parts.links[i], *sources[i]);
  }
  program->expectFrames(std::move(expected));
  if (Error e = program->run())
    return e;
  for (Function &f : *ir) {
    if (f.isDeclaration())
      continue;
    // Bitcode that joins a host's link keeps what it was compiled for.
    if (!machine.getTargetCPU().empty())
      f.addFnAttr("target-cpu", machine.getTargetCPU());
    if (!target.tuneCPU.empty())
      f.addFnAttr("tune-cpu", target.tuneCPU);
    if (!machine.getTargetFeatureString().empty())
      f.addFnAttr("target-features", machine.getTargetFeatureString());
  }
  if (Error e = passes::prepare(*ir, options))
    return e;
  if (!simplifiesShards()) {
    if (Error e = passes::simplify(*ir, machine, options, times))
      return e;
    hasCounts = passes::hasCounts(*ir);
  }
  shards = object::Shards::split(*ir, options.shardSize, /*toBeInlined=*/simplifiesShards());
  if (!shards) {
    if (simplifiesShards())
      if (Error e = passes::simplify(*ir, machine, options, times))
        return e;
    return passes::finish(*ir, machine, options, times);
  }
  dropIR();
  return compileShards();
}

Expected<std::unique_ptr<CompiledModule>> wasmc::compile(ArrayRef<ModuleSource> sources,
                                                         const CompileOptions &options) {
  passes::setGlobalOptions();
  auto impl = std::make_unique<CompiledModule::Impl>(options);
  auto target = object::createTarget(options);
  if (!target)
    return wasm::inSource(0, target.takeError());
  impl->target = std::move(*target);
  TargetMachine &machine = *impl->target.machine;
  if (options.bounds == BoundsMode::Guard && !impl->target.traits.guardMemory)
    return createStringError(inconvertibleErrorCode(),
                             "--bounds=guard needs a 64-bit target with virtual memory, not '%s'",
                             machine.getTargetTriple().str().c_str());
  auto parts = readParts(sources, options);
  if (!parts)
    return parts.takeError();
  impl->parts = std::move(*parts);

  for (const auto &part : impl->parts.list) {
    if (part->interface)
      addMailboxPages(part->module, part->interface->addedPages);
    impl->sources.push_back(std::make_unique<lower::SourceMap>(part->module));
  }
  if (Error e = impl->lower({}))
    return e;
  remarkMissing(sources, impl->parts, impl->remarks);
  for (size_t i = 0; i != sources.size(); ++i)
    for (const Remark &remark : impl->program->lowered()[i]->remarks)
      impl->remarks.push_back({remark.message, i});
  append_range(impl->remarks, impl->reports->remarks(impl->debugInfos()));
  if (!options.pgoUse.empty())
    warnOfProfile(options.pgoUse, impl->hasCounts, *impl->reports, impl->remarks);
  return std::unique_ptr<CompiledModule>(new CompiledModule(std::move(impl)));
}

/// Those that provide come first: a structure of imports names their types.
static void writeHeaders(const Parts &parts, raw_ostream &out) {
  for (uint32_t i : wasm::providersFirst(parts.links)) {
    const Part &part = *parts.list[i];
    std::vector<std::string> providers;
    for (uint32_t provider : parts.links[i].providers)
      providers.push_back(parts.list[provider]->options.prefix);
    abi::writeHeader(part.module, part.options, part.described(), {parts.links[i], providers}, out);
  }
}

/// Of a module that is whole.
Error CompiledModule::Impl::generateWhole(EmitKind kind, raw_pwrite_stream &out) {
  if (program->generatesUnoptimized)
    target.machine->setOptLevel(CodeGenOptLevel::None);
  frames.assign(program->numNodes(), 0);
  if (kind != EmitKind::Bitcode) {
    if (Error e = object::emitCode(*ir, *target.machine, debugInfos(), out,
                                   kind == EmitKind::Assembly, frames))
      return e;
    return takeBackendErrors(*reports);
  }
  // Of bitcode a copy is consumed, only to look at the frames.
  SmallVector<char, 0> unused;
  raw_svector_ostream code(unused);
  if (Error e = object::emitCode(*CloneModule(*ir), *target.machine, debugInfos(), code,
                                 /*assembly=*/false, frames))
    return e;
  WriteBitcodeToFile(*ir, out);
  return takeBackendErrors(*reports);
}

Error CompiledModule::Impl::mergeShards(raw_pwrite_stream &out) const {
  std::vector<StringRef> list;
  for (const SmallVector<char, 0> &one : objects)
    list.emplace_back(one.data(), one.size());
  return object::mergeObjects(list, shards->locals, out);
}

/// How often code is generated. Each time, what is known of frames is more.
static constexpr unsigned maxAttempts = 4;

/// Generates code, again where frames became larger than stack checks allow for.
Error CompiledModule::Impl::generate(EmitKind kind, raw_pwrite_stream &out) {
  std::vector<uint64_t> most(program->numNodes(), 0);
  for (unsigned attempt = 0; attempt != maxAttempts; ++attempt) {
    if (attempt != 0)
      if (Error e = lower(most))
        return e;
    SmallVector<char, 0> code;
    raw_svector_ostream buffer(code);
    if (!shards)
      if (Error e = generateWhole(kind, buffer))
        return e;
    if (program->allowsFrames(frames)) {
      if (shards)
        return mergeShards(out);
      out << buffer.str();
      return Error::success();
    }
    // Some more, since the code around larger frames will not be quite the same.
    for (auto [bytes, frame] : zip_equal(most, frames))
      bytes = std::max(bytes, frame + frame / 8);
  }
  return wasm::inSource(0, make_error<wasm::WasmError>(
                               wasm::ErrorKind::Limit, 0,
                               "functions need more of the stack each time that they are compiled"));
}

Error CompiledModule::emit(EmitKind kind, raw_pwrite_stream &out) {
  switch (kind) {
  case EmitKind::LLVMIR:
    impl->ir->print(out, nullptr);
    return Error::success();
  case EmitKind::Bitcode:
    // Where there are handlers, the guard page does. What LTO makes of it, it does anyway.
    if (impl->comparesAll())
      return impl->generate(kind, out);
    WriteBitcodeToFile(*impl->ir, out);
    return Error::success();
  case EmitKind::Header:
    writeHeaders(impl->parts, out);
    return Error::success();
  case EmitKind::Object:
  case EmitKind::Assembly:
    return impl->generate(kind, out);
  }
  return Error::success();
}

Error wasmc::writeHeader(ArrayRef<ModuleSource> sources, const CompileOptions &options,
                         raw_ostream &out) {
  auto parts = readParts(sources, options);
  if (!parts)
    return parts.takeError();
  for (size_t i = 0; i != sources.size(); ++i)
    if (Error e = wasm::validateAll(parts->list[i]->module, options.features))
      return wasm::inSource(i, std::move(e));
  writeHeaders(*parts, out);
  return Error::success();
}

std::string wasmc::defaultPrefix(StringRef path) {
  StringRef stem = sys::path::stem(path);
  std::string prefix;
  for (char c : stem)
    prefix += isAlnum(c) ? c : '_';
  if (prefix.empty() || isDigit(prefix[0]))
    prefix.insert(0, "m");
  if (abi::isReservedWord(prefix))
    prefix += '_';
  return prefix;
}

Error wasmc::resolveOptions(CompileOptions &options) {
  auto isIdentifier = [](StringRef text) {
    return !text.empty() && !isDigit(text[0]) &&
           all_of(text, [](char c) { return isAlnum(c) || c == '_'; });
  };
  if (!isIdentifier(options.prefix) || abi::isReservedWord(options.prefix))
    return createStringError(inconvertibleErrorCode(), "the prefix '%s' is no C identifier that is free",
                             options.prefix.c_str());
  auto target = object::createTarget(options);
  if (!target)
    return target.takeError();
  options.target = target->machine->getTargetTriple().str();
  return Error::success();
}
