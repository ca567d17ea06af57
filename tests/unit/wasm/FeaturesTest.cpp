//===- FeaturesTest.cpp - Proposals, on, off and needed --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

#include <gtest/gtest.h>

using namespace wasmc::wasm;
using namespace wasmc::wasm::test;

TEST(Features, NamesAreFoundAgain) {
  for (unsigned i = 0; i < static_cast<unsigned>(Feature::Count); ++i) {
    auto feature = static_cast<Feature>(i);
    EXPECT_EQ(featureByName(featureName(feature)), feature);
    EXPECT_FALSE(featureDescription(feature).empty());
  }
  EXPECT_EQ(featureByName("no-such-proposal"), Feature::Count);
}

TEST(Features, SetsNest) {
  FeatureSet all = FeatureSet::all(), defaults = FeatureSet::defaults();
  EXPECT_TRUE(defaults.without(all).none());
  EXPECT_TRUE(FeatureSet::lowered().without(all).none());
  EXPECT_TRUE(FeatureSet::lowered().has(Feature::MVP));
  EXPECT_TRUE(defaults.has(Feature::Threads));
}

/// The verdict with everything on must say that `feature` is needed, and the
/// verdict without it must name it.
static void expectNeeds(const Data &bytes, Feature feature) {
  Verdict with = judge(bytes);
  ASSERT_TRUE(with.ok) << with.message;
  EXPECT_TRUE(with.required.count(feature)) << featureName(feature);
  FeatureSet without = FeatureSet::all();
  without.set(feature, false);
  Verdict off = judge(bytes, without);
  EXPECT_FALSE(off.ok);
  EXPECT_EQ(off.kind, ErrorKind::Unsupported) << off.message;
  EXPECT_EQ(off.feature, feature) << off.message;
  std::string ending =
      "needs the proposal '" + std::string(featureName(feature)) + "', which is not enabled";
  EXPECT_NE(off.message.find(ending), std::string::npos) << off.message;
}

static Data body(const Data &code) { return module(function({}, {}, Data{0} + code)); }

TEST(Features, OperatorsNeedTheirProposal) {
  expectNeeds(body({0x41, 0, 0xc0, 0x1a, 0x0b}), Feature::SignExtension);
  expectNeeds(body({0x43, 0, 0, 0, 0, 0xfc, 0, 0x1a, 0x0b}), Feature::SatFloatToInt);
  expectNeeds(body({0xd0, 0x70, 0x1a, 0x0b}), Feature::ReferenceTypes);
  expectNeeds(body({0x41, 0, 0xfd, 15, 0x1a, 0x0b}), Feature::SIMD);
  expectNeeds(body({0x12, 0, 0x0b}), Feature::TailCall);
  expectNeeds(body({0x41, 0, 0xfb, 28, 0x1a, 0x0b}), Feature::GC);
  expectNeeds(body({0x1f, 0x40, 0, 0x0b, 0x0b}), Feature::Exceptions);
  expectNeeds(body({0x06, 0x40, 0x0b, 0x0b}), Feature::LegacyExceptions);
  expectNeeds(body({0xfe, 3, 0, 0x0b}), Feature::Threads);
  expectNeeds(body({0x42, 0, 0x42, 0, 0xfc, 21, 0x1a, 0x1a, 0x0b}), Feature::WideArithmetic);
}

TEST(Features, EncodingsNeedTheirProposal) {
  expectNeeds(body({0x02, 0, 0x0b, 0x0b}), Feature::MultiValue);
  expectNeeds(module(section(1, {1, 0x60, 0, 2, 0x7f, 0x7f})), Feature::MultiValue);
  expectNeeds(module(section(4, {2, 0x70, 0, 1, 0x70, 0, 1})), Feature::ReferenceTypes);
  expectNeeds(module(section(4, {1, 0x6f, 0, 1})), Feature::ReferenceTypes);
  expectNeeds(module(section(5, {2, 0, 1, 0, 1})), Feature::MultiMemory);
  expectNeeds(module(section(5, {1, 4, 1})), Feature::Memory64);
  expectNeeds(module(section(5, {1, 3, 1, 1})), Feature::Threads);
  expectNeeds(module(section(5, {1, 8, 1, 0})), Feature::CustomPageSizes);
  expectNeeds(module(section(12, {0})), Feature::BulkMemory);
  expectNeeds(module(section(5, {1, 0, 1}) + section(11, {1, 1, 0})), Feature::BulkMemory);
  expectNeeds(module(section(1, {1, 0x4e, 1, 0x60, 0, 0})), Feature::GC);
  expectNeeds(module(section(1, {1, 0x60, 1, 0x64, 0x70, 0})), Feature::FunctionReferences);
  expectNeeds(module(section(6, {1, 0x7f, 0, 0x41, 1, 0x41, 1, 0x6a, 0x0b})),
              Feature::ExtendedConst);
  expectNeeds(module(section(6, {2, 0x7f, 0, 0x41, 1, 0x0b, 0x7f, 0, 0x23, 0, 0x0b})),
              Feature::ExtendedConst);
  expectNeeds(module(section(6, {1, 0x7f, 1, 0x41, 1, 0x0b}) + section(7, {1, 1, 'g', 3, 0})),
              Feature::MutableGlobals);
}

TEST(Features, TableIndexOfSeveralBytes) {
  Data table = section(4, {1, 0x70, 0, 1});
  Data type = section(1, {1, 0x60, 0, 0}), functions = section(3, {1, 0});
  auto call = [&](const Data &index) {
    return module(type + functions + table +
                  section(10, 1, sized(Data{0, 0x41, 0, 0x11, 0} + index + Data{0x0b})));
  };
  EXPECT_TRUE(judge(call({0})).required.empty());
  expectNeeds(call({0x80, 0}), Feature::ReferenceTypes);
}

/// What 2.0 modules hold must not look like 3.0.
TEST(Features, PlainModulesNeedNothingLater) {
  Data funcref =
      module(section(1, {1, 0x60, 0, 0}) + section(3, {1, 0}) + section(4, {1, 0x70, 0, 1}) +
             section(9, {2, 0, 0x41, 0, 0x0b, 1, 0, 5, 0x70, 1, 0xd2, 0, 0x0b}) +
             section(10, {1, 2, 0, 0x0b}));
  Verdict verdict = judge(funcref);
  ASSERT_TRUE(verdict.ok) << verdict.message;
  std::map<Feature, size_t> expected = {
      {Feature::BulkMemory, verdict.required[Feature::BulkMemory]},
      {Feature::ReferenceTypes, verdict.required[Feature::ReferenceTypes]}};
  EXPECT_EQ(verdict.required, expected);
  EXPECT_TRUE(judge(funcref, version2()).ok);

  Data imported =
      module(section(2, {1, 1, 'm', 1, 'g', 3, 0x7f, 0}) + section(6, {1, 0x7f, 0, 0x23, 0, 0x0b}));
  EXPECT_TRUE(judge(imported).required.empty());
}
