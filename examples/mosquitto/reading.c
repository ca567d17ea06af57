// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "reading.h"

#include <mosquitto.h>
#include <mosquitto_broker.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

int topics_sensor(struct topics *topics, const char *topic) {
  for (int i = 0; i < topics->count; ++i)
    if (strcmp(topics->names[i], topic) == 0)
      return i;
  if (topics->count == ANOMALY_MAX_SENSORS)
    return -1;
  char *name = mosquitto_strdup(topic);
  if (!name)
    return -1;
  topics->names[topics->count] = name;
  return topics->count++;
}

void topics_free(struct topics *topics) {
  for (int i = 0; i < topics->count; ++i)
    mosquitto_free(topics->names[i]);
  topics->count = 0;
}

bool reading_parse(const void *text, size_t length, float *value) {
  // strtof needs an end, which a payload does not have.
  char copy[64];
  if (length >= sizeof copy || (length && memchr(text, 0, length)))
    return false;
  memcpy(copy, text, length);
  copy[length] = 0;
  const char *start = copy + strspn(copy, " \t\r\n");
  char *end;
  *value = strtof(start, &end);
  // Decimal digits alone: strtof takes hexadecimal ones and words, too.
  return end != start && end == start + strspn(start, "+-.0123456789eE") &&
         strspn(end, " \t\r\n") == strlen(end);
}

void reading_encode(anomaly_message *message, int sensor, uint32_t sequence, float value) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  *message = (anomaly_message){.magic = ANOMALY_MAGIC,
                               .sensor = (uint32_t)sensor,
                               .time = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
                               .sequence = sequence,
                               .count = 1,
                               .readings = {value}};
  message->check = anomaly_check(message);
}
