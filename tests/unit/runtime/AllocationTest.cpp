//===- AllocationTest.cpp - The n-th request for memory fails -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <malloc.h>
#include <thread>

using namespace wasmc::test;

namespace {
/// Requests that still succeed; negative: all do.
__thread int requestsLeft = -1;
} // namespace

extern "C" __attribute__((visibility("hidden"))) int __wasmc_fail_allocation(void) {
  if (requestsLeft < 0)
    return 0;
  return requestsLeft-- == 0;
}

namespace {

/// Runs `attempt` with the 0th, 1st, 2nd... request failing until it succeeds.
/// Each failure must leave nothing behind. Returns the number of failures.
template <typename F> int failEach(F attempt) {
  constexpr int warmUp = 16, rounds = 64;
  for (int n = 0; n != 100; ++n) {
    bool success = false, failed = false;
    size_t used = 0, mappings = 0;
    for (int round = 0; round != warmUp + rounds; ++round) {
      // The C library keeps some freed blocks and counts them as used: it has
      // all that it wants after a while.
      if (round == warmUp) {
        mappings = countMappings();
        used = mallinfo2().uordblks;
      }
      requestsLeft = n;
      success = attempt();
      failed = requestsLeft < 0;
      requestsLeft = -1;
      EXPECT_EQ(success, !failed);
    }
    EXPECT_EQ(mallinfo2().uordblks, used) << "leak where request " << n << " failed";
    EXPECT_LE(countMappings(), mappings + 1);
    if (success)
      return n;
  }
  ADD_FAILURE() << "never succeeds";
  return -1;
}

} // namespace

TEST(Allocation, InstanceOfEverything) {
  TestModule source;
  source.memory(1).memory(2, 3, 0).table(5, 6).table(1000);
  const wasmc_module *from = source.module();
  const int failures = failEach([&] {
    wasmc_instance *instance = reinterpret_cast<wasmc_instance *>(1);
    const wasmc_status status = wasmc_instance_new(from, nullptr, nullptr, &instance);
    if (status == WASMC_OK) {
      wasmc_instance_delete(instance);
      return true;
    }
    EXPECT_TRUE(status == WASMC_NO_ADDRESS_SPACE || status == WASMC_OUT_OF_MEMORY) << status;
    EXPECT_EQ(instance, nullptr);
    return false;
  });
  // Two for each memory, one for the small table, two for the large one.
  EXPECT_EQ(failures, 7);
}

TEST(Allocation, InstanceWithoutMemory) {
  TestModule source;
  const wasmc_module *from = source.module();
  EXPECT_EQ(failEach([&] {
              wasmc_instance *instance = nullptr;
              const wasmc_status status = wasmc_instance_new(from, nullptr, nullptr, &instance);
              wasmc_instance_delete(instance);
              EXPECT_TRUE(status == WASMC_OK || status == WASMC_OUT_OF_MEMORY);
              return status == WASMC_OK;
            }),
            1);
}

TEST(Allocation, MemoriesAndTablesOfTheHost) {
  EXPECT_EQ(failEach([&] {
              wasmc_memory *memory;
              const wasmc_status status = wasmc_memory_new(1, 2, 0, WASMC_MEMORY_GUARD, &memory);
              wasmc_memory_delete(memory);
              return status == WASMC_OK;
            }),
            2);
  EXPECT_EQ(failEach([&] {
              wasmc_table *table;
              const wasmc_status status =
                  wasmc_table_new(WASMC_VAL_FUNCREF, 1, 1 << 20, 0, 0, &table);
              wasmc_table_delete(table);
              return status == WASMC_OK;
            }),
            3);
}

TEST(Allocation, GrowthThatFailsChangesNothing) {
  TestModule source;
  Instance instance(source.memory(1).table(1).module());
  wasmc_memory *memory = instance.record()->memorySlots[0];
  wasmc_table *table = instance.record()->tableSlots[0];
  requestsLeft = 0;
  EXPECT_EQ(wasmc_memory_grow(memory, 1), -1);
  requestsLeft = 0;
  EXPECT_EQ(wasmc_table_grow(table, 1000, 0), -1);
  requestsLeft = -1;
  EXPECT_EQ(memory->size, 65536u);
  EXPECT_EQ(table->size, 1u);
  const auto body = +[](wasmc_instance *self, void *, void *) -> int32_t {
    reinterpret_cast<volatile char *>(recordOf(self) + 1)[65536] = 1;
    return WASMC_OK;
  };
  EXPECT_EQ(enter(instance, body), WASMC_TRAP);
  EXPECT_EQ(wasmc_memory_grow(memory, 1), 1);
  EXPECT_EQ(enter(instance, body), WASMC_OK);
  EXPECT_EQ(wasmc_table_grow(table, 1000, 0), 1);
}

TEST(Allocation, FirstEntryOfAThread) {
  TestModule source;
  Instance instance(source.memory(1).module());
  const auto body = +[](wasmc_instance *, void *, void *) -> int32_t { return WASMC_OK; };
  std::thread([&] {
    int failures = 0;
    for (; failures != 100; ++failures) {
      requestsLeft = failures;
      const wasmc_status status = enter(instance, body);
      requestsLeft = -1;
      if (status == WASMC_OK)
        break;
      EXPECT_EQ(status, WASMC_OUT_OF_MEMORY);
      EXPECT_EQ(__wasmc_thread.top, nullptr);
    }
    // Reserving and committing the alternate stack, then the stack's bounds;
    // what succeeded is kept for the next attempt.
    EXPECT_GE(failures, 2);
    EXPECT_LE(failures, 3);
  }).join();
}
