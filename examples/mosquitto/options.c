// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "options.h"

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

#include <stdlib.h>
#include <string.h>

static bool complain(const char *name, const char *value, const char *expected) {
  mosquitto_log_printf(MOSQ_LOG_ERR, "anomaly: plugin_opt_%s %s: expected %s", name, value,
                       expected);
  return false;
}

static bool set_text(char **field, const char *value) {
  char *copy = mosquitto_strdup(value);
  if (!copy)
    return false;
  mosquitto_free(*field);
  *field = copy;
  return true;
}

// One of two words; `*field` is whether it is the second.
static bool set_word(bool *field, const struct mosquitto_opt *given, const char *no,
                     const char *yes) {
  *field = strcmp(given->value, yes) == 0;
  if (*field || strcmp(given->value, no) == 0)
    return true;
  mosquitto_log_printf(MOSQ_LOG_ERR, "anomaly: plugin_opt_%s %s: expected %s or %s", given->key,
                       given->value, no, yes);
  return false;
}

static bool set_int(int *field, const struct mosquitto_opt *given, int least, int most) {
  char *end;
  long value = strtol(given->value, &end, 10);
  if (end == given->value || *end || value < least || value > most) {
    mosquitto_log_printf(MOSQ_LOG_ERR, "anomaly: plugin_opt_%s %s: expected %d to %d", given->key,
                         given->value, least, most);
    return false;
  }
  *field = (int)value;
  return true;
}

static bool set_float(float *field, const struct mosquitto_opt *given) {
  char *end;
  *field = strtof(given->value, &end);
  // Also false for what is not a number.
  if (end != given->value && !*end && *field > 0 && *field < 1e9f)
    return true;
  return complain(given->key, given->value, "a number above 0");
}

static bool read_one(struct options *options, const struct mosquitto_opt *given) {
  const char *name = given->key, *value = given->value;
  if (strcmp(name, "topic") == 0) {
    if (mosquitto_sub_topic_check(value) != MOSQ_ERR_SUCCESS)
      return complain(name, value, "a topic filter");
    return set_text(&options->topic, value);
  }
  if (strcmp(name, "alarm_prefix") == 0) {
    if (!*value || mosquitto_pub_topic_check(value) != MOSQ_ERR_SUCCESS)
      return complain(name, value, "a topic without wildcards");
    return set_text(&options->alarm_prefix, value);
  }
  if (strcmp(name, "alarm_qos") == 0)
    return set_int(&options->alarm_qos, given, 0, 2);
  if (strcmp(name, "alarm_retain") == 0)
    return set_word(&options->alarm_retain, given, "false", "true");
  if (strcmp(name, "payload") == 0)
    return set_word(&options->text, given, "message", "text");
  if (strcmp(name, "after_trap") == 0)
    return set_word(&options->keep, given, "restart", "keep");
  if (strcmp(name, "log_limit") == 0)
    return set_int(&options->log_limit, given, 0, 1000000);
  if (strcmp(name, "raise") == 0)
    return set_float(&options->raise, given);
  if (strcmp(name, "clear") == 0)
    return set_float(&options->clear, given);
  if (strcmp(name, "floor") == 0)
    return set_float(&options->floor, given);
  if (strcmp(name, "persist") == 0)
    return set_int(&options->persist, given, 1, 1000000);
  if (strcmp(name, "hold") == 0)
    return set_int(&options->hold, given, 1, 1000000);
  if (strcmp(name, "stride") == 0)
    return set_int(&options->stride, given, 1, 1000000);
  mosquitto_log_printf(MOSQ_LOG_ERR, "anomaly: unknown option plugin_opt_%s", name);
  return false;
}

bool options_read(struct options *options, const struct mosquitto_opt *given, int count) {
  *options = (struct options){.alarm_qos = 1,
                              .log_limit = 20,
                              .raise = 6,
                              .clear = 3,
                              .floor = 0.01f,
                              .persist = 4,
                              .hold = 64,
                              .stride = 1};
  bool good = set_text(&options->topic, "sensors/#") && set_text(&options->alarm_prefix, "alarms");
  // All of them, so that all mistakes are in the log.
  for (int i = 0; i < count; ++i)
    good = read_one(options, &given[i]) && good;
  if (!good)
    options_free(options);
  return good;
}

void options_free(struct options *options) {
  mosquitto_free(options->topic);
  mosquitto_free(options->alarm_prefix);
  *options = (struct options){0};
}

const char *options_rest(const struct options *options, const char *topic) {
  size_t start = 0;
  for (size_t i = 0; options->topic[i] && !strchr("+#", options->topic[i]); ++i)
    if (options->topic[i] == '/')
      start = i + 1;
  // `sensors/#` matches `sensors` too, which is shorter than `sensors/`.
  return strlen(topic) < start ? "" : topic + start;
}

bool options_is_alarm(const struct options *options, const char *topic) {
  size_t length = strlen(options->alarm_prefix);
  return strncmp(topic, options->alarm_prefix, length) == 0 &&
         (topic[length] == '/' || topic[length] == 0);
}
