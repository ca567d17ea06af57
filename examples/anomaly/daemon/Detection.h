//===- Detection.h - What the alarms are worth -----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An episode is from the alarm that raises it to the one that ends it. A labelled
// anomaly is found if an episode of its sensor is raised inside of the label: one that
// began before and goes on does not count.
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_DETECTION_H
#define DEMO_DETECTION_H

#include "Stream.h"

#include <cstdio>
#include <string_view>

namespace demo {

struct Episode {
  uint32_t sensor;
  int64_t from;
  std::optional<int64_t> to;   ///< Nothing if the stream ended first.
  std::string text;            ///< The module's words.
  std::optional<size_t> label; ///< In which it is raised.
};

class Detection {
public:
  explicit Detection(const Stream &stream) : stream(stream) {}

  /// The module told of an alarm while it looked at message number `message`.
  void alarm(size_t message, int32_t level, std::string_view text);

  const std::vector<Episode> &episodes() const { return all; }
  size_t numFound() const;
  size_t numOutside() const;
  void print(FILE *out) const;

private:
  /// The first episode that is raised inside of the label, or null.
  const Episode *firstOf(size_t label) const;
  void printEpisode(FILE *out, const Episode &episode) const;

  const Stream &stream;
  std::vector<Episode> all;
};

} // namespace demo

#endif
