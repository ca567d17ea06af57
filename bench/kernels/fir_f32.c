/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A finite impulse response over floats, for eight outputs side by side, so that
 * the order of each sum is fixed and yet there are lanes to fill. */
#include "kernel.h"

enum { count = 4096, taps = 48, lanes = 8 };
static float samples[count + taps], filtered[count], weights[taps];

INIT(fir_f32) {
  uint32_t state = 12;
  for (uint32_t i = 0; i < COUNT(samples); ++i)
    samples[i] = (float)next_reading(&state, i) / 64;
  for (int32_t i = 0; i < taps; ++i)
    weights[i] = 1.0f / (float)(8 + (i - 24) * (i - 24));
}

RUN(fir_f32) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < count; i += lanes) {
      float total[lanes] = {0};
      for (uint32_t k = 0; k < taps; ++k)
        for (uint32_t lane = 0; lane < lanes; ++lane)
          total[lane] += samples[i + k + lane] * weights[k];
      for (uint32_t lane = 0; lane < lanes; ++lane)
        filtered[i + lane] = total[lane];
    }
    for (uint32_t i = 0; i < count; i += 64)
      sum = mix(sum, bits_of(filtered[i]));
    samples[round * 7 % count] = filtered[round % count];
  }
  return sum;
}
