/*===- anomaly.c - Which readings of a sensor are out of the ordinary ------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Takes messages of up to 64 sensors. A reading is compared with the median of what
 * came before it, in units of a robust spread; readings that stay far away for a
 * while raise an alarm, once, and readings that stay near for a while end it. All
 * state is static: no allocation, no C library, no mathematical functions.
 *
 *===----------------------------------------------------------------------===*/
#include "detector.h"
#include "text.h"
#include "window.h"

typedef struct {
  window recent;
  float sum;       /* Of the readings that will be the next entry of the window... */
  uint32_t summed; /* ...and how many there are. */
  float location, spread;
  uint32_t far, near; /* How many in succession. */
  uint32_t state, lasted;
  float peak;
} sensor;

static sensor sensors[ANOMALY_MAX_SENSORS];

/* See detector_tune(). */
typedef struct {
  float raise, clear, floor;
  uint32_t persist, hold, stride;
} tuning;
static const tuning defaults = {6, 3, 0.01f, 4, 64, 1};
static tuning tuned = {6, 3, 0.01f, 4, 64, 1};

/* What no sensor measures, and sums of it stay finite. */
static const float largest = 1e9f;

#ifdef __wasm__
WASMC_MAILBOX(inbox, 4096);
WASMC_MAILBOX(outbox, 4096);
WASMC_WINDOW(ring, 65536);
#endif

static uint32_t within(int32_t value, uint32_t high) {
  return value < 1 ? 1 : (uint32_t)value > high ? high : (uint32_t)value;
}

void detector_tune(float raise, float clear, float floor, int32_t persist, int32_t hold,
                   int32_t stride) {
  tuned.raise = raise;
  tuned.clear = clear;
  tuned.floor = floor > 1e-6f ? floor : 1e-6f; /* What is divided by; also for NaN. */
  tuned.persist = within(persist, 1000000);
  tuned.hold = within(hold, 1000000);
  tuned.stride = within(stride, 1000000);
}

void detector_reset(void) {
  tuned = defaults;
  __builtin_memset(sensors, 0, sizeof sensors);
}

/* Seldom called: not in the way of what runs for each reading. */
#define SELDOM __attribute__((cold, noinline))

SELDOM static void raised(uint32_t id, const sensor *s, float reading, float score) {
  text t = {0};
  textWords(&t, "sensor ");
  textUnsigned(&t, id);
  textWords(&t, ": ");
  textNumber(&t, reading);
  textWords(&t, " is ");
  textNumber(&t, score < 0 ? -score : score);
  textWords(&t, score < 0 ? " spreads below " : " spreads above ");
  textNumber(&t, s->location);
  detector_alarm(ANOMALY_ALARM_RAISED, t.bytes, t.length);
}

SELDOM static void over(uint32_t id, const sensor *s) {
  text t = {0};
  textWords(&t, "sensor ");
  textUnsigned(&t, id);
  textWords(&t, ": over after ");
  textUnsigned(&t, s->lasted);
  textWords(&t, " readings, at most ");
  textNumber(&t, s->peak);
  textWords(&t, " spreads away");
  detector_alarm(ANOMALY_ALARM_OVER, t.bytes, t.length);
}

/* Raises and ends alarms. State changes before the alarm is told, so that it is told
 * once whatever the host does. */
static void follow(uint32_t id, sensor *s, float reading, float score) {
  float distance = score < 0 ? -score : score;
  if (s->state == ANOMALY_NORMAL) {
    s->far = distance >= tuned.raise ? s->far + 1 : 0;
    if (s->far < tuned.persist)
      return;
    s->state = ANOMALY_RAISED;
    s->near = s->lasted = 0;
    s->peak = distance;
    raised(id, s, reading, score);
    return;
  }
  s->near = distance < tuned.clear ? s->near + 1 : 0;
  s->peak = distance > s->peak ? distance : s->peak;
  ++s->lasted;
  if (s->near < tuned.hold)
    return;
  s->state = ANOMALY_NORMAL;
  s->far = 0;
  over(id, s);
}

/* The window takes means of `stride` readings: the longer, the farther it looks back. */
static void learn(sensor *s, float reading) {
  s->sum += reading;
  if (++s->summed < tuned.stride)
    return;
  windowAdd(&s->recent, s->sum / (float)s->summed);
  s->sum = 0;
  s->summed = 0;
  float spread = 1.4826f * windowDeviation(&s->recent);
  s->location = windowMedian(&s->recent);
  s->spread = spread > tuned.floor ? spread : tuned.floor;
  if (s->state == ANOMALY_LEARNING && s->recent.count > ANOMALY_WINDOW / 2)
    s->state = ANOMALY_NORMAL;
}

static float observe(uint32_t id, sensor *s, float reading) {
  float score = 0;
  if (s->state != ANOMALY_LEARNING) {
    score = (reading - s->location) / s->spread;
    follow(id, s, reading, score);
  }
  learn(s, reading);
  return score;
}

static int32_t flaw(const anomaly_message *message) {
  if (message->magic != ANOMALY_MAGIC)
    return ANOMALY_BAD_MAGIC;
  if (message->check != anomaly_check(message))
    return ANOMALY_BAD_CHECK;
  if (message->sensor >= ANOMALY_MAX_SENSORS)
    return ANOMALY_BAD_SENSOR;
  if (message->count == 0 || message->count > ANOMALY_MAX_READINGS)
    return ANOMALY_BAD_COUNT;
  for (uint32_t i = 0; i != message->count; ++i)
    if (!(message->readings[i] <= largest && message->readings[i] >= -largest))
      return ANOMALY_BAD_READING;
  return 0;
}

static int32_t process(const anomaly_message *message, uint8_t *out) {
  int32_t error = flaw(message);
  if (error)
    return error;
  sensor *s = &sensors[message->sensor];
  float score = 0;
  for (uint32_t i = 0; i != message->count; ++i)
    score = observe(message->sensor, s, message->readings[i]);
  anomaly_result result = {message->sensor, message->sequence, message->time, score,
                           s->location,     s->spread,         s->state};
  __builtin_memcpy(out, &result, sizeof result);
  return sizeof result;
}

int32_t detector_process(const uint8_t *in, uint32_t length, uint8_t *out, uint32_t capacity) {
  anomaly_message message;
  if (capacity < sizeof(anomaly_result))
    return ANOMALY_NO_ROOM;
  if (length != sizeof message)
    return ANOMALY_BAD_LENGTH;
  __builtin_memcpy(&message, in, sizeof message);
  return process(&message, out);
}

int32_t detector_watch(const uint8_t *in, uint32_t length, uint8_t *out, uint32_t capacity) {
  typedef uint64_t __attribute__((aligned(1), may_alias)) word;
  union {
    anomaly_message message;
    uint64_t words[sizeof(anomaly_message) / 8];
  } copy;
  if (capacity < sizeof(anomaly_result))
    return ANOMALY_NO_ROOM;
  if (length != sizeof copy)
    return ANOMALY_BAD_LENGTH;
  /* Who writes the ring may write on while this runs. What is read once cannot change
   * between its check and its use. */
  for (uint32_t i = 0; i != sizeof copy / 8; ++i)
    copy.words[i] = ((const volatile word *)in)[i];
  return process(&copy.message, out);
}
