/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Base64 there and back. */
#include "kernel.h"

enum { length = 6144 };
static uint8_t plain[length], decoded[length];
static char text[length / 3 * 4];
static uint8_t value_of[256];
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

INIT(base64) {
  uint32_t state = 8;
  for (uint32_t i = 0; i < length; ++i)
    plain[i] = (uint8_t)next_random(&state);
  for (uint32_t i = 0; i < 256; ++i)
    value_of[i] = 0xff;
  for (uint32_t i = 0; i < 64; ++i)
    value_of[(uint8_t)alphabet[i]] = (uint8_t)i;
}

static void encode(void) {
  char *out = text;
  for (uint32_t i = 0; i < length; i += 3, out += 4) {
    uint32_t n = (uint32_t)plain[i] << 16 | (uint32_t)plain[i + 1] << 8 | plain[i + 2];
    out[0] = alphabet[n >> 18];
    out[1] = alphabet[n >> 12 & 63];
    out[2] = alphabet[n >> 6 & 63];
    out[3] = alphabet[n & 63];
  }
}

static uint32_t decode(void) {
  const char *in = text;
  uint32_t bad = 0;
  for (uint32_t i = 0; i < length; i += 3, in += 4) {
    uint8_t a = value_of[(uint8_t)in[0]], b = value_of[(uint8_t)in[1]];
    uint8_t c = value_of[(uint8_t)in[2]], d = value_of[(uint8_t)in[3]];
    bad |= (a | b | c | d) & 0xc0;
    uint32_t n = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
    decoded[i] = (uint8_t)(n >> 16);
    decoded[i + 1] = (uint8_t)(n >> 8);
    decoded[i + 2] = (uint8_t)n;
  }
  return bad;
}

RUN(base64) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    encode();
    sum = mix(sum, decode());
    sum = mix(sum, decoded[round % length] | (uint32_t)text[round % length] << 8);
    plain[round * 7 % length] += (uint8_t)round;
  }
  return sum;
}
