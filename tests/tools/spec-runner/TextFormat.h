//===- TextFormat.h - Modules in text, through WABT -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_TEXTFORMAT_H
#define WASMC_TESTS_SPEC_RUNNER_TEXTFORMAT_H

#include "Program.h"

namespace wasmc::spec {

/// Whether WABT's parser knows the text of all `features`: that it refuses a text
/// means nothing where it would refuse the proposal's every text.
llvm::Expected<bool> textIsKnown(const Settings &settings);

/// A module's text as the command would read it: converted by WABT, then decoded
/// and validated. Whether it was accepted.
llvm::Expected<bool> acceptsText(const std::string &path, const Settings &settings);

} // namespace wasmc::spec

#endif
