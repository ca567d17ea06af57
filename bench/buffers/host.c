/*===- host.c - What each way of passing a buffer costs ---------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The same filters on the same messages: natively, through wasmc, and in other ways
 * that a daemon has, in turns, as medians of 31 runs in nanoseconds a message. Nothing
 * is asserted but equal results. Built twice: with the module as an object, and with it
 * as bitcode in the host's link-time optimisation (-DLTO), where it also runs in a
 * region. With --samples FILE, raw samples are appended to it, a line of JSON each;
 * with --short, only a few messages go each way, to see that it runs.
 *
 *===----------------------------------------------------------------------===*/
#define _GNU_SOURCE
#include "../measure.h"
#include "filter.h"
#include "windowed.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef WASM2C
#include "wasm2c-filter.h"
#include "wasm-rt-impl.h"
static Z_filter_instance_t wasm2c;
static uint32_t wasm2c_mailbox;
#endif

enum { max_len = 16384, num_messages = 64, batch = 64 };

static uint8_t *messages[num_messages], *mailbox, *shared;
static size_t len;
static int count, kernel;
static filter *f;
static windowed *w;
static uint64_t sum;
static double own_time; /* Of a way that measures itself. */

int32_t native_digest(const uint8_t *in, uint32_t len, uint8_t *out, uint32_t cap);
int32_t native_summary(const uint8_t *in, uint32_t len, uint8_t *out, uint32_t cap);

/* Nothing is known of the messages in the next round, nor of their length: a daemon is told
 * it, whereas LTO sees that there are three here. */
static inline void use(const void *result) {
  uint64_t word;
  memcpy(&word, result, 8);
  sum += word;
  __asm__ volatile("" : "+m"(len) : "r"(result) : "memory");
}

#include "processes.inc"

#define FILTER(name) static inline __attribute__((always_inline)) int32_t inlined_##name
#include "filter.c"

#define KERNEL digest
#include "ways.inc"
#define KERNEL summary
#include "ways.inc"

enum clock { thread_time, wall_time, its_own };
static const struct {
  const char *name;
  int like;         /* The native call that it is compared with; inlined is the next. */
  int region;       /* Needs LTO to mean anything. */
  enum clock clock; /* The thread's time does not count while it waits for others. */
  int share;        /* Of so many messages, one: it is so much slower. */
} names[] = {
    {"native, a call", 0, 0, thread_time, 1},
    {"native, inlined", 0, 0, thread_time, 1},
    {"wasmc by copy", 0, 0, thread_time, 1},
    {"wasmc in batches of 64", 0, 0, thread_time, 1},
    {"wasmc in a window", 0, 0, thread_time, 1},
    {"wasmc by copy, LTO in a region", 0, 1, thread_time, 1},
    {"native, a call, one place", 6, 0, thread_time, 1},
    {"native, inlined, one place", 6, 0, thread_time, 1},
    {"wasmc in place", 6, 0, thread_time, 1},
    {"wasmc in place, LTO in a region", 6, 1, thread_time, 1},
    {"wasm2c by copy", 0, 0, thread_time, 1},
    {"wasm2c by copy, recovering", 0, 0, thread_time, 1},
    {"V8 by copy", 0, 0, its_own, 1},
    {"pipe to a process", 0, 0, wall_time, 200},
    {"files between processes", 0, 0, wall_time, 1000},
};
enum { num_ways = sizeof names / sizeof *names };

#ifdef LTO
enum { lto = 1 };
#else
enum { lto = 0 };
#endif

static int have_v8, bytes_per_run = 16000000;
static FILE *samples;

/* Nanoseconds a message, after which `sum` is that of the results. */
static double run_way(wasmc_status (*way)(void *), int index) {
  /* A copy leaves its message in the mailbox. */
  memcpy(mailbox, messages[0], len);
  sum = 0;
  int all = count;
  count = all / names[index].share ? all / names[index].share : 1;
  double (*clock)(void) = names[index].clock == wall_time ? wall_now : now;
  double start = clock();
  wasmc_status s = names[index].region ? wasmc_protect(filter_instance(f), way, NULL) : way(NULL);
  double time = names[index].clock == its_own ? own_time : clock() - start;
  time /= count;
  count = all;
  if (s != WASMC_OK) {
    fprintf(stderr, "%s: %s\n", names[index].name, wasmc_status_name(s));
    exit(1);
  }
  return time;
}

/* What a way must come to: of all messages, or of its share. */
static uint64_t expected_sum(wasmc_status (*const *ways)(void *), int index) {
  int all = count, share = names[index].share;
  count = all / share ? all / share : 1;
  run_way(ways[names[index].like], names[index].like);
  count = all;
  return sum;
}

static void print(const char *name, const double *medians, wasmc_status (*const *ways)(void *)) {
  printf("%s of %zu-byte messages%s\n", name, len, lto ? ", linked with LTO" : "");
  printf("  %-32s %12s %20s %20s\n", "", "ns a message", "over native call", "over native inlined");
  for (int i = 0; i < num_ways; ++i) {
    if ((names[i].region && !lto) || !ways[i] || (ways[i] == in_v8 && !have_v8))
      continue;
    double call = medians[names[i].like], inlined = medians[names[i].like + 1];
    printf("  %-32s %12.2f %+9.2f ns  x%5.3f %+9.2f ns  x%5.3f\n", names[i].name, medians[i],
           medians[i] - call, medians[i] / call, medians[i] - inlined, medians[i] / inlined);
  }
}

static void measure(wasmc_status (*const *ways)(void *), size_t bytes) {
  static double times[num_ways][runs];
  double medians[num_ways] = {0};
  uint64_t expected[num_ways] = {0};
  len = bytes;
  count = bytes_per_run / (int)(64 + bytes) / batch * batch;
  count = count ? count : batch;
  for (int i = 0; i < num_messages; ++i)
    memcpy(shared + (size_t)i * len, messages[i], len);
  for (int i = 0; i < num_ways; ++i)
    expected[i] = expected_sum(ways, i);
  for (int run = 0; run < runs; ++run)
    for (int i = 0; i < num_ways; ++i) {
      if (!ways[i] || (ways[i] == in_v8 && !have_v8))
        continue;
      times[i][run] = run_way(ways[i], i);
      if (sum != expected[i]) {
        fprintf(stderr, "%s: other results\n", names[i].name);
        exit(1);
      }
      if (samples && (lto || !names[i].region))
        fprintf(samples,
                "{\"kernel\": \"%s\", \"bytes\": %zu, \"lto\": %s, \"way\": \"%s\", \"run\": %d, "
                "\"ns\": %.2f}\n",
                kernels[kernel].name, len, lto ? "true" : "false", names[i].name, run,
                times[i][run]);
    }
  for (int i = 0; i < num_ways; ++i)
    medians[i] = median(times[i]);
  print(kernels[kernel].name, medians, ways);
}

/* Pages that the producer of messages and the module share. */
static int share(void) {
  size_t bytes = (size_t)num_messages * max_len;
  int file = memfd_create("messages", 0);
  if (file < 0 || ftruncate(file, (off_t)bytes))
    fail("memfd_create");
  shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED)
    fail("mmap");
  return file;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i)
    if (!strcmp(argv[i], "--short"))
      bytes_per_run /= 100;
    else if (!strcmp(argv[i], "--samples") && i + 1 < argc)
      samples = fopen(argv[++i], "a");
  start_pipe();
  start_files();
  have_v8 = start_v8(getenv("NODE"));
  int file = share();
  if (filter_new(&f, NULL, NULL) != WASMC_OK || windowed_new(&w, NULL, NULL) != WASMC_OK ||
      windowed_digest_in_map(w, file, 0) != WASMC_OK ||
      windowed_summary_in_map(w, file, 0) != WASMC_OK)
    return 1;
#ifdef WASM2C
  wasm_rt_init();
  Z_filter_init_module();
  Z_filter_instantiate(&wasm2c);
  wasm2c_mailbox = wasm_rt_grow_memory(&wasm2c.w2c_memory, 1) * 65536;
#endif
  uint32_t state = 1;
  for (int i = 0; i < num_messages; ++i) {
    messages[i] = malloc(max_len);
    for (int k = 0; messages[i] && k < max_len; ++k)
      messages[i][k] = (uint8_t)((state = state * 1664525 + 1013904223) >> 24);
  }
  static const size_t sizes[] = {64, 1024, max_len};
  for (int i = 0; i < 3; ++i) {
    kernel = 0;
    mailbox = filter_digest_in(f);
    measure(digest_ways, sizes[i]);
    kernel = 1;
    mailbox = filter_summary_in(f);
    measure(summary_ways, sizes[i]);
  }
  end_files();
  windowed_delete(w);
  filter_delete(f);
  if (samples)
    fclose(samples);
  return 0;
}
