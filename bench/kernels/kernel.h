/*===- kernel.h - What a kernel of the benchmark is ------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * A kernel NAME is a file with two functions: INIT(NAME) makes its data, always
 * the same, and RUN(NAME) does its work `rounds` times and returns a checksum of
 * all that it has come to. Rounds differ from each other, or the compiler does one
 * of them. The state stays from one run to the next: two builds agree if they
 * agree after the same runs.
 *
 * The same source is compiled to wasm, where the functions are exports, and to
 * native code, where KERNEL_PREFIX tells one build from another. There is no libc: a
 * loop that looks for the end of a string, which clang makes strlen() of, is a link
 * error. All arithmetic is defined, so that there is one result.
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_BENCH_KERNEL_H
#define WASMC_BENCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#ifndef KERNEL_PREFIX
#define KERNEL_PREFIX
#endif
#define KERNEL_JOIN_(prefix, name, suffix) prefix##name##suffix
#define KERNEL_JOIN(prefix, name, suffix) KERNEL_JOIN_(prefix, name, suffix)

#ifdef __wasm__
#define KERNEL_EXPORT(name) __attribute__((export_name(name)))
#else
#define KERNEL_EXPORT(name)
#endif

#define INIT(name) KERNEL_EXPORT(#name "_init") void KERNEL_JOIN(KERNEL_PREFIX, name, _init)(void)
#define RUN(name)                                                                                  \
  KERNEL_EXPORT(#name "_run") uint64_t KERNEL_JOIN(KERNEL_PREFIX, name, _run)(uint32_t rounds)

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

/* Where inlining would make another kernel of it. */
#define NOINLINE __attribute__((noinline))

/* Xorshift; the seed must not be 0. */
static inline uint32_t next_random(uint32_t *state) {
  uint32_t x = *state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return *state = x;
}

/* A value that looks like a sensor's: a slow wave, noise, now and then a jump. */
static inline int32_t next_reading(uint32_t *state, uint32_t i) {
  int32_t phase = (int32_t)(i & 1023), wave = phase < 512 ? phase : 1023 - phase;
  uint32_t noise = next_random(state);
  return wave * 8 + (int32_t)(noise & 63) + ((noise >> 8) % 100 == 0 ? 900 : 0);
}

static inline uint64_t mix(uint64_t sum, uint64_t value) {
  sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
  return sum ^ sum >> 29;
}

/* The bits of a float, for a checksum. Kernels make no NaNs, whose bits may differ. */
static inline uint64_t bits_of(double value) {
  uint64_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

#endif
