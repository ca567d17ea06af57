/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Two stencils on a grid: diffusion of heat, from one array to another, and a
 * median-like limiter on integers. */
#include "kernel.h"

enum { rows = 128, columns = 128 };
static float heat[2][rows][columns];
static int16_t pixel[rows][columns], smooth[rows][columns];

INIT(stencil) {
  uint32_t state = 27;
  for (uint32_t y = 0; y < rows; ++y)
    for (uint32_t x = 0; x < columns; ++x) {
      heat[0][y][x] = heat[1][y][x] = (float)(next_random(&state) & 255);
      pixel[y][x] = (int16_t)next_reading(&state, x * 8);
    }
}

static void diffuse(float (*to)[columns], float (*from)[columns]) {
  for (uint32_t y = 1; y < rows - 1; ++y)
    for (uint32_t x = 1; x < columns - 1; ++x)
      to[y][x] = from[y][x] + 0.2f * (from[y - 1][x] + from[y + 1][x] + from[y][x - 1] +
                                      from[y][x + 1] - 4 * from[y][x]);
}

static void limit(void) {
  for (uint32_t y = 1; y < rows - 1; ++y)
    for (uint32_t x = 1; x < columns - 1; ++x) {
      int16_t a = pixel[y - 1][x], b = pixel[y + 1][x];
      int16_t low = a < b ? a : b, high = a < b ? b : a, v = pixel[y][x];
      v = v < low ? low : v;
      smooth[y][x] = v > high ? high : v;
    }
}

RUN(stencil) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    diffuse(heat[1], heat[0]);
    diffuse(heat[0], heat[1]);
    limit();
    uint32_t y = 1 + round % (rows - 2), x = 1 + round * 3 % (columns - 2);
    sum = mix(sum, bits_of(heat[0][y][x]));
    sum = mix(sum, (uint16_t)smooth[y][x]);
    heat[0][y][x] += 100;
    pixel[y][x] = (int16_t)(smooth[y][x] + (int16_t)(round & 31));
  }
  return sum;
}
