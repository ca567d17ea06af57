//===- NoThreadsTest.cpp - Waiting where there is one thread ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "memory/shared.h"

#include <gtest/gtest.h>

using namespace wasmc::rt;

namespace {

TEST(NoThreads, AnotherValueIsNotWaitedFor) {
  wasmc_memory memory = {};
  uint32_t word = 7;
  uint64_t wide = 7;
  EXPECT_EQ(__wasmc_memory_wait32_i_ppil(&memory, &word, 8, -1), NotEqual);
  EXPECT_EQ(__wasmc_memory_wait64_i_ppll(&memory, &wide, 8, 0), NotEqual);
}

TEST(NoThreads, ATimeoutIsOverAtOnce) {
  wasmc_memory memory = {};
  uint32_t word = 7;
  uint64_t wide = 7;
  EXPECT_EQ(__wasmc_memory_wait32_i_ppil(&memory, &word, 7, 0), TimedOut);
  EXPECT_EQ(__wasmc_memory_wait64_i_ppll(&memory, &wide, 7, INT64_MAX), TimedOut);
}

TEST(NoThreads, ToWaitForEverIsATrap) {
  wasmc_memory memory = {};
  uint32_t word = 7;
  EXPECT_EQ(__wasmc_memory_wait32_i_ppil(&memory, &word, 7, -1), Interrupted);
  memory.interrupted = 1;
  EXPECT_EQ(__wasmc_memory_wait32_i_ppil(&memory, &word, 7, 5), Interrupted);
}

TEST(NoThreads, NobodyIsWoken) {
  wasmc_memory memory = {};
  uint32_t word = 7;
  EXPECT_EQ(__wasmc_memory_notify_i_ppi(&memory, &word, 1), 0);
  EXPECT_EQ(wasmc_memory_notify(&memory, 0, 1), 0u);
}

} // namespace
