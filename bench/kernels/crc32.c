/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * CRC-32 of messages, four bytes at a time by four tables. */
#include "kernel.h"

static uint32_t table[4][256];
static uint8_t messages[64][512];

INIT(crc32) {
  uint32_t state = 1;
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit)
      c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
    table[0][i] = c;
  }
  for (uint32_t i = 0; i < 256; ++i)
    for (int k = 1; k < 4; ++k)
      table[k][i] = table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 255];
  for (uint32_t m = 0; m < COUNT(messages); ++m)
    for (uint32_t i = 0; i < COUNT(messages[m]); ++i)
      messages[m][i] = (uint8_t)next_random(&state);
}

static uint32_t crc(const uint8_t *bytes, uint32_t length) {
  uint32_t c = ~0u;
  for (; length >= 4; length -= 4, bytes += 4) {
    uint32_t word;
    __builtin_memcpy(&word, bytes, 4);
    c ^= word;
    c = table[3][c & 255] ^ table[2][c >> 8 & 255] ^ table[1][c >> 16 & 255] ^ table[0][c >> 24];
  }
  for (; length; --length)
    c = c >> 8 ^ table[0][(c ^ *bytes++) & 255];
  return ~c;
}

RUN(crc32) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    for (uint32_t m = 0; m < COUNT(messages); ++m) {
      uint32_t c = crc(messages[m], 400 + (m + round) % 112);
      messages[m][round % 400] ^= (uint8_t)c;
      sum = mix(sum, c);
    }
  return sum;
}
