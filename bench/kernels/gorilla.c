/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Compression of floats as time series databases do it: each value is combined
 * with the one before by exclusive or, and only the bits that matter are kept. */
#include "kernel.h"

enum { count = 4096 };
static double values[count], decoded[count];
static uint64_t words[count * 2];

typedef struct {
  uint64_t *word;
  uint32_t used; /* Bits of *word, from the top. */
} bit_stream;

INIT(gorilla) {
  uint32_t state = 4;
  for (uint32_t i = 0; i < count; ++i)
    values[i] = (double)(next_reading(&state, i) / 4) * 0.25;
}

static inline void put(bit_stream *s, uint64_t bits, uint32_t width) {
  uint32_t room = 64 - s->used;
  if (width <= room) {
    *s->word |= bits << (room - width);
    s->used += width;
  } else {
    *s->word |= bits >> (width - room);
    *++s->word = bits << (64 - (width - room));
    s->used = width - room;
  }
}

static inline uint64_t get(bit_stream *s, uint32_t width) {
  uint64_t bits = *s->word << (s->used & 63);
  if (s->used == 64) {
    bits = *++s->word;
    s->used = 0;
  } else if (width > 64 - s->used) {
    bits |= *++s->word >> (64 - s->used);
    s->used -= 64;
  }
  s->used += width;
  return bits >> (64 - width);
}

static uint32_t compress(void) {
  for (uint32_t i = 0; i < COUNT(words); ++i)
    words[i] = 0;
  bit_stream s = {words, 0};
  uint64_t last = 0;
  uint32_t leading = 64, trailing = 0;
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t bits = bits_of(values[i]), changed = bits ^ last;
    last = bits;
    if (!changed) {
      put(&s, 0, 1);
      continue;
    }
    uint32_t lead = (uint32_t)__builtin_clzll(changed), trail = (uint32_t)__builtin_ctzll(changed);
    if (lead > 31)
      lead = 31;
    if (leading <= lead && trailing <= trail) {
      put(&s, 2, 2);
    } else {
      leading = lead;
      trailing = trail;
      put(&s, 3, 2);
      put(&s, leading, 5);
      put(&s, 63 - leading - trailing, 6);
    }
    put(&s, changed >> trailing, 64 - leading - trailing);
  }
  return (uint32_t)(s.word - words) * 64 + s.used;
}

static uint64_t decompress(void) {
  bit_stream s = {words, 0};
  uint64_t last = 0, sum = 0;
  uint32_t leading = 0, width = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (get(&s, 1)) {
      if (get(&s, 1)) {
        leading = (uint32_t)get(&s, 5);
        width = (uint32_t)get(&s, 6) + 1;
      }
      last ^= get(&s, width) << (64 - leading - width);
    }
    __builtin_memcpy(&decoded[i], &last, 8);
    sum = sum * 3 + last;
  }
  return sum;
}

RUN(gorilla) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    sum = mix(sum, compress());
    sum = mix(sum, decompress());
    sum = mix(sum, bits_of(decoded[round % count]));
    values[round * 11 % count] += 0.125;
  }
  return sum;
}
