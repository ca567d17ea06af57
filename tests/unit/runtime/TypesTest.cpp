//===- TypesTest.cpp - Matching of types at run time ----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "types.h"

#include "TestModule.h"

using namespace wasmc::test;
using namespace wasmc::rt;

namespace {

constexpr uint32_t nonNull = WASMC_VAL_NONNULL;

std::string textOf(const ValueType &type) {
  char buffer[100];
  Text text(buffer, sizeof(buffer));
  text << type;
  return buffer;
}

/// An open type, one below it, and a copy of each as another shared object has it.
Type base("(rec (sub (func)))"), copyOfBase("(rec (sub (func)))");
Type below("(rec (sub (rec (sub (func))) (func)))", 0, nullptr, &base);
Type copyOfBelow("(rec (sub (rec (sub (func))) (func)))", 0, nullptr, &copyOfBase);
Type structure("(struct i32)");

struct StructureKind {
  StructureKind() { structure.kind = WASMC_VAL_STRUCTREF; }
} structureKind;

} // namespace

TEST(Types, DefinedTypesMatchUpwards) {
  EXPECT_TRUE(wasmc_type_matches(&base, &base));
  EXPECT_TRUE(wasmc_type_matches(&base, &copyOfBase));
  EXPECT_TRUE(wasmc_type_matches(&below, &base));
  EXPECT_TRUE(wasmc_type_matches(&below, &copyOfBase));
  EXPECT_TRUE(wasmc_type_matches(&copyOfBelow, &below));
  EXPECT_FALSE(wasmc_type_matches(&base, &below));
  EXPECT_FALSE(wasmc_type_matches(&base, &structure));
}

TEST(Types, AbstractTypesMatchAsTheSpecificationSays) {
  // By rows of 3.3.3: what is below what, each type below itself.
  const std::pair<uint32_t, uint32_t> pairs[] = {
      {WASMC_VAL_EQREF, WASMC_VAL_ANYREF},        {WASMC_VAL_I31REF, WASMC_VAL_EQREF},
      {WASMC_VAL_I31REF, WASMC_VAL_ANYREF},       {WASMC_VAL_STRUCTREF, WASMC_VAL_EQREF},
      {WASMC_VAL_STRUCTREF, WASMC_VAL_ANYREF},    {WASMC_VAL_ARRAYREF, WASMC_VAL_EQREF},
      {WASMC_VAL_ARRAYREF, WASMC_VAL_ANYREF},     {WASMC_VAL_NULLREF, WASMC_VAL_ANYREF},
      {WASMC_VAL_NULLREF, WASMC_VAL_EQREF},       {WASMC_VAL_NULLREF, WASMC_VAL_I31REF},
      {WASMC_VAL_NULLREF, WASMC_VAL_STRUCTREF},   {WASMC_VAL_NULLREF, WASMC_VAL_ARRAYREF},
      {WASMC_VAL_NULLFUNCREF, WASMC_VAL_FUNCREF}, {WASMC_VAL_NULLEXTERNREF, WASMC_VAL_EXTERNREF},
      {WASMC_VAL_NULLEXNREF, WASMC_VAL_EXNREF}};
  for (uint32_t sub = WASMC_VAL_I32; sub != WASMC_VAL_TYPEDREF; ++sub)
    for (uint32_t super = WASMC_VAL_I32; super != WASMC_VAL_TYPEDREF; ++super) {
      bool expected = sub == super;
      for (auto [low, high] : pairs)
        expected |= sub == low && super == high;
      EXPECT_EQ(matches({sub, nullptr}, {super, nullptr}), expected) << sub << " " << super;
    }
}

TEST(Types, NullMayBeLeftOutAndNotAdded) {
  const ValueType with = {WASMC_VAL_FUNCREF, nullptr}, without = {WASMC_VAL_FUNCREF | nonNull, nullptr};
  EXPECT_TRUE(matches(without, with));
  EXPECT_FALSE(matches(with, without));
  EXPECT_TRUE(matches(without, without));
  EXPECT_FALSE(equal(with, without));
}

TEST(Types, DefinedTypesMatchAbstractOnes) {
  const ValueType func = {WASMC_VAL_TYPEDREF | nonNull, &below}, object = {WASMC_VAL_TYPEDREF, &structure};
  EXPECT_TRUE(matches(func, {WASMC_VAL_FUNCREF, nullptr}));
  EXPECT_TRUE(matches(func, {WASMC_VAL_TYPEDREF, &copyOfBase}));
  EXPECT_FALSE(matches(func, {WASMC_VAL_ANYREF, nullptr}));
  EXPECT_FALSE(matches({WASMC_VAL_FUNCREF | nonNull, nullptr}, func));
  EXPECT_TRUE(matches(object, {WASMC_VAL_STRUCTREF, nullptr}));
  EXPECT_TRUE(matches(object, {WASMC_VAL_ANYREF, nullptr}));
  EXPECT_FALSE(matches(object, {WASMC_VAL_ARRAYREF, nullptr}));
  EXPECT_FALSE(matches(object, {WASMC_VAL_FUNCREF, nullptr}));
  EXPECT_TRUE(matches({WASMC_VAL_NULLREF, nullptr}, object));
  EXPECT_FALSE(matches({WASMC_VAL_NULLFUNCREF, nullptr}, object));
  EXPECT_TRUE(matches({WASMC_VAL_NULLFUNCREF, nullptr}, {WASMC_VAL_TYPEDREF, &base}));
  EXPECT_TRUE(equal(func, {WASMC_VAL_TYPEDREF | nonNull, &copyOfBelow}));
  EXPECT_FALSE(equal(func, {WASMC_VAL_TYPEDREF | nonNull, &base}));
}

TEST(Types, ReferencesOfTheHostAreCompared) {
  wasmc_func one = {}, other = {};
  one.type = static_cast<wasmc_type *>(&below);
  other.type = static_cast<wasmc_type *>(&base);
  const wasmc_ref ref = reinterpret_cast<uintptr_t>(&one), otherRef = reinterpret_cast<uintptr_t>(&other);
  for (uint32_t kind = WASMC_VAL_FUNCREF; kind <= WASMC_VAL_TYPEDREF; ++kind) {
    EXPECT_TRUE(fits(0, {kind, &below})) << kind;
    EXPECT_FALSE(fits(0, {kind | nonNull, &below})) << kind;
    const bool hasValues = kind == WASMC_VAL_FUNCREF || kind == WASMC_VAL_EXTERNREF ||
                           kind == WASMC_VAL_EXNREF || kind == WASMC_VAL_TYPEDREF;
    EXPECT_EQ(fits(ref, {kind, &below}), hasValues) << kind;
  }
  EXPECT_TRUE(fits(ref, {WASMC_VAL_TYPEDREF | nonNull, &copyOfBase}));
  EXPECT_FALSE(fits(otherRef, {WASMC_VAL_TYPEDREF | nonNull, &below}));
  EXPECT_FALSE(fits(ref, {WASMC_VAL_TYPEDREF, &structure}));
}

TEST(Types, AsText) {
  EXPECT_EQ(textOf({WASMC_VAL_I32, nullptr}), "i32");
  EXPECT_EQ(textOf({WASMC_VAL_FUNCREF, nullptr}), "funcref");
  EXPECT_EQ(textOf({WASMC_VAL_NULLEXNREF, nullptr}), "nullexnref");
  EXPECT_EQ(textOf({WASMC_VAL_EXTERNREF | nonNull, nullptr}), "(ref extern)");
  EXPECT_EQ(textOf({WASMC_VAL_NULLEXNREF | nonNull, nullptr}), "(ref noexn)");
  EXPECT_EQ(textOf({WASMC_VAL_TYPEDREF | nonNull, &structure}), "(ref (struct i32))");
  EXPECT_EQ(textOf({WASMC_VAL_TYPEDREF, &base}), "(ref null (rec (sub (func))))");
  EXPECT_EQ(textOf({99, nullptr}), "unknown type");
}

TEST(Types, GlobalsAreSetByType) {
  wasmc_func one = {};
  one.type = static_cast<wasmc_type *>(&base);
  wasmc_ref cell = 0;
  wasmc_global global = {&cell, WASMC_VAL_TYPEDREF, 1, &below};
  const wasmc_ref ref = reinterpret_cast<uintptr_t>(&one);
  EXPECT_EQ(wasmc_global_set(&global, ref), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(cell, 0u);
  global.heap_type = &copyOfBase;
  EXPECT_EQ(wasmc_global_set(&global, ref), WASMC_OK);
  EXPECT_EQ(cell, ref);
  global.is_mutable = 0;
  EXPECT_EQ(wasmc_global_set(&global, 0), WASMC_INVALID_ARGUMENT);
}
