//===- zero.h - Zeros for pages that are in no cache, on x86-64 -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An ordinary store reads the rest of its line from memory first, which takes most of
// the time. CLZERO does not, which AMD's processors have since Zen, nor do streaming
// stores, which all have; these need up to 1.3 times as long where other cores want the
// memory, too.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_PLATFORM_LINUX_ZERO_H
#define WASMC_PLATFORM_LINUX_ZERO_H

#include <cpuid.h>
#include <emmintrin.h>
#include <stddef.h>

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
  char *to = static_cast<char *>(start), *end = to + bytes;
  if (byLines)
    for (; to != end; to += 64)
      __asm__ volatile("clzero" : : "a"(to) : "memory");
  const __m128i zero = _mm_setzero_si128();
  for (; to != end; to += sizeof(zero))
    _mm_stream_si128(reinterpret_cast<__m128i *>(to), zero);
}

/// After the last of them: neither is ordered with stores that follow, such as the one
/// that unlocks a mutex for another thread.
inline void endZeroing() { _mm_sfence(); }

} // namespace wasmc::rt

#endif
