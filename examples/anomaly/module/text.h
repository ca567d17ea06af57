/*===- text.h - Words and numbers into a line of text ----------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * What the module needs of printf, without a C library. A text that is full loses
 * its end.
 *
 *===----------------------------------------------------------------------===*/
#ifndef ANOMALY_TEXT_H
#define ANOMALY_TEXT_H

#include <stdint.h>

typedef struct {
  uint32_t length;
  char bytes[124];
} text;

static inline void textChar(text *t, char c) {
  if (t->length < sizeof t->bytes)
    t->bytes[t->length++] = c;
}

static inline void textWords(text *t, const char *words) {
  while (*words)
    textChar(t, *words++);
}

static inline void textUnsigned(text *t, uint32_t value) {
  uint32_t unit = 1;
  while (value / unit >= 10)
    unit *= 10;
  for (; unit != 0; unit /= 10)
    textChar(t, (char)('0' + value / unit % 10));
}

/* With two decimals; what does not fit in 31 bits of hundredths is "a lot". */
static inline void textNumber(text *t, float value) {
  if (value < 0) {
    textChar(t, '-');
    value = -value;
  }
  if (!(value < 2e7f)) {
    textWords(t, "a lot");
    return;
  }
  uint32_t hundredths = (uint32_t)(value * 100 + 0.5f);
  textUnsigned(t, hundredths / 100);
  textChar(t, '.');
  textChar(t, (char)('0' + hundredths / 10 % 10));
  textChar(t, (char)('0' + hundredths % 10));
}

#endif
