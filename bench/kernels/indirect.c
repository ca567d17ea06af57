/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A chain of filters called by pointers, as plug-ins in a pipeline are: which
 * comes next is data. */
#include "kernel.h"

enum { count = 1024, stages = 8 };
typedef struct stage stage;
struct stage {
  int32_t (*apply)(stage *, int32_t);
  int32_t a, b, state;
};
static stage pipeline[stages];
static int32_t readings[count];

static int32_t scale(stage *s, int32_t x) { return x * s->a >> 4; }
static int32_t offset(stage *s, int32_t x) { return x + s->a; }
static int32_t clamp(stage *s, int32_t x) { return x < s->a ? s->a : x > s->b ? s->b : x; }
static int32_t average(stage *s, int32_t x) { return s->state += (x - s->state) >> 3; }
static int32_t difference(stage *s, int32_t x) {
  int32_t last = s->state;
  s->state = x;
  return x - last;
}
static int32_t dead_band(stage *s, int32_t x) {
  int32_t d = x - s->state;
  return d < s->a && d > -s->a ? s->state : (s->state = x);
}

static int32_t (*const kinds[])(stage *, int32_t) = {scale,   offset,     clamp,
                                                     average, difference, dead_band};

static void set(uint32_t i, uint32_t r) {
  pipeline[i] = (stage){kinds[r % COUNT(kinds)], (int32_t)(r >> 8 & 31), 4000, 0};
}

INIT(indirect) {
  uint32_t state = 30;
  for (uint32_t i = 0; i < count; ++i)
    readings[i] = next_reading(&state, i);
  for (uint32_t i = 0; i < stages; ++i)
    set(i, next_random(&state));
}

RUN(indirect) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < count; ++i) {
      int32_t x = readings[i];
      for (uint32_t s = 0; s < stages; ++s)
        x = pipeline[s].apply(&pipeline[s], x);
      sum = sum * 31 + (uint32_t)x;
    }
    if (round % 8 == 7)
      set(round / 8 % stages, round * 2654435761u >> 7);
  }
  return mix(0, sum);
}
