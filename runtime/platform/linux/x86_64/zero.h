//===- zero.h - Zeros for pages that are in no cache, on x86-64 -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An ordinary store reads the rest of its line from memory first, which takes most of
// the time. CLZERO does not, which AMD's processors have since Zen. Elsewhere memset knows
// best: Intel's `rep stosb` does not read either, and takes a third of the time that
// streaming stores take, which push out to memory what is in another cache after all.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_PLATFORM_LINUX_ZERO_H
#define WASMC_PLATFORM_LINUX_ZERO_H

#include <cpuid.h>
#include <stddef.h>
#include <string.h>

namespace wasmc::rt {

/// Asked for once: in a virtual machine, CPUID takes longer than all that is gained.
inline bool hasClzero() {
  static int known; // 1 more than it is; 0: not asked.
  int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    constexpr unsigned leaf = 0x80000008, bit = 1;
    unsigned a, b, c, d;
    answer = 1 + (__get_cpuid(leaf, &a, &b, &c, &d) && (b & bit));
    __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
  }
  return answer - 1;
}

/// Fills whole pages that are likely in no cache.
inline void zeroColdPages(void *start, size_t bytes, bool byLines = hasClzero()) {
  if (!byLines) {
    memset(start, 0, bytes);
    return;
  }
  for (char *to = static_cast<char *>(start), *end = to + bytes; to != end; to += 64)
    __asm__ volatile("clzero" : : "a"(to) : "memory");
}

/// After the last of them: CLZERO is not ordered with stores that follow, such as the one
/// that unlocks a mutex for another thread.
inline void endZeroing() { __asm__ volatile("sfence" : : : "memory"); }

} // namespace wasmc::rt

#endif
