/*===- window.h - Median and median absolute deviation of a window ---------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The last ANOMALY_WINDOW entries, kept sorted. An entry replaces the oldest one:
 * two binary searches and a shift of what lies between the two. The median is then
 * one load, and the median absolute deviation a third search. Exact, not estimated;
 * up to half of the entries may be outliers.
 *
 *===----------------------------------------------------------------------===*/
#ifndef ANOMALY_WINDOW_H
#define ANOMALY_WINDOW_H

#include "message.h"

/* A power of two, for searches without unpredictable branches. */
enum { windowSlots = ANOMALY_WINDOW + 1 };
_Static_assert((windowSlots & (windowSlots - 1)) == 0, "searches halve it");

typedef struct {
  float sorted[windowSlots]; /* Ascending; infinite behind the entries. */
  float inOrder[ANOMALY_WINDOW];
  uint32_t count, oldest;
} window;

/* How many entries are smaller: less than windowSlots, since the last slot is infinite. */
static inline uint32_t windowRank(const window *w, float value) {
  uint32_t rank = 0;
  for (uint32_t half = windowSlots / 2; half != 0; half /= 2)
    rank += w->sorted[rank + half - 1] < value ? half : 0;
  return rank;
}

/* Values are finite: NaN would have no place in the order. */
static inline void windowAdd(window *w, float value) {
  if (w->count == 0)
    for (uint32_t i = 0; i != windowSlots; ++i)
      w->sorted[i] = __builtin_inff();
  uint32_t to = windowRank(w, value), from;
  if (w->count < ANOMALY_WINDOW) {
    from = w->count; /* An infinite slot. */
    w->inOrder[w->count++] = value;
  } else {
    from = windowRank(w, w->inOrder[w->oldest]);
    w->inOrder[w->oldest] = value;
    w->oldest = w->oldest + 1 == ANOMALY_WINDOW ? 0 : w->oldest + 1;
  }
  float *sorted = w->sorted;
  if (from < to) {
    --to; /* Counted the entry that goes. */
    __builtin_memmove(sorted + from, sorted + from + 1, (to - from) * sizeof *sorted);
  } else {
    __builtin_memmove(sorted + to + 1, sorted + to, (from - to) * sizeof *sorted);
  }
  sorted[to] = value;
}

/* The lower one of two. The window is not empty. */
static inline float windowMedian(const window *w) { return w->sorted[(w->count - 1) / 2]; }

/* The `near` entries that are nearest to the median are neighbours: of the ranges that
 * hold it, the one whose farther end is nearest. Going up, the lower end comes nearer
 * and the upper end goes away; they cross where the search ends, at the middle if not
 * before: from there on the lower end is above the median. */
static inline float windowDeviation(const window *w) {
  uint32_t near = w->count / 2 + 1, first = 0;
  float median = windowMedian(w);
  for (uint32_t half = windowSlots / 4; half != 0; half /= 2) {
    const float *lower = &w->sorted[first + half - 1];
    first += median - lower[0] > lower[near - 1] - median ? half : 0;
  }
  float above = w->sorted[first + near - 1] - median;
  if (first == 0)
    return above;
  float below = median - w->sorted[first - 1];
  return below < above ? below : above;
}

#endif
