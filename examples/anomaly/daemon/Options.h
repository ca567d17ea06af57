//===- Options.h - The command line ----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_OPTIONS_H
#define DEMO_OPTIONS_H

#include "Ways.h"

namespace demo {

struct Options {
  size_t numMessages = 1'000'000;
  uint64_t seed = 1;
  std::string data, windows;    ///< A recorded series and its labels, if not empty.
  std::optional<Tuning> tuning; ///< In place of the stream's own.
  std::vector<const Way *> ways;
  size_t rounds = 5;
  std::string json, svg; ///< Where to write these, if not empty.
};

/// Nothing if there is nothing more to do: `status` is the exit status then.
std::optional<Options> parseOptions(int argc, char **argv, int &status);

} // namespace demo

#endif
