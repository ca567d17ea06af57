/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The edit distance of words, by rows of a table. */
#include "kernel.h"

enum { count = 24, length = 64 };
static uint8_t words[count][length];

INIT(edit_distance) {
  uint32_t state = 32;
  for (uint32_t i = 0; i < count; ++i)
    for (uint32_t k = 0; k < length; ++k)
      words[i][k] = (uint8_t)('a' + next_random(&state) % 6);
}

static uint32_t distance(const uint8_t *a, const uint8_t *b) {
  uint16_t row[length + 1];
  for (uint32_t i = 0; i <= length; ++i)
    row[i] = (uint16_t)i;
  for (uint32_t i = 0; i < length; ++i) {
    uint16_t diagonal = row[0];
    row[0] = (uint16_t)(i + 1);
    for (uint32_t k = 0; k < length; ++k) {
      uint32_t best = (uint32_t)diagonal + (a[i] != b[k]);
      diagonal = row[k + 1];
      best = best < row[k] + 1u ? best : row[k] + 1u;
      best = best < diagonal + 1u ? best : diagonal + 1u;
      row[k + 1] = (uint16_t)best;
    }
  }
  return row[length];
}

RUN(edit_distance) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 1; i < count; ++i)
      sum = mix(sum, distance(words[i - 1], words[i]));
    words[round % count][round * 7 % length] = (uint8_t)('a' + round % 6);
  }
  return sum;
}
