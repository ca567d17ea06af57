/* One message for each flaw, and good ones before and after. */
#include <anomaly.h>

#include "message.h"

#include <math.h>
#include <string.h>

static unsigned refused, taken;

static wasmc_status no_alarm(void *context, int32_t level, const void *text, size_t length) {
  (void)context, (void)level, (void)text, (void)length;
  return WASMC_FAILED;
}

static anomaly_message good(void) {
  anomaly_message message = {.magic = ANOMALY_MAGIC, .sensor = 63, .count = 8};
  message.check = anomaly_check(&message);
  return message;
}

static int expect(anomaly *module, const void *in, size_t length, size_t capacity, int32_t expected,
                  int line) {
  anomaly_result result;
  size_t written = 99;
  wasmc_status status = anomaly_process(module, in, length, &result, capacity, &written);
  int32_t code = wasmc_instance_error(anomaly_instance(module));
  if (expected == 0 && status == WASMC_OK && written == sizeof result && result.sensor == 63) {
    ++taken;
    return 0;
  }
  if (expected < 0 && status == WASMC_MODULE_ERROR && code == expected) {
    ++refused;
    return 0;
  }
  printf("line %d: %s, %d instead of %d\n", line, wasmc_status_name(status), code, expected);
  return 1;
}

#define EXPECT(code, change)                                                                       \
  do {                                                                                             \
    anomaly_message message = good();                                                              \
    change;                                                                                        \
    message.check = anomaly_check(&message);                                                       \
    failures += expect(module, &message, sizeof message, 32, code, __LINE__);                      \
  } while (0)

int main(void) {
  anomaly_imports imports = {.alarm = no_alarm};
  anomaly *module;
  int failures = 0;
  if (anomaly_new(&module, &imports, NULL) != WASMC_OK)
    return 1;
  EXPECT(0, (void)0);
  EXPECT(ANOMALY_BAD_MAGIC, message.magic = 0);
  EXPECT(ANOMALY_BAD_SENSOR, message.sensor = ANOMALY_MAX_SENSORS);
  EXPECT(ANOMALY_BAD_SENSOR, message.sensor = 0xffffffff);
  EXPECT(ANOMALY_BAD_COUNT, message.count = 0);
  EXPECT(ANOMALY_BAD_COUNT, message.count = ANOMALY_MAX_READINGS + 1);
  EXPECT(ANOMALY_BAD_READING, message.readings[0] = NAN);
  EXPECT(ANOMALY_BAD_READING, message.readings[7] = -INFINITY);

  static char large[4097];
  anomaly_message message = good();
  memcpy(large, &message, sizeof message);
  failures += expect(module, large, 63, 32, ANOMALY_BAD_LENGTH, __LINE__);
  failures += expect(module, large, 4096, 32, ANOMALY_BAD_LENGTH, __LINE__);
  failures += expect(module, large, sizeof message, 31, ANOMALY_NO_ROOM, __LINE__);
  message.readings[3] = 1;
  failures += expect(module, &message, sizeof message, 32, ANOMALY_BAD_CHECK, __LINE__);
  size_t written;
  wasmc_status status = anomaly_process(module, large, sizeof large, large, 32, &written);
  if (status != WASMC_TOO_LARGE) {
    printf("too large: %s\n", wasmc_status_name(status));
    ++failures;
  }
  EXPECT(0, (void)0);
  printf("%u messages refused, %u taken\n", refused, taken);
  anomaly_delete(module);
  return failures != 0;
}
