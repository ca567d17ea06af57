//===- Profile.cpp - Optimisation by what was counted in earlier runs ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's instrumentation of IR, and its file format. Counters are globals of the
// object, one array a function: instances share them, and their addresses are link-time
// constants that no operand has a part in, so that a module, which reaches its own
// memory alone, can neither read nor change them.
//
//===----------------------------------------------------------------------===//
#include "passes/Profile.h"

#include "llvm/ProfileData/InstrProfReader.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace llvm;
using namespace wasmc;

static Error refuse(const std::string &file, const Twine &why) {
  return createStringError("--pgo-use=" + file + ": " + why);
}

static Error checkProfile(const std::string &file) {
  auto fileSystem = vfs::getRealFileSystem();
  auto buffer = fileSystem->getBufferForFile(file);
  if (!buffer)
    return refuse(file, buffer.getError().message());
  if (!IndexedInstrProfReader::hasFormat(**buffer))
    return refuse(file, "no merged profile; 'llvm-profdata merge' makes one of .profraw files");
  auto reader = IndexedInstrProfReader::create(file, *fileSystem);
  if (!reader)
    return refuse(file, toString(reader.takeError()));
  if (!(*reader)->isIRLevelProfile() || (*reader)->hasCSIRLevelProfile())
    return refuse(file, "a profile of another kind than --pgo-generate's");
  return Error::success();
}

Expected<std::optional<PGOOptions>> passes::profileOptions(const CompileOptions &options) {
  if (options.pgoGenerate)
    return PGOOptions(*options.pgoGenerate, "", "", "", PGOOptions::IRInstr);
  if (options.pgoUse.empty())
    return std::nullopt;
  if (Error e = checkProfile(options.pgoUse))
    return e;
  return PGOOptions(options.pgoUse, "", "", "", PGOOptions::IRUse);
}

bool passes::hasCounts(const Module &ir) {
  // Calls by slots of a type are the same in all modules.
  return any_of(ir, [](const Function &f) {
    return f.hasProfileData() && !f.getName().starts_with("__wasmc_");
  });
}
