/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Recursion: queens on a board, and the permutations of a schedule with cost. */
#include "kernel.h"

enum { jobs = 7 };
static uint32_t cost[jobs][jobs];

INIT(recursion) {
  uint32_t state = 31;
  for (uint32_t i = 0; i < jobs; ++i)
    for (uint32_t k = 0; k < jobs; ++k)
      cost[i][k] = next_random(&state) & 63;
}

static uint32_t queens(uint32_t all, uint32_t columns, uint32_t left, uint32_t right) {
  if (columns == all)
    return 1;
  uint32_t total = 0;
  for (uint32_t free = all & ~(columns | left | right); free; free &= free - 1) {
    uint32_t place = free & -free;
    total += queens(all, columns | place, (left | place) << 1, (right | place) >> 1);
  }
  return total;
}

static uint32_t schedule(uint32_t used, uint32_t last, uint32_t so_far) {
  if (used == (1u << jobs) - 1)
    return so_far;
  uint32_t best = ~0u;
  for (uint32_t next = 0; next < jobs; ++next)
    if (!(used >> next & 1)) {
      uint32_t total = schedule(used | 1u << next, next, so_far + cost[last][next]);
      best = total < best ? total : best;
    }
  return best;
}

RUN(recursion) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    sum = mix(sum, queens((1u << (6 + round % 3)) - 1, 0, 0, 0));
    sum = mix(sum, schedule(1, 0, 0));
    ++cost[round % jobs][round * 3 % jobs];
  }
  return sum;
}
