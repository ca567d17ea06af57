//===- exception.h - Exceptions: who holds them, and until when -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A C++ module makes a reference of each exception that passes one of its cleanups,
// so that references come by the million; nothing in WebAssembly says when one is
// dead. Exceptions are collected by deferred reference counting:
//
//   - references in globals, tables, payloads, and those that hosts retain, are
//     counted;
//   - references in frames are not. An exception whose count is 0, and that a frame
//     may refer to, is in the list of its thread. Now and then the stack is searched
//     for what looks like their addresses, and those that are not found are freed.
//
// What was caught without a reference goes at once. So each thread holds no more than
// its frames refer to, plus a number of the same order; and an instance no more than
// its memory limit, counted in its arena.
//
// Nothing here needs the unwinder: that is unwind.cpp, which is linked only where a
// module throws or catches. Files that every host links refer to both weakly.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_CORE_EXCEPTION_H
#define WASMC_CORE_EXCEPTION_H

#include "runtime.h"

namespace wasmc::rt {

inline wasmc_exception *exceptionOf(wasmc_ref reference) {
  return reinterpret_cast<wasmc_exception *>(static_cast<uintptr_t>(reference));
}

inline wasmc_ref referenceTo(wasmc_exception *exception) {
  return reinterpret_cast<uintptr_t>(exception);
}

inline uint64_t *slotsOf(wasmc_exception *exception) {
  return reinterpret_cast<uint64_t *>(exception + 1);
}

/// A new exception that nothing refers to, charged to `thrower` unless that is null.
/// Its trace is the thread's last. Null where there is no memory for it.
wasmc_exception *makeException(wasmc_instance *thrower, const wasmc_tag *tag,
                               const uint64_t *slots);

/// Notes where the calling thread threw, unless it only throws the last one on.
void traceThrow(wasmc_exception *exception, void *returnAddress, void *ownFrame);

/// Ends the innermost activation with an exception that nothing there caught.
[[noreturn]] void endUncaught(wasmc_exception *exception);

} // namespace wasmc::rt

#pragma GCC visibility push(hidden)
extern "C" {

/// Unwinds to the handler, in unwind.cpp: null where no module can have one.
[[noreturn]] void __wasmc_raise(wasmc_exception *exception) __attribute__((weak));

/// Throws what the host function that returns to the innermost activation wants
/// thrown; returns if that is nothing. In exception.cpp: null where no exception can be.
void __wasmc_throw_pending(void *returnAddress, void *ownFrame) __attribute__((weak));

/// Takes away what an instance that is deleted holds. Likewise weak.
void __wasmc_exception_forget(wasmc_instance *instance) __attribute__((weak));

} // extern "C"
#pragma GCC visibility pop

#endif
