// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Payloads that are a number in decimal, as people and small sensors send them,
// for a module that reads messages of 64 bytes (message.h). The module tells sensors
// apart by a number; here each topic is a sensor.

#ifndef READING_H
#define READING_H

#include "../anomaly/module/message.h"

#include <stdbool.h>
#include <stddef.h>

struct topics {
  char *names[ANOMALY_MAX_SENSORS]; // By the sensor's number.
  int count;
};

// The sensor that a topic is. A new topic gets the next number; -1 if there is none left.
int topics_sensor(struct topics *topics, const char *topic);
void topics_free(struct topics *topics);

// Reads a number that is all of the text but for blanks around it. It may be any
// that a float holds: the module decides which ones it takes.
bool reading_parse(const void *text, size_t length, float *value);

void reading_encode(anomaly_message *message, int sensor, uint32_t sequence, float value);

#endif
