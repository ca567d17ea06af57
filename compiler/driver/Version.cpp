//===- Version.cpp - Versions and targets ----------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Version.h"

#include "ChildProcess.h"
#include "Link.h"
#include "object/TargetMachines.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

#include <map>

using namespace llvm;

namespace wasmc::driver {

void printVersion(raw_ostream &os) {
  os << "wasmc version " WASMC_VERSION "\n"
     << "LLVM version " LLVM_VERSION_STRING "\n"
     << "Default target: " << sys::getProcessTriple() << '\n';
}

static void printTool(raw_ostream &os, StringRef name) {
  ErrorOr<std::string> path = sys::findProgramByName(name);
  if (path)
    os << name << ": " << toolVersion(*path) << " (" << *path << ")\n";
  else
    os << name << ": not found on PATH\n";
}

void printToolVersions(raw_ostream &os, const Invocation &invocation, bool isText) {
  os << "Target: " << invocation.compile.target << '\n';
  if (isText)
    printTool(os, "wat2wasm");
  if (invocation.wasmOpt)
    printTool(os, "wasm-opt");
  if (invocation.kind == OutputKind::Shared)
    os << "ld.lld: " << toolVersion(linkerPath()) << " (" << linkerPath() << ")\n";
}

/// Whether code for this architecture can be generated: as a plain triple, on
/// Linux, without an operating system.
static bool isUsable(StringRef arch) {
  for (StringRef system : {"-unknown-linux-gnu", "-unknown-none-elf"}) {
    CompileOptions options;
    options.target = (arch + system).str();
    Error error = resolveOptions(options);
    bool usable = !error;
    consumeError(std::move(error));
    if (usable)
      return true;
  }
  return false;
}

void printTargets(raw_ostream &os) {
  object::initializeTargets();
  std::map<std::string, std::string> found;
  for (const Target &target : TargetRegistry::targets()) {
    Triple::ArchType type = Triple::getArchTypeForLLVMName(target.getName());
    StringRef arch =
        type == Triple::UnknownArch ? StringRef(target.getName()) : Triple::getArchTypeName(type);
    if (target.hasTargetMachine() && isUsable(arch))
      found.emplace(arch.str(), target.getShortDescription());
  }
  os << "Architectures, to begin a triple of --target= (aarch64-linux-gnu):\n";
  for (const auto &[name, description] : found)
    os << formatv("  {0,-14}{1}\n", name, description);
}

} // namespace wasmc::driver
