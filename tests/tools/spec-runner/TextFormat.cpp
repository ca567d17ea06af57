//===- TextFormat.cpp - Modules in text, through WABT ---------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TextFormat.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace wasmc::spec {

/// With the arguments that the command gives it. Whether it could convert the text.
static Expected<bool> convert(StringRef text, StringRef binary) {
  StringRef args[] = {WASMC_WAT2WASM, "--enable-all", "--no-check", text, "-o", binary};
  std::optional<StringRef> nowhere[] = {StringRef(), StringRef(), StringRef()};
  std::string message;
  int status = sys::ExecuteAndWait(WASMC_WAT2WASM, args, /*Env=*/std::nullopt, nowhere,
                                   /*SecondsToWait=*/60, /*MemoryLimit=*/0, &message);
  if (status < 0)
    return createStringError("wat2wasm: " + message);
  return status == 0;
}

static std::string inScratch(const Settings &settings, StringRef name) {
  SmallString<128> path(settings.scratch);
  sys::path::append(path, name);
  return path.str().str();
}

Expected<bool> textIsKnown(const Settings &settings) {
  static constexpr std::pair<wasm::Feature, StringRef> samples[] = {
      {wasm::Feature::Threads, "(module (memory 1 1 shared))"},
      {wasm::Feature::LegacyExceptions, "(module (func try catch_all end))"},
      {wasm::Feature::CustomPageSizes, "(module (memory 0 (pagesize 1)))"},
  };
  std::string text = inScratch(settings, "sample.wat");
  for (const auto &[feature, sample] : samples) {
    if (!settings.compile.features.has(feature))
      continue;
    std::error_code code;
    raw_fd_ostream(text, code) << sample;
    if (code)
      return createStringError(code, "cannot write " + text);
    Expected<bool> known = convert(text, inScratch(settings, "sample.wasm"));
    if (!known || !*known)
      return known;
  }
  return true;
}

Expected<bool> acceptsText(const std::string &path, const Settings &settings) {
  std::string binary = inScratch(settings, "text.wasm");
  Expected<bool> converted = convert(path, binary);
  if (!converted || !*converted)
    return converted;
  ErrorOr<std::unique_ptr<MemoryBuffer>> bytes =
      MemoryBuffer::getFile(binary, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!bytes)
    return createStringError(bytes.getError(), "cannot read " + binary);
  Expected<wasm::Module> module = readModule(**bytes, settings.compile.features);
  bool accepted = bool(module);
  if (!module)
    consumeError(module.takeError());
  return accepted;
}

} // namespace wasmc::spec
