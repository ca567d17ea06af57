/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ChaCha20 over a buffer. */
#include "../kernel.h"

enum { length = 16384 };
static uint32_t words[length / 4];

INIT(chacha20) {
  uint32_t state = 102;
  for (uint32_t i = 0; i < COUNT(words); ++i)
    words[i] = next_random(&state);
}

static inline uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

static inline void quarter(uint32_t *s, int a, int b, int c, int d) {
  s[a] += s[b]; s[d] = rotate(s[d] ^ s[a], 16);
  s[c] += s[d]; s[b] = rotate(s[b] ^ s[c], 12);
  s[a] += s[b]; s[d] = rotate(s[d] ^ s[a], 8);
  s[c] += s[d]; s[b] = rotate(s[b] ^ s[c], 7);
}

RUN(chacha20) {
  uint64_t sum = 0;
  uint32_t begin[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (uint32_t i = 4; i < 16; ++i)
    begin[i] = i * 0x01010101;
  for (uint32_t round = 0; round < rounds; ++round) {
    begin[13] = round;
    for (uint32_t at = 0; at < COUNT(words); at += 16) {
      uint32_t s[16];
      begin[12] = at / 16;
      for (int i = 0; i < 16; ++i)
        s[i] = begin[i];
      for (int i = 0; i < 10; ++i) {
        quarter(s, 0, 4, 8, 12);
        quarter(s, 1, 5, 9, 13);
        quarter(s, 2, 6, 10, 14);
        quarter(s, 3, 7, 11, 15);
        quarter(s, 0, 5, 10, 15);
        quarter(s, 1, 6, 11, 12);
        quarter(s, 2, 7, 8, 13);
        quarter(s, 3, 4, 9, 14);
      }
      for (uint32_t i = 0; i < 16; ++i)
        words[at + i] ^= s[i] + begin[i];
    }
    sum = mix(sum, words[round % COUNT(words)]);
  }
  return sum;
}
