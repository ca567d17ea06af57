/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A finite impulse response of 32 taps over 16-bit samples, with rounding and
 * saturation. */
#include "kernel.h"

enum { count = 4096, taps = 32 };
static int16_t samples[count + taps], filtered[count], weights[taps];

INIT(fir_i16) {
  uint32_t state = 11;
  for (uint32_t i = 0; i < COUNT(samples); ++i)
    samples[i] = (int16_t)next_reading(&state, i);
  for (int32_t i = 0; i < taps; ++i)
    weights[i] = (int16_t)(1800 - (i - 16) * (i - 15) * 7);
}

RUN(fir_i16) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < count; ++i) {
      int32_t total = 1 << 14;
      for (uint32_t k = 0; k < taps; ++k)
        total += samples[i + k] * weights[k];
      total >>= 15;
      filtered[i] = (int16_t)(total > 32767 ? 32767 : total < -32768 ? -32768 : total);
    }
    for (uint32_t i = 0; i < count; i += 64)
      sum = mix(sum, (uint16_t)filtered[i]);
    samples[round * 7 % count] = filtered[round % count];
  }
  return sum;
}
