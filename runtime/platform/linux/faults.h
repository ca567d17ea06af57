//===- faults.h - Between threads and signals on Linux --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_PLATFORM_LINUX_FAULTS_H
#define WASMC_PLATFORM_LINUX_FAULTS_H

#include "platform/platform.h"

namespace wasmc::rt {

/// An instance lives that relies on faults.
bool faultHandlersUsed();

/// The runtime installs handlers, and therefore gives threads the stack that
/// they run on (else both are the host's, see wasmc_set_signal_mode).
bool installsHandlers();

} // namespace wasmc::rt

#endif
