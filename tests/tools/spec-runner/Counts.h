//===- Counts.h - Checked-in counts of what the scripts' commands came to -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_COUNTS_H
#define WASMC_TESTS_SPEC_RUNNER_COUNTS_H

#include "Progress.h"

#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace wasmc::spec {

/// `simd`, and `text-format` for Totals::TextFormat.
llvm::StringRef reasonName(unsigned reason);

/// `12 passed, 0 failed, 15 skipped (simd 12, gc 3)`.
std::string summary(const Totals &totals);

/// A text file with a line for each script, sorted: commands, passed, skipped
/// by reason. It shows in review when a change makes tests disappear.
class Counts {
public:
  static llvm::Expected<Counts> read(const std::string &path);
  /// Empty if `totals` are the checked-in ones, else what differs.
  std::string compare(const std::string &script, const Totals &totals) const;
  void set(const std::string &script, const Totals &totals);
  llvm::Error write(const std::string &path) const;

private:
  std::map<std::string, std::string> lines;
};

} // namespace wasmc::spec

#endif
