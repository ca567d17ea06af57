/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * AES-128 in counter mode, a byte at a time with the substitution box as a table. */
#include "kernel.h"

enum { length = 8192 };
static uint8_t box[256], keys[11][16], bytes[length];

static inline uint8_t twice(uint8_t x) { return (uint8_t)(x << 1 ^ (x >> 7) * 0x1b); }

static inline uint8_t rotated(uint8_t x, int n) { return (uint8_t)(x << n | x >> (8 - n)); }

INIT(aes128) {
  uint32_t state = 10;
  /* p runs through all that are not zero, q is its inverse. */
  uint8_t p = 1, q = 1;
  do {
    p = (uint8_t)(p ^ twice(p));
    q ^= (uint8_t)(q << 1);
    q ^= (uint8_t)(q << 2);
    q ^= (uint8_t)(q << 4);
    q ^= q & 0x80 ? 0x09 : 0;
    box[p] = q ^ rotated(q, 1) ^ rotated(q, 2) ^ rotated(q, 3) ^ rotated(q, 4) ^ 0x63;
  } while (p != 1);
  box[0] = 0x63;
  for (uint32_t i = 0; i < length; ++i)
    bytes[i] = (uint8_t)next_random(&state);
}

static void expand_key(uint32_t seed) {
  uint8_t *k = keys[0], constant = 1;
  for (uint32_t i = 0; i < 16; ++i)
    k[i] = (uint8_t)next_random(&seed);
  for (int round = 1; round < 11; ++round, constant = twice(constant)) {
    const uint8_t *last = keys[round - 1];
    uint8_t *next = keys[round];
    for (int i = 0; i < 4; ++i)
      next[i] = last[i] ^ box[last[12 + (i + 1) % 4]];
    next[0] ^= constant;
    for (int i = 4; i < 16; ++i)
      next[i] = last[i] ^ next[i - 4];
  }
}

static void encrypt(uint8_t *s) {
  uint8_t t[16];
  for (int i = 0; i < 16; ++i)
    s[i] ^= keys[0][i];
  for (int round = 1; round < 11; ++round) {
    for (int column = 0; column < 4; ++column)
      for (int row = 0; row < 4; ++row)
        t[4 * column + row] = box[s[(4 * (column + row) + row) & 15]];
    for (int column = 0; column < 4; ++column) {
      uint8_t *a = t + 4 * column, all = a[0] ^ a[1] ^ a[2] ^ a[3];
      for (int row = 0; row < 4; ++row) {
        uint8_t mixed = a[row] ^ all ^ twice(a[row] ^ a[(row + 1) & 3]);
        s[4 * column + row] = (round < 10 ? mixed : a[row]) ^ keys[round][4 * column + row];
      }
    }
  }
}

RUN(aes128) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    expand_key(round + 1);
    for (uint32_t at = 0; at < length; at += 16) {
      uint8_t pad[16] = {(uint8_t)round};
      __builtin_memcpy(pad + 12, &at, 4);
      encrypt(pad);
      for (int i = 0; i < 16; ++i)
        bytes[at + (uint32_t)i] ^= pad[i];
    }
    uint64_t word;
    __builtin_memcpy(&word, bytes + round % (length - 8), 8);
    sum = mix(sum, word);
  }
  return sum;
}
