/*===- harness.c - Runs builds of a kernel on demand -----------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Reads lines `NAME ROUNDS`, runs that build, and answers `NANOSECONDS CHECKSUM`: the
 * order is up to who asks, who can take turns between this program and others
 * (v8.js answers likewise). Time is this thread's own.
 *
 *===----------------------------------------------------------------------===*/
#include "harness.h"
#include "../measure.h"

#include <inttypes.h>
#include <string.h>

static variant *variants;

void add_variant(variant *v) {
  v->next = variants;
  variants = v;
}

static variant *find(const char *name) {
  for (variant *v = variants; v; v = v->next)
    if (!strcmp(v->name, name))
      return v;
  fail(name, "no such build of this kernel");
  return NULL;
}

int main(void) {
  char name[64];
  uint32_t rounds;
  while (scanf("%63s %" SCNu32, name, &rounds) == 2) {
    variant *v = find(name);
    if (!v->ready)
      v->init();
    v->ready = 1;
    double start = now();
    uint64_t sum = v->run(rounds);
    printf("%.0f %016" PRIx64 "\n", now() - start, sum);
    fflush(stdout);
  }
  return 0;
}
