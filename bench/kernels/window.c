/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Statistics of sliding windows over 16-bit readings: sum, squares, least and
 * greatest, and how often the sign changes. */
#include "kernel.h"

enum { count = 16384, size = 64 };
static int16_t readings[count];
static int32_t energy[count / size];

INIT(window) {
  uint32_t state = 34;
  for (uint32_t i = 0; i < count; ++i)
    readings[i] = (int16_t)(next_reading(&state, i) - 2048);
}

RUN(window) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t start = 0; start < count; start += size) {
      int32_t total = 0, squares = 0, least = 32767, most = -32768, crossings = 0;
      const int16_t *r = readings + start;
      for (uint32_t i = 0; i < size; ++i) {
        int32_t v = r[i];
        total += v;
        squares += v * v >> 6;
        least = v < least ? v : least;
        most = v > most ? v : most;
      }
      for (uint32_t i = 1; i < size; ++i)
        crossings += (r[i] ^ r[i - 1]) < 0;
      energy[start / size] = squares - (int32_t)((int64_t)total * total / (size * 64));
      sum += (uint64_t)(uint32_t)(most - least) * 5 + (uint32_t)crossings;
    }
    sum = mix(sum, (uint32_t)energy[round % COUNT(energy)]);
    readings[round * 47 % count] ^= (int16_t)(round & 0xff);
  }
  return sum;
}
