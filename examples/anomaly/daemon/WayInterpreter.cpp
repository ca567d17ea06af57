//===- WayInterpreter.cpp - WABT's interpreter ---------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// wasm-interp runs a file that has the messages in it (interpreter/driver.c). It runs
// without messages first: that time is its start, and is taken off.
//
//===----------------------------------------------------------------------===//
#include "../interpreter/share.h"
#include "System.h"
#include "Ways.h"

#include <cinttypes>
#include <cstring>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace demo {
namespace {

/// The module's file, and where in it the messages go.
class Template {
public:
  explicit Template(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    file.assign(std::istreambuf_iterator<char>(in), {});
    at = file.find(std::string_view(ANOMALY_SHARE_MARK, ANOMALY_SHARE_MARK_SIZE));
    if (at != file.npos && file.size() - at < sizeof(share))
      at = file.npos;
  }
  explicit operator bool() const { return at != file.npos; }

  bool write(const std::string &path, Messages messages, const Tuning &tuning) {
    share filled = {ANOMALY_SHARE_MARK,
                    static_cast<uint32_t>(messages.size()),
                    {tuning.raise, tuning.clear, tuning.floor},
                    {tuning.persist, tuning.hold, tuning.stride},
                    0,
                    {}};
    memcpy(filled.messages, messages.data(), messages.size_bytes());
    memcpy(file.data() + at, &filled, sizeof filled);
    std::ofstream out(path, std::ios::binary);
    out << file;
    return out.flush().good();
  }

private:
  std::string file;
  size_t at;
};

/// What the interpreter prints. `elapsed` is from its start to its end.
bool interpret(const std::string &path, std::string &output, int64_t &elapsed) {
  int64_t begin = now();
  Pipe pipe;
  Child child([&] {
    dup2(pipe.out(), STDOUT_FILENO);
    execlp("wasm-interp", "wasm-interp", path.c_str(), "--run-all-exports",
           static_cast<char *>(nullptr));
    return 127;
  });
  if (!pipe || !child)
    return false;
  pipe.closeOut();
  output = readToEnd(pipe.in());
  bool ok = child.wait();
  elapsed = now() - begin;
  return ok;
}

/// `name() => i64:17`
uint64_t valueOf(const std::string &output, const char *name) {
  size_t at = output.find(std::string("\n") + name + "() => ");
  size_t colon = at == output.npos ? at : output.find(':', at);
  return colon == output.npos ? 0 : strtoull(output.c_str() + colon + 1, nullptr, 10);
}

} // namespace

bool runInterpreter(Run &run, std::string &error) {
  Template module(ANOMALY_INTERPRETER_MODULE);
  ScratchFolder scratch;
  if (!module || !scratch || run.messages.size() > ANOMALY_SHARE_MESSAGES) {
    error = "no place for the messages in " ANOMALY_INTERPRETER_MODULE;
    return false;
  }
  std::string path = scratch.path + "/module.wasm", output;
  int64_t elapsed;
  if (!module.write(path, {}, run.tuning) || !interpret(path, output, run.start) ||
      !module.write(path, run.messages, run.tuning) || !interpret(path, output, elapsed)) {
    error = "wasm-interp (of the package wabt) is missing, or failed";
    return false;
  }
  run.samples.clock = run.start;
  run.samples.add(elapsed, run.messages.size());
  run.tally.results = valueOf(output, "results");
  run.tally.alarms = valueOf(output, "alarms");
  run.tally.numErrors = valueOf(output, "num-errors");
  run.tally.numAlarms = valueOf(output, "num-alarms");
  run.tally.numMessages = run.messages.size();
  return true;
}

} // namespace demo
