/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Linked lists: a merge sort of the nodes, walks, and a splice. */
#include "kernel.h"

enum { nodes = 8192 };
typedef struct node {
  struct node *next;
  uint32_t key, payload[2];
} node;
static node pool[nodes], *first;

INIT(list) {
  uint32_t state = 22;
  for (uint32_t i = 0; i < nodes; ++i) {
    node *n = &pool[i * 4099 % nodes];
    n->key = next_random(&state);
    n->payload[0] = i;
    n->next = first;
    first = n;
  }
}

static node *merge(node *a, node *b) {
  node *head, **tail = &head;
  while (a && b) {
    node **less = a->key <= b->key ? &a : &b;
    *tail = *less;
    tail = &(*less)->next;
    *less = *tail;
  }
  *tail = a ? a : b;
  return head;
}

static node *sort(node *list) {
  node *bins[16] = {0};
  while (list) {
    node *carry = list;
    list = list->next;
    carry->next = NULL;
    uint32_t i = 0;
    for (; i < 15 && bins[i]; ++i) {
      carry = merge(bins[i], carry);
      bins[i] = NULL;
    }
    bins[i] = carry;
  }
  node *all = NULL;
  for (uint32_t i = 0; i < 16; ++i)
    all = merge(bins[i], all);
  return all;
}

RUN(list) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    first = sort(first);
    uint32_t position = 0;
    for (node *n = first; n; n = n->next) {
      n->payload[1] += ++position;
      sum += n->payload[1] ^ n->key;
      n->key = n->key * 1664525 + 1013904223;
    }
    /* The front half goes to the back. */
    node *cut = first, *last;
    for (uint32_t i = 1; i < nodes / 2; ++i)
      cut = cut->next;
    for (last = cut; last->next; last = last->next)
      ;
    last->next = first;
    first = cut->next;
    cut->next = NULL;
    sum = mix(sum, first->key);
  }
  return sum;
}
