//===- WayPipe.cpp - A worker at the other end of two pipes --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One message at a time, there and back: what a daemon pays that needs each answer
// before it goes on. With many messages on their way the rate would be higher, and
// each answer later.
//
//===----------------------------------------------------------------------===//
#include "Answer.h"
#include "System.h"

#include <csignal>
#include <unistd.h>

namespace demo {
namespace {

/// A pipe that nobody reads any more is an error of write(), not the end of the daemon.
struct NoPipeSignal {
  sighandler_t before = signal(SIGPIPE, SIG_IGN);
  ~NoPipeSignal() { signal(SIGPIPE, before); }
};

int serve(int in, int out, const Tuning &tuning) {
  AnsweringModule module(tuning);
  anomaly_message message;
  while (readAll(in, &message, sizeof message)) {
    const Answer &answer = module.answer(message);
    if (!writeAll(out, answer.bytes, answer.length))
      return 1;
  }
  return 0;
}

/// An answer is written at once and shorter than PIPE_BUF: it comes with one read.
bool readAnswer(int file, Answer &answer) {
  answer.length = 0;
  do {
    ssize_t n = read(file, answer.bytes + answer.length, Answer::largest - answer.length);
    if (n <= 0)
      return false;
    answer.length += static_cast<size_t>(n);
  } while (answer.length < answer.expected() || answer.expected() == 0);
  return true;
}

} // namespace

bool runPipe(Run &run, std::string &error) {
  NoPipeSignal ignored;
  int64_t begin = now();
  Pipe there, back;
  Child worker([&] {
    there.closeOut();
    back.closeIn();
    return serve(there.in(), back.out(), run.tuning);
  });
  if (!there || !back || !worker) {
    error = systemError("cannot start a process with pipes");
    return false;
  }
  there.closeIn();
  back.closeOut();
  run.start = now() - begin;
  anomaly_message message;
  Answer answer;
  bool ok = inGroups(run.messages, 1, run.samples, [&](Messages group) {
    receive(&message, group.front());
    return writeAll(there.out(), &message, sizeof message) && readAnswer(back.in(), answer) &&
           answer.count(run.tally);
  });
  if (!ok)
    error = systemError("the process at the other end of the pipe");
  return ok;
}

} // namespace demo
