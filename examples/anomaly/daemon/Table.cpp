//===- Table.cpp - The table of ways, for people ---------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Report.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace demo {
namespace {

/// Microseconds until the first message.
std::string startOf(const Outcome &outcome) {
  return formatNumber(static_cast<double>(outcome.start) / 1000);
}

} // namespace

std::string formatCount(size_t value) {
  std::string text = std::to_string(value);
  for (size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, ",");
  return text;
}

std::string formatNumber(double value) {
  char digits[64];
  if (value >= 99.95 && value < 1e18)
    return formatCount(static_cast<size_t>(value + 0.5));
  snprintf(digits, sizeof digits, "%.1f", value);
  return std::isnan(value) ? "-" : digits;
}

std::string formatRatio(double value) {
  char text[32];
  snprintf(text, sizeof text, "%.2f", value);
  return value < 9.995 ? text : formatNumber(value);
}

bool allAgree(const std::vector<Outcome> &outcomes) {
  return std::all_of(outcomes.begin(), outcomes.end(), [](const Outcome &outcome) {
    return outcome.error.empty() && (outcome.agrees || !outcome.way->computes);
  });
}

double nativeMedian(const std::vector<Outcome> &outcomes) {
  for (const Outcome &outcome : outcomes)
    if (outcome.error.empty() && strcmp(outcome.way->name, "native") == 0)
      return outcome.figures.median;
  return 0;
}

void printTable(FILE *out, const std::vector<Outcome> &outcomes) {
  double native = nativeMedian(outcomes);
  fprintf(out, "%-25s %9s %9s %9s %9s %12s %9s %9s\n", "", "messages", "median", "p99", "p99.9",
          "messages", "median to", "start");
  fprintf(out, "%-25s %9s %9s %9s %9s %12s %9s %9s\n", "way", "", "ns", "ns", "ns", "per second",
          "native", "us");
  for (const Outcome &outcome : outcomes) {
    if (!outcome.error.empty()) {
      fprintf(out, "%-25s not measured: %s\n", outcome.way->title, outcome.error.c_str());
      continue;
    }
    const Figures &figures = outcome.figures;
    std::string ratio = native > 0 ? formatRatio(figures.median / native) : "-";
    fprintf(out, "%-25s %9s %9s %9s %9s %12s %9s %9s\n", outcome.way->title,
            formatCount(outcome.numMessages).c_str(), formatNumber(figures.median).c_str(),
            formatNumber(figures.p99).c_str(), formatNumber(figures.p999).c_str(),
            formatNumber(figures.perSecond).c_str(), ratio.c_str(), startOf(outcome).c_str());
  }
}

} // namespace demo
