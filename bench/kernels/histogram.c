/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Histograms of 16-bit readings: linear, and by powers of two. */
#include "kernel.h"

enum { count = 16384, bins = 128 };
static uint16_t readings[count];
static uint32_t linear[bins], logarithmic[17];

INIT(histogram) {
  uint32_t state = 17;
  for (uint32_t i = 0; i < count; ++i)
    readings[i] = (uint16_t)next_reading(&state, i);
}

RUN(histogram) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < bins; ++i)
      linear[i] = 0;
    for (uint32_t i = 0; i < count; ++i) {
      uint32_t bin = readings[i] / 40u;
      ++linear[bin < bins ? bin : bins - 1];
      ++logarithmic[readings[i] ? 32 - __builtin_clz(readings[i]) : 0];
    }
    for (uint32_t i = 0; i < bins; ++i)
      sum = mix(sum, linear[i]);
    for (uint32_t i = 0; i < COUNT(logarithmic); ++i)
      sum = mix(sum, logarithmic[i]);
    readings[round * 19 % count] = (uint16_t)(round * 3);
  }
  return sum;
}
