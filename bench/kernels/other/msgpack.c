/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MessagePack: nested records, decoded by recursion. */
#include "../kernel.h"

enum { count = 200 };
static uint8_t bytes[count * 80];
static uint32_t size;

INIT(msgpack) {
  uint32_t state = 104;
  uint8_t *out = bytes;
  for (uint32_t i = 0; i < count; ++i) {
    *out++ = 0x83; /* A map of three. */
    *out++ = 0xa2, *out++ = 'i', *out++ = 'd';
    *out++ = 0xcd, *out++ = (uint8_t)(i >> 8), *out++ = (uint8_t)i;
    *out++ = 0xa1, *out++ = 'v';
    *out++ = 0x94; /* An array of four. */
    for (int k = 0; k < 4; ++k) {
      uint32_t r = next_random(&state);
      if (k & 1) {
        *out++ = 0xca;
        for (int shift = 24; shift >= 0; shift -= 8)
          *out++ = (uint8_t)((0x41000000u | (r & 0x7fffff)) >> shift);
      } else {
        *out++ = r & 0x7f;
      }
    }
    *out++ = 0xa4, *out++ = 'n', *out++ = 'a', *out++ = 'm', *out++ = 'e';
    *out++ = (uint8_t)(0xa5 + (i & 3));
    for (uint32_t k = 0; k < 5 + (i & 3); ++k)
      *out++ = (uint8_t)('a' + next_random(&state) % 26);
  }
  size = (uint32_t)(out - bytes);
}

typedef struct {
  const uint8_t *at, *end;
  uint64_t sum;
  double total;
} decoder;

static uint32_t number(decoder *d, uint32_t width) {
  uint32_t n = 0;
  while (width-- && d->at < d->end)
    n = n << 8 | *d->at++;
  return n;
}

static void decode(decoder *d, uint32_t depth) {
  uint32_t tag = d->at < d->end ? *d->at++ : 0xc0;
  if (tag < 0x80 || tag >= 0xe0) {
    d->sum += tag;
  } else if (tag < 0xa0) {
    for (uint32_t n = (tag & 15) << (tag < 0x90); n && depth < 16; --n)
      decode(d, depth + 1);
  } else if (tag < 0xc0) {
    for (uint32_t n = tag & 31; n && d->at < d->end; --n)
      d->sum = d->sum * 31 + *d->at++;
  } else if (tag == 0xca) {
    uint32_t bits = number(d, 4);
    float value;
    __builtin_memcpy(&value, &bits, 4);
    d->total += value;
  } else if (tag >= 0xcc && tag <= 0xce) {
    d->sum ^= number(d, 1u << (tag - 0xcc));
  }
}

RUN(msgpack) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    decoder d = {bytes, bytes + size, round, 0};
    while (d.at < d.end)
      decode(&d, 0);
    sum = mix(sum, d.sum ^ bits_of(d.total));
  }
  return sum;
}
