/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * An adaptive filter (least mean squares) that learns to cancel a hum. */
#include "../kernel.h"

enum { count = 2048, taps = 24 };
static float reference[count + taps], signal[count], weight[taps];

INIT(lms) {
  uint32_t state = 107;
  for (uint32_t i = 0; i < count + taps; ++i)
    reference[i] = (float)(next_reading(&state, i * 32) & 1023) / 1024 - 0.5f;
  for (uint32_t i = 0; i < count; ++i)
    signal[i] = reference[i + 3] * 0.5f + (float)(next_random(&state) & 255) / 2048;
}

RUN(lms) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    float power = 0;
    for (uint32_t i = 0; i < count; ++i) {
      /* Four sums, in an order that is the same everywhere. */
      float part[4] = {0};
      for (uint32_t k = 0; k < taps; k += 4)
        for (uint32_t lane = 0; lane < 4; ++lane)
          part[lane] += weight[k + lane] * reference[i + k + lane];
      float error = signal[i] - ((part[0] + part[1]) + (part[2] + part[3]));
      power += error * error;
      for (uint32_t k = 0; k < taps; ++k)
        weight[k] += 0.01f * error * reference[i + k];
    }
    sum = mix(sum, bits_of(power));
    signal[round * 13 % count] *= 0.5f;
  }
  return sum;
}
