//===- Ways.cpp - The table of ways ----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Ways.h"

namespace demo {

const std::vector<Way> &allWays() {
  static const std::vector<Way> ways = {
      {"nothing", "(no module)", "receiving a message and reading a result: in every row", 0,
       runNothing, false},
      {"native", "native C, no sandbox", "a call of the same C, compiled into the daemon", 0,
       runNative},
      {"copy", "wasmc, copy", "the message is copied in, the result copied out", 0, runCopying},
      {"inplace", "wasmc, in place", "received into the module's mailbox, read where it lies", 0,
       runInPlace},
      {"batch", "wasmc, batch of 16", "sixteen messages are copied in one entry", 0, runBatches},
      {"window", "wasmc, window", "pages shared with the daemon, no copy", 0, runWindow},
      {"lto", "wasmc, inlined by LTO", "in place, inlined into the daemon, sixteen to a region", 0,
       runInlined},
      {"pipe", "pipe to a process", "native C in a process of its own, there and back", 20000,
       runPipe},
      {"interp", "wasm-interp", "WABT's interpreter, without its start", 5000, runInterpreter},
      {"files", "files between processes", "the same through two files, woken by inotify", 2000,
       runFiles},
  };
  return ways;
}

} // namespace demo
