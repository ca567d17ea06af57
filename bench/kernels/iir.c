/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A cascade of four biquad sections over a block of samples: a chain in which each
 * step waits for the one before. */
#include "kernel.h"

enum { count = 8192, sections = 4 };
static double samples[count], output[count];
static struct {
  double b0, b1, b2, a1, a2, z1, z2;
} section[sections];

INIT(iir) {
  uint32_t state = 13;
  for (uint32_t i = 0; i < count; ++i)
    samples[i] = next_reading(&state, i) / 256.0;
  for (int i = 0; i < sections; ++i) {
    section[i].b0 = 0.0675 + i * 0.01;
    section[i].b1 = 0.135 + i * 0.02;
    section[i].b2 = 0.0675 + i * 0.01;
    section[i].a1 = -1.143 + i * 0.03;
    section[i].a2 = 0.4128 - i * 0.02;
  }
}

RUN(iir) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < count; ++i)
      output[i] = samples[i];
    for (int k = 0; k < sections; ++k) {
      double z1 = section[k].z1, z2 = section[k].z2;
      for (uint32_t i = 0; i < count; ++i) {
        double x = output[i], y = section[k].b0 * x + z1;
        z1 = section[k].b1 * x - section[k].a1 * y + z2;
        z2 = section[k].b2 * x - section[k].a2 * y;
        output[i] = y;
      }
      section[k].z1 = z1;
      section[k].z2 = z2;
    }
    sum = mix(sum, bits_of(output[round % count]));
    samples[round * 3 % count] += 0.5;
  }
  return sum;
}
