//===- LinkingTest.cpp - Imports of one module, exports of another --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"
#include "wasm/Linking.h"

#include <gtest/gtest.h>

using namespace wasmc::wasm;
using namespace wasmc::wasm::test;

namespace {
/// Type 0, open, and type 1, declared to be a subtype of it; both `(func)`.
const Data subAndSuper = section(1, {2, 0x50, 0, 0x60, 0, 0, 0x50, 1, 0, 0x60, 0, 0});

/// Exports `e`: a function of a type.
Data exportsFunction(uint8_t type) {
  return module(subAndSuper + section(3, {1, type}) + section(7, {1, 1, 'e', 0, 0}) +
                section(10, {1, 2, 0, 0x0b}));
}
/// Imports `e` of the module `p`; `what` is kind and type.
Data importsE(const Data &what, const Data &before = {}) {
  return module(before + section(2, Data{1, 1, 'p', 1, 'e'} + what));
}
/// Exports `e`: a global of a type, null.
Data exportsNull(uint8_t type, uint8_t isMutable) {
  return module(section(6, {1, type, isMutable, 0xd0, 0x73, 0x0b}) +
                section(7, {1, 1, 'e', 3, 0}));
}

Module decoded(const Data &bytes) {
  auto module = decodeModule(bytes, FeatureSet::all());
  EXPECT_TRUE(bool(module));
  EXPECT_FALSE(bool(validateModule(*module, FeatureSet::all())));
  return std::move(*module);
}

/// Empty, or the error of linking.
std::string link(const Data &provider, const Data &importer) {
  Module p = decoded(provider), i = decoded(importer);
  auto links = linkModules({{&i, "i", "i.wasm"}, {&p, "p", "p.wasm"}});
  if (!links)
    return llvm::toString(links.takeError());
  EXPECT_EQ((*links)[0].providers, std::vector<uint32_t>{1});
  EXPECT_EQ(providersFirst(*links), (std::vector<uint32_t>{1, 0}));
  return "";
}
} // namespace

TEST(Linking, FunctionsOfSubtypes) {
  EXPECT_EQ(link(exportsFunction(0), importsE({0, 0}, subAndSuper)), "");
  EXPECT_EQ(link(exportsFunction(1), importsE({0, 1}, subAndSuper)), "");
  EXPECT_EQ(link(exportsFunction(1), importsE({0, 0}, subAndSuper)), "");
  // Alike as they are written in short, so they are written out.
  std::string error = link(exportsFunction(0), importsE({0, 1}, subAndSuper));
  EXPECT_NE(error.find("expected function (rec (sub (rec"), std::string::npos) << error;
  EXPECT_NE(error.find("found function (rec (sub (func)))"), std::string::npos) << error;
  EXPECT_NE(error.find("in p.wasm:0x"), std::string::npos) << error;
}

TEST(Linking, GlobalsOfSubtypes) {
  const uint8_t funcref = 0x70, nullfuncref = 0x73, externref = 0x6f;
  EXPECT_EQ(link(exportsNull(nullfuncref, 0), importsE({3, funcref, 0})), "");
  EXPECT_EQ(link(exportsNull(funcref, 1), importsE({3, funcref, 1})), "");
  EXPECT_NE(link(exportsNull(nullfuncref, 1), importsE({3, funcref, 1})), "");
  EXPECT_NE(link(exportsNull(funcref, 0), importsE({3, nullfuncref, 0})), "");
  EXPECT_NE(link(exportsNull(funcref, 0), importsE({3, externref, 0})), "");
  EXPECT_NE(link(exportsNull(funcref, 0), importsE({3, funcref, 1})), "");
}

TEST(Linking, WhatIsNotExportedStaysTheHosts) {
  Module p = decoded(module({})), i = decoded(importsE({0, 0}, subAndSuper));
  auto links = linkModules({{&i, "i", "i.wasm"}, {&p, "p", "p.wasm"}});
  ASSERT_TRUE(bool(links));
  EXPECT_FALSE((*links)[0].imports[0]);
  EXPECT_EQ((*links)[0].missing, std::vector<uint32_t>{0});
  EXPECT_TRUE((*links)[0].providers.empty());
}
