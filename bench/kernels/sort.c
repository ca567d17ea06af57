/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Quicksort with insertion sort for what is short, and a median from it. */
#include "kernel.h"

enum { count = 4096 };
static int32_t readings[count], sorted[count];

INIT(sort) {
  uint32_t state = 19;
  for (uint32_t i = 0; i < count; ++i)
    readings[i] = next_reading(&state, i) * 256 + (int32_t)(next_random(&state) & 255);
}

static void sort(int32_t *begin, int32_t *end) {
  while (end - begin > 16) {
    int32_t a = begin[0], b = begin[(end - begin) / 2], c = end[-1];
    int32_t pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
    int32_t *left = begin, *right = end - 1;
    while (left <= right) {
      while (*left < pivot)
        ++left;
      while (*right > pivot)
        --right;
      if (left <= right) {
        int32_t swapped = *left;
        *left++ = *right;
        *right-- = swapped;
      }
    }
    if (right + 1 - begin < end - left) {
      sort(begin, right + 1);
      begin = left;
    } else {
      sort(left, end);
      end = right + 1;
    }
  }
  for (int32_t *i = begin + 1; i < end; ++i) {
    int32_t value = *i, *k = i;
    for (; k > begin && k[-1] > value; --k)
      *k = k[-1];
    *k = value;
  }
}

RUN(sort) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < count; ++i)
      sorted[i] = readings[i];
    sort(sorted, sorted + count);
    sum = mix(sum, (uint32_t)sorted[count / 2]);
    sum = mix(sum, (uint32_t)sorted[round % count]);
    readings[round * 29 % count] ^= (int32_t)(round & 0xffff);
  }
  return sum;
}
