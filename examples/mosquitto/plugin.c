// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A plugin for the mosquitto broker that gives messages to a module compiled by
// wasmc, and publishes the alarms that the module raises.
//
// The broker calls a plugin from its main loop's thread alone, so one instance of
// the module serves all clients. Whatever a message makes the module do, the
// message itself goes on to its subscribers as it came: the broker and its other
// clients must not depend on what a module thinks.
//
// There is no global state: a broker with `per_listener_settings` that loads the
// plugin for each of its listeners gets an instance for each.

#include "anomaly.h"
#include "options.h"
#include "reading.h"
#include "report.h"

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
  maxAlarmText = 1024, // A longer one, or more of them, is a fault of the module's.
  maxAlarms = 16,
};

struct plugin {
  mosquitto_plugin_id_t *id;
  struct options options;
  struct reporter reporter;
  struct topics topics; // Which the module was given as sensors, if payloads are text.
  anomaly *module;
  uint64_t sequence; // Messages that were for the module since the broker started.
  const struct mosquitto_evt_message *message; // That the module looks at; NULL if at none.
  int alarms;                                  // That it has raised for it.
};

static bool report(struct plugin *plugin, int level, const char *text, const wasmc_trap *trap) {
  return report_write(&plugin->reporter, &(struct report){.level = level,
                                                          .sequence = plugin->sequence,
                                                          .topic = plugin->message->topic,
                                                          .size = plugin->message->payloadlen,
                                                          .text = text,
                                                          .trap = trap});
}

// The topic for alarms about the current message, to be freed; NULL if there can be none.
static char *alarm_topic(const struct plugin *plugin) {
  const char *rest = options_rest(&plugin->options, plugin->message->topic);
  size_t size = strlen(plugin->options.alarm_prefix) + 1 + strlen(rest) + 1;
  char *topic = mosquitto_malloc(size);
  if (!topic)
    return NULL;
  snprintf(topic, size, "%s%s%s", plugin->options.alarm_prefix, *rest ? "/" : "", rest);
  // Too long, or of too many levels, since the message's own topic almost was.
  if (mosquitto_pub_topic_check(topic) == MOSQ_ERR_SUCCESS)
    return topic;
  mosquitto_free(topic);
  return NULL;
}

// The module's import. The broker queues the alarm and sends it when it is back
// in its main loop, without asking plugins: an alarm never comes back to a module.
static wasmc_status raise_alarm(void *context, int32_t level, const void *text, size_t text_len) {
  struct plugin *plugin = context;
  if (!plugin->message) // An alarm about nothing, while the module starts.
    return WASMC_FAILED;
  if (text_len > maxAlarmText || ++plugin->alarms > maxAlarms)
    return WASMC_LIMIT;

  size_t capacity = sizeof "-2147483648 " + text_len;
  char *topic = alarm_topic(plugin);
  char *payload = mosquitto_malloc(capacity);
  int result = MOSQ_ERR_INVAL;
  if (topic && payload) {
    int length = snprintf(payload, capacity, "%" PRId32 " ", level);
    memcpy(payload + length, text, text_len);
    result =
        mosquitto_broker_publish(NULL, topic, length + (int)text_len, payload,
                                 plugin->options.alarm_qos, plugin->options.alarm_retain, NULL);
  }
  mosquitto_free(topic);
  if (result != MOSQ_ERR_SUCCESS) { // Else the payload is the broker's now.
    mosquitto_free(payload);
    // No fault of the module's, which shall not trap on it.
    report(plugin, MOSQ_LOG_ERR, "raised an alarm that cannot be published", NULL);
  }
  return WASMC_OK;
}

// A new instance in place of the one there may be. If there can be none, what was
// there stays, and the log says why, unless it has said too much already.
static bool start_module(struct plugin *plugin, bool log) {
  char error[200] = "";
  const anomaly_imports imports = {.context = plugin, .alarm = raise_alarm};
  const wasmc_config config = {.error = error, .error_capacity = sizeof error};
  const struct mosquitto_evt_message *message = plugin->message;
  plugin->message = NULL;
  anomaly *module;
  wasmc_status status = anomaly_new(&module, &imports, &config);
  const struct options *o = &plugin->options;
  if (status == WASMC_OK)
    status = anomaly_tune(module, o->raise, o->clear, o->floor, o->persist, o->hold, o->stride);
  plugin->message = message;
  if (status != WASMC_OK) {
    if (log)
      mosquitto_log_printf(MOSQ_LOG_ERR, "anomaly: cannot start the module: %s %s",
                           wasmc_status_name(status), error);
    if (log && status == WASMC_TRAP)
      report_trap(MOSQ_LOG_ERR, anomaly_trap(module));
    anomaly_delete(module);
    return false;
  }
  anomaly_delete(plugin->module);
  plugin->module = module;
  return true;
}

// Gives the module the payload, or what it makes of a payload that is text.
static wasmc_status run(struct plugin *plugin, const void *payload, size_t size) {
  unsigned char result[anomaly_process_out_capacity];
  size_t length; // The results are not used: what matters to subscribers is an alarm.
  plugin->alarms = 0;
  return anomaly_process(plugin->module, payload, size, result, sizeof result, &length);
}

static void process(struct plugin *plugin) {
  const struct mosquitto_evt_message *message = plugin->message;
  const void *payload = message->payload ? message->payload : "";
  size_t size = message->payloadlen;
  anomaly_message encoded;
  if (plugin->options.text) {
    float value;
    if (!reading_parse(payload, size, &value)) {
      report(plugin, MOSQ_LOG_WARNING, "is not a number", NULL);
      return;
    }
    int sensor = topics_sensor(&plugin->topics, message->topic);
    if (sensor < 0) {
      report(plugin, MOSQ_LOG_WARNING, "is of one topic too many", NULL);
      return;
    }
    reading_encode(&encoded, sensor, (uint32_t)plugin->sequence, value);
    payload = &encoded;
    size = sizeof encoded;
  }

  char text[80];
  bool log;
  wasmc_status status = run(plugin, payload, size);
  switch (status) {
  case WASMC_OK: return;
  case WASMC_TOO_LARGE:
    report(plugin, MOSQ_LOG_WARNING, "is larger than the module takes", NULL);
    return;
  case WASMC_MODULE_ERROR:
    snprintf(text, sizeof text, "was refused by the module: error %" PRId32,
             anomaly_error(plugin->module));
    report(plugin, MOSQ_LOG_WARNING, text, NULL);
    return;
  case WASMC_TRAP:
    log = report(plugin, MOSQ_LOG_ERR, "made the module trap", anomaly_trap(plugin->module));
    // What a module was in the middle of stays undone, in memory that the next
    // message would find.
    if (!plugin->options.keep)
      start_module(plugin, log);
    return;
  default: report(plugin, MOSQ_LOG_ERR, wasmc_status_name(status), NULL);
  }
}

static int on_message(int event, void *data, void *context) {
  (void)event;
  struct plugin *plugin = context;
  const struct mosquitto_evt_message *message = data;
  bool matches = false;
  if (!options_is_alarm(&plugin->options, message->topic) &&
      mosquitto_topic_matches_sub(plugin->options.topic, message->topic, &matches) ==
          MOSQ_ERR_SUCCESS &&
      matches) {
    ++plugin->sequence;
    plugin->message = message;
    process(plugin);
    plugin->message = NULL;
  }
  // Anything else would disconnect the client that published the message.
  return MOSQ_ERR_SUCCESS;
}

// SIGHUP. A broker 2.0 does not say what its file has now, so the options stay;
// the module begins anew.
static int on_reload(int event, void *data, void *context) {
  (void)event, (void)data;
  struct plugin *plugin = context;
  if (start_module(plugin, true)) {
    topics_free(&plugin->topics);
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "anomaly: the module was started anew");
  }
  return MOSQ_ERR_SUCCESS;
}

static int on_tick(int event, void *data, void *context) {
  (void)event, (void)data;
  report_tick(&((struct plugin *)context)->reporter);
  return MOSQ_ERR_SUCCESS;
}

static const struct {
  int event;
  MOSQ_FUNC_generic_callback function;
} callbacks[] = {
    {MOSQ_EVT_MESSAGE, on_message}, {MOSQ_EVT_RELOAD, on_reload}, {MOSQ_EVT_TICK, on_tick}};
enum { numCallbacks = sizeof callbacks / sizeof *callbacks };

int mosquitto_plugin_version(int count, const int *supported) {
  for (int i = 0; i < count; ++i)
    if (supported[i] == 5)
      return 5;
  return -1;
}

int mosquitto_plugin_cleanup(void *context, struct mosquitto_opt *given, int count) {
  (void)given, (void)count;
  struct plugin *plugin = context;
  if (!plugin) // The broker does this for a plugin that could not start.
    return MOSQ_ERR_SUCCESS;
  for (int i = 0; i < numCallbacks; ++i)
    mosquitto_callback_unregister(plugin->id, callbacks[i].event, callbacks[i].function, NULL);
  anomaly_delete(plugin->module);
  topics_free(&plugin->topics);
  options_free(&plugin->options);
  mosquitto_free(plugin);
  return MOSQ_ERR_SUCCESS;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *id, void **context, struct mosquitto_opt *given,
                          int count) {
  struct plugin *plugin = mosquitto_calloc(1, sizeof *plugin);
  if (!plugin)
    return MOSQ_ERR_NOMEM;
  plugin->id = id;
  bool good = options_read(&plugin->options, given, count) && start_module(plugin, true);
  for (int i = 0; good && i < numCallbacks; ++i)
    good = mosquitto_callback_register(id, callbacks[i].event, callbacks[i].function, NULL,
                                       plugin) == MOSQ_ERR_SUCCESS;
  if (!good) {
    mosquitto_plugin_cleanup(plugin, NULL, 0);
    return MOSQ_ERR_INVAL;
  }
  plugin->reporter.limit = plugin->options.log_limit;
  mosquitto_log_printf(MOSQ_LOG_NOTICE, "anomaly: the module gets messages on %s, alarms go to %s",
                       plugin->options.topic, plugin->options.alarm_prefix);
  *context = plugin;
  return MOSQ_ERR_SUCCESS;
}
