// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the plugin says in the broker's log about single messages. Clients decide
// how many messages go wrong, so that only so many reports a second are written;
// how many were left out is said, too.

#ifndef REPORT_H
#define REPORT_H

#include <wasmc/wasmc.h>

#include <stdbool.h>
#include <stdint.h>

struct reporter {
  int limit;      // Reports a second; 0: no limit.
  int64_t second; // The one that `written` and `omitted` are of.
  int written, omitted;
};

// What is said about a message, and the trap that it was, or NULL.
struct report {
  int level; // MOSQ_LOG_…
  uint64_t sequence;
  const char *topic;
  size_t size;
  const char *text;
  const wasmc_trap *trap;
};

// Whether it was written.
bool report_write(struct reporter *reporter, const struct report *report);

// A trap and its stack trace, a line of the log for each of its lines.
void report_trap(int level, const wasmc_trap *trap);

// To be called from time to time: says what was left out in a second that is over.
void report_tick(struct reporter *reporter);

#endif
