//===- WayNative.cpp - The module's C as a part of the daemon ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a sandbox is compared with: a mistake in the module is a mistake in the
// daemon here.
//
//===----------------------------------------------------------------------===//
#include "Native.h"

namespace demo {
namespace {

/// The module's C has one state a process, and its alarms have no context.
Tally *current;

} // namespace

void startNative(Tally &tally, const Tuning &t) {
  current = &tally;
  detector_reset();
  detector_tune(t.raise, t.clear, t.floor, t.persist, t.hold, t.stride);
}

bool runNothing(Run &run, std::string &) {
  alignas(64) uint8_t in[sizeof(anomaly_message)], out[sizeof(anomaly_result)] = {};
  return inGroups(run.messages, groupSize, run.samples, [&](Messages group) {
    for (const anomaly_message &message : group) {
      receive(in, message);
      run.tally.count(sizeof out, out);
    }
    return true;
  });
}

bool runNative(Run &run, std::string &) {
  alignas(64) uint8_t in[sizeof(anomaly_message)], out[sizeof(anomaly_result)];
  int64_t begin = now();
  startNative(run.tally, run.tuning);
  run.start = now() - begin;
  return inGroups(run.messages, groupSize, run.samples, [&](Messages group) {
    for (const anomaly_message &message : group) {
      receive(in, message);
      run.tally.count(detector_process(in, sizeof in, out, sizeof out), out);
    }
    return true;
  });
}

} // namespace demo

void detector_alarm(int32_t level, const char *text, uint32_t length) {
  demo::current->alarm(level, text, length);
}
