/*===- message.h - What travels between sensors, module and daemon ---------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * A message is 64 bytes, a result 32, both little-endian and without padding, in
 * C and in C++, in WebAssembly and outside. The module trusts none of it.
 *
 *===----------------------------------------------------------------------===*/
#ifndef ANOMALY_MESSAGE_H
#define ANOMALY_MESSAGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ANOMALY_MAGIC = 0x314d5341, /* "ASM1" */
  ANOMALY_MAX_SENSORS = 64,
  ANOMALY_MAX_READINGS = 8, /* In one message. */
  ANOMALY_WINDOW = 255      /* Entries that location and spread are taken over. */
};

typedef struct {
  uint32_t magic;
  uint32_t sensor; /* Less than ANOMALY_MAX_SENSORS. */
  int64_t time;    /* Of the last reading: milliseconds since 1970. */
  uint32_t sequence;
  uint16_t flags; /* Reserved: 0. */
  uint16_t count; /* Readings that follow, oldest first: 1 to ANOMALY_MAX_READINGS. */
  float readings[ANOMALY_MAX_READINGS];
  uint32_t reserved;
  uint32_t check; /* anomaly_check() of all before. */
} anomaly_message;

typedef struct {
  uint32_t sensor;
  uint32_t sequence;
  int64_t time;
  float score;    /* Distance of the last reading from the location, in spreads, signed. */
  float location; /* Median of the window. */
  float spread;   /* 1.4826 times the median absolute deviation: a robust sigma. */
  uint32_t state; /* ANOMALY_LEARNING, ANOMALY_NORMAL or ANOMALY_RAISED. */
} anomaly_result;

enum { ANOMALY_LEARNING, ANOMALY_NORMAL, ANOMALY_RAISED };
enum { ANOMALY_ALARM_OVER, ANOMALY_ALARM_RAISED }; /* Levels of an alarm. */

/* What process() returns instead of a size. */
enum {
  ANOMALY_BAD_LENGTH = -1,
  ANOMALY_BAD_MAGIC = -2,
  ANOMALY_BAD_CHECK = -3,
  ANOMALY_BAD_SENSOR = -4,
  ANOMALY_BAD_COUNT = -5,
  ANOMALY_BAD_READING = -6, /* Not a number, or larger than any sensor's. */
  ANOMALY_NO_ROOM = -7      /* The output is smaller than a result. */
};

/* A Fletcher checksum over the words in front of it. */
static inline uint32_t anomaly_check(const anomaly_message *message) {
  uint32_t words[sizeof *message / 4], sum = 0, weighted = 0;
  __builtin_memcpy(words, message, sizeof words);
  for (unsigned i = 0; i != sizeof words / 4 - 1; ++i) {
    sum += words[i];
    weighted += sum;
  }
  return sum ^ (weighted << 16 | weighted >> 16);
}

#ifdef __cplusplus
}
static_assert(sizeof(anomaly_message) == 64 && sizeof(anomaly_result) == 32);
#else
_Static_assert(sizeof(anomaly_message) == 64 && sizeof(anomaly_result) == 32, "no padding");
#endif

#endif
