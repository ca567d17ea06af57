//===- BufferTest.cpp - Mailboxes in use, regions, and windows ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <sys/mman.h>
#include <unistd.h>

using namespace wasmc::test;

namespace {

wasmc_activation *top() { return static_cast<wasmc_activation *>(__wasmc_thread.top); }

int32_t countBusy(wasmc_instance *self, void *busy, void *) {
  *static_cast<int *>(busy) = __wasmc_busy_i_p(self);
  return WASMC_OK;
}

/// What a buffer function does that calls the host, which calls `inner`.
struct Nested {
  wasmc_instance *inner;
  int busy = -1;
};
int32_t bufferBody(wasmc_instance *, void *context, void *mark) {
  Nested &nested = *static_cast<Nested *>(context);
  if (mark != nullptr)
    top()->state |= WASMC_STATE_BUFFER;
  leaveModule();
  const wasmc_status status = enter(nested.inner, countBusy, &nested.busy);
  enterModule();
  return status;
}

/// A file of `pages` pages, of which each begins with its number plus one.
int makeFile(size_t pages) {
  const int descriptor = memfd_create("ring", 0);
  for (size_t i = 0; i != pages; ++i) {
    const char byte = static_cast<char>(i + 1);
    EXPECT_EQ(pwrite(descriptor, &byte, 1, static_cast<off_t>(i * 4096)), 1);
  }
  EXPECT_EQ(ftruncate(descriptor, static_cast<off_t>(pages * 4096)), 0);
  return descriptor;
}

wasmc_status map(Instance &instance, int descriptor, uint64_t offset, uint64_t address,
                 uint64_t bytes, bool writable = false) {
  return __wasmc_window_map_i_pillli(instance.record()->memorySlots[0], descriptor, offset, address,
                                     bytes, writable);
}

int32_t storeBody(wasmc_instance *self, void *address, void *) {
  volatile uint8_t *base = static_cast<uint8_t *>(recordOf(self)->memorySlots[0]->base);
  base[reinterpret_cast<uintptr_t>(address)] = 99;
  return WASMC_OK;
}
int32_t loadBody(wasmc_instance *self, void *address, void *) {
  const volatile uint8_t *base = static_cast<uint8_t *>(recordOf(self)->memorySlots[0]->base);
  return base[reinterpret_cast<uintptr_t>(address)] == 0 ? WASMC_OK : WASMC_FAILED;
}

} // namespace

TEST(Busy, OnlyTheInstanceWhoseBufferFunctionRuns) {
  TestModule source;
  source.memory(1);
  Instance instance(source.module()), other(source.module());
  int mark = 0;
  Nested own = {instance}, others = {other}, scalar = {instance};
  EXPECT_EQ(enter(instance, bufferBody, &own, &mark), WASMC_OK);
  EXPECT_EQ(own.busy, 1);
  EXPECT_EQ(enter(instance, bufferBody, &others, &mark), WASMC_OK);
  EXPECT_EQ(others.busy, 0);
  EXPECT_EQ(enter(instance, bufferBody, &scalar, nullptr), WASMC_OK);
  EXPECT_EQ(scalar.busy, 0);
}

TEST(Busy, NotAfterATrap) {
  TestModule source;
  source.memory(1);
  Instance instance(source.module());
  const auto body = +[](wasmc_instance *, void *, void *) -> int32_t {
    top()->state |= WASMC_STATE_BUFFER;
    __wasmc_trap_unreachable();
  };
  EXPECT_EQ(enter(instance, body), WASMC_TRAP);
  int busy = -1;
  EXPECT_EQ(enter(instance, countBusy, &busy), WASMC_OK);
  EXPECT_EQ(busy, 0);
}

TEST(Region, ReturnsWhatItsBodyReturnsAndTraps) {
  TestModule source;
  source.memory(1);
  Instance instance(source.module());
  int calls = 0;
  const auto body = +[](void *context) -> wasmc_status {
    EXPECT_EQ(top()->state, uint32_t(WASMC_STATE_IN_MODULE | WASMC_STATE_SHADOW |
                                     WASMC_STATE_REGION));
    ++*static_cast<int *>(context);
    return WASMC_FAILED;
  };
  EXPECT_EQ(wasmc_protect(instance, body, &calls), WASMC_FAILED);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(__wasmc_thread.top, nullptr);
  const auto trapping = +[](void *base) -> wasmc_status {
    static_cast<volatile uint8_t *>(base)[65536] = 1;
    return WASMC_OK;
  };
  EXPECT_EQ(wasmc_protect(instance, trapping, instance.base()), WASMC_TRAP);
  EXPECT_EQ(instance.trapCode(), 5u);
  EXPECT_EQ(__wasmc_thread.top, nullptr);
}

TEST(Region, HoldsMailboxesWhileItsFunctionCallsTheHost) {
  TestModule source;
  source.memory(1);
  static wasmc_instance *self;
  Instance instance(source.module());
  self = instance;
  static int between, during;
  const auto body = +[](void *) -> wasmc_status {
    enter(self, countBusy, &between);
    leaveModule();
    enter(self, countBusy, &during);
    EXPECT_EQ(wasmc_protect(self, +[](void *) -> wasmc_status { return WASMC_OK; }, nullptr),
              WASMC_BUSY);
    enterModule();
    return WASMC_OK;
  };
  EXPECT_EQ(wasmc_protect(instance, body, nullptr), WASMC_OK);
  EXPECT_EQ(between, 0);
  EXPECT_EQ(during, 1);
}

TEST(Window, SharesPagesThatTheModuleCannotWrite) {
  TestModule source;
  source.memory(1);
  Instance instance(source.module());
  const int ring = makeFile(4);
  ASSERT_EQ(map(instance, ring, 4096, 8192, 8192), WASMC_OK);
  EXPECT_EQ(instance.base()[8192], 2);
  EXPECT_EQ(instance.base()[8192 + 4096], 3);
  EXPECT_EQ(instance.base()[8192 + 8192], 0);
  const char byte = 42;
  ASSERT_EQ(pwrite(ring, &byte, 1, 4096 + 5), 1);
  EXPECT_EQ(instance.base()[8192 + 5], 42);
  EXPECT_EQ(enter(instance, storeBody, reinterpret_cast<void *>(8192)), WASMC_TRAP);
  EXPECT_EQ(instance.trapCode(), 5u);
  // Back to pages of its own, which read zero.
  ASSERT_EQ(map(instance, -1, 0, 8192, 8192), WASMC_OK);
  EXPECT_EQ(instance.base()[8192], 0);
  EXPECT_EQ(enter(instance, storeBody, reinterpret_cast<void *>(8192)), WASMC_OK);
  close(ring);
}

TEST(Window, WrittenByTheModuleWhereItIsAnOutput) {
  TestModule source;
  source.memory(1);
  Instance instance(source.module());
  const int ring = makeFile(1);
  ASSERT_EQ(map(instance, ring, 0, 4096, 4096, true), WASMC_OK);
  EXPECT_EQ(enter(instance, storeBody, reinterpret_cast<void *>(4096 + 7)), WASMC_OK);
  char byte = 0;
  ASSERT_EQ(pread(ring, &byte, 1, 7), 1);
  EXPECT_EQ(byte, 99);
  close(ring);
}

TEST(Window, AFileThatShrinksIsATrap) {
  TestModule source;
  source.memory(1);
  Instance instance(source.module());
  const int ring = makeFile(1);
  ASSERT_EQ(map(instance, ring, 0, 4096, 4096), WASMC_OK);
  ASSERT_EQ(ftruncate(ring, 0), 0);
  EXPECT_EQ(enter(instance, loadBody, reinterpret_cast<void *>(4096)), WASMC_TRAP);
  close(ring);
}

TEST(Window, WhatCannotBeMappedChangesNothing) {
  TestModule source;
  source.memory(1);
  Instance instance(source.module());
  instance.base()[4096] = 7;
  const int ring = makeFile(1);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(map(instance, ends[0], 0, 4096, 4096), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(map(instance, -2, 0, 4096, 4096), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(map(instance, ring, 1, 4096, 4096), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(map(instance, ring, ~uint64_t(0) << 12, 4096, 4096), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(map(instance, ring, 0, 4097, 4096), WASMC_UNSUPPORTED);
  EXPECT_EQ(map(instance, ring, 0, 4096, 4095), WASMC_UNSUPPORTED);
  EXPECT_EQ(instance.base()[4096], 7);
  close(ring);
  close(ends[0]);
  close(ends[1]);
}

TEST(Window, NotInAMemoryThatIsCheckedByCompares) {
  TestModule source;
  source.memory(1, ~uint64_t(0), 0);
  Instance instance(source.module());
  const int ring = makeFile(1);
  EXPECT_EQ(map(instance, ring, 0, 4096, 4096), WASMC_UNSUPPORTED);
  close(ring);
}
