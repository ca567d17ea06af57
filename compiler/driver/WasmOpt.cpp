//===- WasmOpt.cpp - Binaryen's optimiser, before ours ---------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WasmOpt.h"

#include "Input.h"
#include "OutputFile.h"
#include "wasm/Validate.h"

#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

namespace wasmc::driver {

/// Binaryen's names of the proposals that its optimiser may make use of; it
/// assumes none but the MVP unless told.
static constexpr std::pair<wasm::Feature, const char *> binaryenFeatures[] = {
    {wasm::Feature::MutableGlobals, "mutable-globals"},
    {wasm::Feature::SignExtension, "sign-ext"},
    {wasm::Feature::SatFloatToInt, "nontrapping-float-to-int"},
    {wasm::Feature::BulkMemory, "bulk-memory"},
    {wasm::Feature::ReferenceTypes, "reference-types"},
    {wasm::Feature::MultiValue, "multivalue"},
    {wasm::Feature::SIMD, "simd"},
    {wasm::Feature::ExtendedConst, "extended-const"},
    {wasm::Feature::TailCall, "tail-call"},
    {wasm::Feature::Memory64, "memory64"},
};

/// Whether it can be compiled, that is, is worth to be optimised.
static bool isAccepted(wasm::Bytes bytes, const wasm::FeatureSet &features) {
  Expected<wasm::Module> module = wasm::decodeModule(bytes, features);
  if (!module) {
    consumeError(module.takeError());
    return false;
  }
  if (Error error = wasm::validateAll(*module, features)) {
    consumeError(std::move(error));
    return false;
  }
  wasm::FeatureSet lowered = wasm::FeatureSet::lowered();
  for (const auto &[feature, offset] : module->required)
    if (!lowered.has(feature))
      return false;
  return true;
}

Expected<Command> wasmOptCommand(const Invocation &invocation, StringRef in, StringRef out) {
  Expected<std::string> tool = findTool("wasm-opt", "for --wasm-opt (it is part of Binaryen)");
  if (!tool)
    return tool.takeError();
  // -g keeps the names of functions, which stack traces show.
  Command command = {*tool, in.str(), "-o", out.str(), "-g"};
  wasm::FeatureSet lowered = wasm::FeatureSet::lowered();
  for (const auto &[feature, name] : binaryenFeatures)
    if (lowered.has(feature) && invocation.compile.features.has(feature))
      command.push_back(std::string("--enable-") + name);
  if (invocation.wasmOpt->empty()) {
    command.push_back(std::string("-O") + invocation.compile.optLevel);
  } else {
    BumpPtrAllocator allocator;
    StringSaver saver(allocator);
    SmallVector<const char *> arguments;
    cl::TokenizeGNUCommandLine(*invocation.wasmOpt, saver, arguments);
    command.insert(command.end(), arguments.begin(), arguments.end());
  }
  return command;
}

Error optimizeWasm(std::vector<uint8_t> &bytes, const Invocation &invocation) {
  if (!isAccepted(bytes, invocation.compile.features))
    return Error::success();
  Expected<TemporaryFile> in = TemporaryFile::create("wasm");
  if (!in)
    return in.takeError();
  Expected<TemporaryFile> out = TemporaryFile::create("wasm");
  if (!out)
    return out.takeError();
  if (Error error = in->write({reinterpret_cast<const char *>(bytes.data()), bytes.size()}))
    return error;
  Expected<Command> command = wasmOptCommand(invocation, in->path(), out->path());
  if (!command)
    return command.takeError();
  Expected<ChildResult> result = runChild(*command, invocation.verbose);
  if (!result)
    return result.takeError();
  if (!result->ok()) {
    StringRef said = StringRef(result->errors).trim().take_front(500);
    return createStringError("wasm-opt " + result->describe() +
                             (said.empty() ? "" : ": " + said.str()));
  }
  Expected<std::vector<uint8_t>> optimized = readWholeFile(out->path());
  if (!optimized)
    return optimized.takeError();
  bytes = std::move(*optimized);
  return Error::success();
}

} // namespace wasmc::driver
