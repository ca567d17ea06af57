//===- Compiler.cpp - The compiler as a library -------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Compiler.h"

#include "abi/HeaderWriter.h"
#include "lower/ModuleLowering.h"
#include "object/Emit.h"
#include "object/TargetMachines.h"
#include "passes/Pipeline.h"
#include "wasm/Validate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace wasmc;

/// Members in the order of their making; destroyed in reverse.
struct CompiledModule::Impl {
  CompileOptions options;
  wasm::Module module;
  std::optional<abi::Interface> interface;
  object::Target target;
  LLVMContext context;
  std::unique_ptr<llvm::Module> ir;
  std::unique_ptr<lower::SourceMap> sources;
  std::unique_ptr<lower::ModuleLowering> lowering;
  std::string backendErrors;

  /// LLVM's back ends report through the context, whose own handler would print
  /// and end the process.
  void catchDiagnostics() {
    context.setDiagnosticHandlerCallBack(
        [](const DiagnosticInfo *info, void *self) {
          if (info->getSeverity() != DS_Error)
            return;
          raw_string_ostream stream(static_cast<Impl *>(self)->backendErrors);
          DiagnosticPrinterRawOStream printer(stream);
          info->print(printer);
          stream << '\n';
        },
        this);
  }
  Error takeBackendErrors() {
    if (backendErrors.empty())
      return Error::success();
    StringRef first = StringRef(backendErrors).split('\n').first;
    return createStringError(inconvertibleErrorCode(),
                             "internal error: code generation: " + first);
  }
};

CompiledModule::CompiledModule(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
CompiledModule::~CompiledModule() = default;
const wasm::Module &CompiledModule::module() const { return impl->module; }
const std::vector<Remark> &CompiledModule::remarks() const { return impl->lowering->remarks; }

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

Expected<std::unique_ptr<CompiledModule>> wasmc::compile(wasm::Bytes bytes,
                                                         const CompileOptions &given) {
  passes::setGlobalOptions();
  auto impl = std::make_unique<CompiledModule::Impl>();
  impl->options = given;
  if (Error e = resolveOptions(impl->options))
    return e;
  const CompileOptions &options = impl->options;
  auto target = object::createTarget(options);
  if (!target)
    return target.takeError();
  impl->target = std::move(*target);
  if (options.bounds == BoundsMode::Guard && !impl->target.traits.guardMemory)
    return createStringError(inconvertibleErrorCode(),
                             "--bounds=guard needs a 64-bit target with virtual memory, not '%s'",
                             impl->target.machine->getTargetTriple().str().c_str());

  auto module = readModule(bytes, options);
  if (!module)
    return module.takeError();
  impl->module = std::move(*module);
  auto interface = readInterface(impl->module, options);
  if (!interface)
    return interface.takeError();
  impl->interface = std::move(*interface);
  if (impl->interface)
    addMailboxPages(impl->module, impl->interface->addedPages);

  TargetMachine &machine = *impl->target.machine;
  impl->catchDiagnostics();
  impl->ir = std::make_unique<llvm::Module>(sys::path::filename(options.fileName), impl->context);
  impl->ir->setTargetTriple(machine.getTargetTriple());
  impl->ir->setDataLayout(machine.createDataLayout());
  impl->ir->setPICLevel(PICLevel::BigPIC);
  impl->sources = std::make_unique<lower::SourceMap>(impl->module);
  impl->lowering = std::make_unique<lower::ModuleLowering>(
      impl->module, options, impl->interface ? &*impl->interface : nullptr, impl->target.traits,
      *impl->ir, *impl->sources);
  if (Error e = impl->lowering->run())
    return e;
  for (Function &f : *impl->ir) {
    if (f.isDeclaration())
      continue;
    // Bitcode that joins a host's link keeps what it was compiled for.
    if (!machine.getTargetCPU().empty())
      f.addFnAttr("target-cpu", machine.getTargetCPU());
    if (!machine.getTargetFeatureString().empty())
      f.addFnAttr("target-features", machine.getTargetFeatureString());
  }
  if (Error e = passes::optimize(*impl->ir, machine, options.optLevel, options.lint))
    return e;
  return std::unique_ptr<CompiledModule>(new CompiledModule(std::move(impl)));
}

Error CompiledModule::emit(EmitKind kind, raw_pwrite_stream &out) {
  switch (kind) {
  case EmitKind::LLVMIR:
    impl->ir->print(out, nullptr);
    return Error::success();
  case EmitKind::Bitcode:
    WriteBitcodeToFile(*impl->ir, out);
    return Error::success();
  case EmitKind::Header:
    abi::writeHeader(impl->module, impl->options, impl->interface ? &*impl->interface : nullptr,
                     out);
    return Error::success();
  case EmitKind::Object:
  case EmitKind::Assembly:
    if (impl->lowering->generatesUnoptimized)
      impl->target.machine->setOptLevel(CodeGenOptLevel::None);
    if (Error e = object::emitCode(*impl->ir, *impl->target.machine, impl->lowering->debug, out,
                                   kind == EmitKind::Assembly))
      return e;
    return impl->takeBackendErrors();
  }
  return Error::success();
}

Error wasmc::writeHeader(wasm::Bytes bytes, const CompileOptions &options, raw_ostream &out) {
  auto module = readModule(bytes, options);
  if (!module)
    return module.takeError();
  if (Error e = wasm::validateAll(*module, options.features))
    return e;
  auto interface = readInterface(*module, options);
  if (!interface)
    return interface.takeError();
  abi::writeHeader(*module, options, *interface ? &**interface : nullptr, out);
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
