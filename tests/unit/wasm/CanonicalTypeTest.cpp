//===- CanonicalTypeTest.cpp - Equality of types within and across modules -===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

#include <gtest/gtest.h>

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
