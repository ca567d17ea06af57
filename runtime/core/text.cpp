//===- text.cpp - Texts without a C library -------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "text.h"

using namespace wasmc::rt;

Text::Text(char *buffer, size_t capacity)
    : buffer(buffer), capacity(buffer == nullptr ? 0 : capacity) {
  clear();
}

void Text::clear() {
  length = 0;
  if (capacity != 0)
    buffer[0] = 0;
}

Text &Text::put(const char *bytes, size_t count) {
  for (size_t i = 0; i != count && length + 1 < capacity; ++i)
    buffer[length++] = bytes[i];
  if (capacity != 0)
    buffer[length] = 0;
  return *this;
}

Text &Text::operator<<(const char *text) {
  size_t count = 0;
  while (text[count] != 0)
    ++count;
  return put(text, count);
}

Text &Text::number(uint64_t value, unsigned base) {
  char digits[20]; // 2^64 has 20 decimal digits.
  unsigned first = sizeof(digits);
  do {
    digits[--first] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  return put(digits + first, sizeof(digits) - first);
}
