/*===- entry.c - What an entry into a module costs -------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Calls the same functions as plain C and as exports of a compiled module, in
 * turns, and prints medians in nanoseconds. Nothing is asserted: machines
 * differ.
 *
 *===----------------------------------------------------------------------===*/
#include "entry.h"
#include "measure.h"

enum { calls = 200000 };

/* The plain functions, with the same memory behind a pointer and a status. */
typedef struct {
  char bytes[64];
} plain_memory;

__attribute__((noinline)) static wasmc_status plain_add(plain_memory *m, int32_t p, int32_t *r) {
  int32_t *cell = (int32_t *)(m->bytes + 16);
  *r = *cell += p;
  return WASMC_OK;
}
__attribute__((noinline)) static wasmc_status plain_fadd(plain_memory *m, double p, double *r) {
  double *cell = (double *)(m->bytes + 24);
  *r = *cell += p;
  return WASMC_OK;
}

#define MEASURE(into, count, statement)                                                            \
  do {                                                                                             \
    double start = now();                                                                          \
    for (int i = 0; i != (count); ++i) {                                                           \
      statement;                                                                                   \
      __asm__ volatile("" : : : "memory");                                                         \
    }                                                                                              \
    (into) = (now() - start) / (count);                                                            \
  } while (0)

int main(void) {
  static double c_add[runs], w_add[runs], c_fadd[runs], w_fadd[runs], trap[runs];
  plain_memory *m = calloc(1, sizeof *m);
  entry *f;
  if (!m || entry_new(&f, NULL, NULL) != WASMC_OK)
    return 1;
  int32_t i32;
  double f64;
  for (int run = 0; run != runs; ++run) {
    MEASURE(c_add[run], calls, plain_add(m, i, &i32));
    MEASURE(w_add[run], calls, entry_add(f, i, &i32));
    MEASURE(c_fadd[run], calls, plain_fadd(m, i, &f64));
    MEASURE(w_fadd[run], calls, entry_fadd(f, i, &f64));
    MEASURE(trap[run], calls / 20, entry_fail(f));
  }
  double ca = median(c_add), wa = median(w_add), cf = median(c_fadd), wf = median(w_fadd);
  printf("call of an integer function         plain C %6.2f ns, module %6.2f ns, adds %5.2f ns\n",
         ca, wa, wa - ca);
  printf("call of a floating-point function   plain C %6.2f ns, module %6.2f ns, adds %5.2f ns\n",
         cf, wf, wf - cf);
  printf("call that traps                     %6.2f ns\n", median(trap));
  entry_delete(f);
  free(m);
  return 0;
}
