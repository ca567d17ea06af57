/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A sketch for quantiles: buckets that grow by a constant factor, found by binary
 * search, and merged sketches of several windows. */
#include "kernel.h"

enum { buckets = 160, windows = 8, count = 4096 };
static double edge[buckets], values[count];
static uint32_t sketch[windows][buckets], merged[buckets];

INIT(quantile) {
  uint32_t state = 18;
  double e = 0.5;
  for (uint32_t i = 0; i < buckets; ++i, e *= 1.08)
    edge[i] = e;
  for (uint32_t i = 0; i < count; ++i)
    values[i] = next_reading(&state, i) * 0.75 + 0.1;
}

static void add(uint32_t *s, double value) {
  uint32_t low = 0, high = buckets - 1;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (edge[middle] < value)
      low = middle + 1;
    else
      high = middle;
  }
  ++s[low];
}

static double find(double share) {
  uint64_t total = 0, seen = 0;
  for (uint32_t i = 0; i < buckets; ++i)
    total += merged[i];
  for (uint32_t i = 0; i < buckets; ++i)
    if ((double)(seen += merged[i]) >= share * (double)total)
      return edge[i];
  return 0;
}

RUN(quantile) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    uint32_t *s = sketch[round % windows];
    for (uint32_t i = 0; i < buckets; ++i)
      s[i] = 0;
    for (uint32_t i = 0; i < count; ++i)
      add(s, values[i]);
    for (uint32_t i = 0; i < buckets; ++i) {
      merged[i] = 0;
      for (uint32_t w = 0; w < windows; ++w)
        merged[i] += sketch[w][i];
    }
    sum = mix(sum, bits_of(find(0.5)));
    sum = mix(sum, bits_of(find(0.99)));
    values[round * 23 % count] *= 1.0625;
  }
  return sum;
}
