/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A convolution of 5 by 5 over an image of 8-bit pixels, and pooling. */
#include "../kernel.h"

enum { rows = 120, columns = 160 };
static uint8_t image[rows][columns], pooled[rows / 2][columns / 2];
static int16_t filtered[rows][columns];
static const int8_t weight[5][5] = {{-1, 0, 2, 0, -1}, {0, 3, 4, 3, 0}, {2, 4, 12, 4, 2},
                                    {0, 3, 4, 3, 0},   {-1, 0, 2, 0, -1}};

INIT(convolution) {
  uint32_t state = 103;
  for (uint32_t y = 0; y < rows; ++y)
    for (uint32_t x = 0; x < columns; ++x)
      image[y][x] = (uint8_t)(next_random(&state) & 127) + (uint8_t)((x + y) & 127);
}

RUN(convolution) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t y = 2; y < rows - 2; ++y)
      for (uint32_t x = 2; x < columns - 2; ++x) {
        int32_t total = 0;
        for (uint32_t v = 0; v < 5; ++v)
          for (uint32_t u = 0; u < 5; ++u)
            total += image[y + v - 2][x + u - 2] * weight[v][u];
        filtered[y][x] = (int16_t)(total >> 2);
      }
    for (uint32_t y = 0; y < rows / 2; ++y)
      for (uint32_t x = 0; x < columns / 2; ++x) {
        int16_t a = filtered[2 * y][2 * x], b = filtered[2 * y][2 * x + 1];
        int16_t c = filtered[2 * y + 1][2 * x], d = filtered[2 * y + 1][2 * x + 1];
        int16_t most = a > b ? a : b;
        most = most > c ? most : c;
        most = most > d ? most : d;
        pooled[y][x] = (uint8_t)(most < 0 ? 0 : most > 1020 ? 255 : most >> 2);
      }
    for (uint32_t y = 0; y < rows / 2; y += 7)
      sum = mix(sum, pooled[y][round % (columns / 2)]);
    image[round * 3 % rows][round * 7 % columns] = (uint8_t)round;
  }
  return sum;
}
