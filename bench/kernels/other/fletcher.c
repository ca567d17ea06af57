/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Fletcher's checksum and a bitwise CRC-16 of short messages. */
#include "../kernel.h"

static uint8_t messages[64][256];

INIT(fletcher) {
  uint32_t state = 101;
  for (uint32_t m = 0; m < COUNT(messages); ++m)
    for (uint32_t i = 0; i < COUNT(messages[m]); ++i)
      messages[m][i] = (uint8_t)next_random(&state);
}

static uint32_t fletcher32(const uint8_t *bytes, uint32_t length) {
  uint32_t a = 0, b = 0;
  for (uint32_t i = 0; i + 1 < length; i += 2) {
    a = (a + bytes[i] + ((uint32_t)bytes[i + 1] << 8)) % 65535;
    b = (b + a) % 65535;
  }
  return b << 16 | a;
}

static uint32_t crc16(const uint8_t *bytes, uint32_t length) {
  uint32_t c = 0xffff;
  for (uint32_t i = 0; i < length; ++i) {
    c ^= (uint32_t)bytes[i] << 8;
    for (int bit = 0; bit < 8; ++bit)
      c = c & 0x8000 ? c << 1 ^ 0x1021 : c << 1;
  }
  return c & 0xffff;
}

RUN(fletcher) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    for (uint32_t m = 0; m < COUNT(messages); ++m) {
      sum = mix(sum, fletcher32(messages[m], 256));
      sum = mix(sum, crc16(messages[m], 60 + (m + round) % 60));
      messages[m][round & 255] ^= (uint8_t)sum;
    }
  return sum;
}
