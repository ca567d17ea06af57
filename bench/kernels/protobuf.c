/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Protocol buffers: fields of all wire types are decoded into a structure, packed
 * samples into an array. */
#include "kernel.h"

enum { count = 128, samples = 24 };
static uint8_t bytes[count * 128];
static uint32_t starts[count + 1];

typedef struct {
  uint64_t time;
  double level;
  uint32_t flags, num_samples, name_hash;
  int32_t sample[samples];
} record;

static uint8_t *varint(uint8_t *out, uint64_t n) {
  for (; n >= 0x80; n >>= 7)
    *out++ = (uint8_t)(n | 0x80);
  *out++ = (uint8_t)n;
  return out;
}

INIT(protobuf) {
  uint32_t state = 7;
  uint8_t *out = bytes;
  for (uint32_t i = 0; i < count; ++i) {
    starts[i] = (uint32_t)(out - bytes);
    out = varint(varint(out, 1 << 3), 1700000000000u + i);
    out = varint(out, 2 << 3 | 1);
    double level = i * 0.5;
    __builtin_memcpy(out, &level, 8);
    out = varint(out + 8, 3 << 3 | 5);
    __builtin_memcpy(out, &i, 4);
    out = varint(varint(out + 4, 4 << 3 | 2), 7);
    for (uint32_t k = 0; k < 7; ++k)
      *out++ = (uint8_t)next_random(&state);
    uint8_t packed[samples * 3], *end = packed;
    for (uint32_t k = 0; k < samples - i % 5; ++k)
      end = varint(end, next_random(&state) % (k & 3 ? 120 : 9000));
    out = varint(varint(out, 5 << 3 | 2), (uint64_t)(end - packed));
    for (uint8_t *p = packed; p < end; ++p)
      *out++ = *p;
  }
  starts[count] = (uint32_t)(out - bytes);
}

static const uint8_t *get_varint(const uint8_t *in, const uint8_t *end, uint64_t *n) {
  *n = 0;
  for (uint32_t shift = 0; in < end && shift < 64; shift += 7) {
    *n |= (uint64_t)(*in & 0x7f) << shift;
    if (!(*in++ & 0x80))
      return in;
  }
  return NULL;
}

static int decode(const uint8_t *in, const uint8_t *end, record *r) {
  uint64_t key, n;
  r->num_samples = 0;
  while (in < end) {
    if (!(in = get_varint(in, end, &key)))
      return 0;
    switch (key & 7) {
    case 0:
      if (!(in = get_varint(in, end, &n)))
        return 0;
      if (key >> 3 == 1)
        r->time = n;
      break;
    case 1:
      if (end - in < 8)
        return 0;
      if (key >> 3 == 2)
        __builtin_memcpy(&r->level, in, 8);
      in += 8;
      break;
    case 5:
      if (end - in < 4)
        return 0;
      if (key >> 3 == 3)
        __builtin_memcpy(&r->flags, in, 4);
      in += 4;
      break;
    case 2: {
      if (!(in = get_varint(in, end, &n)) || n > (uint64_t)(end - in))
        return 0;
      const uint8_t *stop = in + n;
      if (key >> 3 == 4)
        for (r->name_hash = 0; in < stop; ++in)
          r->name_hash = r->name_hash * 31 + *in;
      else
        while (in < stop && r->num_samples < samples) {
          if (!(in = get_varint(in, stop, &n)))
            return 0;
          r->sample[r->num_samples++] = (int32_t)(n >> 1) ^ -(int32_t)(n & 1);
        }
      in = stop;
      break;
    }
    default: return 0;
    }
  }
  return 1;
}

RUN(protobuf) {
  static record r;
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    for (uint32_t i = 0; i < count; ++i) {
      sum = mix(sum, (uint64_t)decode(bytes + starts[i], bytes + starts[i + 1], &r) + round);
      sum = mix(sum, r.time ^ bits_of(r.level) ^ r.flags ^ r.name_hash);
      for (uint32_t k = 0; k < r.num_samples; ++k)
        sum += (uint64_t)(int64_t)r.sample[k];
    }
  return sum;
}
