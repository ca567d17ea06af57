//===- Detection.cpp - What the alarms are worth ---------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Detection.h"

#include <algorithm>

namespace demo {

void Detection::alarm(size_t message, int32_t level, std::string_view text) {
  const anomaly_message &at = stream.messages[message];
  if (level == ANOMALY_ALARM_RAISED) {
    Episode episode = {at.sensor, at.time, std::nullopt, std::string(text), std::nullopt};
    for (size_t i = 0; i != stream.labels.size() && !episode.label; ++i) {
      const Label &label = stream.labels[i];
      if (label.sensor == at.sensor && label.from <= at.time && at.time <= label.to)
        episode.label = i;
    }
    all.push_back(std::move(episode));
    return;
  }
  auto open = std::find_if(all.rbegin(), all.rend(), [&](const Episode &episode) {
    return episode.sensor == at.sensor && !episode.to;
  });
  if (open != all.rend())
    open->to = at.time;
}

const Episode *Detection::firstOf(size_t label) const {
  auto found = std::find_if(all.begin(), all.end(),
                            [label](const Episode &episode) { return episode.label == label; });
  return found == all.end() ? nullptr : &*found;
}

size_t Detection::numFound() const {
  size_t found = 0;
  for (size_t i = 0; i != stream.labels.size(); ++i)
    found += firstOf(i) != nullptr;
  return found;
}

size_t Detection::numOutside() const {
  return static_cast<size_t>(
      std::count_if(all.begin(), all.end(), [](const Episode &episode) { return !episode.label; }));
}

void Detection::printEpisode(FILE *out, const Episode &episode) const {
  std::string from = formatTime(stream, episode.from);
  std::string to = episode.to ? formatTime(stream, *episode.to) : "the end";
  fprintf(out, "  %s to %s: %s\n", from.c_str(), to.c_str(), episode.text.c_str());
}

void Detection::print(FILE *out) const {
  if (!stream.labelled) {
    fprintf(out, "%zu episodes\n", all.size());
    for (const Episode &episode : all)
      printEpisode(out, episode);
    return;
  }
  const char *labels = stream.calendar ? "labelled windows" : "injected anomalies";
  fprintf(out, "%s with an alarm inside: %zu of %zu\n", labels, numFound(), stream.labels.size());
  for (size_t i = 0; i != stream.labels.size(); ++i) {
    const Label &label = stream.labels[i];
    const Episode *found = firstOf(i);
    // All of a few, else those that were missed.
    if (!stream.calendar && found)
      continue;
    std::string from = formatTime(stream, label.from), to = formatTime(stream, label.to);
    std::string at = found ? "alarm at " + formatTime(stream, found->from) : "no alarm";
    fprintf(out, "  sensor %u, %s, %s to %s: %s\n", label.sensor, label.what.c_str(), from.c_str(),
            to.c_str(), at.c_str());
  }
  fprintf(out, "episodes outside: %zu\n", numOutside());
  for (const Episode &episode : all)
    if (!episode.label)
      printEpisode(out, episode);
}

} // namespace demo
