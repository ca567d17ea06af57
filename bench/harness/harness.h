/*===- harness.h - Builds of a kernel side by side -------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * One program for each kernel has all that is native code: built by clang and gcc, by
 * wasmc in its modes, and by wasm2c. A build adds itself before main(). It is compiled
 * with KERNEL, the kernel's name, VARIANT, a C identifier, and NAME, what it is called
 * from outside.
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_BENCH_HARNESS_H
#define WASMC_BENCH_HARNESS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct variant {
  const char *name;
  void (*init)(void);
  uint64_t (*run)(uint32_t rounds);
  int ready; /* init() has run. */
  struct variant *next;
} variant;

void add_variant(variant *v);

static inline void fail(const char *variant, const char *what) {
  fprintf(stderr, "%s: %s\n", variant, what);
  exit(1);
}

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
/* OF(a, b) is a_b, of names that are macros. */
#define OF_(a, b) a##_##b
#define OF(a, b) OF_(a, b)

/* Behind the functions `init` and `run` of a file. */
#define ADD_VARIANT                                                                                \
  static variant this_variant = {NAME, init, run, 0, NULL};                                        \
  __attribute__((constructor)) static void add(void) { add_variant(&this_variant); }

#endif
