//===- Stream.h - The messages of a run, and what is known about them ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_STREAM_H
#define DEMO_STREAM_H

#include "message.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace demo {

/// The operands of the module's tune().
struct Tuning {
  float raise, clear, floor;
  int32_t persist, hold, stride;
};

/// Where an alarm is expected. Times as in messages; both ends belong to it.
struct Label {
  uint32_t sensor;
  int64_t from, to;
  std::string what;
};

struct Stream {
  std::string name;
  std::vector<anomaly_message> messages;
  bool labelled = false;
  std::vector<Label> labels;
  Tuning tuning;
  bool calendar = false; ///< Times are dates, not counted from the first message.
};

/// Sensors with noise and a slow swing, some anomalies, single spikes that are none, and
/// a few messages that are damaged. The same seed gives the same stream.
Stream makeSynthetic(size_t numMessages, uint64_t seed);

/// Reads lines of `YYYY-MM-DD HH:MM:SS,value` behind a header line; all are of sensor 0.
/// The module is tuned in hours, whatever the pace of the series is. On an error, nothing,
/// and `error` says what and where.
std::optional<Stream> readSeries(const std::string &path, std::string &error);

/// Adds the labels of the series: an object with a member for each series, whose name ends
/// with its file name and whose value is a list of pairs of times.
bool readLabels(const std::string &path, const std::string &series, Stream &stream,
                std::string &error);

/// A time of a message, for people.
std::string formatTime(const Stream &stream, int64_t time);

} // namespace demo

#endif
