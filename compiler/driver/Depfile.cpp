//===- Depfile.cpp - Dependencies for make and ninja -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Depfile.h"

using namespace llvm;

namespace wasmc::driver {

/// As GCC and Clang do it: a space is escaped by a backslash, and backslashes
/// right before it are doubled; `#` and `$` have their own rules. Colons stay as
/// they are: neither make nor ninja knows an escape that the other does.
static void writeName(raw_ostream &os, StringRef name) {
  for (size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (c == ' ' || c == '\t') {
      for (size_t j = i; j > 0 && name[j - 1] == '\\'; --j)
        os << '\\';
      os << '\\';
    } else if (c == '#') {
      os << '\\';
    } else if (c == '$') {
      os << '$';
    }
    os << c;
  }
}

void writeDepfile(raw_ostream &os, StringRef target, ArrayRef<std::string> dependencies) {
  writeName(os, target);
  os << ':';
  for (const std::string &dependency : dependencies) {
    os << " \\\n  ";
    writeName(os, dependency);
  }
  os << '\n';
}

} // namespace wasmc::driver
