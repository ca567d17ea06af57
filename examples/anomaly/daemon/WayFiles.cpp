//===- WayFiles.cpp - A worker behind two files --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The way of scripts and cron jobs, at its best: a file appears complete, by a rename,
// and who waits for it is woken by inotify rather than looking every second. Nothing
// is forced to the disk.
//
//===----------------------------------------------------------------------===//
#include "Answer.h"
#include "System.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace demo {
namespace {

/// A folder in which one file at a time appears.
class Box {
public:
  explicit Box(const std::string &folder)
      : folder(folder), hidden(folder + "/.new"), file(folder + "/file") {
    std::error_code error;
    std::filesystem::create_directory(folder, error); // Else there is nothing to watch.
    events = inotify_init1(IN_CLOEXEC);
    if (events >= 0 && inotify_add_watch(events, folder.c_str(), IN_MOVED_TO) < 0) {
      close(events);
      events = -1;
    }
  }
  Box(const Box &) = delete;
  ~Box() {
    if (events >= 0)
      close(events);
  }
  explicit operator bool() const { return events >= 0; }

  bool put(const void *data, size_t size) const {
    int out = open(hidden.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0)
      return false;
    bool ok = writeAll(out, data, size);
    return close(out) == 0 && ok && rename(hidden.c_str(), file.c_str()) == 0;
  }

  /// Waits for the file, takes it away, and says how long it was; negative on errors.
  ssize_t take(void *data, size_t capacity, int milliseconds) const {
    alignas(inotify_event) char event[sizeof(inotify_event) + NAME_MAX + 1];
    pollfd waiting = {events, POLLIN, 0};
    int ready = poll(&waiting, 1, milliseconds);
    if (ready == 0)
      errno = ETIMEDOUT;
    if (ready <= 0 || read(events, event, sizeof event) <= 0)
      return -1;
    int in = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (in < 0)
      return -1;
    ssize_t length = read(in, data, capacity);
    close(in);
    return unlink(file.c_str()) == 0 ? length : -1;
  }

private:
  std::string folder, hidden, file;
  int events = -1;
};

/// Until it is killed.
int serve(const Box &there, const Box &back, const Tuning &tuning) {
  AnsweringModule module(tuning);
  anomaly_message message;
  while (there.take(&message, sizeof message, -1) == sizeof message) {
    const Answer &answer = module.answer(message);
    if (!back.put(answer.bytes, answer.length))
      return 1;
  }
  return 1;
}

} // namespace

bool runFiles(Run &run, std::string &error) {
  // A worker that is gone is noticed after this, in milliseconds.
  constexpr int patience = 10000;
  int64_t begin = now();
  ScratchFolder scratch;
  Box there(scratch.path + "/there"), back(scratch.path + "/back");
  Child worker([&] { return serve(there, back, run.tuning); });
  if (!scratch || !there || !back || !worker) {
    error = systemError("cannot start a process that watches a folder");
    return false;
  }
  run.start = now() - begin;
  anomaly_message message;
  Answer answer;
  bool ok = inGroups(run.messages, 1, run.samples, [&](Messages group) {
    receive(&message, group.front());
    if (!there.put(&message, sizeof message))
      return false;
    ssize_t length = back.take(answer.bytes, Answer::largest, patience);
    answer.length = length < 0 ? 0 : static_cast<size_t>(length);
    return answer.count(run.tally);
  });
  if (!ok)
    error = systemError("the process behind the files");
  return ok;
}

} // namespace demo
