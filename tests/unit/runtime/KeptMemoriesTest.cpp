//===- KeptMemoriesTest.cpp - Memories for the next instance --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"
#include "memory/strategy.h"

#include <algorithm>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace wasmc::test;

namespace {

constexpr size_t wasmPage = 65536;

/// Memories are kept as long as it lives.
struct Keeping {
  explicit Keeping(uint32_t count) { wasmc_keep_memories(count); }
  ~Keeping() { wasmc_keep_memories(0); }
};

bool isZero(const uint8_t *start, size_t bytes) {
  return std::all_of(start, start + bytes, [](uint8_t byte) { return byte == 0; });
}

int32_t loadBody(wasmc_instance *self, void *address, void *) {
  (void)reinterpret_cast<volatile uint8_t *>(recordOf(self) + 1)[reinterpret_cast<uintptr_t>(address)];
  return WASMC_OK;
}

/// All of it zero, and not a byte more accessible.
void expectNew(const Instance &instance, size_t pages) {
  ASSERT_EQ(instance.status, WASMC_OK) << instance.error;
  EXPECT_EQ(instance.record()->memories[0].size, pages * wasmPage);
  EXPECT_TRUE(isZero(instance.base(), pages * wasmPage));
  EXPECT_EQ(wasmc_instance_trap(instance), nullptr);
  EXPECT_EQ(instance.record()->ownCell[0], 0u);
  EXPECT_EQ(enter(instance, loadBody, reinterpret_cast<void *>(pages * wasmPage - 1)), WASMC_OK);
  EXPECT_EQ(enter(instance, loadBody, reinterpret_cast<void *>(pages * wasmPage)), WASMC_TRAP);
  EXPECT_EQ(enter(instance, loadBody, reinterpret_cast<void *>(4 * pages * wasmPage)), WASMC_TRAP);
}

/// Whatever a module can leave behind.
void spoil(const Instance &instance, uint64_t grow) {
  wasmc_memory *memory = instance.record()->memorySlots[0];
  EXPECT_GE(wasmc_memory_grow(memory, grow), 0);
  memset(memory->base, 0xff, memory->size);
  memset(instance.record()->ownCell, 0xff, 16);
}

} // namespace

TEST(KeptMemories, ServeNewInstances) {
  const Keeping keeping(1);
  TestModule small, large;
  small.memory(1), large.memory(30);
  const wasmc_module *modules[] = {small.module(), large.module()};
  const size_t sizes[] = {1, 30};
  const void *before = nullptr;
  for (int round = 0; round != 8; ++round) {
    const int which = round / 2 % 2;
    Instance instance(modules[which]);
    expectNew(instance, sizes[which]);
    spoil(instance, round % 3 * 20);
    if (before != nullptr)
      EXPECT_EQ(instance.base(), before) << "not the one that was kept";
    before = instance.base();
  }
}

TEST(KeptMemories, ServeMemoriesOfHosts) {
  const Keeping keeping(2);
  for (uint32_t flags : {0u, uint32_t(WASMC_MEMORY_GUARD), uint32_t(WASMC_MEMORY_SHARED)}) {
    const uint8_t *before = nullptr;
    for (int round = 0; round != 3; ++round) {
      wasmc_memory *memory;
      ASSERT_EQ(wasmc_memory_new(1, 5, 0, flags, &memory), WASMC_OK);
      EXPECT_EQ(wasmc_memory_size(memory), wasmPage);
      EXPECT_EQ(wasmc_memory_grow(memory, 2), 1);
      EXPECT_TRUE(isZero(wasmc_memory_data(memory), 3 * wasmPage));
      memset(wasmc_memory_data(memory), 1, 3 * wasmPage);
      if (before != nullptr)
        EXPECT_EQ(wasmc_memory_data(memory), before);
      before = wasmc_memory_data(memory);
      wasmc_memory_delete(memory);
    }
  }
}

TEST(KeptMemories, AreAsManyAsTheHostWants) {
  TestModule source, other;
  const wasmc_module *from = source.memory(1).module();
  const wasmc_module *checked = other.memory(1, 2, 0).module();
  const auto make = [](const wasmc_module *which, int count) {
    std::vector<std::unique_ptr<Instance>> all;
    for (int i = 0; i != count; ++i)
      all.push_back(std::make_unique<Instance>(which));
  };
  // The first that is cleared has the runtime map a page of its own.
  wasmc_keep_memories(1);
  make(from, 10);
  wasmc_keep_memories(0);
  const size_t none = countMappings();
  const Keeping keeping(3);
  make(from, 10);
  // Each has two mappings: what is accessible, and the rest.
  EXPECT_EQ(countMappings(), none + 6);
  // A size that is used now takes the place of one that no longer is.
  make(checked, 10);
  EXPECT_EQ(countMappings(), none + 6);
  const Instance now(checked);
  EXPECT_EQ(countMappings(), none + 6);
  wasmc_keep_memories(1);
  EXPECT_EQ(countMappings(), none + 4);
  wasmc_keep_memories(0);
  EXPECT_EQ(countMappings(), none + 2);
}

TEST(KeptMemories, HoldAMebibyteEachAtMost) {
  const Keeping keeping(1);
  TestModule source;
  const wasmc_module *from = source.memory(200).module();
  {
    Instance instance(from);
    memset(instance.base(), 1, 200 * wasmPage);
  }
  const size_t kept = residentPages();
  Instance instance(from);
  memset(instance.base(), 1, 200 * wasmPage);
  EXPECT_GE(residentPages() * 4096, kept * 4096 + 200 * wasmPage - (1 << 20) - wasmPage);
}

TEST(KeptMemories, AreNeverPagesOfFiles) {
  const Keeping keeping(1);
  const int file = memfd_create("ring", 0);
  ASSERT_EQ(ftruncate(file, wasmPage), 0);
  uint8_t bytes[wasmPage];
  memset(bytes, 7, wasmPage);
  ASSERT_EQ(pwrite(file, bytes, wasmPage, 0), ssize_t(wasmPage));
  TestModule source;
  const wasmc_module *from = source.memory(2).module();
  {
    Instance instance(from);
    ASSERT_EQ(__wasmc_window_map_i_pillli(instance.record()->memorySlots[0], file, 0, wasmPage,
                                          wasmPage, true), WASMC_OK);
    EXPECT_EQ(instance.base()[wasmPage], 7);
  }
  ASSERT_EQ(pread(file, bytes, wasmPage, 0), ssize_t(wasmPage));
  EXPECT_EQ(std::count(bytes, bytes + wasmPage, 7), ptrdiff_t(wasmPage));
  expectNew(Instance(from), 2);
  close(file);
}

TEST(KeptMemories, GiveWayWhereAddressesAreFew) {
  const Keeping keeping(8);
  const pid_t child = fork();
  if (child == 0) {
    TestModule source, other;
    const wasmc_module *from = source.memory(1).module();
    const wasmc_module *checked = other.memory(1, 2, 0).module();
    // Room for three that are guarded.
    const rlimit limit = {rlim_t(26) << 30, rlim_t(26) << 30};
    setrlimit(RLIMIT_AS, &limit);
    { Instance a(from), b(from), c(from); }
    wasmc_config config = {};
    config.memory_limit = uint64_t(2) * wasmPage;
    for (int i = 0; i != 2; ++i) {
      wasmc_memory *big;
      if (wasmc_memory_new(1, 400000, uint64_t(20) << 30, WASMC_MEMORY_64, &big) != WASMC_OK)
        _exit(1);
      wasmc_memory_delete(big);
      if (Instance(checked, nullptr, config).status != WASMC_OK || Instance(from).status != WASMC_OK)
        _exit(2);
    }
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(KeptMemories, AnyThreadTakesThem) {
  wasmc_keep_memories(3);
  std::vector<std::thread> threads;
  for (int number = 1; number != 5; ++number)
    threads.emplace_back([number] {
      TestModule source;
      const uint32_t flags = number < 3 ? WASMC_MEMORY_GUARD : 0;
      const wasmc_module *from = source.memory(number % 2 + 1, 9, flags).module();
      for (int round = 0; round != 500; ++round) {
        Instance instance(from);
        ASSERT_EQ(instance.status, WASMC_OK);
        uint8_t *base = instance.base();
        ASSERT_TRUE(isZero(base, instance.record()->memories[0].size));
        memset(base + 100, number, 1000);
        std::this_thread::yield();
        ASSERT_EQ(std::count(base + 100, base + 1100, number), 1000);
        if (round % 100 == 0)
          wasmc_keep_memories(2 + number % 2);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  const size_t kept = countMappings();
  wasmc_keep_memories(0);
#ifndef __SANITIZE_THREAD__ // It merges mappings with its own.
  EXPECT_LT(countMappings(), kept);
#endif
  EXPECT_LE(kept, countMappings() + 6);
}
