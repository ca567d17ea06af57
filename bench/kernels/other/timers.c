/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A timer wheel: doubly linked lists of timers that expire, are cancelled and set
 * again. */
#include "../kernel.h"

enum { timers = 4096, spokes = 256 };
typedef struct timer {
  struct timer *next, *previous;
  uint32_t turns, fired;
} timer;
static timer wheel[spokes], pool[timers];
static uint32_t noise, clock;

static void set(timer *t, uint32_t delay) {
  timer *spoke = &wheel[(clock + delay) % spokes];
  t->turns = delay / spokes;
  t->next = spoke->next;
  t->previous = spoke;
  spoke->next->previous = t;
  spoke->next = t;
}

static void cancel(timer *t) {
  t->previous->next = t->next;
  t->next->previous = t->previous;
}

INIT(timers) {
  noise = 106;
  for (uint32_t i = 0; i < spokes; ++i)
    wheel[i].next = wheel[i].previous = &wheel[i];
  for (uint32_t i = 0; i < timers; ++i)
    set(&pool[i * 1531 % timers], 1 + next_random(&noise) % 1000);
}

static uint32_t tick(void) {
  timer *spoke = &wheel[++clock % spokes];
  uint32_t fired = 0;
  for (timer *t = spoke->next, *next; t != spoke; t = next) {
    next = t->next;
    if (t->turns) {
      --t->turns;
      continue;
    }
    cancel(t);
    fired += ++t->fired;
    set(t, 1 + next_random(&noise) % 1000);
  }
  return fired;
}

RUN(timers) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    for (uint32_t i = 0; i < 64; ++i) {
      sum = mix(sum, tick());
      timer *t = &pool[next_random(&noise) % timers];
      cancel(t);
      set(t, 1 + next_random(&noise) % 500);
    }
  return sum;
}
