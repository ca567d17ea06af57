//===- text.h - Texts without a C library ---------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_CORE_TEXT_H
#define WASMC_CORE_TEXT_H

#include <stddef.h>
#include <stdint.h>

namespace wasmc::rt {

/// Appends to a buffer of fixed size; what does not fit is cut off. The text is
/// terminated by a zero at any time, where there is room for one at all.
class Text {
public:
  /// `buffer` may be null.
  Text(char *buffer, size_t capacity);

  void clear();
  Text &put(const char *bytes, size_t count);
  Text &operator<<(const char *text);

  /// In decimal.
  Text &operator<<(uint64_t value) { return number(value, 10); }
  /// In hexadecimal, with 0x before it.
  Text &hex(uint64_t value) { return (*this << "0x").number(value, 16); }

  size_t size() const { return length; }

private:
  Text &number(uint64_t value, unsigned base);

  char *buffer;
  size_t capacity;
  size_t length = 0;
};

} // namespace wasmc::rt

#endif
