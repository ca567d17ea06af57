/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Counters by device in a hash table with open addressing: looked up, added, and
 * removed with the entries after them moved up. */
#include "kernel.h"

enum { slots = 8192, devices = 6000 };
static struct {
  uint32_t key, count; /* Key 0 is an empty slot. */
} table[slots];
static uint32_t noise, used;

INIT(hashtable) { noise = 20; }

static inline uint32_t home(uint32_t key) { return key * 0x9e3779b1u >> 19; }

static uint32_t *find(uint32_t key) {
  uint32_t i = home(key);
  while (table[i].key != key) {
    if (!table[i].key) {
      table[i].key = key;
      table[i].count = 0;
      ++used;
      break;
    }
    i = (i + 1) % slots;
  }
  return &table[i].count;
}

static void erase(uint32_t key) {
  uint32_t hole = home(key);
  while (table[hole].key != key) {
    if (!table[hole].key)
      return;
    hole = (hole + 1) % slots;
  }
  --used;
  for (uint32_t i = (hole + 1) % slots; table[i].key; i = (i + 1) % slots)
    if (((i - home(table[i].key)) & (slots - 1)) >= ((i - hole) & (slots - 1))) {
      table[hole] = table[i];
      hole = i;
    }
  table[hole].key = 0;
}

RUN(hashtable) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < 4096; ++i) {
      uint32_t device = 1 + next_random(&noise) % devices;
      if ((i & 7) == 7)
        erase(device);
      else
        sum += ++*find(device);
    }
    sum = mix(sum, used);
  }
  return sum;
}
