//===- spin_lock.h - For what is held for a few instructions --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_PLATFORM_LINUX_SPIN_LOCK_H
#define WASMC_PLATFORM_LINUX_SPIN_LOCK_H

#include <sched.h>

namespace wasmc::rt {

/// Free where it is zero.
struct SpinLock {
  int held;
  void lock() {
    while (__atomic_exchange_n(&held, 1, __ATOMIC_ACQUIRE))
      sched_yield();
  }
  void unlock() { __atomic_store_n(&held, 0, __ATOMIC_RELEASE); }
};

} // namespace wasmc::rt

#endif
