/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What bench/buffers measures with, compiled to wasm and natively: `digest` is a
 * chain of multiplications that no compiler can do otherwise, so that what differs
 * is the way there and back; `summary` is a loop that native compilers vectorise. */
#include <stdint.h>
#include <string.h>

#ifndef FILTER
#define FILTER(name) __attribute__((export_name(#name))) int32_t name
#endif

/* A hash of whole 8-byte words. */
FILTER(digest)(const uint8_t *in, uint32_t len, uint8_t *out, uint32_t cap) {
  uint64_t hash = len;
  if (cap < sizeof hash)
    return -1;
  for (; len >= 8; len -= 8, in += 8) {
    uint64_t word;
    memcpy(&word, in, 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
  }
  memcpy(out, &hash, sizeof hash);
  return sizeof hash;
}

/* The sum of int16 readings, and of their squares. */
FILTER(summary)(const uint8_t *in, uint32_t len, uint8_t *out, uint32_t cap) {
  int64_t sum = 0, squares = 0;
  if (cap < 16)
    return -1;
  for (; len >= 2; len -= 2, in += 2) {
    int16_t reading;
    memcpy(&reading, in, 2);
    sum += reading;
    squares += reading * reading;
  }
  memcpy(out, &sum, 8);
  memcpy(out + 8, &squares, 8);
  return 16;
}
