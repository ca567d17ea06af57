//===- Timing.h - How long messages take -----------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A message takes about as long as two looks at the clock. So messages are measured
// in groups, and what the looks cost is taken off; a figure is the group's divided by
// its messages. What takes long is measured a message at a time.
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_TIMING_H
#define DEMO_TIMING_H

#include "message.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace demo {

using Messages = std::span<const anomaly_message>;

/// Messages in a group of what runs inside the process; also in a batch.
constexpr size_t groupSize = 16;

/// Nanoseconds of a clock that only goes forward.
inline int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// What now() costs, in nanoseconds: the median of many.
int64_t clockCost();

/// Nanoseconds per message of each group of a run.
struct Samples {
  std::vector<float> perMessage;
  double total = 0; ///< Nanoseconds of all groups.
  size_t numMessages = 0;
  int64_t clock = 0; ///< To be taken off each group.
  /// Called between groups, off the clock.
  std::function<void(size_t numMessages)> onGroup;

  void add(int64_t elapsed, size_t messages) {
    double ns = static_cast<double>(elapsed > clock ? elapsed - clock : 0);
    perMessage.push_back(static_cast<float>(ns / static_cast<double>(messages)));
    total += ns;
    numMessages += messages;
    if (onGroup)
      onGroup(numMessages);
  }
};

/// Calls `body` with a group of messages at a time, on the clock, until one fails.
template <typename Body>
bool inGroups(Messages messages, size_t size, Samples &samples, Body &&body) {
  for (size_t at = 0; at < messages.size(); at += size) {
    Messages group = messages.subspan(at, std::min(size, messages.size() - at));
    int64_t start = now();
    bool ok = body(group);
    int64_t end = now();
    if (!ok)
      return false;
    samples.add(end - start, group.size());
  }
  return true;
}

/// Stands for a system call that receives a message at `place`: the compiler knows
/// nothing about the bytes, and can leave none of them out.
inline void receive(void *place, const anomaly_message &message) {
  __builtin_memcpy(place, &message, sizeof message);
  __asm__ volatile("" : : "r"(place) : "memory");
}

/// Not a number where there are too few samples to say.
struct Figures {
  double median = 0, p99 = 0, p999 = 0; ///< Nanoseconds per message.
  double perSecond = 0;                 ///< Messages.
};

Figures figuresOf(Samples samples);

/// Each figure by itself: the median over rounds, of which there is one at least.
Figures medianOf(const std::vector<Figures> &rounds);

} // namespace demo

#endif
