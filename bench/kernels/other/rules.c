/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Rules over readings as expression trees, evaluated through function pointers of
 * their nodes. */
#include "../kernel.h"

enum { nodes = 127, count = 64 };
typedef struct node node;
struct node {
  int32_t (*evaluate)(const node *);
  const node *left, *right;
  int32_t value;
};
static node tree[nodes];
static int32_t readings[count];

static int32_t at(const node *n) { return n->evaluate(n); }
static int32_t reading(const node *n) { return readings[n->value]; }
static int32_t constant(const node *n) { return n->value; }
static int32_t sum_of(const node *n) { return (at(n->left) + at(n->right)) / 2; }
static int32_t difference(const node *n) { return at(n->left) - at(n->right) / 2; }
static int32_t greatest(const node *n) {
  int32_t a = at(n->left), b = at(n->right);
  return a > b ? a : b;
}
static int32_t choice(const node *n) { return at(n->left) & 16 ? at(n->right) : n->value; }

INIT(rules) {
  static int32_t (*const inner[])(const node *) = {sum_of, difference, greatest, choice};
  uint32_t state = 108;
  for (uint32_t i = 0; i < count; ++i)
    readings[i] = next_reading(&state, i * 16);
  for (uint32_t i = 0; i < nodes; ++i) {
    uint32_t r = next_random(&state);
    int leaf = 2 * i + 2 >= nodes;
    tree[i] = (node){leaf ? (r & 3 ? reading : constant) : inner[r >> 4 & 3],
                     leaf ? NULL : &tree[2 * i + 1], leaf ? NULL : &tree[2 * i + 2],
                     (int32_t)(r >> 8 & (count - 1))};
  }
}

RUN(rules) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t i = 0; i < 16; ++i) {
      sum = mix(sum, (uint32_t)at(tree));
      readings[(round + i) % count] += (int32_t)(i & 3) - 1;
    }
  }
  return sum;
}
