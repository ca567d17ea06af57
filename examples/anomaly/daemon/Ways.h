//===- Ways.h - The ways of putting the module into a daemon ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A way takes each message from where it is received to a result that the daemon has
// read. All of them run the same C on the same messages.
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_WAYS_H
#define DEMO_WAYS_H

#include "Stream.h"
#include "Tally.h"
#include "Timing.h"

#include <string>
#include <vector>

namespace demo {

struct Run {
  Messages messages;
  Tuning tuning;
  Tally tally;
  Samples samples;
  int64_t start = 0; ///< Nanoseconds until the first message can be given.
};

/// Starts the module anew and runs all messages. On failure, false, with the reason in
/// `error`.
using RunWay = bool (*)(Run &run, std::string &error);

bool runNothing(Run &run, std::string &error);
bool runNative(Run &run, std::string &error);
bool runCopying(Run &run, std::string &error);
bool runInPlace(Run &run, std::string &error);
bool runBatches(Run &run, std::string &error);
bool runWindow(Run &run, std::string &error);
bool runInlined(Run &run, std::string &error);
bool runPipe(Run &run, std::string &error);
bool runFiles(Run &run, std::string &error);
bool runInterpreter(Run &run, std::string &error);

struct Way {
  const char *name;    ///< On the command line and in JSON.
  const char *title;   ///< In table and chart.
  const char *meaning; ///< What is measured.
  size_t share;        ///< The most messages that it gets; 0 for all.
  RunWay run;
  bool computes = true; ///< Has results to compare with those of others.
};

const std::vector<Way> &allWays();

} // namespace demo

#endif
