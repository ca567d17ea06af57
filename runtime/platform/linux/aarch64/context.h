//===- context.h - The interrupted context on AArch64 Linux ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_PLATFORM_LINUX_CONTEXT_H
#define WASMC_PLATFORM_LINUX_CONTEXT_H

#include "runtime.h"
#include <ucontext.h>

namespace wasmc::rt {

inline Registers registersOf(const ucontext_t &context) {
  const mcontext_t &saved = context.uc_mcontext;
  return {static_cast<uintptr_t>(saved.pc), static_cast<uintptr_t>(saved.regs[29]),
          static_cast<uintptr_t>(saved.sp)};
}

/// Returning from the handler goes on in function(argument), which must not use
/// the stack pointer that it finds.
inline void redirect(ucontext_t &context, uintptr_t function, uintptr_t argument) {
  // The branch type that BTI left must not make the first instruction fault.
  constexpr uint64_t branchType = 3u << 10;
  mcontext_t &saved = context.uc_mcontext;
  saved.pc = function;
  saved.regs[0] = argument;
  saved.pstate &= ~branchType;
}

} // namespace wasmc::rt

#endif
