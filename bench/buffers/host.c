/*===- host.c - What each way of passing a buffer costs ---------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The same filters on the same messages: natively and through wasmc, in turns, as
 * medians of 31 runs in nanoseconds a message. Nothing is asserted but equal
 * results. Built twice: with the module as an object, and with it as bitcode in
 * the host's link-time optimisation (-DLTO), where it also runs in a region.
 *
 *===----------------------------------------------------------------------===*/
#include "filter.h"
#include "../measure.h"

#include <string.h>

enum { max_len = 16384, num_messages = 64, batch = 64 };

static uint8_t *messages[num_messages], *mailbox;
static size_t len;
static int count;
static filter *f;
static uint64_t sum;

/* Nothing is known of the messages in the next round. */
static inline void use(const void *result) {
  uint64_t word;
  memcpy(&word, result, 8);
  sum += word;
  __asm__ volatile("" : : "r"(result) : "memory");
}

#define FILTER(name) static inline __attribute__((always_inline)) int32_t inlined_##name
#include "filter.c"

#define KERNEL digest
#include "ways.inc"
#define KERNEL summary
#include "ways.inc"

static const struct {
  const char *name;
  int like;   /* The native call that it is compared with; inlined is the next. */
  int region; /* Needs LTO to mean anything. */
} names[] = {
    {"native, a call", 0, 0},
    {"native, inlined", 0, 0},
    {"wasmc by copy", 0, 0},
    {"wasmc in batches of 64", 0, 0},
    {"wasmc by copy, LTO in a region", 0, 1},
    {"native, a call, one place", 5, 0},
    {"native, inlined, one place", 5, 0},
    {"wasmc in place", 5, 0},
    {"wasmc in place, LTO in a region", 5, 1},
};
enum { num_ways = sizeof names / sizeof *names };

#ifdef LTO
enum { lto = 1 };
#else
enum { lto = 0 };
#endif

static void measure(const char *kernel, wasmc_status (*const *ways)(void *), size_t bytes) {
  static double times[num_ways][runs];
  uint64_t expected[num_ways] = {0};
  len = bytes;
  count = (int)(16000000 / (64 + bytes)) / batch * batch;
  for (int run = 0; run < runs; ++run)
    for (int w = 0; w < num_ways; ++w) {
      /* A copy leaves its message in the mailbox. */
      memcpy(mailbox, messages[0], len);
      sum = 0;
      double start = now();
      wasmc_status s = names[w].region ? wasmc_protect(filter_instance(f), ways[w], NULL)
                                       : ways[w](NULL);
      times[w][run] = (now() - start) / count;
      expected[w] = sum;
      if (s != WASMC_OK || sum != expected[names[w].like]) {
        fprintf(stderr, "%s: %s\n", names[w].name, s ? wasmc_status_name(s) : "other results");
        exit(1);
      }
    }
  double medians[num_ways];
  for (int w = 0; w < num_ways; ++w)
    medians[w] = median(times[w]);
  printf("%s of %zu-byte messages%s\n", kernel, bytes, lto ? ", linked with LTO" : "");
  printf("  %-32s %12s %20s %20s\n", "", "ns a message", "over native call", "over native inlined");
  for (int w = 0; w < num_ways; ++w) {
    if (names[w].region && !lto)
      continue;
    double call = medians[names[w].like], inlined = medians[names[w].like + 1];
    printf("  %-32s %12.2f %+9.2f ns  x%5.3f %+9.2f ns  x%5.3f\n", names[w].name, medians[w],
           medians[w] - call, medians[w] / call, medians[w] - inlined, medians[w] / inlined);
  }
}

int main(void) {
  if (filter_new(&f, NULL, NULL) != WASMC_OK)
    return 1;
  uint32_t state = 1;
  for (int i = 0; i < num_messages; ++i) {
    messages[i] = malloc(max_len);
    for (int k = 0; messages[i] && k < max_len; ++k)
      messages[i][k] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
  }
  static const size_t sizes[] = {64, 1024, max_len};
  for (int i = 0; i < 3; ++i) {
    mailbox = filter_digest_in(f);
    measure("digest", digest_ways, sizes[i]);
    mailbox = filter_summary_in(f);
    measure("summary", summary_ways, sizes[i]);
  }
  filter_delete(f);
  return 0;
}
