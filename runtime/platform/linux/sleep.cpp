//===- sleep.cpp - Threads that wait for each other, on Linux -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Futexes, straight from the kernel: a sleeping thread costs no object that would
// have to be made and destroyed, and is no cancellation point, so that no thread
// ends in the middle of a module.
//
//===----------------------------------------------------------------------===//
#include "platform/platform.h"
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

using namespace wasmc::rt;

static constexpr uint64_t second = 1'000'000'000;

uint64_t wasmc::rt::monotonicTime() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * second + static_cast<uint64_t>(now.tv_nsec);
}

void wasmc::rt::sleepWhile(const uint32_t *word, uint32_t value, uint64_t deadline) {
  // As this system call takes it, whatever time_t is.
  struct {
    long seconds, nanoseconds;
  } until = {LONG_MAX, 0};
  if (deadline / second < static_cast<unsigned long>(LONG_MAX))
    until = {static_cast<long>(deadline / second), static_cast<long>(deadline % second)};
  // The host's errno is not the module's to change.
  const int before = errno;
  // Unlike FUTEX_WAIT, this one takes a point in time, not a duration: a sleep that
  // ended early and is gone back to does not become longer.
  syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value,
          deadline == ~uint64_t(0) ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
  errno = before;
}

void wasmc::rt::wakeOne(const uint32_t *word) {
  const int before = errno;
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1);
  errno = before;
}
