/* The window of examples/anomaly against sorting: median and deviation, entry by entry,
 * while it fills and after, with ties, with jumps and with values of both signs. */
#include "window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static float ranked(const float *values, unsigned count, unsigned rank) {
  static float sorted[ANOMALY_WINDOW];
  memcpy(sorted, values, count * sizeof *values);
  qsort(sorted, count, sizeof *sorted, ascending);
  return sorted[rank];
}

static unsigned seed = 1;
static unsigned next(void) { return (seed = seed * 1664525 + 1013904223) >> 8; }

static float value(unsigned kind, unsigned i) {
  switch (kind) {
  case 0: return (float)(next() % 1000) / 8 - 60;
  case 1: return (float)(next() % 5); /* Many ties. */
  case 2: return (float)i;            /* Always the largest. */
  case 3: return -(float)i;
  case 4: return 7;
  default: return (float)(i / 400 * 50) + (float)(next() % 16) / 4;
  }
}

int main(void) {
  unsigned compared = 0;
  for (unsigned kind = 0; kind != 6; ++kind) {
    static float all[3000];
    static window w;
    memset(&w, 0, sizeof w);
    for (unsigned i = 0; i != 3000; ++i) {
      float deviations[ANOMALY_WINDOW];
      all[i] = value(kind, i);
      windowAdd(&w, all[i]);
      unsigned count = i + 1 < ANOMALY_WINDOW ? i + 1 : ANOMALY_WINDOW;
      const float *recent = all + i + 1 - count;
      float median = ranked(recent, count, (count - 1) / 2);
      for (unsigned j = 0; j != count; ++j)
        deviations[j] = recent[j] < median ? median - recent[j] : recent[j] - median;
      float deviation = ranked(deviations, count, count / 2);
      if (w.count != count || windowMedian(&w) != median || windowDeviation(&w) != deviation) {
        printf("kind %u, entry %u: %g and %g, not %g and %g\n", kind, i, (double)windowMedian(&w),
               (double)windowDeviation(&w), (double)median, (double)deviation);
        return 1;
      }
      ++compared;
    }
  }
  printf("%u compared\n", compared);
  return 0;
}
