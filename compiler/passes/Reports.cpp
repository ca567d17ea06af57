//===- Reports.cpp - What LLVM has to say while it runs ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Reports.h"

#include "abi/Symbols.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Function.h"

#include <set>
#include <tuple>

using namespace llvm;
using namespace wasmc;
using namespace wasmc::passes;

bool Reports::handleDiagnostics(const DiagnosticInfo &info) {
  if (info.getSeverity() == DS_Error) {
    raw_string_ostream stream(errors);
    DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    stream << '\n';
  } else if (auto *profile = dyn_cast<DiagnosticInfoPGOProfile>(&info)) {
    ++numOutdated;
    // "REASON (hash mismatch) FUNCTION Hash = ..."
    std::string message = profile->getMsg().str();
    if (outdated.empty())
      outdated = StringRef(message).split(" Hash = ").first.rsplit(' ').second;
  } else if (auto *remark = dyn_cast<DiagnosticInfoIROptimization>(&info)) {
    if (wants(remark->getPassName()))
      take(*remark);
  }
  return true;
}

/// The passes on loops, LLVM's and ours.
bool Reports::wants(StringRef pass) const {
  return wantsRemarks && (pass == "loop-vectorize" || pass.starts_with("wasmc-"));
}

static StringRef argument(const DiagnosticInfoIROptimization &remark, StringRef key) {
  for (const auto &arg : remark.getArgs())
    if (arg.Key == key)
      return arg.Val;
  return "";
}

/// What the vectoriser says, as we say it; empty where it is of no use.
static std::string vectorizerText(const DiagnosticInfoIROptimization &remark) {
  StringRef width = argument(remark, "VectorizationFactor");
  StringRef interleaved = argument(remark, "InterleaveCount");
  if (!width.empty())
    return ("loop vectorised: " + width + " elements at once, " + interleaved + " times").str();
  if (!interleaved.empty() && remark.getRemarkName() == "Interleaved")
    return ("loop interleaved: " + interleaved + " times").str();
  std::string message = remark.getMsg();
  StringRef reason = message;
  // A module has no hints: passes have given it to the loops that they leave behind.
  if (remark.getRemarkName() == "AllDisabled" || reason.ends_with(" are disabled") ||
      !reason.consume_front("loop not vectorized"))
    return "";
  // Advice that follows is of options and pragmas, which a module has not.
  for (StringRef advice : {"; allow reordering", ". Use #pragma", ". If the arrays"})
    reason = reason.split(advice).first;
  if (!reason.consume_front(": "))
    return "loop not vectorised";
  return "loop not vectorised: " + reason.take_front().lower() + reason.drop_front().str();
}

void Reports::take(const DiagnosticInfoIROptimization &remark) {
  std::string text =
      remark.getPassName() == "loop-vectorize" ? vectorizerText(remark) : remark.getMsg();
  const DISubprogram *function = remark.getFunction().getSubprogram();
  if (text.empty() || !function)
    return;
  DiagnosticLocation at = remark.getLocation();
  PassRemark one = {std::move(text), function->getLinkageName().str(), at.isValid() ? at.getRelativePath().str() : "",
                    at.isValid() ? at.getLine() : 0, at.isValid() ? at.getColumn() : 0, /*isPlaced=*/false};
  if (one.text == "loop not vectorised")
    placeReasons(one);
  else
    taken.push_back(std::move(one));
}

/// What is said of a loop as a whole follows its reasons, each at an operator that is one. The last
/// of them is said where the loop is, and no reason again at the next operator.
void Reports::placeReasons(const PassRemark &loop) {
  auto isReason = [&](const PassRemark &other) {
    return !other.isPlaced && other.function == loop.function &&
           StringRef(other.text).starts_with("loop not vectorised: ");
  };
  size_t first = taken.size();
  while (first != 0 && isReason(taken[first - 1]))
    --first;
  std::vector<std::string> said = {first == taken.size() ? loop.text : taken.back().text};
  taken.erase(std::remove_if(taken.begin() + first, taken.end(),
                             [&](const PassRemark &reason) {
                               const bool isAgain = is_contained(said, reason.text);
                               if (!isAgain)
                                 said.push_back(reason.text);
                               return isAgain;
                             }),
              taken.end());
  taken.push_back(loop);
  taken.back().text = said.front();
  taken.back().isPlaced = true;
}

void Reports::add(Reports &&other) {
  errors += other.errors;
  numOutdated += other.numOutdated;
  if (outdated.empty())
    outdated = std::move(other.outdated);
  llvm::move(other.taken, std::back_inserter(taken));
}

std::vector<Remark> Reports::remarks(ArrayRef<const lower::DebugInfo *> modules) const {
  using Place = std::tuple<size_t, size_t, uint32_t, std::string>; // Module, offset, function, source.
  std::set<std::pair<Place, std::string>> sorted;
  for (const PassRemark &remark : taken)
    for (size_t i = 0; i != modules.size(); ++i)
      if (auto place = modules[i]->place(remark.function, remark.file, remark.line, remark.column)) {
        sorted.insert({{i, place->origin.offset, place->origin.function, place->source}, remark.text});
        break;
      }
  std::vector<Remark> result;
  for (const auto &[where, text] : sorted) {
    const auto &[source, offset, function, position] = where;
    // "loop at filter.c:20:3 not vectorised: ..."
    StringRef rest = text;
    std::string at = position.empty() ? "" : " at " + position;
    std::string message = rest.consume_front("loop ") ? "loop" + at + " " + rest.str() : text + at;
    Remark remark = {"function " + std::to_string(function) + " '" +
                         abi::escapeText(modules[source]->displayName(function)) + "': " + message,
                     source};
    remark.offset = offset;
    remark.isAdvice = true;
    result.push_back(std::move(remark));
  }
  return result;
}
