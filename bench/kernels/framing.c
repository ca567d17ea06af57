/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A state machine that finds the frames of a serial protocol in a stream with
 * noise: start byte, length, escapes, checksum, and resynchronisation. */
#include "kernel.h"

enum { length = 32768 };
static uint8_t stream[length];
enum state { idle, sized, typed, payload, escaped, check };

typedef struct {
  enum state state;
  uint8_t left, sum, type;
  uint32_t frames, errors, bytes, by_type[4];
} receiver;

INIT(framing) {
  uint32_t state = 24;
  for (uint32_t i = 0; i < length;) {
    uint8_t frame[40], n = 0, sum = 0, size = (uint8_t)(1 + next_random(&state) % 16);
    frame[n++] = 0x7e;
    frame[n++] = size;
    frame[n++] = (uint8_t)(next_random(&state) & 3);
    for (uint8_t k = 0; k < size; ++k) {
      uint8_t byte = (uint8_t)next_random(&state);
      sum += byte;
      if (byte == 0x7e || byte == 0x7d) {
        frame[n++] = 0x7d;
        byte ^= 0x20;
      }
      frame[n++] = byte;
    }
    frame[n++] = sum;
    for (uint8_t k = 0; k < n && i < length; ++k)
      stream[i++] = next_random(&state) % 500 ? frame[k] : (uint8_t)next_random(&state);
  }
}

static void receive(receiver *r, uint8_t byte) {
  switch (r->state) {
  case idle:
    if (byte == 0x7e)
      r->state = sized;
    break;
  case sized:
    r->left = byte;
    r->sum = 0;
    r->state = byte && byte <= 16 ? typed : idle;
    break;
  case typed:
    r->type = byte;
    r->state = byte < 4 ? payload : idle;
    break;
  case payload:
    if (byte == 0x7e) {
      ++r->errors;
      r->state = sized;
      break;
    }
    if (byte == 0x7d) {
      r->state = escaped;
      break;
    }
    r->sum += byte;
    ++r->bytes;
    r->state = --r->left ? payload : check;
    break;
  case escaped:
    r->sum += byte ^ 0x20;
    ++r->bytes;
    r->state = --r->left ? payload : check;
    break;
  case check:
    if (byte == r->sum) {
      ++r->frames;
      ++r->by_type[r->type];
    } else {
      ++r->errors;
    }
    r->state = idle;
    break;
  }
}

RUN(framing) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    receiver r = {idle, 0, 0, 0, 0, 0, 0, {0}};
    for (uint32_t i = 0; i < length; ++i)
      receive(&r, stream[i]);
    sum = mix(sum, (uint64_t)r.frames << 32 | r.errors);
    sum = mix(sum, (uint64_t)r.bytes << 32 | r.by_type[round & 3]);
    stream[round * 37 % length] ^= 1;
  }
  return sum;
}
