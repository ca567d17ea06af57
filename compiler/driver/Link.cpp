//===- Link.cpp - Shared libraries -----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Link.h"

#include "Input.h"
#include "OutputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

#include <link.h>

using namespace llvm;

namespace wasmc::driver {

static bool isHost(const std::string &target) {
  Triple host(sys::getProcessTriple()), asked(Triple::normalize(target));
  return target.empty() || (host.getArch() == asked.getArch() && host.getOS() == asked.getOS() &&
                            host.getEnvironment() == asked.getEnvironment());
}

Expected<std::string> findRuntime(const Invocation &invocation) {
  if (!invocation.runtime.empty()) {
    if (!sys::fs::exists(invocation.runtime))
      return fileError("read", invocation.runtime,
                       make_error_code(errc::no_such_file_or_directory));
    return invocation.runtime;
  }
  if (!isHost(invocation.compile.target))
    return createStringError("no runtime for target '" + invocation.compile.target +
                             "': name one with --runtime=FILE, or write an object");
  // Any address in this program will do to find its path.
  static int anchor;
  SmallString<128> path(sys::fs::getMainExecutable(nullptr, &anchor));
  sys::path::remove_filename(path);
  sys::path::append(path, "..", "lib", "libwasmc_rt.a");
  sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  if (!sys::fs::exists(path))
    return createStringError("cannot find the runtime '" + path +
                             "': name one with --runtime=FILE");
  return std::string(path);
}

std::string linkerPath() {
  if (sys::fs::can_execute(WASMC_LLD))
    return WASMC_LLD;
  ErrorOr<std::string> found = sys::findProgramByName(sys::path::filename(WASMC_LLD));
  return found ? *found : std::string(WASMC_LLD);
}

/// The C library, the unwinder and the dynamic linker that wasmc itself runs with, so that the
/// library names what it needs and the versions of it, without a compiler
/// driver that knows where they are.
static std::vector<std::string> hostLibraries() {
  std::vector<std::string> libraries;
  dl_iterate_phdr(
      [](dl_phdr_info *info, size_t, void *into) {
        StringRef name = sys::path::filename(info->dlpi_name);
        if (name.starts_with("libc.so") || name.starts_with("libc.musl") ||
            name.starts_with("libgcc_s.so") || name.starts_with("libunwind.so") ||
            (name.starts_with("ld-") && name.contains(".so")))
          static_cast<std::vector<std::string> *>(into)->push_back(info->dlpi_name);
        return 0;
      },
      &libraries);
  return libraries;
}

/// What a host of the library may use: its own functions and the runtime's API.
static std::string versionScript(ArrayRef<InputFile> inputs) {
  std::string script = "{\n  global:\n";
  for (const InputFile &input : inputs)
    script += "    " + input.prefix + "_*;\n";
  return script + "    wasmc_*;\n  local:\n    *;\n};\n";
}

Expected<Command> linkCommand(const Invocation &invocation, StringRef object, StringRef exports,
                              StringRef out) {
  Expected<std::string> runtime = findRuntime(invocation);
  if (!runtime)
    return runtime.takeError();
  Command command = {linkerPath(), "-shared", "-o", out.str(),
                     // Two libraries, or a library and its host, each have a runtime:
                     // a library uses its own.
                     "-Bsymbolic", "--version-script=" + exports.str(), "--gc-sections",
                     // Signal handlers must not disappear with the library.
                     "-z", "nodelete", "-z", "now", "-z", "relro", "-z", "noexecstack",
                     "--build-id=none", "--hash-style=gnu", "--eh-frame-hdr"};
  if (!invocation.output.empty() && invocation.output != "-")
    command.push_back("-soname=" + sys::path::filename(invocation.output).str());
  // All that hosts may call, and what the module needs: only one that throws or catches
  // needs the unwinder.
  command.insert(command.end(), {object.str(), "--undefined-glob=wasmc_*", *runtime});
  if (!isHost(invocation.compile.target))
    return command;
  std::vector<std::string> libraries = hostLibraries();
  // With --imports=symbols it is the host that defines what is missing.
  if (!libraries.empty() && invocation.compile.imports == ImportMode::Table)
    command.insert(command.end(), {"-z", "defs"});
  command.push_back("--as-needed");
  command.insert(command.end(), libraries.begin(), libraries.end());
  return command;
}

static std::string onOneLine(StringRef text) {
  SmallVector<StringRef> lines;
  text.take_front(2000).split(lines, '\n', -1, /*KeepEmpty=*/false);
  return join(lines, "; ");
}

Error linkShared(const Invocation &invocation, ArrayRef<char> object,
                 SmallVectorImpl<char> &library) {
  Expected<TemporaryFile> in = TemporaryFile::create("o");
  if (!in)
    return in.takeError();
  Expected<TemporaryFile> exports = TemporaryFile::create("exports");
  if (!exports)
    return exports.takeError();
  Expected<TemporaryFile> out = TemporaryFile::create("so");
  if (!out)
    return out.takeError();
  if (Error error = in->write({object.data(), object.size()}))
    return error;
  if (Error error = exports->write(versionScript(invocation.inputs)))
    return error;
  Expected<Command> command = linkCommand(invocation, in->path(), exports->path(), out->path());
  if (!command)
    return command.takeError();
  Expected<ChildResult> result = runChild(*command, invocation.verbose);
  if (!result)
    return result.takeError();
  if (!result->ok())
    return createStringError("the linker " + result->describe() + ": " + onOneLine(result->errors));
  Expected<std::vector<uint8_t>> bytes = readWholeFile(out->path());
  if (!bytes)
    return bytes.takeError();
  library.assign(bytes->begin(), bytes->end());
  return Error::success();
}

} // namespace wasmc::driver
