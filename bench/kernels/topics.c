/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Topics of messages, with levels between slashes, matched against a tree of
 * subscriptions with wildcards. */
#include "kernel.h"

enum { max_nodes = 4096, count = 128 };
typedef struct node {
  uint32_t level; /* A hash of the level's name. */
  uint32_t subscribers;
  struct node *child, *sibling;
} node;
static node pool[max_nodes], *root;
static uint32_t used;
static char text[count * 48];
static uint32_t starts[count + 1];

static uint32_t next_level(const char **at, const char *end) {
  uint32_t hash = 2166136261u;
  for (; *at < end && **at != '/'; ++*at)
    hash = (hash ^ (uint8_t)**at) * 16777619u;
  ++*at;
  return hash;
}

static node *child_of(node *parent, uint32_t level) {
  for (node *n = parent->child; n; n = n->sibling)
    if (n->level == level)
      return n;
  if (used == max_nodes)
    return parent;
  node *n = &pool[used++];
  *n = (node){level, 0, NULL, parent->child};
  return parent->child = n;
}

static char *put(char *out, const char *word, uint32_t number) {
  while (*word)
    *out++ = *word++;
  *out++ = (char)('0' + number / 10 % 10);
  *out++ = (char)('0' + number % 10);
  return out;
}

static uint32_t plus, hash_sign;

INIT(topics) {
  uint32_t state = 23;
  char *out = text;
  root = &pool[used++];
  const char *wildcards[] = {"+", "#"};
  plus = next_level(&wildcards[0], wildcards[0] + 1);
  hash_sign = next_level(&wildcards[1], wildcards[1] + 1);
  for (uint32_t i = 0; i < count; ++i) {
    starts[i] = (uint32_t)(out - text);
    out = put(out, "site", next_random(&state) % 8);
    out = put(out, "/line", next_random(&state) % 12);
    out = put(out, "/machine", next_random(&state) % 20);
    out = put(out, "/temperature", i % 3);
  }
  starts[count] = (uint32_t)(out - text);
  for (uint32_t i = 0; i < 600; ++i) {
    const char *at = text + starts[i % count], *end = text + starts[i % count + 1];
    node *n = root;
    for (uint32_t depth = 0; at < end; ++depth) {
      uint32_t level = next_level(&at, end), choice = next_random(&state) % 8;
      if (depth && choice == 0) {
        n = child_of(n, hash_sign);
        break;
      }
      n = child_of(n, choice < 3 ? plus : level);
    }
    ++n->subscribers;
  }
}

static uint32_t match(const node *n, const char *at, const char *end) {
  if (at >= end)
    return n->subscribers;
  uint32_t level = next_level(&at, end), total = 0;
  for (const node *c = n->child; c; c = c->sibling)
    if (c->level == hash_sign)
      total += c->subscribers;
    else if (c->level == level || c->level == plus)
      total += match(c, at, end);
  return total;
}

RUN(topics) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < count; ++i)
      sum = mix(sum, match(root, text + starts[i], text + starts[i + 1]));
    ++pool[round * 5 % used].subscribers;
  }
  return sum;
}
