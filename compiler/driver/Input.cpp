//===- Input.cpp - The module to compile -----------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Input.h"

#include "Diagnostics.h"
#include "OutputFile.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace llvm;

namespace wasmc::driver {

static constexpr size_t sizeLimit = size_t(1) << 30;

static Expected<std::vector<uint8_t>> readAll(sys::fs::file_t file, StringRef name) {
  std::vector<uint8_t> bytes;
  std::vector<char> chunk(1 << 16);
  for (;;) {
    Expected<size_t> count = sys::fs::readNativeFile(file, chunk);
    if (!count)
      return fileError("read", name, errorToErrorCode(count.takeError()));
    if (*count == 0)
      return bytes;
    // A device such as /dev/zero has no end.
    if (bytes.size() + *count > sizeLimit)
      return createStringError("cannot read '" + name + "': larger than 1 GiB");
    bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + *count);
  }
}

Expected<std::vector<uint8_t>> readWholeFile(StringRef path) {
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return fileError("read", path, errorToErrorCode(file.takeError()));
  scope_exit close([&] { sys::fs::closeFile(*file); });
  return readAll(*file, path);
}

/// Binary modules begin with "\0asm". What is meant as one but damaged in its
/// first bytes is for the decoder to refuse, so text is what has no NUL.
static bool looksLikeText(StringRef path, ArrayRef<uint8_t> bytes) {
  if (path.ends_with(".wasm"))
    return false;
  ArrayRef<uint8_t> head = bytes.take_front(4096);
  return std::find(head.begin(), head.end(), 0) == head.end();
}

Expected<Input> readInput(StringRef path) {
  Input input;
  bool isStdin = path == "-";
  input.path = isStdin ? "<stdin>" : path.str();
  Expected<std::vector<uint8_t>> bytes =
      isStdin ? readAll(sys::fs::getStdinHandle(), "standard input") : readWholeFile(path);
  if (!bytes)
    return bytes.takeError();
  input.bytes = std::move(*bytes);
  input.isText = looksLikeText(path, input.bytes);
  return input;
}

Expected<ModuleSource> makeSource(const InputFile &file, const Input &input) {
  ModuleSource source;
  source.bytes = input.bytes;
  source.name = file.name;
  source.prefix = file.prefix;
  source.path = input.path;
  source.fileName = file.path == "-" ? input.path : sys::path::filename(file.path).str();
  source.interfaceFile = input.path + ": wasmc.abi";
  if (file.abi.empty())
    return source;
  Expected<std::vector<uint8_t>> bytes = readWholeFile(file.abi);
  if (!bytes)
    return bytes.takeError();
  source.interfaceFile = file.abi;
  source.interfaceText.emplace(bytes->begin(), bytes->end());
  return source;
}

Expected<Command> textToBinaryCommand(StringRef in, StringRef out) {
  Expected<std::string> tool =
      findTool("wat2wasm", "to read WebAssembly text (it is part of WABT)");
  if (!tool)
    return tool.takeError();
  // No check: the module is validated here, whatever WABT knows. Names are kept
  // for diagnostics and stack traces.
  return Command{*tool, "--enable-all", "--no-check", "--debug-names", in.str(), "-o", out.str()};
}

/// WABT's diagnostics, with the temporary file's name replaced by the input's.
static void showErrors(StringRef text, StringRef temporary, StringRef name) {
  std::string shown = printable(name);
  SmallVector<StringRef> lines;
  text.rtrim('\n').split(lines, '\n');
  for (StringRef line : lines) {
    if (line.consume_front(temporary))
      errs() << shown;
    errs() << printable(line) << '\n';
  }
}

static Error runConversion(Input &input, bool verbose, std::string &errors,
                           std::string &temporary) {
  Expected<TemporaryFile> in = TemporaryFile::create("wat");
  if (!in)
    return in.takeError();
  Expected<TemporaryFile> out = TemporaryFile::create("wasm");
  if (!out)
    return out.takeError();
  temporary = in->path();
  StringRef text(reinterpret_cast<const char *>(input.bytes.data()), input.bytes.size());
  if (Error error = in->write(text))
    return error;
  Expected<Command> command = textToBinaryCommand(in->path(), out->path());
  if (!command)
    return command.takeError();
  Expected<ChildResult> result = runChild(*command, verbose);
  if (!result)
    return result.takeError();
  errors = result->errors;
  if (!result->ok())
    return createStringError("not WebAssembly text that can be read: wat2wasm " +
                             result->describe());
  Expected<std::vector<uint8_t>> bytes = readWholeFile(out->path());
  if (!bytes)
    return bytes.takeError();
  input.bytes = std::move(*bytes);
  return Error::success();
}

bool convertText(Input &input, bool verbose, Diagnostics &diags) {
  std::string errors, temporary;
  Error failure = runConversion(input, verbose, errors, temporary);
  if (!failure)
    return true;
  showErrors(errors, temporary, input.path);
  diags.report(std::move(failure), input.path, {});
  return false;
}

} // namespace wasmc::driver
