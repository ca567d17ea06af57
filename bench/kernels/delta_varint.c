/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A series of readings as zigzag differences in variable-length integers, there
 * and back. */
#include "kernel.h"

enum { count = 8192 };
static int32_t readings[count], decoded[count];
static uint8_t bytes[count * 5];

INIT(delta_varint) {
  uint32_t state = 3;
  for (uint32_t i = 0; i < count; ++i)
    readings[i] = next_reading(&state, i);
}

static uint32_t encode(void) {
  uint8_t *out = bytes;
  int32_t last = 0;
  for (uint32_t i = 0; i < count; ++i) {
    int32_t delta = readings[i] - last;
    uint32_t zigzag = (uint32_t)delta << 1 ^ (uint32_t)(delta >> 31);
    last = readings[i];
    for (; zigzag >= 0x80; zigzag >>= 7)
      *out++ = (uint8_t)(zigzag | 0x80);
    *out++ = (uint8_t)zigzag;
  }
  return (uint32_t)(out - bytes);
}

static uint32_t decode(void) {
  const uint8_t *in = bytes;
  int32_t last = 0;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t zigzag = 0, shift = 0;
    for (; *in & 0x80; shift += 7)
      zigzag |= (uint32_t)(*in++ & 0x7f) << shift;
    zigzag |= (uint32_t)*in++ << shift;
    last += (int32_t)(zigzag >> 1 ^ -(zigzag & 1));
    decoded[i] = last;
  }
  return (uint32_t)(in - bytes);
}

RUN(delta_varint) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    sum = mix(sum, encode());
    sum = mix(sum, decode());
    sum = mix(sum, (uint32_t)decoded[round * 13 % count]);
    readings[round * 17 % count] += (int32_t)(round % 5) - 2;
  }
  return sum;
}
