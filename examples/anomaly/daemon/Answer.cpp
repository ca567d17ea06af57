//===- Answer.cpp - What a worker process sends back -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Answer.h"

#include <cstring>

namespace demo {
namespace {

struct Head {
  uint32_t length; ///< Of the whole answer.
  int32_t size;    ///< What process() returned.
};

} // namespace

void Answer::append(const void *data, size_t size) {
  if (size > largest - length)
    return;
  memcpy(bytes + length, data, size);
  length += size;
}

size_t Answer::expected() const {
  Head head;
  if (length < sizeof head)
    return 0;
  memcpy(&head, bytes, sizeof head);
  return head.length;
}

bool Answer::count(Tally &tally) const {
  Head head;
  size_t at = sizeof head + sizeof(anomaly_result);
  if (length < at || expected() != length)
    return false;
  memcpy(&head, bytes, sizeof head);
  while (at != length) {
    uint32_t words[2];
    if (length - at < sizeof words)
      return false;
    memcpy(words, bytes + at, sizeof words);
    at += sizeof words;
    if (length - at < words[1])
      return false;
    tally.alarm(static_cast<int32_t>(words[0]), bytes + at, words[1]);
    at += words[1];
  }
  tally.count(head.size, bytes + sizeof head);
  return true;
}

AnsweringModule::AnsweringModule(const Tuning &tuning) {
  startNative(tally, tuning);
  tally.onAlarm = [this](int32_t level, std::string_view text) {
    uint32_t words[2] = {static_cast<uint32_t>(level), static_cast<uint32_t>(text.size())};
    current.append(words, sizeof words);
    current.append(text.data(), text.size());
  };
}

const Answer &AnsweringModule::answer(const anomaly_message &message) {
  Head head = {};
  anomaly_result result = {};
  // Alarms come while the module runs, what is in front of them after.
  current.length = sizeof head + sizeof result;
  head.size = detector_process(reinterpret_cast<const uint8_t *>(&message), sizeof message,
                               reinterpret_cast<uint8_t *>(&result), sizeof result);
  head.length = static_cast<uint32_t>(current.length);
  memcpy(current.bytes, &head, sizeof head);
  memcpy(current.bytes + sizeof head, &result, sizeof result);
  return current;
}

} // namespace demo
