// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module that does on request what a host has to be ready for: its messages are
// commands. It has the interface of examples/anomaly and exists for the plugin's
// tests.

#include <stddef.h>
#include <stdint.h>

__attribute__((import_module("env"), import_name("alarm"))) void
alarm(int32_t level, const char *text, size_t length);

static int is(const char *message, int32_t length, const char *command) {
  int32_t i = 0;
  while (i < length && command[i] && message[i] == command[i])
    ++i;
  return i == length && !command[i];
}

// What a decoder does that believes a length in a message.
__attribute__((noinline)) static int32_t sum(const volatile uint8_t *bytes, size_t count) {
  int32_t total = 0;
  for (size_t i = 0; i < count; ++i)
    total += bytes[i];
  return total;
}

__attribute__((noinline)) static int32_t decode(const char *message, size_t claimed) {
  return sum((const uint8_t *)message, claimed) + 1;
}

static int32_t seen; // Messages that this instance was given.

__attribute__((export_name("process"))) int32_t process(const char *in, int32_t in_len, char *out,
                                                        int32_t out_cap) {
  (void)out;
  ++seen;
  if (is(in, in_len, "trap")) // Reads past its memory.
    return decode(in, 0x7fffffff);
  if (is(in, in_len, "overrun")) // Says that it has written more than there is room for.
    return out_cap + 1;
  if (is(in, in_len, "refuse"))
    return -7;
  while (is(in, in_len, "flood"))
    alarm(1, "flood", 5);
  if (is(in, in_len, "shout")) // An alarm of a kilobyte and more.
    alarm(1, in, 2000);
  if (is(in, in_len, "count")) {
    char text[] = "message 0 of this instance";
    text[8] = (char)('0' + seen % 10);
    alarm(2, text, sizeof text - 1);
  }
  return 0;
}

__attribute__((export_name("tune"))) void tune(float raise, float clear, float floor,
                                               int32_t persist, int32_t hold, int32_t stride) {
  if (raise == 666) // About no message.
    alarm(1, "too early", 9);
  (void)clear, (void)floor, (void)persist, (void)hold, (void)stride;
}
