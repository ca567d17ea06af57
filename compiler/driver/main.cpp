//===- main.cpp - The wasmc command ----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include "llvm/Support/InitLLVM.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(int argc, char **argv) {
#ifdef __GLIBC__
  // The threshold's default, which would grow with the largest block that was freed. Where it
  // stays, tables of large functions go back to the system, a tenth of the peak.
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
#endif
  llvm::InitLLVM init(argc, argv);
  return wasmc::driver::run({argv + 1, argv + argc});
}
