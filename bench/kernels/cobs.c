/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Consistent overhead byte stuffing: messages are encoded for a serial line, and
 * decoded again. */
#include "kernel.h"

enum { length = 4096 };
static uint8_t message[length], line[length + length / 254 + 2], received[length];

INIT(cobs) {
  uint32_t state = 2;
  for (uint32_t i = 0; i < length; ++i) {
    uint32_t r = next_random(&state);
    message[i] = r & 0x700 ? (uint8_t)r : 0;
  }
}

static uint32_t encode(const uint8_t *in, uint32_t count, uint8_t *out) {
  uint8_t *const begin = out, *code = out++;
  uint8_t run = 1;
  for (uint32_t i = 0; i < count; ++i) {
    if (in[i]) {
      *out++ = in[i];
      ++run;
    }
    if (!in[i] || run == 0xff) {
      *code = run;
      code = out++;
      run = 1;
    }
  }
  *code = run;
  return (uint32_t)(out - begin);
}

static uint32_t decode(const uint8_t *in, uint32_t count, uint8_t *out) {
  const uint8_t *const end = in + count;
  uint8_t *const begin = out;
  while (in < end) {
    uint8_t code = *in++;
    for (uint8_t i = 1; i < code && in < end; ++i)
      *out++ = *in++;
    if (code != 0xff && in < end)
      *out++ = 0;
  }
  return (uint32_t)(out - begin);
}

RUN(cobs) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    uint32_t count = length - round % 100;
    uint32_t sent = encode(message, count, line);
    uint32_t got = decode(line, sent, received);
    sum = mix(sum, (uint64_t)sent << 32 | got);
    sum = mix(sum, received[round * 7 % count]);
    message[round * 31 % length] = (uint8_t)(round * 5);
  }
  return sum;
}
