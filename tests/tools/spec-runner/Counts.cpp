//===- Counts.cpp - Checked-in counts of what the scripts' commands came to -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Counts.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace wasmc::spec {

StringRef reasonName(unsigned reason) {
  if (reason == Totals::TextFormat)
    return "text-format";
  std::string_view name = wasm::featureName(wasm::Feature(reason));
  return {name.data(), name.size()};
}

/// `simd 12, gc 3`, in the order of the feature table.
static std::string skippedByReason(const Totals &totals) {
  std::string text;
  for (unsigned i = 0; i < Totals::NumReasons; ++i)
    if (totals.skipped[i])
      text += (text.empty() ? "" : ", ") + reasonName(i).str() + " " +
              std::to_string(totals.skipped[i]);
  return text;
}

std::string summary(const Totals &totals) {
  std::string text = std::to_string(totals.passed) + " passed, " + std::to_string(totals.failed) +
                     " failed, " + std::to_string(totals.allSkipped()) + " skipped";
  if (totals.allSkipped())
    text += " (" + skippedByReason(totals) + ")";
  return text;
}

static std::string countLine(const Totals &totals) {
  std::string text =
      std::to_string(totals.commands()) + " commands, " + std::to_string(totals.passed) + " passed";
  if (totals.allSkipped())
    text += ", skipped " + skippedByReason(totals);
  return text;
}

Expected<Counts> Counts::read(const std::string &path) {
  Counts counts;
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return createStringError(buffer.getError(), "cannot read " + path);
  for (line_iterator line(**buffer, /*SkipBlanks=*/true, '#'); !line.is_at_eof(); ++line) {
    auto [script, rest] = line->split(": ");
    if (rest.empty())
      return createStringError(path + ":" + std::to_string(line.line_number()) +
                               ": expected 'script: counts'");
    counts.lines[script.str()] = rest.str();
  }
  return counts;
}

std::string Counts::compare(const std::string &script, const Totals &totals) const {
  auto it = lines.find(script);
  std::string checkedIn = it == lines.end() ? "no line for this script" : it->second;
  std::string got = countLine(totals);
  return checkedIn == got ? "" : "checked in: " + checkedIn + "; got: " + got;
}

void Counts::set(const std::string &script, const Totals &totals) {
  lines[script] = countLine(totals);
}

Error Counts::write(const std::string &path) const {
  std::error_code code;
  raw_fd_ostream out(path, code, sys::fs::OF_Text);
  if (code)
    return createStringError(code, "cannot write " + path);
  out << "# Commands of the official test suite by script: all, passed, skipped by the\n"
         "# proposal that they need. Written by wasmc-spec-runner --update-counts.\n";
  for (const auto &[script, counts] : lines)
    out << script << ": " << counts << "\n";
  return Error::success();
}

} // namespace wasmc::spec
