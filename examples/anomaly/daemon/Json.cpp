//===- Json.cpp - All that was measured, for programs ----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Report.h"

#include <nlohmann/json.hpp>

#include <cinttypes>

namespace demo {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(uint64_t value) {
  char text[20];
  snprintf(text, sizeof text, "%016" PRIx64, value);
  return text;
}

/// What is not a number becomes null.
Json toJson(const Figures &figures) {
  return {{"median_ns", figures.median},
          {"p99_ns", figures.p99},
          {"p999_ns", figures.p999},
          {"messages_per_second", figures.perSecond}};
}

Json toJson(const Outcome &outcome) {
  Json json = {
      {"way", outcome.way->name}, {"title", outcome.way->title}, {"meaning", outcome.way->meaning}};
  if (!outcome.error.empty()) {
    json["error"] = outcome.error;
    return json;
  }
  json["messages"] = outcome.numMessages;
  if (outcome.way->computes)
    json["agrees"] = outcome.agrees;
  json["start_ns"] = outcome.start;
  json["figures"] = toJson(outcome.figures);
  for (size_t i = 0; i != outcome.rounds.size(); ++i) {
    Json round = toJson(outcome.rounds[i]);
    round["start_ns"] = outcome.starts[i];
    json["rounds"].push_back(round);
  }
  return json;
}

Json toJson(const Stream &stream, const Episode &episode) {
  Json json = {{"sensor", episode.sensor},
               {"from", formatTime(stream, episode.from)},
               {"to", nullptr},
               {"text", episode.text},
               {"label", nullptr}};
  if (episode.to)
    json["to"] = formatTime(stream, *episode.to);
  if (episode.label)
    json["label"] = *episode.label;
  return json;
}

} // namespace

std::string writeJson(const Stream &stream, const Detection &detection, const Tally &tally,
                      int64_t clock, const std::vector<Outcome> &outcomes) {
  Json labels = Json::array(), episodes = Json::array(), ways = Json::array();
  for (const Label &label : stream.labels)
    labels.push_back({{"sensor", label.sensor},
                      {"from", formatTime(stream, label.from)},
                      {"to", formatTime(stream, label.to)},
                      {"what", label.what}});
  for (const Episode &episode : detection.episodes())
    episodes.push_back(toJson(stream, episode));
  for (const Outcome &outcome : outcomes)
    ways.push_back(toJson(outcome));
  Json json = {{"stream", stream.name},
               {"messages", stream.messages.size()},
               {"digests", {{"results", hex(tally.results)}, {"alarms", hex(tally.alarms)}}},
               {"alarms", tally.numAlarms},
               {"refused_messages", tally.numErrors},
               {"labels", labels},
               {"episodes", episodes},
               {"clock_ns", clock},
               {"messages_in_a_group", groupSize},
               {"ways", ways}};
  // A name of a file need not be UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace demo
