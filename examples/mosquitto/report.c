// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "report.h"

#include <mosquitto.h>
#include <mosquitto_broker.h>

#include <inttypes.h>
#include <time.h>

void report_tick(struct reporter *reporter) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (now.tv_sec == reporter->second)
    return;
  if (reporter->omitted)
    mosquitto_log_printf(MOSQ_LOG_WARNING, "anomaly: %d further reports left out",
                         reporter->omitted);
  reporter->second = now.tv_sec;
  reporter->written = reporter->omitted = 0;
}

static void write_line(void *level, const char *line, size_t length) {
  // The log ends lines itself.
  if (length && line[length - 1] == '\n')
    --length;
  mosquitto_log_printf(*(const int *)level, "anomaly: %.*s", (int)length, line);
}

void report_trap(int level, const wasmc_trap *trap) { wasmc_trap_write(trap, write_line, &level); }

bool report_write(struct reporter *reporter, const struct report *report) {
  report_tick(reporter);
  if (reporter->limit && reporter->written == reporter->limit) {
    ++reporter->omitted;
    return false;
  }
  ++reporter->written;
  // The topic, of up to 64 KiB, comes last: the log cuts lines at about 1,000 bytes.
  mosquitto_log_printf(report->level, "anomaly: message %" PRIu64 " (%zu bytes) %s; topic %s",
                       report->sequence, report->size, report->text, report->topic);
  if (report->trap)
    report_trap(report->level, report->trap);
  return true;
}
