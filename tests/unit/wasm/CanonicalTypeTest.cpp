//===- CanonicalTypeTest.cpp - Equality of types within and across modules -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

#include <gtest/gtest.h>
#include <set>

using namespace wasmc::wasm;
using namespace wasmc::wasm::test;

static Module decoded(const Data &bytes) {
  auto module = decodeModule(bytes, FeatureSet::all());
  EXPECT_TRUE(bool(module));
  EXPECT_FALSE(bool(validateModule(*module, FeatureSet::all())));
  return std::move(*module);
}

TEST(CanonicalType, EqualFunctionTypesHaveOneNumber) {
  Data bytes = module(section(1, {3, 0x60, 1, 0x7f, 0, 0x60, 0, 0, 0x60, 1, 0x7f, 0}));
  Module m = decoded(bytes);
  EXPECT_EQ(m.types[0].canonical, 0u);
  EXPECT_EQ(m.types[1].canonical, 1u);
  EXPECT_EQ(m.types[2].canonical, 0u);
  EXPECT_EQ(canonicalType(m, 0), "(func (param i32))");
  EXPECT_EQ(canonicalType(m, 1), "(func)");
}

TEST(CanonicalType, ParametersAreNotResults) {
  Data bytes = module(section(1, {2, 0x60, 1, 0x7f, 0, 0x60, 0, 1, 0x7f}));
  Module m = decoded(bytes);
  EXPECT_NE(canonicalType(m, 0), canonicalType(m, 1));
}

TEST(CanonicalType, RecursiveGroupsByShape) {
  // (rec (func (param (ref null 0)))), twice, and a group of two.
  Data self = {0x4e, 1, 0x60, 1, 0x63, 0, 0}, again = {0x4e, 1, 0x60, 1, 0x63, 1, 0};
  Data two = {0x4e, 2, 0x60, 1, 0x63, 2, 0, 0x60, 1, 0x63, 2, 0};
  Data bytes = module(section(1, 3, self + again + two));
  Module m = decoded(bytes);
  EXPECT_EQ(m.types[1].canonical, 0u);
  EXPECT_EQ(canonicalType(m, 0), canonicalType(m, 1));
  EXPECT_NE(canonicalType(m, 0), canonicalType(m, 2));
  EXPECT_NE(canonicalType(m, 2), canonicalType(m, 3));
}

TEST(CanonicalType, DoesNotDependOnIndices) {
  Data plain = {0x60, 0, 0}, user = {0x60, 1, 0x63, 0, 0}, laterUser = {0x60, 1, 0x63, 1, 0};
  Data first = module(section(1, 2, plain + user));
  Data second = module(section(1, 3, Data{0x60, 1, 0x7f, 0} + plain + laterUser));
  EXPECT_EQ(canonicalType(decoded(first), 1), canonicalType(decoded(second), 2));
}

/// Types of the text format's `(sub final? super? (func ...))`; a group of several.
static Data sub(bool isFinal, const Data &supers, const Data &composite) {
  return Data{uint8_t(isFinal ? 0x4f : 0x50)} + sized(supers) + composite;
}

static Data group(uint8_t count, const Data &types) { return Data{0x4e, count} + types; }

TEST(CanonicalType, FinalityAndSupertypesCount) {
  Data func = {0x60, 0, 0};
  // 0: func, 1: sub func, 2: sub final func, 3: sub 1 func, 4: sub final 1 func, 5: sub 3 func
  Data bytes = module(section(1, 6, func + sub(false, {}, func) + sub(true, {}, func) +
                                        sub(false, {1}, func) + sub(true, {1}, func) +
                                        sub(false, {3}, func)));
  Module m = decoded(bytes);
  EXPECT_EQ(canonicalType(m, 0), "(func)");
  EXPECT_EQ(canonicalType(m, 1), "(rec (sub (func)))");
  // Without a supertype, final is what the short form means.
  EXPECT_EQ(canonicalType(m, 2), canonicalType(m, 0));
  EXPECT_EQ(canonicalType(m, 3), "(rec (sub (rec (sub (func))) (func)))");
  EXPECT_EQ(canonicalType(m, 4), "(rec (sub final (rec (sub (func))) (func)))");
  std::set<std::string> texts;
  for (uint32_t i : {0, 1, 3, 4, 5})
    EXPECT_TRUE(texts.insert(canonicalType(m, i)).second) << canonicalType(m, i);
}

TEST(CanonicalType, TheWholeGroupAndThePlaceInItCount) {
  Data func = {0x60, 0, 0}, structure = {0x5f, 1, 0x7f, 0}, array = {0x5e, 0x78, 1};
  // A group of one is the type itself; 0 and 1 are equal.
  Data bytes = module(section(1, 5, func + group(1, func) + group(2, func + func) +
                                        group(2, func + structure) + group(2, func + array)));
  Module m = decoded(bytes);
  EXPECT_EQ(canonicalType(m, 0), canonicalType(m, 1));
  std::set<std::string> texts;
  for (uint32_t i : {0, 2, 3, 4, 5, 6, 7})
    EXPECT_TRUE(texts.insert(canonicalType(m, i)).second) << canonicalType(m, i);
  EXPECT_EQ(canonicalType(m, 3), "(rec (sub final (func)) (sub final (func))).1");
  EXPECT_EQ(canonicalType(m, 6), "(rec (sub final (func)) (sub final (array (mut i8)))).0");
}

TEST(CanonicalType, OwnGroupIsNotAnEqualOne) {
  // Two equal groups of one, the second of which could refer to itself or to the first.
  Data self = {0x60, 1, 0x63, 0, 0}, first = {0x60, 1, 0x63, 0, 0}, again = {0x60, 1, 0x63, 2, 0};
  Module m = decoded(module(section(1, 3, self + first + again)));
  EXPECT_NE(canonicalType(m, 0), canonicalType(m, 1));
  EXPECT_EQ(canonicalType(m, 0), canonicalType(m, 2));
}

TEST(CanonicalType, NullAndMutabilityCount) {
  Data func = {0x60, 0, 0};
  Data types = func + Data{0x60, 1, 0x63, 0, 0} + Data{0x60, 1, 0x64, 0, 0} + Data{0x60, 1, 0x70, 0} +
               Data{0x60, 1, 0x64, 0x70, 0} + Data{0x5f, 1, 0x7f, 0} + Data{0x5f, 1, 0x7f, 1} +
               Data{0x5f, 1, 0x78, 0} + Data{0x5f, 2, 0x7f, 0, 0x7f, 0} + Data{0x5e, 0x7f, 0};
  Module m = decoded(module(section(1, 10, types)));
  std::set<std::string> texts;
  for (uint32_t i = 0; i != 10; ++i)
    EXPECT_TRUE(texts.insert(canonicalType(m, i)).second) << canonicalType(m, i);
}

TEST(CanonicalType, LongChainsStayShort) {
  constexpr uint32_t length = 100'000;
  Data types = {0x60, 0, 0};
  for (uint32_t i = 1; i < length; ++i)
    for (uint8_t byte : Data{0x60, 1, 0x63} + heapIndex(i - 1) + Data{1, 0x63} + heapIndex(i - 1))
      types.push_back(byte);
  Data bytes = module(section(1, length, types));
  Module m = decoded(bytes);
  EXPECT_LT(canonicalType(m, length - 1).size(), 300u);
  TypeTexts texts(m);
  EXPECT_EQ(texts(length - 1), canonicalType(m, length - 1));
  EXPECT_NE(texts(length - 1), texts(length - 2));
}
