//===- context.h - The interrupted context on x86-64 Linux ----------------===//
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
  const auto *saved = context.uc_mcontext.gregs;
  return {static_cast<uintptr_t>(saved[REG_RIP]), static_cast<uintptr_t>(saved[REG_RBP]),
          static_cast<uintptr_t>(saved[REG_RSP])};
}

/// Returning from the handler goes on in function(argument), which must not use
/// the stack pointer that it finds.
inline void redirect(ucontext_t &context, uintptr_t function, uintptr_t argument) {
  constexpr greg_t directionFlag = 0x400;
  auto *saved = context.uc_mcontext.gregs;
  saved[REG_RIP] = static_cast<greg_t>(function);
  saved[REG_RDI] = static_cast<greg_t>(argument);
  // A memmove of libc's may have been interrupted while it copied downwards.
  saved[REG_EFL] &= ~directionFlag;
}

} // namespace wasmc::rt

#endif
