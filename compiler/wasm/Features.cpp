//===- Features.cpp - WebAssembly proposals that can be turned on and off --===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Features.h"

#include <iterator>

namespace wasmc::wasm {

namespace {

struct Row {
  std::string_view name;
  std::string_view description;
  bool isDefault;
  bool isLowered;
};

constexpr Row rows[] = {
#define WASMC_FEATURE(Enum, Name, Default, Lowered, Description)                                   \
  {Name, Description, Default, Lowered},
#include "wasm/Features.def"
};

static_assert(std::size(rows) == static_cast<size_t>(Feature::Count));

template <typename Predicate> FeatureSet select(Predicate predicate) {
  FeatureSet set;
  for (size_t i = 0; i < std::size(rows); ++i)
    set.set(static_cast<Feature>(i), predicate(rows[i]));
  return set;
}

} // namespace

FeatureSet FeatureSet::defaults() {
  return select([](const Row &row) { return row.isDefault; });
}

FeatureSet FeatureSet::all() {
  return select([](const Row &) { return true; });
}

FeatureSet FeatureSet::lowered() {
  return select([](const Row &row) { return row.isLowered; });
}

std::string_view featureName(Feature f) { return rows[static_cast<size_t>(f)].name; }

std::string_view featureDescription(Feature f) { return rows[static_cast<size_t>(f)].description; }

Feature featureByName(std::string_view name) {
  for (size_t i = 0; i < std::size(rows); ++i)
    if (rows[i].name == name)
      return static_cast<Feature>(i);
  return Feature::Count;
}

} // namespace wasmc::wasm
