/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A layer of a small neural network with 8-bit weights and activations, and
 * requantisation, as detectors on controllers have it. */
#include "kernel.h"

enum { inputs = 256, outputs = 128 };
static int8_t activation[inputs], weight[outputs][inputs], result[outputs];
static int32_t bias[outputs];

INIT(quantized) {
  uint32_t state = 33;
  for (uint32_t i = 0; i < inputs; ++i)
    activation[i] = (int8_t)next_random(&state);
  for (uint32_t i = 0; i < outputs; ++i) {
    bias[i] = (int32_t)(next_random(&state) & 4095) - 2048;
    for (uint32_t k = 0; k < inputs; ++k)
      weight[i][k] = (int8_t)next_random(&state);
  }
}

RUN(quantized) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < outputs; ++i) {
      int32_t total = bias[i];
      for (uint32_t k = 0; k < inputs; ++k)
        total += weight[i][k] * activation[k];
      int32_t scaled = (int32_t)((int64_t)total * 1482910 >> 31);
      result[i] = (int8_t)(scaled < 0 ? 0 : scaled > 127 ? 127 : scaled);
    }
    for (uint32_t i = 0; i < outputs; i += 8)
      sum = mix(sum, (uint8_t)result[i]);
    activation[round * 11 % inputs] = result[round % outputs];
  }
  return sum;
}
