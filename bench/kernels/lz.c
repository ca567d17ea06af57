/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Decompression of blocks of literals and matches, as LZ4 lays them out; INIT
 * compresses a log for it. */
#include "kernel.h"

enum { length = 65536 };
static uint8_t plain[length], packed[length + length / 200 + 64], unpacked[length + 16];
static uint32_t packed_size;

static uint8_t *put_length(uint8_t *out, uint32_t n) {
  for (; n >= 255; n -= 255)
    *out++ = 255;
  *out++ = (uint8_t)n;
  return out;
}

static uint8_t *sequence(uint8_t *out, const uint8_t *from, uint32_t literals, uint32_t match,
                         uint32_t distance) {
  uint32_t more = match ? match - 4 : 0;
  *out++ = (uint8_t)((literals < 15 ? literals : 15) << 4 | (more < 15 ? more : 15));
  if (literals >= 15)
    out = put_length(out, literals - 15);
  while (literals--)
    *out++ = *from++;
  if (match) {
    *out++ = (uint8_t)distance;
    *out++ = (uint8_t)(distance >> 8);
    if (more >= 15)
      out = put_length(out, more - 15);
  }
  return out;
}

INIT(lz) {
  static uint32_t last[4096]; /* Where these four bytes were seen, plus one. */
  static const char *const parts[] = {"\"device\": ", "\"value\": ", "temperature", "press-",
                                      "1700", "}, {", ", \"ok\": true", "north"};
  uint32_t state = 28;
  for (uint32_t i = 0; i < length;) {
    const char *part = parts[next_random(&state) % COUNT(parts)];
    while (*part && i < length)
      plain[i++] = (uint8_t)*part++;
    if (i < length)
      plain[i++] = (uint8_t)('0' + next_random(&state) % 10);
  }
  uint8_t *out = packed;
  uint32_t done = 0, at = 0;
  while (at + 12 < length) {
    uint32_t word;
    __builtin_memcpy(&word, plain + at, 4);
    uint32_t *slot = &last[word * 2654435761u >> 20], candidate = *slot;
    *slot = at + 1;
    uint32_t n = 0;
    if (candidate && at - (candidate - 1) < 65536)
      while (at + n + 5 < length && plain[candidate - 1 + n] == plain[at + n])
        ++n;
    if (n < 4) {
      ++at;
      continue;
    }
    out = sequence(out, plain + done, at - done, n, at - (candidate - 1));
    done = at += n;
  }
  out = sequence(out, plain + done, length - done, 0, 0);
  packed_size = (uint32_t)(out - packed);
}

static uint32_t decompress(void) {
  const uint8_t *in = packed, *const end = packed + packed_size;
  uint8_t *out = unpacked, *const limit = unpacked + length;
  while (in < end) {
    uint32_t token = *in++, literals = token >> 4, match = token & 15, byte;
    if (literals == 15)
      do
        literals += byte = *in++;
      while (byte == 255);
    if (literals > (uint32_t)(end - in) || literals > (uint32_t)(limit - out))
      return 0;
    __builtin_memcpy(out, in, literals);
    out += literals;
    in += literals;
    if (in == end)
      break;
    uint32_t distance = in[0] | (uint32_t)in[1] << 8;
    in += 2;
    if (match == 15)
      do
        match += byte = *in++;
      while (byte == 255);
    match += 4;
    if (!distance || distance > (uint32_t)(out - unpacked) || match > (uint32_t)(limit - out))
      return 0;
    const uint8_t *from = out - distance;
    if (distance >= 8) {
      /* Eight at a time, up to seven too far: there is room. */
      uint8_t *stop = out + match;
      for (; out < stop; out += 8, from += 8)
        __builtin_memcpy(out, from, 8);
      out = stop;
    } else {
      while (match--)
        *out++ = *from++;
    }
  }
  return (uint32_t)(out - unpacked);
}

RUN(lz) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    sum = mix(sum, decompress());
    for (uint32_t i = 0; i < length; i += 4096) {
      uint64_t word;
      __builtin_memcpy(&word, unpacked + i + round % 4000, 8);
      sum = mix(sum, word);
    }
    /* The first byte is a literal. */
    packed[packed[0] >> 4 == 15 ? 2 : 1] = (uint8_t)('a' + round % 26);
  }
  return sum;
}
