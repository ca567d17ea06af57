//===- Driver.h - From a command line to files -----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_DRIVER_H
#define WASMC_DRIVER_DRIVER_H

#include "llvm/ADT/ArrayRef.h"

namespace wasmc::driver {

/// Does what the command line asks and returns the exit status: 0; 1 for a bad
/// module or an error; 2 for a bad command line.
int run(llvm::ArrayRef<const char *> args);

} // namespace wasmc::driver

#endif
