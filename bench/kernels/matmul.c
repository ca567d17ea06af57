/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A product of matrices of floats, and one of a matrix and its transpose in
 * doubles, where each sum is a chain. */
#include "kernel.h"

enum { n = 96 };
static float a[n][n], b[n][n], c[n][n];
static double d[n][n], gram[n][n];

INIT(matmul) {
  uint32_t state = 26;
  for (uint32_t i = 0; i < n; ++i)
    for (uint32_t k = 0; k < n; ++k) {
      a[i][k] = (float)(next_random(&state) & 1023) / 1024;
      b[i][k] = (float)(next_random(&state) & 1023) / 1024;
      d[i][k] = (double)(next_random(&state) & 1023) / 1024;
    }
}

RUN(matmul) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < n; ++i) {
      for (uint32_t k = 0; k < n; ++k)
        c[i][k] = 0;
      for (uint32_t m = 0; m < n; ++m)
        for (uint32_t k = 0; k < n; ++k)
          c[i][k] += a[i][m] * b[m][k];
    }
    for (uint32_t i = 0; i < n; ++i)
      for (uint32_t k = 0; k <= i; ++k) {
        double total = 0;
        for (uint32_t m = 0; m < n; ++m)
          total += d[i][m] * d[k][m];
        gram[i][k] = total;
      }
    sum = mix(sum, bits_of(c[round % n][round * 3 % n]));
    sum = mix(sum, bits_of(gram[n - 1][round % n]));
    a[round % n][round * 5 % n] += 0.25f;
    d[round * 7 % n][round % n] += 0.25;
  }
  return sum;
}
