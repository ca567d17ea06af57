/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A treap of timestamps: nodes with pointers, inserted, found and removed. No key
 * comes twice, since next_random() returns each number once. */
#include "kernel.h"

enum { nodes = 16384 };
typedef struct node {
  uint32_t key, priority;
  struct node *left, *right;
} node;
static node pool[nodes], *root, *unused;
static uint32_t noise;

static node *insert(node *t, node *n) {
  if (!t)
    return n;
  if (n->key < t->key) {
    t->left = insert(t->left, n);
    if (t->left->priority <= t->priority)
      return t;
    node *top = t->left;
    t->left = top->right;
    top->right = t;
    return top;
  }
  t->right = insert(t->right, n);
  if (t->right->priority <= t->priority)
    return t;
  node *top = t->right;
  t->right = top->left;
  top->left = t;
  return top;
}

static node *join(node *a, node *b) {
  if (!a || !b)
    return a ? a : b;
  if (a->priority > b->priority) {
    a->right = join(a->right, b);
    return a;
  }
  b->left = join(a, b->left);
  return b;
}

/* The least key that is not below. */
static node *find(uint32_t key) {
  node *best = NULL;
  for (node *t = root; t; t = t->key < key ? t->right : t->left)
    if (t->key >= key)
      best = t;
  return best;
}

static void erase(node *n) {
  node **link = &root;
  while (*link != n)
    link = n->key < (*link)->key ? &(*link)->left : &(*link)->right;
  *link = join(n->left, n->right);
  n->left = unused;
  unused = n;
}

static void add(void) {
  node *n = unused;
  unused = n->left;
  *n = (node){next_random(&noise), next_random(&noise), NULL, NULL};
  root = insert(root, n);
}

INIT(tree) {
  noise = 21;
  for (uint32_t i = 0; i < nodes; ++i) {
    /* Neighbours in the pool are none in the tree. */
    pool[i * 7919 % nodes].left = unused;
    unused = &pool[i * 7919 % nodes];
  }
  for (uint32_t i = 0; i < nodes - 1; ++i)
    add();
}

RUN(tree) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    for (uint32_t i = 0; i < 256; ++i) {
      for (uint32_t k = 0; k < 3; ++k) {
        node *found = find(next_random(&noise));
        sum = mix(sum, found ? found->key : 0);
      }
      node *oldest = find(next_random(&noise));
      if (oldest) {
        erase(oldest);
        add();
      }
    }
  return sum;
}
