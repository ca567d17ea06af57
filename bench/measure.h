/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What the benchmarks in C measure with. Time is this thread's own: other work on
 * the machine does not count. */
#ifndef WASMC_BENCH_MEASURE_H
#define WASMC_BENCH_MEASURE_H

#include <stdlib.h>
#include <time.h>

enum { runs = 31 };

/* Nanoseconds. */
static inline double time_of(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline double now(void) { return time_of(CLOCK_THREAD_CPUTIME_ID); }
/* For what waits for another process. */
static inline double wall_now(void) { return time_of(CLOCK_MONOTONIC); }

static inline int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Of `runs` values, which are sorted by it. */
static inline double median(double *values) {
  qsort(values, runs, sizeof *values, ascending);
  return values[runs / 2];
}

#endif
