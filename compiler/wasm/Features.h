//===- Features.h - WebAssembly proposals that can be turned on and off ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_FEATURES_H
#define WASMC_COMPILER_WASM_FEATURES_H

#include <bitset>
#include <string_view>

namespace wasmc::wasm {

/// One row of features.def each; `MVP` comes first and is always on.
enum class Feature : unsigned {
#define WASMC_FEATURE(Enum, Name, Default, Lowered, Description) Enum,
#include "Features.def"
  Count
};

class FeatureSet {
public:
  /// What is on unless the user says otherwise.
  static FeatureSet defaults();
  /// Everything that the decoder and validator know.
  static FeatureSet all();
  /// Everything that can be compiled to native code.
  static FeatureSet lowered();

  bool has(Feature f) const { return bits[static_cast<unsigned>(f)]; }
  void set(Feature f, bool on = true) { bits[static_cast<unsigned>(f)] = on; }
  bool none() const { return bits.none(); }
  void clear() { bits.reset(); }
  FeatureSet &operator|=(const FeatureSet &other) {
    bits |= other.bits;
    return *this;
  }
  /// What is here and not in `other`.
  FeatureSet without(const FeatureSet &other) const {
    FeatureSet rest = *this;
    rest.bits &= ~other.bits;
    return rest;
  }
  friend bool operator==(const FeatureSet &, const FeatureSet &) = default;

private:
  std::bitset<static_cast<unsigned>(Feature::Count)> bits;
};

/// The proposal's own name, such as `bulk-memory`.
std::string_view featureName(Feature f);
std::string_view featureDescription(Feature f);
/// `Feature::Count` where no proposal has this name.
Feature featureByName(std::string_view name);

} // namespace wasmc::wasm

#endif
