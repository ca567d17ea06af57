//===- Answer.h - What a worker process sends back -------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A head, the result, and the alarms, each of them two words and a text. Workers run
// the native module.
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_ANSWER_H
#define DEMO_ANSWER_H

#include "Native.h"

namespace demo {

struct Answer {
  static constexpr size_t largest = 4096; ///< Room for more than eight alarms.
  char bytes[largest];
  size_t length = 0;

  /// In the daemon: how long it will be, 0 if too little of it is there to say.
  size_t expected() const;
  /// In the daemon: counts it. False if it is malformed.
  bool count(Tally &tally) const;

  void append(const void *data, size_t size);
};

/// The module in a worker.
class AnsweringModule {
public:
  explicit AnsweringModule(const Tuning &tuning);
  AnsweringModule(const AnsweringModule &) = delete;
  const Answer &answer(const anomaly_message &message);

private:
  Answer current;
  Tally tally;
};

} // namespace demo

#endif
