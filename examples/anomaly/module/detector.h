/*===- detector.h - The functions of the module ----------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The same C is a WebAssembly module and, without a sandbox, a part of the host:
 * there the macros are nothing, and the host defines detector_alarm().
 *
 *===----------------------------------------------------------------------===*/
#ifndef ANOMALY_DETECTOR_H
#define ANOMALY_DETECTOR_H

#include "message.h"

#ifdef __wasm__
#include <wasmc/guest.h>
#else
#define WASMC_EXPORT(name)
#define WASMC_IMPORT(module, name)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* One message in, one result out: the size of a result, or an error of message.h. */
WASMC_EXPORT("process")
int32_t detector_process(const uint8_t *in, uint32_t length, uint8_t *out, uint32_t capacity);

/* The same for a message in pages that another process may be writing to. */
WASMC_EXPORT("watch")
int32_t detector_watch(const uint8_t *in, uint32_t length, uint8_t *out, uint32_t capacity);

/* `raise`, `clear`: an alarm begins when `persist` readings in succession are at least
 * `raise` spreads away from the location, and ends when `hold` in succession are less
 * than `clear` away. `floor`: the least spread, in the unit of the readings. `stride`:
 * readings in an entry of the window, which is their mean. For all sensors. */
WASMC_EXPORT("tune")
void detector_tune(float raise, float clear, float floor, int32_t persist, int32_t hold,
                   int32_t stride);

/* Back to the state of a new instance. */
WASMC_EXPORT("reset")
void detector_reset(void);

/* Given by the host. `level` is ANOMALY_ALARM_*; `text` is not terminated. */
WASMC_IMPORT("env", "alarm")
void detector_alarm(int32_t level, const char *text, uint32_t length);

#ifdef __cplusplus
}
#endif

#endif
