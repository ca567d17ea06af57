//===- Program.cpp - The modules of a script, compiled, linked and loaded -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"

#include "wasm/Error.h"
#include "wasm/Validate.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <dlfcn.h>

using namespace llvm;

namespace wasmc::spec {

static wasm::Bytes bytesOf(const MemoryBuffer &buffer) {
  return {reinterpret_cast<const uint8_t *>(buffer.getBufferStart()), buffer.getBufferSize()};
}

Expected<wasm::Module> readModule(const MemoryBuffer &bytes, const wasm::FeatureSet &features) {
  Expected<wasm::Module> module = wasm::decodeModule(bytesOf(bytes), features);
  if (!module)
    return module;
  if (Error error = wasm::validateAll(*module, features))
    return error;
  return module;
}

Unit &Program::add(const std::string &path) {
  Unit *&unit = byPath[path];
  if (unit)
    return *unit;
  units.push_back(std::make_unique<Unit>());
  unit = units.back().get();
  unit->path = path;
  unit->prefix = "m" + std::to_string(units.size() - 1);
  if (Error error = compile(*unit))
    unit->error = llvm::toString(std::move(error));
  return *unit;
}

Error Program::compile(Unit &unit) {
  progress.set(0, "compiling " + sys::path::filename(unit.path).str());
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFile(unit.path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError(), "cannot read " + unit.path);
  unit.bytes = std::move(*buffer);

  CompileOptions options = settings.compile;
  // It has more than a script may need whose proposal is older than the core is now.
  if (unit.path == settings.spectest)
    options.features = wasm::FeatureSet::defaults();
  // What the module needs is asked before compiling it: the compiler stops at
  // the first proposal that it does not lower, a report names all of them.
  Expected<wasm::Module> module = readModule(*unit.bytes, options.features);
  if (!module)
    return module.takeError();
  unit.module = std::move(*module);
  unit.names = abi::makeNames(unit.module);
  for (const auto &[feature, offset] : unit.module.required)
    if (!wasm::FeatureSet::lowered().has(feature))
      unit.missing.push_back(feature);
  if (!unit.missing.empty())
    return Error::success();

  options.fileName = sys::path::filename(unit.path).str();
  options.prefix = unit.prefix;
  if (Error error = resolveOptions(options))
    return error;
  auto compiled = wasmc::compile(bytesOf(*unit.bytes), options);
  if (!compiled)
    return handleErrors(compiled.takeError(), [&](std::unique_ptr<wasm::WasmError> error) -> Error {
      // An operator of a proposal of which only a part is lowered.
      if (error->kind != wasm::ErrorKind::Unsupported || !error->feature)
        return Error(std::move(error));
      unit.missing.push_back(*error->feature);
      return Error::success();
    });
  SmallString<128> path(settings.scratch);
  sys::path::append(path, unit.prefix + ".o");
  std::error_code code;
  raw_fd_ostream out(path, code);
  if (code)
    return createStringError(code, "cannot write " + path.str());
  if (Error error = (*compiled)->emit(EmitKind::Object, out))
    return error;
  unit.object = path.str().str();
  return Error::success();
}

Error Program::link(const std::string &output) {
  progress.set(0, "linking");
  std::vector<std::string> args = {settings.linker, "-shared", "-o", output, "-z", "nodelete",
                                   "--eh-frame-hdr"};
  // The runtime's functions are wanted by this program, not by the objects.
#define X(Name) args.insert(args.end(), {"-u", #Name});
  WASMC_SPEC_RUNTIME(X)
#undef X
  for (const auto &unit : units)
    if (!unit->object.empty())
      args.push_back(unit->object);
  args.push_back(settings.runtime);
  std::vector<StringRef> refs(args.begin(), args.end());
  std::string message;
  int status = sys::ExecuteAndWait(settings.linker, refs, /*Env=*/std::nullopt, /*Redirects=*/{},
                                   /*SecondsToWait=*/0, /*MemoryLimit=*/0, &message);
  if (status != 0)
    return createStringError("linking failed with status " + std::to_string(status) + " " +
                             message);
  return Error::success();
}

Error Program::load() {
  SmallString<128> path(settings.scratch);
  sys::path::append(path, "script.so");
  if (Error error = link(path.str().str()))
    return error;
  progress.set(0, "loading");
  handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return createStringError(std::string("cannot load: ") + dlerror());
#define X(Name)                                                                                    \
  api.Name = reinterpret_cast<decltype(api.Name)>(symbol(#Name));                                  \
  if (!api.Name)                                                                                   \
    return createStringError("the shared object does not export " #Name);
  WASMC_SPEC_RUNTIME(X)
#undef X
  for (const auto &unit : units) {
    if (unit->object.empty())
      continue;
    std::string name = unit->prefix + "_module";
    unit->descriptor = static_cast<const wasmc_module *>(symbol(name));
    if (!unit->descriptor)
      return createStringError("the object of " + unit->path + " does not export " + name);
  }
  return Error::success();
}

const Unit *Program::find(const std::string &path) const { return byPath.lookup(path); }

void *Program::symbol(const std::string &name) const { return dlsym(handle, name.c_str()); }

} // namespace wasmc::spec
