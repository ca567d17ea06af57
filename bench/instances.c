/*===- instances.c - What an instance costs --------------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Time to make an instance of a module with 1 MiB of memory and 16 touched pages, to
 * use it once, to reset it and to delete it, to do that where memories of deleted instances
 * are kept, and what 1, 100 and 10,000 of them hold of memory: resident pages and, since
 * address space is reserved for each, page tables. Nothing is asserted but what the
 * module returns.
 *
 *===----------------------------------------------------------------------===*/
#include "instances.h"
#include "measure.h"

#include <stdio.h>
#include <string.h>

enum { most = 10000, batch = 100 };

static instances *all[most];

static void check(wasmc_status status, const char *what, int number) {
  if (status == WASMC_OK)
    return;
  fprintf(stderr, "%s of instance %d: %s\n", what, number + 1, wasmc_status_name(status));
  exit(1);
}

static void make(int i) { check(instances_new(&all[i], NULL, NULL), "creation", i); }

static void touch(int i) {
  int32_t calls = 0;
  check(instances_touch(all[i], &calls), "call", i);
  if (calls != 1) {
    fprintf(stderr, "instance %d is not as new\n", i + 1);
    exit(1);
  }
}

static void drop(int i) { instances_delete(all[i]); }

static void reset(int i) { check(instances_reset(all[i]), "reset", i); }

/* Likewise, of one instance alone. */
static void use_again(int i) {
  (void)i;
  reset(0);
  touch(0);
}

/* Likewise, with a new instance each time. */
static void renew(int i) {
  (void)i;
  drop(0);
  make(0);
  touch(0);
}

/* Microseconds that one of a batch takes. */
static double each(void (*step)(int)) {
  double start = now();
  for (int i = 0; i < batch; ++i)
    step(i);
  return (now() - start) / batch / 1000;
}

/* KiB that the system counts for this process under a name such as "VmRSS:". */
static long status_of(const char *name) {
  char line[256];
  long kib = -1;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file))
    if (!strncmp(line, name, strlen(name)))
      kib = strtol(line + strlen(name), NULL, 10);
  if (file)
    fclose(file);
  return kib;
}

/* With `--json` a line of JSON for each figure; with a number so many instances rather than
 * 10,000, at least 100. */
int main(int argc, char **argv) {
  int json = 0, many = most;
  for (int i = 1; i < argc; ++i)
    if (!strcmp(argv[i], "--json"))
      json = 1;
    else
      many = atoi(argv[i]);
  if (many < batch || many > most)
    many = most;
  /* Signal handlers and what else is once for all are behind. */
  make(0);
  touch(0);
  drop(0);

  static double made[runs], used[runs], again[runs], reused[runs], same[runs], dropped[runs];
  static double remade[runs], kept[runs], renewed[runs];
  for (int run = 0; run < runs; ++run) {
    made[run] = each(make);
    used[run] = each(touch);
    again[run] = each(reset);
    reused[run] = each(touch);
    same[run] = each(use_again);
    wasmc_keep_memories(batch);
    kept[run] = each(drop);
    remade[run] = each(make);
    renewed[run] = each(renew);
    wasmc_keep_memories(0);
    dropped[run] = each(drop);
  }
  const struct {
    const char *name;
    double us;
  } times[] = {{"make an instance", median(made)},
               {"first call, which touches 16 pages", median(used)},
               {"reset it after that", median(again)},
               {"first call after the reset", median(reused)},
               {"reset and call, of one instance", median(same)},
               {"delete it", median(dropped)},
               {"delete it, its memory is kept", median(kept)},
               {"make one, in a memory that was kept", median(remade)},
               {"delete, make and call, of one place", median(renewed)}};
  for (size_t i = 0; i < sizeof times / sizeof *times; ++i)
    printf(json ? "{\"what\": \"%s\", \"us\": %.2f}\n" : "%-38s %8.2f us\n", times[i].name,
           times[i].us);

  const int counts[] = {1, batch, many};
  long resident = status_of("VmRSS:"), tables = status_of("VmPTE:");
  for (int k = 0, i = 0; k < 3; ++k) {
    for (; i < counts[k]; ++i) {
      make(i);
      touch(i);
    }
    double r = (double)(status_of("VmRSS:") - resident) / counts[k];
    double t = (double)(status_of("VmPTE:") - tables) / counts[k];
    printf(json ? "{\"instances\": %d, \"resident_kib\": %.1f, \"page_tables_kib\": %.1f}\n"
                : "%6d instances: each %8.1f KiB resident, %6.1f KiB of page tables\n",
           counts[k], r, t);
  }
  for (int i = 0; i < many; ++i)
    drop(i);
  return 0;
}
