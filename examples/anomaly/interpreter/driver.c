/*===- driver.c - The module with its messages inside, for an interpreter --===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * wasm-interp calls exports that have no parameters and prints what they return; it
 * gives a module nothing to read. So the messages are in the module: the daemon writes
 * them into the file, over `share`, and the digests come back as results.
 *
 *===----------------------------------------------------------------------===*/
#include "../module/detector.h"
#include "../module/digest.h"
#include "share.h"

/* Initialised: so it is in the file. Not static: a compiler that sees all uses would
 * compute with what it holds at first. */
struct share share = {.mark = ANOMALY_SHARE_MARK};

static uint64_t results, alarms;
static uint32_t numErrors, numAlarms;

void detector_alarm(int32_t level, const char *text, uint32_t length) {
  alarms = anomaly_digest_alarm(alarms, level, text, length);
  ++numAlarms;
}

/* wasm-interp calls them in this order. */
__attribute__((export_name("results"))) uint64_t run(void) {
  const float *factors = share.factors;
  const int32_t *steps = share.steps;
  results = alarms = ANOMALY_DIGEST_START;
  detector_tune(factors[0], factors[1], factors[2], steps[0], steps[1], steps[2]);
  for (uint32_t i = 0; i != share.count; ++i) {
    anomaly_result result;
    int32_t size = detector_process((const uint8_t *)&share.messages[i], sizeof(anomaly_message),
                                    (uint8_t *)&result, sizeof result);
    if (size < 0)
      ++numErrors;
    results =
        size < 0 ? anomaly_digest_error(results, size) : anomaly_digest_result(results, &result);
  }
  return results;
}

__attribute__((export_name("alarms"))) uint64_t alarmDigest(void) { return alarms; }
__attribute__((export_name("num-errors"))) uint32_t errorCount(void) { return numErrors; }
__attribute__((export_name("num-alarms"))) uint32_t alarmCount(void) { return numAlarms; }
