//===- zero.h - Zeros for pages that are in no cache, on AArch64 ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_PLATFORM_LINUX_ZERO_H
#define WASMC_PLATFORM_LINUX_ZERO_H

#include <string.h>

namespace wasmc::rt {

/// Fills whole pages that are likely in no cache. C libraries do it by DC ZVA, which reads
/// nothing from memory.
inline void zeroColdPages(void *start, size_t bytes) { memset(start, 0, bytes); }

/// After the last of them.
inline void endZeroing() {}

} // namespace wasmc::rt

#endif
