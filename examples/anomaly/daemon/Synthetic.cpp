//===- Synthetic.cpp - A stream from a seed --------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A message a millisecond, from each sensor in turn. No function of the C library
// makes a number, so that the stream is the same everywhere.
//
//===----------------------------------------------------------------------===//
#include "Stream.h"

#include <algorithm>
#include <limits>

namespace demo {
namespace {

/// SplitMix64.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  uint64_t below(uint64_t bound) { return next() % bound; }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// Close to a normal distribution of variance 1, and never beyond 6.
  double normal() {
    double sum = -6;
    for (int i = 0; i != 12; ++i)
      sum += unit();
    return sum;
  }

private:
  uint64_t state;
};

/// In readings of one sensor.
struct Anomaly {
  enum Kind { Jump, Drift, Dropout } kind;
  size_t first, length;
};
constexpr const char *kindNames[] = {"jump", "drift", "dropout"};

struct Sensor {
  double base, noise;
  std::vector<Anomaly> anomalies;
};

/// What a window of the module needs to know a sensor, and to forget an anomaly.
constexpr size_t settle = 2 * ANOMALY_WINDOW;
/// Readings of a slow swing, up and down.
constexpr size_t swing = 20000;

double triangle(size_t at) {
  double phase = static_cast<double>(at % swing) / swing;
  return phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase;
}

/// The value of the reading `at`.
double reading(const Sensor &sensor, size_t at, Random &random) {
  double value = sensor.base + sensor.noise * (10 * triangle(at) + random.normal());
  for (const Anomaly &anomaly : sensor.anomalies) {
    if (at < anomaly.first || at - anomaly.first >= anomaly.length)
      continue;
    double part = static_cast<double>(at - anomaly.first) / static_cast<double>(anomaly.length);
    switch (anomaly.kind) {
    case Anomaly::Jump: return value + 15 * sensor.noise;
    case Anomaly::Drift: return value + 60 * part * sensor.noise;
    case Anomaly::Dropout: return 0;
    }
  }
  // One reading is not an anomaly, however far away.
  return random.below(2000) == 0 ? value + 25 * sensor.noise : value;
}

/// Each in a stretch of its own, with room to settle; none while the module still learns.
void placeAnomalies(Sensor &sensor, size_t readings, size_t wanted, Random &random) {
  constexpr size_t longest = 240;
  if (readings < 2 * settle + longest)
    return;
  size_t usable = readings - settle, stretch = usable / wanted;
  for (size_t i = 0; i != wanted; ++i) {
    auto kind = static_cast<Anomaly::Kind>(random.below(3));
    size_t length = kind == Anomaly::Drift ? longest : 30 + random.below(60);
    size_t room = stretch - settle - longest;
    size_t first = settle + i * stretch + random.below(room + 1);
    sensor.anomalies.push_back({kind, first, length});
  }
}

void damage(anomaly_message &message, Random &random) {
  switch (random.below(4)) {
  case 0: message.readings[0] = std::numeric_limits<float>::quiet_NaN(); break;
  case 1: message.sensor = ANOMALY_MAX_SENSORS; break;
  case 2: message.count = ANOMALY_MAX_READINGS + 1; break;
  case 3: message.magic ^= 1; break;
  }
  message.check = anomaly_check(&message);
  if (random.below(2))
    message.check ^= 0x100;
}

} // namespace

Stream makeSynthetic(size_t numMessages, uint64_t seed) {
  Stream stream;
  stream.name = "synthetic, seed " + std::to_string(seed);
  stream.labelled = true;
  stream.tuning = {6, 3, 0.01f, 4, 64, 1};
  Random random(seed);

  std::vector<Sensor> sensors(std::clamp<size_t>(numMessages / 2000, 1, 16));
  size_t readings = numMessages / sensors.size();
  for (size_t id = 0; id != sensors.size(); ++id) {
    Sensor &sensor = sensors[id];
    sensor.base = 40 + 60 * random.unit();
    sensor.noise = 0.2 + 0.6 * random.unit();
    placeAnomalies(sensor, readings, std::max<size_t>(1, readings / 30000), random);
    for (const Anomaly &anomaly : sensor.anomalies) {
      auto time = [&](size_t reading) {
        return static_cast<int64_t>(reading * sensors.size() + id);
      };
      // What comes back to normal from afar may be called one more anomaly.
      stream.labels.push_back({static_cast<uint32_t>(id), time(anomaly.first),
                               time(anomaly.first + anomaly.length + ANOMALY_WINDOW),
                               kindNames[anomaly.kind]});
    }
  }
  std::sort(stream.labels.begin(), stream.labels.end(),
            [](const Label &a, const Label &b) { return a.from < b.from; });

  stream.messages.resize(numMessages);
  for (size_t i = 0; i != numMessages; ++i) {
    anomaly_message &message = stream.messages[i];
    size_t id = i % sensors.size();
    message = {};
    message.magic = ANOMALY_MAGIC;
    message.sensor = static_cast<uint32_t>(id);
    message.time = static_cast<int64_t>(i);
    message.sequence = static_cast<uint32_t>(i / sensors.size());
    message.count = 1;
    message.readings[0] = static_cast<float>(reading(sensors[id], i / sensors.size(), random));
    message.check = anomaly_check(&message);
    if (random.below(5000) == 0)
      damage(message, random);
  }
  return stream;
}

} // namespace demo
