//===- Timing.cpp - How long messages take ---------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Timing.h"

#include <algorithm>
#include <cmath>

namespace demo {
namespace {

/// The value that a part of all values are smaller than. `values` is not empty.
template <typename T> T quantile(std::vector<T> &values, double part) {
  auto rank = static_cast<size_t>(part * static_cast<double>(values.size()));
  auto at = values.begin() + static_cast<ptrdiff_t>(std::min(rank, values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

} // namespace

int64_t clockCost() {
  std::vector<int64_t> costs(10001);
  for (int64_t &cost : costs) {
    int64_t start = now();
    cost = now() - start;
  }
  return quantile(costs, 0.5);
}

Figures figuresOf(Samples samples) {
  Figures figures;
  std::vector<float> &values = samples.perMessage;
  // Of too few, the largest would be shown, which is another thing.
  auto figure = [&values](double part, size_t least) {
    return values.size() < least ? NAN : static_cast<double>(quantile(values, part));
  };
  figures.median = figure(0.5, 1);
  figures.p99 = figure(0.99, 200);
  figures.p999 = figure(0.999, 2000);
  if (samples.total > 0)
    figures.perSecond = static_cast<double>(samples.numMessages) * 1e9 / samples.total;
  return figures;
}

Figures medianOf(const std::vector<Figures> &rounds) {
  auto middle = [&rounds](double Figures::*figure) -> double {
    std::vector<double> values;
    for (const Figures &round : rounds) {
      if (std::isnan(round.*figure))
        return NAN;
      values.push_back(round.*figure);
    }
    return quantile(values, 0.5);
  };
  return {middle(&Figures::median), middle(&Figures::p99), middle(&Figures::p999),
          middle(&Figures::perSecond)};
}

} // namespace demo
