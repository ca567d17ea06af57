//===- Progress.h - What the child is doing, for its parent --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_PROGRESS_H
#define WASMC_TESTS_SPEC_RUNNER_PROGRESS_H

#include "wasm/Features.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace wasmc::spec {

/// Commands of a script, or of several, by outcome.
struct Totals {
  /// Reasons to skip: a proposal that is not lowered, or `TextFormat`: the command
  /// tests the parser of a proposal's text, which the installed WABT does not know.
  static constexpr unsigned TextFormat = unsigned(wasm::Feature::Count);
  static constexpr unsigned NumReasons = TextFormat + 1;

  uint32_t passed = 0;
  uint32_t failed = 0;
  uint32_t skipped[NumReasons] = {};

  uint32_t allSkipped() const {
    uint32_t sum = 0;
    for (uint32_t n : skipped)
      sum += n;
    return sum;
  }
  uint32_t commands() const { return passed + failed + allSkipped(); }
  void add(const Totals &other) {
    passed += other.passed;
    failed += other.failed;
    for (unsigned i = 0; i < NumReasons; ++i)
      skipped[i] += other.skipped[i];
  }
};

/// Lies in memory shared with the parent process, which prints it when the
/// child dies: no handler of ours stands between the runtime and its signals.
struct Progress {
  Totals totals;
  uint32_t line = 0; ///< Of the command that runs, 0 outside commands.
  bool finished = false;
  char what[256] = {}; ///< Terminated by a zero.

  void set(uint32_t newLine, llvm::StringRef text) {
    line = newLine;
    size_t length = std::min(text.size(), sizeof what - 1);
    std::memcpy(what, text.data(), length);
    what[length] = 0;
  }
};

} // namespace wasmc::spec

#endif
