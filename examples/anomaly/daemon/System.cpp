//===- System.cpp - Processes, pipes and files -----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "System.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace demo {

Pipe::Pipe() {
  if (pipe2(ends, O_CLOEXEC) != 0)
    ends[0] = ends[1] = -1;
}

Pipe::~Pipe() {
  close(0);
  close(1);
}

void Pipe::close(int end) {
  if (ends[end] >= 0)
    ::close(ends[end]);
  ends[end] = -1;
}

ScratchFolder::ScratchFolder() {
  const char *base = getenv("TMPDIR");
  path = std::string(base && *base ? base : "/tmp") + "/anomaly-XXXXXX";
  if (!mkdtemp(path.data()))
    path.clear();
}

ScratchFolder::~ScratchFolder() {
  std::error_code error;
  if (!path.empty())
    std::filesystem::remove_all(path, error);
}

pid_t Child::start() {
  // What is in buffers would be written twice.
  fflush(nullptr);
  pid_t parent = getpid(), child = fork();
  if (child != 0)
    return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  return 0;
}

void Child::end(int status) { _exit(status); }

bool Child::wait() {
  int status = -1;
  pid_t waited;
  do
    waited = waitpid(process, &status, 0);
  while (waited < 0 && errno == EINTR);
  process = -1;
  return waited > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Child::~Child() {
  if (process <= 0)
    return;
  kill(process, SIGKILL);
  wait();
}

bool readAll(int file, void *data, size_t size) {
  for (size_t done = 0; done != size;) {
    ssize_t n = read(file, static_cast<char *>(data) + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

bool writeAll(int file, const void *data, size_t size) {
  for (size_t done = 0; done != size;) {
    ssize_t n = write(file, static_cast<const char *>(data) + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

std::string readToEnd(int file) {
  std::string text;
  char part[4096];
  for (;;) {
    ssize_t n = read(file, part, sizeof part);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return text;
    text.append(part, static_cast<size_t>(n));
  }
}

std::string systemError(const std::string &what) { return what + ": " + strerror(errno); }

} // namespace demo
