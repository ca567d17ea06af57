// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What mosquitto.conf says to the plugin: its lines `plugin_opt_NAME VALUE`.

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

struct mosquitto_opt; // Of mosquitto_plugin.h: `key` and `value`.

struct options {
  char *topic;        // `topic`: which messages the module gets, a topic filter.
  char *alarm_prefix; // `alarm_prefix`: alarms go to PREFIX/<rest of the topic>.
  int alarm_qos;      // `alarm_qos`: 0, 1 or 2.
  bool alarm_retain;  // `alarm_retain`: true or false.
  bool text;          // `payload`: `message`, what the module reads, or `text`, a decimal number.
  bool keep;          // `after_trap`: `restart` with a new instance, or `keep` the one there is.
  int log_limit;      // `log_limit`: reports a second about messages; 0: no limit.
  // When the module raises and ends alarms: the parameters of its function tune().
  float raise, clear, floor;
  int persist, hold, stride;
};

// Reads the options; what is wrong with them goes to the broker's log. On true,
// `options` is to be freed.
bool options_read(struct options *options, const struct mosquitto_opt *given, int count);
void options_free(struct options *options);

// The part of a topic that matches the filter's wildcards: what follows the
// filter's levels before the first wildcard, or before its last level.
const char *options_rest(const struct options *options, const char *topic);

// Whether a topic is the alarms' prefix or below it.
bool options_is_alarm(const struct options *options, const char *topic);

#endif
