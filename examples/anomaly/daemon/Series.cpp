//===- Series.cpp - A recorded series as a stream --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format of the Numenta Anomaly Benchmark: a CSV of times and values, and a JSON
// file with the windows in which its authors expect an alarm.
//
//===----------------------------------------------------------------------===//
#include "Stream.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>

namespace demo {
namespace {

using Json = nlohmann::json;

/// `YYYY-MM-DD HH:MM:SS`, with fractions of a second that are not looked at.
std::optional<int64_t> parseTime(std::string_view text) {
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  bool ok = true;
  auto number = [&](size_t at, size_t length) {
    int value = 0;
    const char *end = text.data() + at + length;
    auto [stop, error] = std::from_chars(text.data() + at, end, value);
    ok &= error == std::errc() && stop == end && value >= 0;
    return value;
  };
  std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                  std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                  std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!ok || !day.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

std::optional<float> parseValue(std::string_view text) {
  double value = 0;
  auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size())
    return std::nullopt;
  return static_cast<float>(value);
}

/// The usual distance of two readings: series have gaps.
int64_t paceOf(const std::vector<anomaly_message> &messages) {
  std::vector<int64_t> steps;
  for (size_t i = 1; i < messages.size(); ++i)
    steps.push_back(messages[i].time - messages[i - 1].time);
  if (steps.empty())
    return 1;
  auto middle = steps.begin() + static_cast<ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return std::max<int64_t>(*middle, 1);
}

/// Means of an hour in the window, so that it looks back 255 hours; an alarm when readings
/// are three spreads away for four hours, over when they were near for twelve.
Tuning tuneInHours(int64_t pace) {
  auto hours = [pace](double n) {
    return static_cast<int32_t>(std::clamp(std::round(n * 3'600'000 / pace), 1.0, 1e6));
  };
  return {3, 1.5f, 0.01f, hours(4), hours(12), hours(1)};
}

std::string fileName(const std::string &path) { return path.substr(path.find_last_of('/') + 1); }

} // namespace

std::optional<Stream> readSeries(const std::string &path, std::string &error) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) {
    error = path + ": cannot be read, or is empty";
    return std::nullopt;
  }
  Stream stream;
  stream.name = path;
  stream.calendar = true;
  for (size_t number = 2; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    std::string_view text = line;
    size_t comma = text.find(',');
    auto time = parseTime(text.substr(0, comma));
    auto value = comma == text.npos ? std::nullopt : parseValue(text.substr(comma + 1));
    if (!time || !value) {
      error = path + ":" + std::to_string(number) +
              ": expected a time as in 2024-01-31 12:00:00, a comma and a number";
      return std::nullopt;
    }
    anomaly_message message = {};
    message.magic = ANOMALY_MAGIC;
    message.time = *time;
    message.sequence = static_cast<uint32_t>(stream.messages.size());
    message.count = 1;
    message.readings[0] = *value;
    message.check = anomaly_check(&message);
    stream.messages.push_back(message);
  }
  if (stream.messages.empty()) {
    error = path + ": no readings";
    return std::nullopt;
  }
  stream.tuning = tuneInHours(paceOf(stream.messages));
  return stream;
}

bool readLabels(const std::string &path, const std::string &series, Stream &stream,
                std::string &error) {
  std::ifstream file(path);
  Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  std::string name = fileName(series);
  const Json *windows = nullptr;
  if (json.is_object())
    for (auto &[member, value] : json.items())
      if (fileName(member) == name && value.is_array())
        windows = &value;
  if (!windows) {
    error = path + ": has no list of windows for '" + name + "'";
    return false;
  }
  for (const Json &window : *windows) {
    std::optional<int64_t> from, to;
    if (window.is_array() && window.size() == 2 && window[0].is_string() && window[1].is_string()) {
      from = parseTime(window[0].get_ref<const std::string &>());
      to = parseTime(window[1].get_ref<const std::string &>());
    }
    if (!from || !to) {
      error = path + ": a window of '" + name + "' is not a pair of times";
      return false;
    }
    stream.labels.push_back({0, *from, *to, "window"});
  }
  stream.labelled = true;
  return true;
}

std::string formatTime(const Stream &stream, int64_t time) {
  char text[64];
  int64_t seconds = time / 1000;
  if (!stream.calendar) {
    snprintf(text, sizeof text, "%.3f s", static_cast<double>(time) / 1000);
    return text;
  }
  std::chrono::sys_seconds at{std::chrono::seconds(seconds)};
  auto midnight = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day day(midnight);
  auto minutes = std::chrono::duration_cast<std::chrono::minutes>(at - midnight).count();
  snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", static_cast<int>(day.year()),
           static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
           static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return text;
}

} // namespace demo
