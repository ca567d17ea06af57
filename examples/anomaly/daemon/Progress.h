//===- Progress.h - That something is going on -----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_PROGRESS_H
#define DEMO_PROGRESS_H

#include "Timing.h"

#include <cstdio>
#include <string>
#include <unistd.h>

namespace demo {

/// A line on standard error: on a terminal one that changes, elsewhere a new one every
/// few seconds.
class Progress {
public:
  ~Progress() { clear(); }

  void show(const std::string &what, size_t done, size_t all) {
    int64_t time = now();
    if (time - last < (terminal ? 100'000'000 : 5'000'000'000))
      return;
    last = time;
    if (terminal)
      clear();
    fprintf(stderr, "%s: %zu of %zu%s", what.c_str(), done, all, terminal ? "" : "\n");
    fflush(stderr);
    shown = terminal;
  }
  /// Before something else is printed.
  void clear() {
    if (shown)
      fputs("\r\033[K", stderr);
    shown = false;
  }

private:
  bool terminal = isatty(STDERR_FILENO) != 0, shown = false;
  int64_t last = now();
};

} // namespace demo

#endif
