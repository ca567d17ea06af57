//===- validate-spec.cpp - The official test suite against the front end ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: validate-spec SUITE-FOLDER [-v]
//
// Decodes and validates each module of the suite, whatever it needs: those of
// a script of a proposal with the proposal on, the core ones with it off.
// Prints each verdict that differs from the script's and fails if there is one;
// with -v also each message that is not worded like the script's.
//
//===----------------------------------------------------------------------===//

#include "wasm/Validate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace wasmc::wasm;

namespace {

struct Verdict {
  bool ok = true;
  ErrorKind kind = ErrorKind::Malformed;
  std::string message;
};

struct Totals {
  unsigned accepted = 0, refused = 0, wrong = 0, otherWords = 0;
};

Verdict judge(Bytes bytes, const FeatureSet &features) {
  auto module = decodeModule(bytes, features);
  llvm::Error error = module ? validateAll(*module, features) : module.takeError();
  Verdict verdict;
  llvm::handleAllErrors(std::move(error),
                        [&](const WasmError &e) { verdict = {false, e.kind, e.message}; });
  return verdict;
}

FeatureSet featuresFor(llvm::StringRef script) {
  static const std::pair<const char *, Feature> proposals[] = {
      {"threads_", Feature::Threads},
      {"legacy_", Feature::LegacyExceptions},
      {"wide-arithmetic_", Feature::WideArithmetic},
      {"custom-page-sizes_", Feature::CustomPageSizes}};
  FeatureSet features = FeatureSet::all();
  for (auto [prefix, feature] : proposals)
    features.set(feature, script.starts_with(prefix));
  // The proposal's scripts were written on top of WebAssembly 1.0.
  if (script.starts_with("threads_")) {
    features.set(Feature::MultiMemory, false);
    features.set(Feature::ReferenceTypes, false);
  }
  return features;
}

const char *kindName(ErrorKind kind) {
  switch (kind) {
  case ErrorKind::Malformed: return "malformed";
  case ErrorKind::Invalid: return "invalid";
  case ErrorKind::Unsupported: return "unsupported";
  case ErrorKind::Limit: return "limit";
  }
  return "";
}

/// Whether the verdict is the one that the command demands. What a proposal
/// that is off would have to say is as good as "invalid".
bool agrees(llvm::StringRef command, const Verdict &verdict) {
  if (command == "assert_malformed")
    return !verdict.ok && verdict.kind == ErrorKind::Malformed;
  if (command == "assert_invalid")
    return !verdict.ok && verdict.kind != ErrorKind::Malformed;
  return verdict.ok;
}

void runCommand(llvm::StringRef folder, const llvm::json::Object &command, bool verbose,
                Totals &totals) {
  llvm::StringRef type = command.getString("type").value_or("");
  bool isModule = type == "module" || type == "module_definition" || type == "assert_malformed" ||
                  type == "assert_invalid" || type == "assert_unlinkable" ||
                  type == "assert_uninstantiable";
  auto file = command.getString("filename");
  if (!isModule || !file)
    return;
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, *file);
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    llvm::errs() << path << ": cannot be read\n";
    ++totals.wrong;
    return;
  }
  Bytes bytes(llvm::arrayRefFromStringRef((*buffer)->getBuffer()));
  llvm::StringRef script = llvm::sys::path::filename(folder);
  Verdict verdict = judge(bytes, featuresFor(script));
  ++(verdict.ok ? totals.accepted : totals.refused);
  llvm::StringRef text = command.getString("text").value_or("");
  auto print = [&](const char *what) {
    llvm::outs() << what << ": " << path << " (line " << command.getInteger("line").value_or(0)
                 << "): " << type << " '" << text
                 << "', ours: " << (verdict.ok ? "accepted" : kindName(verdict.kind)) << ": "
                 << verdict.message << "\n";
  };
  if (!agrees(type, verdict)) {
    ++totals.wrong;
    print("differs");
  } else if (!verdict.ok && !llvm::StringRef(verdict.message).contains(text)) {
    ++totals.otherWords;
    if (verbose)
      print("other words");
  }
}

bool runScript(llvm::StringRef folder, bool verbose, Totals &totals) {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, llvm::sys::path::filename(folder) + ".json");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return false;
  auto json = llvm::json::parse((*buffer)->getBuffer());
  if (!json) {
    llvm::errs() << path << ": " << llvm::toString(json.takeError()) << "\n";
    ++totals.wrong;
    return false;
  }
  for (const llvm::json::Value &command : *json->getAsObject()->getArray("commands"))
    runCommand(folder, *command.getAsObject(), verbose, totals);
  return true;
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    llvm::errs() << "usage: validate-spec SUITE-FOLDER [-v]\n";
    return 2;
  }
  bool verbose = argc > 2 && llvm::StringRef(argv[2]) == "-v";
  Totals totals;
  unsigned scripts = 0;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(argv[1], error), end; it != end && !error;
       it.increment(error))
    scripts += runScript(it->path(), verbose, totals);
  llvm::outs() << scripts << " scripts, " << totals.accepted << " modules accepted, "
               << totals.refused << " refused, " << totals.otherWords << " in other words, "
               << totals.wrong << " verdicts differ\n";
  return scripts == 0 || totals.wrong != 0;
}
