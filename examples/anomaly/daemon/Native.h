//===- Native.h - The module's C as a part of the daemon -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_NATIVE_H
#define DEMO_NATIVE_H

#include "Ways.h"
#include "detector.h"

namespace demo {

/// Puts the native module into the state of a new instance. Its alarms go to `tally`.
void startNative(Tally &tally, const Tuning &tuning);

} // namespace demo

#endif
