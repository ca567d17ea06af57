//===- Link.h - Shared libraries -------------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_LINK_H
#define WASMC_DRIVER_LINK_H

#include "ChildProcess.h"
#include "Options.h"

#include "llvm/Support/Error.h"

namespace wasmc::driver {

/// The runtime archive for a target: what `--runtime` says, else for the host
/// the one in `lib` beside wasmc's own folder.
llvm::Expected<std::string> findRuntime(const Invocation &invocation);

/// The command that links `object` and the runtime to `out`. `exports` is a
/// version script.
llvm::Expected<Command> linkCommand(const Invocation &invocation, llvm::StringRef object,
                                    llvm::StringRef exports, llvm::StringRef out);

/// Links an object in memory to a shared library in memory.
llvm::Error linkShared(const Invocation &invocation, llvm::ArrayRef<char> object,
                       llvm::SmallVectorImpl<char> &library);

/// The linker of the pinned LLVM, as it will be run.
std::string linkerPath();

} // namespace wasmc::driver

#endif
