/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Huffman codes with a table: a stream of symbols is packed and unpacked. */
#include "../kernel.h"

enum { count = 16384, symbols = 16, window = 8 };
/* Lengths of a complete prefix code, in canonical order. */
static const uint8_t lengths[symbols] = {1, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 8, 8, 8, 8};
static uint8_t input[count], output[count], packed[count * 2 + 8], codes[symbols];
static struct {
  uint8_t symbol, length;
} table[1 << window];

INIT(huffman) {
  uint32_t state = 105, code = 0;
  for (uint32_t s = 0; s < symbols; ++s) {
    codes[s] = (uint8_t)(code >> (window - lengths[s]));
    uint32_t span = 1u << (window - lengths[s]);
    for (uint32_t i = 0; i < span && code < 1 << window; ++i, ++code) {
      table[code].symbol = (uint8_t)s;
      table[code].length = lengths[s];
    }
  }
  for (uint32_t i = 0; i < count; ++i)
    input[i] = (uint8_t)(__builtin_ctz(next_random(&state) | 1u << 11) +
                         (next_random(&state) & 3));
}

static uint32_t pack(void) {
  uint64_t bits = 0;
  uint32_t used = 0;
  uint8_t *out = packed;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t s = input[i] % symbols;
    bits = bits << lengths[s] | codes[s];
    for (used += lengths[s]; used >= 8; used -= 8)
      *out++ = (uint8_t)(bits >> (used - 8));
  }
  *out++ = (uint8_t)(bits << (8 - used));
  return (uint32_t)(out - packed);
}

static void unpack(void) {
  const uint8_t *in = packed;
  uint32_t bits = 0, used = 0;
  for (uint32_t i = 0; i < count; ++i) {
    for (; used < window; used += 8)
      bits = bits << 8 | *in++;
    uint32_t entry = bits >> (used - window) & ((1 << window) - 1);
    output[i] = table[entry].symbol;
    used -= table[entry].length;
  }
}

RUN(huffman) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    sum = mix(sum, pack());
    unpack();
    for (uint32_t i = 0; i < count; i += 1024)
      sum = mix(sum, output[i + round % 1024]);
    input[round * 7 % count] = (uint8_t)(round & 15);
  }
  return sum;
}
