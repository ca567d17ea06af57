//===- ChildProcess.cpp - Tools that wasmc runs ----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChildProcess.h"

#include "OutputFile.h"

#include "llvm/Support/Program.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

using namespace llvm;

namespace wasmc::driver {

static constexpr std::chrono::seconds timeLimit{60};
static constexpr unsigned memoryLimitMiB = 4096;
static constexpr size_t outputLimit = 64 << 10;

std::string ChildResult::describe() const {
  if (timedOut)
    return "did not finish within " + std::to_string(timeLimit.count()) + " seconds";
  if (crashed)
    return "crashed";
  return "exited with status " + std::to_string(exitCode);
}

/// Waits by polling: LLVM's wait with a limit relies on SIGALRM, which reaches
/// any thread of the process, not necessarily the one that waits.
static sys::ProcessInfo waitWithLimit(const sys::ProcessInfo &child, bool &timedOut) {
  auto deadline = std::chrono::steady_clock::now() + timeLimit;
  std::chrono::microseconds pause{200};
  for (;;) {
    sys::ProcessInfo state = sys::Wait(child, 0, nullptr, nullptr, /*Polling=*/true);
    if (state.Pid != 0)
      return state;
    if (std::chrono::steady_clock::now() > deadline) {
      timedOut = true;
      ::kill(child.Pid, SIGKILL);
      return sys::Wait(child, std::nullopt);
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds{20000});
  }
}

Expected<ChildResult> runChild(const Command &command, bool verbose) {
  if (verbose)
    printCommand(errs(), command);
  Expected<TemporaryFile> output = TemporaryFile::create("out");
  if (!output)
    return output.takeError();
  Expected<TemporaryFile> errors = TemporaryFile::create("err");
  if (!errors)
    return errors.takeError();
  std::vector<StringRef> args(command.begin(), command.end());
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(output->path()),
                                          StringRef(errors->path())};
  std::string reason;
  bool failed = false;
  sys::ProcessInfo child = sys::ExecuteNoWait(command.front(), args, std::nullopt, redirects,
                                              memoryLimitMiB, &reason, &failed);
  if (failed)
    return createStringError("cannot run '" + command.front() + "': " + reason);
  ChildResult result;
  sys::ProcessInfo end = waitWithLimit(child, result.timedOut);
  result.crashed = end.ReturnCode < 0;
  result.exitCode = end.ReturnCode;
  Expected<std::string> outputText = output->read(outputLimit);
  if (!outputText)
    return outputText.takeError();
  Expected<std::string> errorText = errors->read(outputLimit);
  if (!errorText)
    return errorText.takeError();
  result.output = std::move(*outputText);
  result.errors = std::move(*errorText);
  return result;
}

Expected<std::string> findTool(StringRef name, StringRef purpose) {
  ErrorOr<std::string> path = sys::findProgramByName(name);
  if (!path)
    return createStringError("cannot find '" + name + "' on PATH, which is needed " + purpose);
  return *path;
}

std::string toolVersion(const std::string &path) {
  Expected<ChildResult> result = runChild({path, "--version"});
  if (!result) {
    consumeError(result.takeError());
    return {};
  }
  return StringRef(result->output).split('\n').first.trim().str();
}

void printCommand(raw_ostream &os, ArrayRef<std::string> command) {
  for (const std::string &argument : command) {
    os << ' ';
    sys::printArg(os, argument, /*Quote=*/true);
  }
  os << '\n';
}

} // namespace wasmc::driver
