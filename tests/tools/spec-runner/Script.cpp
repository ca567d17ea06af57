//===- Script.cpp - One script, from its file to its report --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Script.h"

#include "Counts.h"
#include "Session.h"

#include "llvm/Support/Path.h"

using namespace llvm;

namespace wasmc::spec {

/// Scripts of proposals are named by a prefix and run with their proposal on;
/// the core's scripts have modules that are malformed while it is off.
static wasm::FeatureSet featuresOf(StringRef script) {
  wasm::FeatureSet features = wasm::FeatureSet::defaults();
  static constexpr std::pair<StringRef, wasm::Feature> prefixes[] = {
      {"legacy_", wasm::Feature::LegacyExceptions},
      {"wide-arithmetic_", wasm::Feature::WideArithmetic},
      {"custom-page-sizes_", wasm::Feature::CustomPageSizes},
  };
  for (const auto &[prefix, feature] : prefixes)
    if (script.starts_with(prefix))
      features.set(feature);
  if (script.starts_with("threads_")) {
    // These scripts are older than several memories and tables, and assert that
    // a second one is invalid.
    features.set(wasm::Feature::MultiMemory, false);
    features.set(wasm::Feature::ReferenceTypes, false);
  }
  return features;
}

/// `assert_return $m "field"`: what stands in the report for a command.
static std::string describe(const json::Object &command) {
  std::string text = command.getString("type").value_or("command without type").str();
  raw_string_ostream os(text);
  if (const json::Object *action = command.getObject("action")) {
    if (std::optional<StringRef> module = action->getString("module"))
      os << " " << *module;
    os << " \"";
    os.write_escaped(action->getString("field").value_or(""));
    os << "\"";
  } else if (std::optional<StringRef> file = command.getString("filename")) {
    os << " " << *file;
  }
  return text;
}

static unsigned firstReason(const Reasons &reasons) {
  for (unsigned i = 0; i < reasons.size(); ++i)
    if (reasons[i])
      return i;
  return Totals::TextFormat;
}

static std::string listReasons(const Reasons &reasons) {
  std::string text;
  for (unsigned i = 0; i < reasons.size(); ++i)
    if (reasons[i])
      text += (text.empty() ? "" : ", ") + reasonName(i).str();
  return text;
}

static void report(const Outcome &outcome, StringRef where, bool verbose, Totals &totals,
                   raw_ostream &out) {
  switch (outcome.kind) {
  case Outcome::Passed:
    ++totals.passed;
    if (verbose)
      out << where << ": passed\n";
    return;
  case Outcome::Skipped:
    ++totals.skipped[firstReason(outcome.reasons)];
    if (verbose)
      out << where << ": skipped, needs " << listReasons(outcome.reasons) << "\n";
    return;
  case Outcome::Failed:
    ++totals.failed;
    out << where << ": failed\n  expected: " << outcome.expected << "\n  got:      " << outcome.got
        << "\n";
  }
}

/// LLVM's JSON parser joins the two halves of a surrogate pair with an or where
/// a sum is meant, and gets half of the planes wrong. So pairs become UTF-8 here.
static std::string decodeSurrogates(StringRef text) {
  auto unit = [&](size_t at) -> uint32_t {
    uint32_t value;
    StringRef escape = text.substr(at, 6);
    bool isUnit =
        escape.consume_front("\\u") && escape.size() == 4 && !escape.getAsInteger(16, value);
    return isUnit ? value : 0;
  };
  std::string result;
  for (size_t i = 0; i < text.size();) {
    uint32_t high = unit(i), low = high >> 10 == 0x36 ? unit(i + 6) : 0;
    if (low >> 10 == 0x37) {
      uint32_t point = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
      for (unsigned shift : {18, 12, 6, 0})
        result += char((shift == 18 ? 0xf0 : 0x80) | ((point >> shift) & (shift == 18 ? 7 : 0x3f)));
      i += 12;
    } else {
      // A backslash takes the next character with it, which may be another one.
      size_t length = text[i] == '\\' ? 2 : 1;
      result += text.substr(i, length);
      i += length;
    }
  }
  return result;
}

bool runScript(const std::string &path, Settings settings, bool verbose, Progress &progress,
               raw_ostream &out) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(path);
  if (!buffer) {
    out << path << ": error: " << buffer.getError().message() << "\n";
    return false;
  }
  Expected<json::Value> script = json::parse(decodeSurrogates((*buffer)->getBuffer()));
  if (!script) {
    out << path << ": error: " << llvm::toString(script.takeError()) << "\n";
    return false;
  }
  const json::Object *top = script->getAsObject();
  const json::Array *commands = top ? top->getArray("commands") : nullptr;
  if (!commands) {
    out << path << ": error: no list of commands\n";
    return false;
  }
  std::string source = sys::path::stem(path).str() + ".wast";
  settings.compile.features = featuresOf(sys::path::stem(path));
  Session session(settings, progress, sys::path::parent_path(path).str());
  if (Error error = session.prepare(*commands)) {
    out << source << ": error: " << llvm::toString(std::move(error)) << "\n";
    return false;
  }
  for (const json::Value &value : *commands) {
    static const json::Object none;
    const json::Object &command = value.getAsObject() ? *value.getAsObject() : none;
    uint32_t line = command.getInteger("line").value_or(0);
    std::string what = describe(command);
    progress.set(line, what);
    Outcome outcome = session.run(command);
    report(outcome, source + ":" + std::to_string(line) + ": " + what, verbose, progress.totals,
           out);
  }
  return true;
}

} // namespace wasmc::spec
