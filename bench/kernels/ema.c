/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Exponential averages and variances of many channels, with the count of those
 * that are out of bounds. */
#include "kernel.h"

enum { channels = 1024, messages = 16 };
static float reading[messages][channels], mean[channels], variance[channels];

INIT(ema) {
  uint32_t state = 16;
  for (uint32_t m = 0; m < messages; ++m)
    for (uint32_t i = 0; i < channels; ++i)
      reading[m][i] = (float)next_reading(&state, i + m * 8) / 100;
  for (uint32_t i = 0; i < channels; ++i) {
    mean[i] = reading[0][i];
    variance[i] = 1;
  }
}

RUN(ema) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    const float *in = reading[round % messages];
    uint32_t alarms = 0;
    for (uint32_t i = 0; i < channels; ++i) {
      float difference = in[i] - mean[i], step = 0.05f * difference;
      alarms += difference * difference > 9 * variance[i];
      mean[i] += step;
      variance[i] = 0.95f * (variance[i] + difference * step);
    }
    sum = mix(sum, alarms);
    sum = mix(sum, bits_of(mean[round % channels]));
  }
  return sum;
}
