//===- InstanceTest.cpp - Making, deleting, exports -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <cstring>

using namespace wasmc::test;

TEST(Instance, LiesDirectlyBelowItsMemory) {
  TestModule source;
  Instance instance(source.memory(2).module());
  ASSERT_EQ(instance.status, WASMC_OK) << instance.error;
  wasmc_memory *memory = instance.record()->memorySlots[0];
  EXPECT_EQ(memory, &instance.record()->memories[0]);
  EXPECT_EQ(memory->base, instance.record() + 1);
  EXPECT_EQ(memory->size, 2u * 65536);
  EXPECT_EQ(memory->limit, uint64_t(64) << 20);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory->base) % 4096, 0u);
  const uint64_t head =
      static_cast<char *>(memory->base) - static_cast<char *>(memory->reservation);
  EXPECT_EQ(memory->reserved, head + (uint64_t(8) << 30) + 65536);
  for (uint64_t i = 0; i != memory->size; ++i)
    ASSERT_EQ(instance.base()[i], 0) << i;
  instance.base()[memory->size - 1] = 1;
}

TEST(Instance, WithoutOwnMemoryIsOneAllocation) {
  TestModule source;
  Instance instance(source.module());
  ASSERT_EQ(instance.status, WASMC_OK);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(instance.instance) % 64, 0u);
  EXPECT_EQ(instance.instance->shadow_stack, &instance.instance->scratch);
  EXPECT_EQ(wasmc_instance_trap(instance), nullptr);
}

TEST(Instance, DeleteIgnoresNull) { wasmc_instance_delete(nullptr); }

TEST(Instance, FillsWhatTheModuleDescribes) {
  static const uint32_t items[] = {2, 0, 1};
  static Type type("(i32)->()");
  TestModule source;
  source.memory(1).memory(3, 4, 0).table(5, 9).func(address(+[] {}), type);
  source.func(address(+[] {}), type);
  source.shadowStack = true;
  source.segments.resize(2);
  source.segments[0].items = const_cast<uint32_t *>(items);
  source.segments[0].length = 3;
  source.segments[1].length = 2;
  source.segments[1].cells = offsetof(Record, elemCells);
  source.data.resize(1);
  source.data[0].length = 77;
  Instance instance(source.module());
  ASSERT_EQ(instance.status, WASMC_OK) << instance.error;
  Record *record = instance.record();
  EXPECT_EQ(record->head.shadow_stack, &record->stackPointer);
  EXPECT_EQ(record->memorySlots[1]->size, 3u * 65536);
  EXPECT_EQ(record->memorySlots[1]->limit, 4u * 65536);
  EXPECT_EQ(record->tableSlots[0]->size, 5u);
  EXPECT_EQ(record->dataLengths[0], 77u);
  EXPECT_EQ(record->elemLengths[0], 3u);
  EXPECT_EQ(record->elemLengths[1], 2u);
  EXPECT_EQ(record->funcs[1].instance, instance.instance);
  EXPECT_EQ(record->funcs[1].type, static_cast<wasmc_type *>(&type));

  __wasmc_table_init_v_ppilll(instance, record->tableSlots[0], 0, 1, 0, 3);
  const wasmc_ref *elements = static_cast<wasmc_ref *>(record->tableSlots[0]->elements);
  EXPECT_EQ(elements[0], 0u);
  EXPECT_EQ(elements[1], reinterpret_cast<uintptr_t>(&record->funcs[1]));
  EXPECT_EQ(elements[2], 0u);
  EXPECT_EQ(elements[3], reinterpret_cast<uintptr_t>(&record->funcs[0]));
  record->elemCells[1] = 42;
  __wasmc_table_init_v_ppilll(instance, record->tableSlots[0], 1, 4, 1, 1);
  EXPECT_EQ(elements[4], 42u);
}

TEST(Instance, FindsExports) {
  static Type type("()->()");
  TestModule source;
  source.memory(1).table(1).func(address(+[] {}), type);
  wasmc_global_type global = {};
  global.type = WASMC_VAL_I64;
  global.is_mutable = 1;
  global.cell = offsetof(Record, ownCell);
  source.globals.push_back(global);
  source.exported("f", WASMC_EXTERN_FUNC, 0).exported("m", WASMC_EXTERN_MEMORY, 0);
  source.exported("", WASMC_EXTERN_TABLE, 0).exported("global", WASMC_EXTERN_GLOBAL, 0);
  Instance instance(source.module());
  Record *record = instance.record();
  wasmc_extern found;
  ASSERT_TRUE(wasmc_instance_export(instance, "f", 1, &found));
  EXPECT_EQ(found.of.func, &record->funcs[0]);
  ASSERT_TRUE(wasmc_instance_export(instance, "m", 1, &found));
  EXPECT_EQ(found.kind, uint32_t(WASMC_EXTERN_MEMORY));
  EXPECT_EQ(found.of.memory, &record->memories[0]);
  ASSERT_TRUE(wasmc_instance_export(instance, "", 0, &found));
  EXPECT_EQ(found.of.table, &record->tables[0]);
  ASSERT_TRUE(wasmc_instance_export(instance, "global", 6, &found));
  EXPECT_EQ(found.of.global.cell, &record->ownCell);
  EXPECT_EQ(found.of.global.type, uint32_t(WASMC_VAL_I64));
  EXPECT_EQ(found.of.global.is_mutable, 1u);
  EXPECT_FALSE(wasmc_instance_export(instance, "globa", 5, &found));
  EXPECT_FALSE(wasmc_instance_export(instance, "f ", 2, &found));
}

TEST(Instance, RefusesMoreThanItsOwnerAllows) {
  TestModule source;
  wasmc_config config = {};
  config.memory_limit = 3 * 65536;
  config.table_limit = 10;
  Instance tooMuchMemory(source.memory(4).module(), nullptr, config);
  EXPECT_EQ(tooMuchMemory.status, WASMC_LIMIT);
  EXPECT_EQ(tooMuchMemory.instance, nullptr);
  EXPECT_STREQ(tooMuchMemory.error,
               "memory 0: its declared minimum is more than the limit of this instance");
  TestModule tables;
  Instance tooMuchTable(tables.table(10).table(11).module(), nullptr, config);
  EXPECT_EQ(tooMuchTable.status, WASMC_LIMIT);
  EXPECT_STREQ(tooMuchTable.error,
               "table 1: its declared minimum is more than the limit of this instance");
}

TEST(Instance, StaysAfterATrapAtStart) {
  TestModule source;
  source.memory(1);
  source.init = address(+[](wasmc_instance *) -> int32_t { __wasmc_trap_unreachable(); });
  Instance instance(source.module());
  EXPECT_EQ(instance.status, WASMC_TRAP);
  ASSERT_NE(instance.instance, nullptr);
  EXPECT_STREQ(wasmc_instance_trap(instance)->message, "unreachable");
  EXPECT_STREQ(instance.error, "unreachable");
}

TEST(Instance, RunsItsStart) {
  TestModule source;
  source.memory(1);
  source.init = address(+[](wasmc_instance *self) -> int32_t {
    recordOf(self)->ownCell[0] = 7;
    return WASMC_OK;
  });
  Instance instance(source.module());
  EXPECT_EQ(instance.status, WASMC_OK);
  EXPECT_EQ(instance.record()->ownCell[0], 7u);
}

TEST(Instance, NewOneInAnOldPlaceReadsZeros) {
  TestModule source;
  const wasmc_module *from = source.memory(1).module();
  for (int round = 0; round != 3; ++round) {
    Instance instance(from);
    ASSERT_EQ(instance.status, WASMC_OK);
    EXPECT_EQ(instance.record()->ownCell[0], 0u);
    for (int i = 0; i != 65536; ++i)
      ASSERT_EQ(instance.base()[i], 0);
    memset(instance.base(), 0xff, 65536);
    instance.record()->ownCell[0] = 1;
  }
}

TEST(Instance, ErrorTextIsCutOffAndTerminated) {
  TestModule source;
  const wasmc_module *from = source.memory(4).module();
  wasmc_instance *instance;
  char text[8];
  memset(text, 'x', sizeof(text));
  wasmc_config config = {};
  config.memory_limit = 65536;
  config.error = text;
  config.error_capacity = sizeof(text);
  EXPECT_EQ(wasmc_instance_new(from, nullptr, &config, &instance), WASMC_LIMIT);
  EXPECT_STREQ(text, "memory ");
  config.error_capacity = 0;
  text[0] = 'x';
  EXPECT_EQ(wasmc_instance_new(from, nullptr, &config, &instance), WASMC_LIMIT);
  EXPECT_EQ(text[0], 'x');
}

TEST(Status, HasNames) {
  EXPECT_STREQ(wasmc_status_name(WASMC_OK), "ok");
  EXPECT_STREQ(wasmc_status_name(WASMC_TRAP), "trap");
  EXPECT_STREQ(wasmc_status_name(WASMC_FAILED), "failed");
  EXPECT_STREQ(wasmc_status_name(-1), "unknown status");
}
