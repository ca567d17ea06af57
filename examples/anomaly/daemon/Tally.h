//===- Tally.h - What comes out of a run -----------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every way counts its results here, inside of what is measured: so each of them
// reads what it gets, and all can be compared to the bit.
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_TALLY_H
#define DEMO_TALLY_H

#include "digest.h"

#include <cstddef>
#include <functional>
#include <string_view>

namespace demo {

struct Tally {
  uint64_t results = ANOMALY_DIGEST_START, alarms = ANOMALY_DIGEST_START;
  uint64_t numMessages = 0, numErrors = 0, numAlarms = 0;
  /// For who wants to see the alarms. `numMessages` is the number of the message.
  std::function<void(int32_t level, std::string_view text)> onAlarm;

  /// The module wrote `size` bytes, or returned an error.
  void count(int32_t size, const void *result) {
    ++numMessages;
    if (size == static_cast<int32_t>(sizeof(anomaly_result))) {
      results = anomaly_digest_result(results, result);
    } else {
      results = anomaly_digest_error(results, size);
      ++numErrors;
    }
  }

  void alarm(int32_t level, const void *text, size_t length) {
    alarms = anomaly_digest_alarm(alarms, level, text, length);
    ++numAlarms;
    if (onAlarm)
      onAlarm(level, {static_cast<const char *>(text), length});
  }

  bool agrees(const Tally &other) const {
    return results == other.results && alarms == other.alarms && numAlarms == other.numAlarms &&
           numMessages == other.numMessages && numErrors == other.numErrors;
  }
};

} // namespace demo

#endif
