//===- ResetTest.cpp - Instances that begin anew --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"
#include "platform/platform.h"
#ifdef __x86_64__
#include "platform/linux/x86_64/zero.h"
#endif

#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace wasmc::test;

namespace {

constexpr size_t page = 4096;

/// Whether [start, start + bytes) reads zero.
bool isZero(const void *start, size_t bytes) {
  const uint8_t *byte = static_cast<const uint8_t *>(start);
  for (size_t i = 0; i != bytes; ++i)
    if (byte[i] != 0)
      return false;
  return true;
}

int32_t storeBody(wasmc_instance *self, void *address, void *) {
  reinterpret_cast<volatile uint8_t *>(recordOf(self) + 1)[reinterpret_cast<uintptr_t>(address)] = 1;
  return WASMC_OK;
}

/// Pages that are committed, for the length of a scope.
class Pages {
public:
  explicit Pages(size_t count) : bytes(count * page) {
    start = static_cast<char *>(wasmc::rt::reserveAddresses(bytes));
    EXPECT_TRUE(wasmc::rt::commitPages(start, bytes));
  }
  ~Pages() { wasmc::rt::releaseAddresses(start, bytes); }
  void fill(size_t every) {
    for (size_t i = 0; i < bytes; i += every * page)
      memset(start + i, 0xff, page);
  }
  bool areZero() const { return isZero(start, bytes); }
  size_t resident() const {
    std::vector<unsigned char> present(bytes / page);
    EXPECT_EQ(mincore(start, bytes, present.data()), 0);
    size_t count = 0;
    for (unsigned char one : present)
      count += one & 1;
    return count;
  }
  const size_t bytes;
  char *start;
};

/// Whether the kernel says which pages were used: Linux 6.7.
bool kernelKnows() {
  Pages pages(256);
  pages.fill(16);
  wasmc::rt::clearPages(pages.start, pages.bytes, pages.bytes);
  return pages.resident() != 0;
}

/// In a child, which it may spoil. Its exit status is 0 where `body` returns true.
template <typename F> void inChild(F body) {
  const pid_t child = fork();
  if (child == 0)
    _exit(body() ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

/// Clears used pages and looks whether they are.
bool clears(size_t every = 16) {
  Pages pages(256);
  pages.fill(every);
  wasmc::rt::clearPages(pages.start, pages.bytes, pages.bytes);
  return pages.areZero();
}

} // namespace

TEST(Reset, IsAsNew) {
  static const uint32_t items[] = {2, 1};
  static Type type("()->()");
  TestModule source;
  source.memory(1, 4).memory(2, 3, 0).table(2, 9).table(3, 100000);
  source.func(address(+[] {}), type).func(address(+[] {}), type);
  source.shadowStack = true;
  for (uint32_t cell : {offsetof(Record, stackPointer), offsetof(Record, ownCell)}) {
    wasmc_global_type global = {};
    global.type = WASMC_VAL_V128;
    global.is_mutable = 1;
    global.cell = cell;
    source.globals.push_back(global);
  }
  source.segments.resize(2);
  source.segments[0].items = const_cast<uint32_t *>(items);
  source.segments[0].length = 2;
  source.segments[1].length = 2;
  source.segments[1].cells = offsetof(Record, elemCells);
  source.data.resize(1);
  source.data[0].length = 77;
  // Sees what it finds, then leaves something of its own.
  source.init = address(+[](wasmc_instance *self) -> int32_t {
    Record *record = recordOf(self);
    bool clean = record->stackPointer[0] == 0 && isZero(record->ownCell, 16) &&
                 isZero(record->elemCells, 16) && record->dataLengths[0] == 77 &&
                 record->elemLengths[0] == 2 && wasmc_instance_trap(self) == nullptr;
    const uint64_t sizes[] = {65536, 2 * 65536};
    for (int i = 0; i != 2; ++i)
      clean = clean && record->memories[i].size == sizes[i] &&
              isZero(record->memories[i].base, sizes[i]);
    const uint64_t counts[] = {2, 3};
    for (int i = 0; i != 2; ++i)
      clean = clean && record->tables[i].size == counts[i] &&
              isZero(record->tables[i].elements, counts[i] * 8);
    if (!clean)
      __wasmc_trap_unreachable();
    record->stackPointer[0] = 65536;
    return WASMC_OK;
  });
  Instance instance(source.module());
  ASSERT_EQ(instance.status, WASMC_OK) << instance.error;
  Record *record = instance.record();
  const wasmc_func before = record->funcs[1];
  for (int round = 0; round != 3; ++round) {
    for (wasmc_memory *memory : record->memorySlots) {
      EXPECT_GE(wasmc_memory_grow(memory, 1), 0);
      memset(memory->base, 0xff, memory->size);
    }
    EXPECT_EQ(wasmc_table_grow(record->tableSlots[0], 5, 0), 2);
    EXPECT_EQ(wasmc_table_grow(record->tableSlots[1], 90000, 0), 3);
    for (wasmc_table *table : record->tableSlots)
      memset(table->elements, 0xff, table->size * 8);
    memset(record->ownCell, 0xff, 16);
    memset(record->elemCells, 0xff, 16);
    record->dataLengths[0] = record->elemLengths[0] = 0;
    record->head.error = 5;
    EXPECT_EQ(enter(instance, +[](wasmc_instance *, void *, void *) -> int32_t {
                __wasmc_trap_unreachable();
              }), WASMC_TRAP);

    ASSERT_EQ(wasmc_instance_reset(instance), WASMC_OK);
    EXPECT_EQ(record->stackPointer[0], 65536u);
    EXPECT_EQ(wasmc_instance_error(instance), 0);
    EXPECT_EQ(memcmp(&before, &record->funcs[1], sizeof(before)), 0);
    // What it grows to again is as clean.
    EXPECT_EQ(enter(instance, storeBody, reinterpret_cast<void *>(65536)), WASMC_TRAP);
    EXPECT_EQ(wasmc_memory_grow(record->memorySlots[0], 1), 1);
    EXPECT_EQ(wasmc_memory_grow(record->memorySlots[1], 1), 2);
    EXPECT_EQ(enter(instance, storeBody, reinterpret_cast<void *>(65537)), WASMC_OK);
    EXPECT_TRUE(isZero(instance.base() + 65538, 65534));
    EXPECT_EQ(wasmc_table_grow(record->tableSlots[1], 90000, 0), 3);
    EXPECT_TRUE(isZero(record->tableSlots[1]->elements, 90003 * 8));
    ASSERT_EQ(wasmc_instance_reset(instance), WASMC_OK);
  }
}

TEST(Reset, IsRefusedWhileAModuleRunsOnTheThread) {
  TestModule source;
  Instance instance(source.memory(1).module()), other(source.module());
  instance.base()[0] = 7;
  struct {
    wasmc_instance *which;
    wasmc_status status;
  } tried[] = {{instance, 0}, {other, 0}};
  for (auto &one : tried)
    EXPECT_EQ(enter(instance,
                    +[](wasmc_instance *, void *which, void *status) -> int32_t {
                      leaveModule();
                      *static_cast<wasmc_status *>(status) =
                          wasmc_instance_reset(static_cast<wasmc_instance *>(which));
                      enterModule();
                      return WASMC_OK;
                    },
                    one.which, &one.status),
              WASMC_OK);
  EXPECT_EQ(tried[0].status, WASMC_BUSY);
  EXPECT_EQ(tried[1].status, WASMC_BUSY);
  EXPECT_EQ(instance.base()[0], 7);
}

TEST(Reset, IsRefusedWhereMemoryIsShared) {
  TestModule source;
  Instance instance(source.memory(1, 1, WASMC_MEMORY_GUARD | WASMC_MEMORY_SHARED).module());
  ASSERT_EQ(instance.status, WASMC_OK) << instance.error;
  instance.base()[0] = 7;
  EXPECT_EQ(wasmc_instance_reset(instance), WASMC_UNSUPPORTED);
  EXPECT_EQ(instance.base()[0], 7);
}

TEST(Reset, EndsAsTheStartFunctionDoes) {
  static bool fails;
  TestModule source;
  source.memory(1);
  source.init = address(+[](wasmc_instance *self) -> int32_t {
    reinterpret_cast<volatile uint8_t *>(recordOf(self) + 1)[9] = 1;
    if (fails)
      __wasmc_trap_unreachable();
    return WASMC_OK;
  });
  fails = true;
  Instance instance(source.module());
  EXPECT_EQ(instance.status, WASMC_TRAP);
  EXPECT_EQ(wasmc_instance_reset(instance), WASMC_TRAP);
  EXPECT_STREQ(wasmc_instance_trap(instance)->message, "unreachable");
  fails = false;
  EXPECT_EQ(wasmc_instance_reset(instance), WASMC_OK);
  EXPECT_EQ(wasmc_instance_trap(instance), nullptr);
  EXPECT_EQ(instance.base()[9], 1);
}

TEST(Reset, WithoutMemoryOfItsOwn) {
  TestModule source;
  Instance instance(source.table(1, 1).module());
  const wasmc_ref null = 0;
  memset(instance.record()->tableSlots[0]->elements, 0xff, 8);
  EXPECT_EQ(wasmc_instance_reset(instance), WASMC_OK);
  EXPECT_EQ(memcmp(instance.record()->tableSlots[0]->elements, &null, 8), 0);
}

TEST(Reset, LeavesPagesOfFilesAlone) {
  const int ring = memfd_create("ring", 0);
  char bytes[page], now[page];
  memset(bytes, 7, page);
  ASSERT_EQ(pwrite(ring, bytes, page, 0), ssize_t(page));
  for (const bool writable : {false, true}) {
    TestModule source;
    Instance instance(source.memory(3).module());
    ASSERT_EQ(__wasmc_window_map_i_pillli(instance.record()->memorySlots[0], ring, 0, 65536, page,
                                          writable),
              WASMC_OK);
    memset(instance.base(), 0xff, 65536);
    memset(instance.base() + 131072, 0xff, 65536);
    ASSERT_EQ(wasmc_instance_reset(instance), WASMC_OK);
    EXPECT_TRUE(isZero(instance.base(), 3 * 65536));
    EXPECT_EQ(enter(instance, storeBody, reinterpret_cast<void *>(65536)), WASMC_OK);
    ASSERT_EQ(pread(ring, now, page, 0), ssize_t(page));
    EXPECT_EQ(memcmp(bytes, now, page), 0);
  }
  close(ring);
}

TEST(Reset, AnyThreadMayDoIt) {
  TestModule source;
  Instance instance(source.memory(20).module());
  for (int round = 0; round != 4; ++round) {
    for (uint64_t i = 0; i < 20 * 65536; i += 65536)
      instance.base()[i] = 1;
    std::thread([&] { EXPECT_EQ(wasmc_instance_reset(instance), WASMC_OK); }).join();
    EXPECT_TRUE(isZero(instance.base(), 20 * 65536));
  }
}

//===----------------------------------------------------------------------===//
// Pages
//===----------------------------------------------------------------------===//

TEST(ClearPages, EachPatternOfUse) {
  for (size_t count : {1, 8, 9, 200, 3000})
    for (size_t every : {1, 2, 3, 31})
      for (size_t keep : {size_t(0), page, 7 * page, 4096 * page}) {
        Pages pages(count);
        pages.fill(every);
        wasmc::rt::clearPages(pages.start, pages.bytes, keep);
        ASSERT_TRUE(pages.areZero()) << count << " " << every << " " << keep;
      }
}

/// What was cleared last is filled otherwise than what is in no cache.
TEST(ClearPages, OfOneRangeAndOfTwoInTurn) {
  Pages a(300), b(300);
  for (Pages *pages : {&a, &b, &a, &a, &b, &b, &b, &a}) {
    pages->fill(7);
    wasmc::rt::clearPages(pages->start, pages->bytes, pages->bytes);
    ASSERT_TRUE(pages->areZero());
  }
}

#ifdef __x86_64__
TEST(ClearPages, ByEachWayThatTheProcessorHas) {
  for (bool byLines : {wasmc::rt::hasClzero(), false}) {
    Pages pages(5);
    pages.fill(1);
    wasmc::rt::zeroColdPages(pages.start + page, 3 * page, byLines);
    wasmc::rt::endZeroing();
    EXPECT_TRUE(isZero(pages.start + page, 3 * page));
    EXPECT_EQ(pages.start[page - 1], '\xff');
    EXPECT_EQ(pages.start[4 * page], '\xff');
  }
}
#endif

TEST(ClearPages, KeepsWhatWasUsedAndNoMore) {
  if (!kernelKnows())
    GTEST_SKIP() << "no PAGEMAP_SCAN";
  Pages pages(1024);
  pages.fill(4);
  // Pages that were read alone are not worth one of their own.
  char read = 0;
  for (size_t i = page; i < pages.bytes; i += 4 * page)
    read |= pages.start[i];
  EXPECT_EQ(read, 0);
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  wasmc::rt::clearPages(pages.start, pages.bytes, pages.bytes);
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LE(after.ru_minflt - before.ru_minflt, 16);
  wasmc::rt::clearPages(pages.start, pages.bytes, 100 * page);
  EXPECT_GE(pages.resident(), 100u);
  EXPECT_LE(pages.resident(), 100u + 256);
  wasmc::rt::clearPages(pages.start, pages.bytes, 0);
  EXPECT_EQ(pages.resident(), 0u);
}

TEST(ClearPages, InAForkedChild) {
  ASSERT_TRUE(clears());
  // The parent's descriptor would tell of the parent's pages.
  inChild([] { return clears() && clears(5); });
  ASSERT_TRUE(clears());
}

TEST(ClearPages, WhereTheHostClosedItsDescriptor) {
  ASSERT_TRUE(clears());
  inChild([] {
    if (!clears())
      return false;
    for (int i = 3; i != 64; ++i)
      close(i);
    if (!clears())
      return false;
    // Another process's under the same number: its pages are none of ours.
    const pid_t other = fork();
    if (other == 0)
      for (;;)
        pause();
    for (int i = 3; i != 64; ++i)
      close(i);
    const std::string path = "/proc/" + std::to_string(other) + "/pagemap";
    for (int i = 3; i != 16; ++i)
      open(path.c_str(), O_RDONLY);
    const bool clean = clears();
    kill(other, SIGKILL);
    return clean;
  });
}

TEST(ClearPages, WhereThereIsNoDescriptor) {
  inChild([] {
    const struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_NOFILE, &none) == 0 && clears() && clears(1);
  });
}

TEST(ClearPages, ThatAreLocked) {
  Pages pages(12);
  if (mlock(pages.start, pages.bytes) != 0)
    GTEST_SKIP() << "pages cannot be locked";
  for (size_t keep : {size_t(0), 2 * page, 12 * page}) {
    pages.fill(1);
    wasmc::rt::clearPages(pages.start, pages.bytes, keep);
    EXPECT_TRUE(pages.areZero());
  }
}

TEST(ClearPages, LeavesErrnoAlone) {
  inChild([] {
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_NOFILE, &none);
    errno = 1234;
    return clears() && errno == 1234;
  });
}

TEST(ClearPages, DecommittedOnesTrapAndAreZeroLater) {
  Pages pages(20);
  pages.fill(1);
  ASSERT_TRUE(wasmc::rt::decommitPages(pages.start + page, 19 * page));
  EXPECT_EQ(pages.resident(), 1u);
  ASSERT_TRUE(wasmc::rt::commitPages(pages.start + page, 19 * page));
  EXPECT_TRUE(isZero(pages.start + page, 19 * page));
  EXPECT_FALSE(pages.areZero());
}
