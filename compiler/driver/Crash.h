//===- Crash.h - When LLVM crashes -----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_CRASH_H
#define WASMC_DRIVER_CRASH_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace wasmc::driver {

/// Runs `body` on a thread with a large stack and returns its exit status. A
/// fatal error of LLVM's, a failed assertion, a segmentation fault or an
/// exhausted stack in it ends the process with a diagnostic and exit status 1,
/// and the temporary files are removed.
int runGuarded(llvm::function_ref<int()> body);

/// The same for `body` on a thread that runGuarded's has started: the calling one.
void guardThread(llvm::function_ref<void()> body);

/// What a crash's diagnostic says wasmc was doing; `what` must outlive the stage.
void setStage(const char *what);

/// Crashes as `--debug-crash` asks, for tests. False if there is no such way.
bool crashOnPurpose(llvm::StringRef how);

} // namespace wasmc::driver

#endif
