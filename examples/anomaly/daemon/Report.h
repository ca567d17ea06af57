//===- Report.h - Figures for people and programs --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_REPORT_H
#define DEMO_REPORT_H

#include "Detection.h"
#include "Ways.h"

#include <cstdio>

namespace demo {

/// What became of a way.
struct Outcome {
  const Way *way;
  size_t numMessages = 0;
  std::vector<Figures> rounds;
  std::vector<int64_t> starts; ///< Nanoseconds, of each round.
  Figures figures;             ///< Medians over rounds.
  int64_t start = 0;
  std::string error;   ///< Why there are no figures.
  bool agrees = false; ///< In each round, with the native module on these messages.
};

/// `1234567` as `1,234,567`.
std::string formatCount(size_t value);
/// The same, rounded, or with a decimal where there are few digits; a dash for what is
/// not a number.
std::string formatNumber(double value);
/// With two decimals, as far as they mean something.
std::string formatRatio(double value);

/// Whether all ways could be run, and came to what the native module came to.
bool allAgree(const std::vector<Outcome> &outcomes);

/// The median of native C, which others are compared with; 0 if it was not run.
double nativeMedian(const std::vector<Outcome> &outcomes);

void printTable(FILE *out, const std::vector<Outcome> &outcomes);

/// A bar for each way on a logarithmic scale, as SVG.
std::string drawChart(const Stream &stream, const std::vector<Outcome> &outcomes);

/// All that was measured, as JSON.
std::string writeJson(const Stream &stream, const Detection &detection, const Tally &tally,
                      int64_t clock, const std::vector<Outcome> &outcomes);

} // namespace demo

#endif
