//===- LinkTest.cpp - Imports: matching and messages ----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

using namespace wasmc::test;

namespace {

Type binary("(i32,i32)->(i32)", 2, nullptr);
Type unary("(i64)->()", 1, nullptr);

struct Typed {
  void *context;
  void *imports[2];
};

std::string linkError(const wasmc_module *from, const wasmc_extern &given,
                      wasmc_status expected = WASMC_UNLINKABLE) {
  char error[256];
  wasmc_config config = {};
  config.error = error;
  config.error_capacity = sizeof(error);
  wasmc_instance *instance = reinterpret_cast<wasmc_instance *>(1);
  EXPECT_EQ(wasmc_instance_link(from, &given, 1, nullptr, &config, &instance), expected) << error;
  if (expected != WASMC_OK)
    EXPECT_EQ(instance, nullptr);
  else
    wasmc_instance_delete(instance);
  return error;
}

TestModule importingMemory(uint64_t min, uint64_t max, uint32_t flags = 0) {
  TestModule source;
  source.memory(min, max, flags);
  source.memories[0].imported = 1;
  source.import(WASMC_EXTERN_MEMORY, "memory");
  return source;
}

struct HostMemory {
  HostMemory(uint64_t min, uint64_t max, uint32_t flags = 0) {
    EXPECT_EQ(wasmc_memory_new(min, max, 0, flags, &memory), WASMC_OK);
    given.kind = WASMC_EXTERN_MEMORY;
    given.of.memory = memory;
  }
  ~HostMemory() { wasmc_memory_delete(memory); }
  wasmc_memory *memory;
  wasmc_extern given;
};

} // namespace

TEST(Link, BindsHostFunctionsThroughTheirAdapter) {
  static int context, adapterCode;
  TestModule source;
  wasmc_import &one = source.import(WASMC_EXTERN_FUNC, "add");
  one.type = static_cast<wasmc_type *>(&binary);
  one.adapter = &adapterCode;
  static int hostCode;
  Typed typed = {&context, {&hostCode, nullptr}};
  Instance instance(source.module(), &typed);
  ASSERT_EQ(instance.status, WASMC_OK) << instance.error;
  EXPECT_EQ(instance.instance->context, &context);
  const wasmc_func &func = instance.record()->funcs[0];
  EXPECT_EQ(func.code, &adapterCode);
  EXPECT_EQ(func.instance, instance.instance);
  EXPECT_EQ(func.type, static_cast<wasmc_type *>(&binary));
  EXPECT_EQ(instance.record()->hostFunctions[0], &hostCode);
}

TEST(Link, NamesAMissingHostFunction) {
  TestModule source;
  source.import(WASMC_EXTERN_FUNC, "add").type = static_cast<wasmc_type *>(&binary);
  Typed typed = {};
  Instance instance(source.module(), &typed);
  EXPECT_EQ(instance.status, WASMC_UNLINKABLE);
  EXPECT_STREQ(instance.error, "import \"env\" \"add\": expected function, found nothing");
  Instance withoutStructure(source.module());
  EXPECT_EQ(withoutStructure.status, WASMC_UNLINKABLE);
}

TEST(Link, CopiesFunctionsOfOtherInstances) {
  static int code;
  TestModule exporter;
  exporter.func(&code, binary).exported("add", WASMC_EXTERN_FUNC, 0);
  Instance from(exporter.module());
  wasmc_extern found;
  ASSERT_TRUE(wasmc_instance_export(from, "add", 3, &found));

  // The importer's type is another object of the same text.
  static Type sameText("(i32,i32)->(i32)");
  TestModule importer;
  importer.func(&code, unary).import(WASMC_EXTERN_FUNC, "add").type =
      static_cast<wasmc_type *>(&sameText);
  wasmc_instance *to;
  ASSERT_EQ(wasmc_instance_link(importer.module(), &found, 1, nullptr, nullptr, &to), WASMC_OK);
  EXPECT_EQ(recordOf(to)->funcs[0].code, &code);
  EXPECT_EQ(recordOf(to)->funcs[0].instance, from.instance);
  EXPECT_EQ(recordOf(to)->funcs[1].instance, to);
  wasmc_instance_delete(to);

  TestModule other;
  other.import(WASMC_EXTERN_FUNC, "add").type = static_cast<wasmc_type *>(&unary);
  EXPECT_EQ(linkError(other.module(), found),
            "import \"env\" \"add\": expected function (i64)->(), found function "
            "(i32,i32)->(i32)");
}

TEST(Link, TakesFunctionsOfSubtypes) {
  static int code;
  static Type base("(rec (sub (func)))");
  static Type below("(rec (sub (rec (sub (func))) (func)))", 0, nullptr, &base);
  TestModule exporter;
  exporter.func(&code, below).func(&code, base);
  exporter.exported("below", WASMC_EXTERN_FUNC, 0).exported("base", WASMC_EXTERN_FUNC, 1);
  Instance from(exporter.module());
  wasmc_extern found;
  ASSERT_TRUE(wasmc_instance_export(from, "below", 5, &found));
  static Type wanted("(rec (sub (func)))");
  TestModule importer;
  importer.import(WASMC_EXTERN_FUNC, "f").type = static_cast<wasmc_type *>(&wanted);
  wasmc_instance *to;
  ASSERT_EQ(wasmc_instance_link(importer.module(), &found, 1, nullptr, nullptr, &to), WASMC_OK);
  // References to it keep the type that it has.
  EXPECT_EQ(wasmc_func_type(&recordOf(to)->funcs[0]), &below);
  wasmc_instance_delete(to);

  ASSERT_TRUE(wasmc_instance_export(from, "base", 4, &found));
  TestModule other;
  other.import(WASMC_EXTERN_FUNC, "f").type = static_cast<wasmc_type *>(&below);
  EXPECT_EQ(linkError(other.module(), found),
            "import \"env\" \"f\": expected function (rec (sub (rec (sub (func))) (func))), "
            "found function (rec (sub (func)))");
}

TEST(Link, NamesBothKinds) {
  HostMemory host(1, ~uint64_t(0));
  TestModule source;
  source.import(WASMC_EXTERN_FUNC, "memory").type = static_cast<wasmc_type *>(&unary);
  EXPECT_EQ(linkError(source.module(), host.given),
            "import \"env\" \"memory\": expected function, found memory");
  wasmc_extern odd = {};
  odd.kind = 99;
  EXPECT_EQ(linkError(source.module(), odd),
            "import \"env\" \"memory\": expected function, found nothing");
}

TEST(Link, MatchesMemoryLimits) {
  HostMemory open(1, ~uint64_t(0)), closed(2, 10);
  EXPECT_EQ(linkError(importingMemory(2, ~uint64_t(0)).module(), open.given),
            "import \"env\" \"memory\": expected memory with at least 2 pages, found 1");
  EXPECT_EQ(linkError(importingMemory(1, 10).module(), open.given),
            "import \"env\" \"memory\": expected memory with at most 10 pages, found no maximum");
  EXPECT_EQ(linkError(importingMemory(1, 9).module(), closed.given),
            "import \"env\" \"memory\": expected memory with at most 9 pages, found 10");
  linkError(importingMemory(2, 10).module(), closed.given, WASMC_OK);
  linkError(importingMemory(0, ~uint64_t(0)).module(), closed.given, WASMC_OK);
  // The size counts, not what it was at first.
  EXPECT_EQ(wasmc_memory_grow(open.memory, 1), 1);
  linkError(importingMemory(2, ~uint64_t(0)).module(), open.given, WASMC_OK);
}

TEST(Link, GuardedModulesNeedGuardedMemories) {
  HostMemory plain(1, 1), guarded(1, 1, WASMC_MEMORY_GUARD);
  EXPECT_EQ(linkError(importingMemory(1, 1, WASMC_MEMORY_GUARD).module(), plain.given),
            "import \"env\" \"memory\": expected memory with a guard region (the module was "
            "compiled with --bounds=guard), found one without (make it with "
            "WASMC_MEMORY_GUARD)");
  linkError(importingMemory(1, 1, WASMC_MEMORY_GUARD).module(), guarded.given, WASMC_OK);
  linkError(importingMemory(1, 1, 0).module(), guarded.given, WASMC_OK);
}

TEST(Link, MatchesIndexTypesOfMemories) {
  HostMemory wide(1, 1, WASMC_MEMORY_64);
  EXPECT_EQ(linkError(importingMemory(1, 1).module(), wide.given),
            "import \"env\" \"memory\": expected memory of i32 indices, found i64 indices");
  HostMemory narrow(1, 1);
  EXPECT_EQ(linkError(importingMemory(1, 1, WASMC_MEMORY_64).module(), narrow.given),
            "import \"env\" \"memory\": expected memory of i64 indices, found i32 indices");
  linkError(importingMemory(1, 1, WASMC_MEMORY_64).module(), wide.given, WASMC_OK);
}

TEST(Link, MatchesPageSizesOfMemories) {
  HostMemory bytes(65536, 65536, WASMC_MEMORY_BYTE_PAGES), pages(1, 1);
  TestModule source = importingMemory(1, 1);
  EXPECT_EQ(linkError(source.module(), bytes.given),
            "import \"env\" \"memory\": expected memory with a page size of 65536, found 1");
  TestModule ofBytes = importingMemory(65536, 65536);
  ofBytes.memories[0].page_log2 = 0;
  EXPECT_EQ(linkError(ofBytes.module(), pages.given),
            "import \"env\" \"memory\": expected memory with a page size of 1, found 65536");
  linkError(ofBytes.module(), bytes.given, WASMC_OK);
}

TEST(Link, MatchesTables) {
  wasmc_table *table;
  ASSERT_EQ(wasmc_table_new(WASMC_VAL_EXTERNREF, 5, 8, 0, 0, &table), WASMC_OK);
  wasmc_extern given = {};
  given.kind = WASMC_EXTERN_TABLE;
  given.of.table = table;
  const auto importing = [](uint64_t min, uint64_t max, uint32_t kind) {
    TestModule source;
    source.table(min, max, kind).import(WASMC_EXTERN_TABLE, "t");
    source.tables[0].imported = 1;
    return source;
  };
  EXPECT_EQ(linkError(importing(5, 8, WASMC_VAL_FUNCREF).module(), given),
            "import \"env\" \"t\": expected table of funcref, found externref");
  EXPECT_EQ(linkError(importing(6, 8, WASMC_VAL_EXTERNREF).module(), given),
            "import \"env\" \"t\": expected table with at least 6 elements, found 5");
  EXPECT_EQ(linkError(importing(5, 7, WASMC_VAL_EXTERNREF).module(), given),
            "import \"env\" \"t\": expected table with at most 7 elements, found 8");
  EXPECT_EQ(linkError(importing(5, 8, WASMC_VAL_EXTERNREF | WASMC_VAL_NONNULL).module(), given),
            "import \"env\" \"t\": expected table of (ref extern), found externref");
  linkError(importing(5, 8, WASMC_VAL_EXTERNREF).module(), given, WASMC_OK);
  TestModule wide = importing(5, 8, WASMC_VAL_EXTERNREF);
  wide.tables[0].flags = WASMC_TABLE_64;
  EXPECT_EQ(linkError(wide.module(), given),
            "import \"env\" \"t\": expected table of i64 indices, found i32 indices");
  wasmc_table *wideTable;
  ASSERT_EQ(wasmc_table_new(WASMC_VAL_EXTERNREF | WASMC_TABLE_64, 5, 8, 0, 0, &wideTable),
            WASMC_OK);
  given.of.table = wideTable;
  linkError(wide.module(), given, WASMC_OK);
  EXPECT_EQ(linkError(importing(5, 8, WASMC_VAL_EXTERNREF).module(), given),
            "import \"env\" \"t\": expected table of i32 indices, found i64 indices");
  wasmc_table_delete(wideTable);
  wasmc_table_delete(table);
}

TEST(Link, MatchesGlobals) {
  uint64_t cell = 5;
  wasmc_extern given = {};
  given.kind = WASMC_EXTERN_GLOBAL;
  given.of.global = {&cell, WASMC_VAL_I32, 0, nullptr};
  TestModule source;
  source.import(WASMC_EXTERN_GLOBAL, "g");
  wasmc_global_type type = {};
  type.type = WASMC_VAL_I32;
  type.is_mutable = 1;
  type.cell = offsetof(Record, importedCell);
  type.imported = 1;
  source.globals.push_back(type);
  EXPECT_EQ(linkError(source.module(), given),
            "import \"env\" \"g\": expected global (mut i32), found global i32");
  given.of.global.is_mutable = 1;
  wasmc_instance *instance;
  ASSERT_EQ(wasmc_instance_link(source.module(), &given, 1, nullptr, nullptr, &instance), WASMC_OK);
  EXPECT_EQ(recordOf(instance)->importedCell, &cell);
  wasmc_instance_delete(instance);

  Typed typed = {nullptr, {&given.of.global, nullptr}};
  Instance byStructure(source.module(), &typed);
  ASSERT_EQ(byStructure.status, WASMC_OK) << byStructure.error;
  EXPECT_EQ(byStructure.record()->importedCell, &cell);
}

TEST(Link, MatchesGlobalsOfReferences) {
  static Type base("(rec (sub (func)))");
  static Type below("(rec (sub (rec (sub (func))) (func)))", 0, nullptr, &base);
  TestModule owner;
  Instance owning(owner.module());
  wasmc_func func = {};
  func.type = static_cast<wasmc_type *>(&below);
  func.instance = owning.instance;
  wasmc_ref cell = reinterpret_cast<uintptr_t>(&func);
  wasmc_extern given = {};
  given.kind = WASMC_EXTERN_GLOBAL;
  given.of.global = {&cell, WASMC_VAL_TYPEDREF | WASMC_VAL_NONNULL, 0, &below};
  TestModule source;
  source.import(WASMC_EXTERN_GLOBAL, "g");
  wasmc_global_type type = {};
  type.type = WASMC_VAL_TYPEDREF;
  type.heap_type = static_cast<wasmc_type *>(&base);
  type.cell = offsetof(Record, importedCell);
  type.imported = 1;
  source.globals.push_back(type);
  linkError(source.module(), given, WASMC_OK);
  // What can be written to from both sides has one type.
  given.of.global.is_mutable = 1;
  source.globals[0].is_mutable = 1;
  EXPECT_EQ(linkError(source.module(), given),
            "import \"env\" \"g\": expected global (mut (ref null (rec (sub (func))))), found global "
            "(mut (ref (rec (sub (rec (sub (func))) (func)))))");
  given.of.global = {&cell, WASMC_VAL_TYPEDREF, 1, &base};
  linkError(source.module(), given, WASMC_OK);
  // A cell of the host's that has something else in it, or does not say of what type.
  func.type = static_cast<wasmc_type *>(&unary);
  EXPECT_EQ(linkError(source.module(), given),
            "import \"env\" \"g\": expected global (mut (ref null (rec (sub (func))))), found a "
            "reference that is none of (ref null (rec (sub (func))))");
  given.of.global.heap_type = nullptr;
  EXPECT_EQ(linkError(source.module(), given),
            "import \"env\" \"g\": expected global (mut (ref null (rec (sub (func))))), found global "
            "without its heap_type");
}

TEST(Link, CountsImports) {
  TestModule source;
  source.import(WASMC_EXTERN_FUNC, "add").type = static_cast<wasmc_type *>(&unary);
  char error[64];
  wasmc_config config = {};
  config.error = error;
  config.error_capacity = sizeof(error);
  wasmc_instance *instance;
  EXPECT_EQ(wasmc_instance_link(source.module(), nullptr, 0, nullptr, &config, &instance),
            WASMC_INVALID_ARGUMENT);
  EXPECT_STREQ(error, "expected 1 imports, found 0");
}

TEST(Link, MatchesTags) {
  Type type("(func (param i32 v128))", 3);
  TestModule source;
  source.tag(type, "\0\4", 2, /*imported=*/true);
  source.import(WASMC_EXTERN_TAG, "t");
  const wasmc_module *from = source.module();
  wasmc_extern given = {};
  given.kind = WASMC_EXTERN_TAG;
  EXPECT_EQ(linkError(from, given), "import \"env\" \"t\": expected tag, found nothing");

  const uint32_t same[] = {WASMC_VAL_I32, WASMC_VAL_V128}, other[] = {WASMC_VAL_EXNREF};
  const uint32_t unknown[] = {99};
  wasmc_tag *tag;
  ASSERT_EQ(wasmc_tag_new(other, 1, &tag), WASMC_OK);
  given.of.tag = tag;
  EXPECT_EQ(linkError(from, given), "import \"env\" \"t\": expected tag (func (param i32 v128)), "
                                    "found tag (func (param (ref null exn)))");
  wasmc_tag_delete(tag);
  ASSERT_EQ(wasmc_tag_new(nullptr, 0, &tag), WASMC_OK);
  given.of.tag = tag;
  EXPECT_EQ(linkError(from, given),
            "import \"env\" \"t\": expected tag (func (param i32 v128)), found tag (func)");
  wasmc_tag_delete(tag);
  EXPECT_EQ(wasmc_tag_new(unknown, 1, &tag), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(tag, nullptr);
  // Which type that is, no number says.
  const uint32_t typed[] = {WASMC_VAL_I32, WASMC_VAL_TYPEDREF};
  EXPECT_EQ(wasmc_tag_new(typed, 2, &tag), WASMC_INVALID_ARGUMENT);
  wasmc_tag_delete(tag);

  ASSERT_EQ(wasmc_tag_new(same, 2, &tag), WASMC_OK);
  given.of.tag = tag;
  EXPECT_EQ(linkError(from, given, WASMC_OK), "");
  wasmc_tag_delete(tag);
}

TEST(Link, ListsImports) {
  TestModule source;
  source.import(WASMC_EXTERN_FUNC, "add");
  const wasmc_module *from = source.module();
  ASSERT_EQ(wasmc_module_imports(from), 1u);
  const char *space, *name;
  size_t spaceLength, length;
  uint32_t kind;
  wasmc_module_import(from, 0, &space, &spaceLength, &name, &length, &kind);
  EXPECT_EQ(std::string(space, spaceLength), "env");
  EXPECT_EQ(std::string(name, length), "add");
  EXPECT_EQ(kind, uint32_t(WASMC_EXTERN_FUNC));
}
