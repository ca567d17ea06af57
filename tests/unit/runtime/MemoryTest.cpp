//===- MemoryTest.cpp - Memories and tables: sizes, growth, limits --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <csignal>

using namespace wasmc::test;

static constexpr uint64_t none = ~uint64_t(0);

TEST(Memory, GrowsToItsLimitAndNoFurther) {
  for (const uint32_t flags : {0, int(WASMC_MEMORY_GUARD)}) {
    wasmc_memory *memory;
    ASSERT_EQ(wasmc_memory_new(1, none, 3 * 65536 + 100, flags, &memory), WASMC_OK);
    uint8_t *data = wasmc_memory_data(memory);
    data[65535] = 1;
    EXPECT_EQ(wasmc_memory_grow(memory, none), -1);
    EXPECT_EQ(wasmc_memory_grow(memory, 3), -1);
    EXPECT_EQ(wasmc_memory_grow(memory, uint64_t(1) << 48), -1);
    EXPECT_EQ(wasmc_memory_size(memory), 65536u);
    EXPECT_EQ(wasmc_memory_grow(memory, 2), 1);
    EXPECT_EQ(wasmc_memory_grow(memory, 1), -1);
    EXPECT_EQ(wasmc_memory_grow(memory, 0), 3);
    EXPECT_EQ(wasmc_memory_data(memory), data);
    EXPECT_EQ(data[3 * 65536 - 1], 0);
    EXPECT_EQ(data[65535], 1);
    wasmc_memory_delete(memory);
  }
}

TEST(Memory, DeclaredMaximumCounts) {
  wasmc_memory *memory;
  ASSERT_EQ(wasmc_memory_new(0, 2, 0, 0, &memory), WASMC_OK);
  EXPECT_EQ(wasmc_memory_size(memory), 0u);
  EXPECT_EQ(wasmc_memory_grow(memory, 2), 0);
  EXPECT_EQ(wasmc_memory_grow(memory, 1), -1);
  wasmc_memory_delete(memory);
}

TEST(Memory, RefusesNonsense) {
  wasmc_memory *memory = reinterpret_cast<wasmc_memory *>(1);
  EXPECT_EQ(wasmc_memory_new(2, 1, 0, 0, &memory), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(memory, nullptr);
  EXPECT_EQ(wasmc_memory_new(1, 65537, 0, 0, &memory), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_memory_new(65537, none, 0, 0, &memory), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_memory_new(1, 2, 0, 64, &memory), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_memory_new(1, 2, 0, WASMC_MEMORY_64 | WASMC_MEMORY_GUARD, &memory),
            WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_memory_new(2, 2, 65536, 0, &memory), WASMC_LIMIT);
  wasmc_memory_delete(nullptr);
}

TEST(Memory, WholeIndexSpace) {
  wasmc_memory *memory;
  ASSERT_EQ(wasmc_memory_new(0, 65536, none, WASMC_MEMORY_GUARD, &memory), WASMC_OK);
  EXPECT_EQ(memory->limit, uint64_t(1) << 32);
  EXPECT_EQ(wasmc_memory_grow(memory, 65537), -1);
  EXPECT_EQ(wasmc_memory_size(memory), 0u);
  wasmc_memory_delete(memory);
}

TEST(Memory, PagesOfOneByte) {
  wasmc_memory *memory;
  for (const uint32_t flags : {0u, uint32_t(WASMC_MEMORY_64)}) {
    ASSERT_EQ(wasmc_memory_new(3, 5000, 0, WASMC_MEMORY_BYTE_PAGES | flags, &memory), WASMC_OK);
    EXPECT_EQ(wasmc_memory_page_size(memory), 1u);
    EXPECT_EQ(wasmc_memory_size(memory), 3u);
    EXPECT_EQ(wasmc_memory_grow(memory, 4094), 3);
    EXPECT_EQ(wasmc_memory_size(memory), 4097u);
    EXPECT_EQ(wasmc_memory_data(memory)[4096], 0);
    EXPECT_EQ(wasmc_memory_grow(memory, 904), -1);
    EXPECT_EQ(wasmc_memory_grow(memory, none), -1);
    EXPECT_EQ(wasmc_memory_grow(memory, 903), 4097);
    wasmc_memory_delete(memory);
  }
  EXPECT_EQ(wasmc_memory_new(0, 1, 0, WASMC_MEMORY_BYTE_PAGES | WASMC_MEMORY_GUARD, &memory),
            WASMC_INVALID_ARGUMENT);
  constexpr uint64_t most = (uint64_t(1) << 32) - 1;
  EXPECT_EQ(wasmc_memory_new(0, most + 1, 0, WASMC_MEMORY_BYTE_PAGES, &memory),
            WASMC_INVALID_ARGUMENT);
  ASSERT_EQ(wasmc_memory_new(0, none, none, WASMC_MEMORY_BYTE_PAGES, &memory), WASMC_OK);
  EXPECT_EQ(memory->limit, most) << "memory.size must be able to say it";
  EXPECT_EQ(wasmc_memory_grow(memory, most + 1), -1);
  wasmc_memory_delete(memory);
}

TEST(Memory, PagesWhoseBytesOverflow) {
  constexpr uint64_t mostPages = uint64_t(1) << 48;
  wasmc_memory *memory;
  EXPECT_EQ(wasmc_memory_new(0, mostPages + 1, 0, WASMC_MEMORY_64, &memory),
            WASMC_INVALID_ARGUMENT);
  for (const uint64_t min : {mostPages, mostPages - 1, mostPages / 2}) {
    EXPECT_EQ(wasmc_memory_new(min, mostPages, 0, WASMC_MEMORY_64, &memory), WASMC_LIMIT);
    EXPECT_EQ(wasmc_memory_new(min, mostPages, none, WASMC_MEMORY_64, &memory),
              WASMC_NO_ADDRESS_SPACE);
  }
  ASSERT_EQ(wasmc_memory_new(1, mostPages, 5 * 65536 - 1, WASMC_MEMORY_64, &memory), WASMC_OK);
  for (const uint64_t delta : {uint64_t(4), mostPages - 1, mostPages, mostPages + 1, none})
    EXPECT_EQ(wasmc_memory_grow(memory, delta), -1) << delta;
  EXPECT_EQ(wasmc_memory_grow(memory, 3), 1);
  wasmc_memory_delete(memory);
}

TEST(Memory, AddressSpaceThatNobodyHas) {
  wasmc_memory *memory;
  EXPECT_EQ(wasmc_memory_new(0, none, uint64_t(1) << 56, WASMC_MEMORY_64, &memory),
            WASMC_NO_ADDRESS_SPACE);
  EXPECT_EQ(wasmc_memory_new(0, none, none, WASMC_MEMORY_64, &memory), WASMC_NO_ADDRESS_SPACE);
  EXPECT_EQ(memory, nullptr);
}

TEST(Memory, EndsAtAPageThatFaults) {
  wasmc_memory *memory;
  ASSERT_EQ(wasmc_memory_new(1, 2, 0, WASMC_MEMORY_GUARD, &memory), WASMC_OK);
  volatile uint8_t *data = wasmc_memory_data(memory);
  EXPECT_EXIT((void)data[65536], testing::KilledBySignal(SIGSEGV), "");
  EXPECT_EXIT((void)data[(uint64_t(2) << 32) + 65536 - 1], testing::KilledBySignal(SIGSEGV), "");
  wasmc_memory_delete(memory);
}

TEST(Table, SmallAndLarge) {
  for (const uint64_t max : {uint64_t(6), uint64_t(100000), none}) {
    wasmc_table *table;
    ASSERT_EQ(wasmc_table_new(WASMC_VAL_EXTERNREF, 4, max, 100000, 8, &table), WASMC_OK);
    EXPECT_EQ(wasmc_table_size(table), 4u);
    wasmc_ref value = 0;
    EXPECT_EQ(wasmc_table_get(table, 3, &value), WASMC_OK);
    EXPECT_EQ(value, 8u);
    EXPECT_EQ(wasmc_table_get(table, 4, &value), WASMC_INVALID_ARGUMENT);
    EXPECT_EQ(wasmc_table_set(table, 4, 0), WASMC_INVALID_ARGUMENT);
    EXPECT_EQ(wasmc_table_set(table, 0, 16), WASMC_OK);
    EXPECT_EQ(wasmc_table_grow(table, none, 0), -1);
    EXPECT_EQ(wasmc_table_grow(table, 2, 24), 4);
    EXPECT_EQ(wasmc_table_get(table, 5, &value), WASMC_OK);
    EXPECT_EQ(value, 24u);
    EXPECT_EQ(wasmc_table_get(table, 0, &value), WASMC_OK);
    EXPECT_EQ(value, 16u);
    const uint64_t limit = max < 100000 ? max : 100000;
    EXPECT_EQ(wasmc_table_grow(table, limit - 6 + 1, 0), -1);
    EXPECT_EQ(wasmc_table_grow(table, limit - 6, 32), 6);
    EXPECT_EQ(wasmc_table_get(table, limit - 1, &value), WASMC_OK);
    EXPECT_EQ(value, limit == 6 ? 24u : 32u);
    wasmc_table_delete(table);
  }
}

TEST(Table, CopiesAndFillsOverlapping) {
  wasmc_table *table;
  ASSERT_EQ(wasmc_table_new(WASMC_VAL_EXTERNREF, 6, 6, 0, 0, &table), WASMC_OK);
  for (uint64_t i = 0; i != 6; ++i)
    wasmc_table_set(table, i, i * 2);
  __wasmc_table_copy_v_pplll(table, table, 1, 0, 5);
  const wasmc_ref *elements = static_cast<wasmc_ref *>(table->elements);
  const wasmc_ref copied[] = {0, 0, 2, 4, 6, 8};
  for (int i = 0; i != 6; ++i)
    EXPECT_EQ(elements[i], copied[i]);
  __wasmc_table_fill_v_plll(table, 4, 10, 2);
  EXPECT_EQ(elements[3], 4u);
  EXPECT_EQ(elements[4], 10u);
  EXPECT_EQ(elements[5], 10u);
  wasmc_table_delete(table);
}

TEST(Table, RefusesNonsense) {
  wasmc_table *table;
  EXPECT_EQ(wasmc_table_new(WASMC_VAL_I32, 0, 1, 0, 0, &table), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_table_new(WASMC_VAL_FUNCREF, 2, 1, 0, 0, &table), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_table_new(WASMC_VAL_FUNCREF, 2, 2, 1, 0, &table), WASMC_LIMIT);
  EXPECT_EQ(wasmc_table_new(WASMC_VAL_FUNCREF | WASMC_TABLE_64, 0, none, none, 0, &table),
            WASMC_NO_ADDRESS_SPACE);
  constexpr uint64_t most = (uint64_t(1) << 32) - 1;
  EXPECT_EQ(wasmc_table_new(WASMC_VAL_FUNCREF, 0, most + 1, 0, 0, &table), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_table_new(WASMC_VAL_FUNCREF, most + 1, none, 0, 0, &table),
            WASMC_INVALID_ARGUMENT);
  ASSERT_EQ(wasmc_table_new(WASMC_VAL_FUNCREF, 0, none, none, 0, &table), WASMC_OK);
  EXPECT_EQ(table->limit, most) << "table.size must be able to say it";
  wasmc_table_delete(table);
  wasmc_table_delete(nullptr);
}
