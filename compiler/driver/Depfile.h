//===- Depfile.h - Dependencies for make and ninja -------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_DEPFILE_H
#define WASMC_DRIVER_DEPFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace wasmc::driver {

/// Writes `TARGET: DEPENDENCY…` in the syntax of make.
void writeDepfile(llvm::raw_ostream &os, llvm::StringRef target,
                  llvm::ArrayRef<std::string> dependencies);

} // namespace wasmc::driver

#endif
