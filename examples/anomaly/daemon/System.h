//===- System.h - Processes, pipes and files -------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_SYSTEM_H
#define DEMO_SYSTEM_H

#include <cstddef>
#include <string>
#include <sys/types.h>

namespace demo {

/// Closed at the end of its life, or before.
class Pipe {
public:
  Pipe();
  ~Pipe();
  Pipe(const Pipe &) = delete;
  explicit operator bool() const { return ends[0] >= 0; }
  int in() const { return ends[0]; }
  int out() const { return ends[1]; }
  void closeIn() { close(0); }
  void closeOut() { close(1); }

private:
  void close(int end);
  int ends[2];
};

/// An empty folder that goes with all that is in it.
class ScratchFolder {
public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder &) = delete;
  explicit operator bool() const { return !path.empty(); }
  std::string path;
};

/// A forked process that runs `body`, whose result is its exit status. It does not
/// outlive the daemon.
class Child {
public:
  template <typename Body> explicit Child(Body &&body) {
    process = start();
    if (process == 0)
      end(body());
  }
  /// Kills it if nobody has waited for it.
  ~Child();
  Child(const Child &) = delete;
  explicit operator bool() const { return process > 0; }
  /// True if it ended by itself, with status 0.
  bool wait();

private:
  static pid_t start();
  [[noreturn]] static void end(int status);
  pid_t process;
};

/// Reads or writes all of it; false at the end of the file and on errors.
bool readAll(int file, void *data, size_t size);
bool writeAll(int file, const void *data, size_t size);
/// All until the end of the file.
std::string readToEnd(int file);

/// errno as words, behind what was tried.
std::string systemError(const std::string &what);

} // namespace demo

#endif
