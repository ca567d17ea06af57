//===- Version.h - Versions and targets ------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_VERSION_H
#define WASMC_DRIVER_VERSION_H

#include "Options.h"

#include "llvm/Support/raw_ostream.h"

namespace wasmc::driver {

/// What `--version` prints: wasmc, LLVM, the default target.
void printVersion(llvm::raw_ostream &os);

/// What `-v` prints besides: the target asked for and the tools that take part.
void printToolVersions(llvm::raw_ostream &os, const Invocation &invocation, bool isText);

/// The architectures that resolveOptions() accepts, with LLVM's descriptions.
void printTargets(llvm::raw_ostream &os);

} // namespace wasmc::driver

#endif
