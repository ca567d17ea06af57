/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Records of sensors in CBOR: maps, arrays, integers, floats and strings, decoded
 * by a loop with a stack of its own. */
#include "kernel.h"

enum { count = 256 };
static uint8_t bytes[count * 64];
static uint32_t size;

static uint8_t *head(uint8_t *out, uint32_t major, uint32_t n) {
  if (n < 24) {
    *out++ = (uint8_t)(major << 5 | n);
  } else if (n < 256) {
    *out++ = (uint8_t)(major << 5 | 24);
    *out++ = (uint8_t)n;
  } else {
    *out++ = (uint8_t)(major << 5 | 26);
    for (int shift = 24; shift >= 0; shift -= 8)
      *out++ = (uint8_t)(n >> shift);
  }
  return out;
}

INIT(cbor) {
  uint32_t state = 6;
  uint8_t *out = bytes;
  for (uint32_t i = 0; i < count; ++i) {
    out = head(out, 5, 3);
    out = head(head(out, 0, 1), 0, 1700000000u + i);
    out = head(head(out, 0, 2), 4, 5);
    for (uint32_t k = 0; k < 5; ++k)
      out = head(out, k & 1, next_random(&state) % (k < 3 ? 30 : 5000));
    out = head(head(out, 0, 3), 3, 6);
    for (uint32_t k = 0; k < 6; ++k)
      *out++ = (uint8_t)('a' + next_random(&state) % 26);
  }
  size = (uint32_t)(out - bytes);
}

static uint64_t decode(uint32_t salt) {
  uint32_t left[8] = {0}, depth = 0;
  uint64_t sum = salt;
  for (uint32_t at = 0; at < size;) {
    uint32_t major = bytes[at] >> 5, more = bytes[at] & 31;
    uint64_t n = more;
    ++at;
    if (more >= 24) {
      uint32_t width = 1u << (more & 3);
      if (width > size - at)
        return sum;
      for (n = 0; width; --width)
        n = n << 8 | bytes[at++];
    }
    switch (major) {
    case 0: sum += n; break;
    case 1: sum -= n + 1; break;
    case 2:
    case 3:
      if (n > size - at)
        return sum;
      for (; n; --n)
        sum = sum * 33 + bytes[at++];
      break;
    case 4:
    case 5:
      if (depth == 7)
        return sum;
      left[++depth] = (uint32_t)n << (major - 4);
      continue;
    default: sum ^= n;
    }
    while (depth && --left[depth] == 0)
      --depth;
  }
  return sum;
}

RUN(cbor) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    sum = mix(sum, decode(round));
  return sum;
}
