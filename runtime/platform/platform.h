//===- platform.h - What the runtime asks of a platform -------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each folder beside this file implements it for one platform.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_PLATFORM_PLATFORM_H
#define WASMC_PLATFORM_PLATFORM_H

#include "runtime.h"

namespace wasmc::rt {

/// Bytes of a page, a power of two.
size_t pageSize();

/// Reserves `bytes` (a multiple of the page size) of address space that
/// nothing can access, at a page boundary. Null if there is no room.
void *reserveAddresses(size_t bytes);

/// Makes reserved pages accessible; they read zero at first. All or nothing.
bool commitPages(void *start, size_t bytes);

/// Makes committed pages that are not mapped from a file read zero again. Up to `keep`
/// bytes of them stay resident, so that the next writes need no new ones.
void clearPages(void *start, size_t bytes, size_t keep);

/// Makes committed pages inaccessible and gives back what is behind them; they read
/// zero when they are committed again. False, and they are accessible as before, all
/// zero, where the system cannot.
bool decommitPages(void *start, size_t bytes);

/// Gives a whole reservation back.
void releaseAddresses(void *start, size_t bytes);

/// Replaces committed pages by a file's from `offset` on, shared with whoever else
/// maps them, and not writable here unless `writable`; by fresh zeroed ones where
/// `descriptor` is -1. WASMC_INVALID_ARGUMENT if the descriptor cannot be mapped
/// there, WASMC_UNSUPPORTED where the platform has no files; the old pages stay then.
wasmc_status mapFile(void *start, size_t bytes, int descriptor, uint64_t offset, bool writable);

/// Zeroed memory, aligned for any scalar; null if there is none.
void *allocate(size_t bytes);
void deallocate(void *pointer);

/// Head of a reservation in which a fault is a module's, linked in a list that
/// the fault handler searches. It lies in the reservation's own first page.
struct Reservation {
  Reservation *next;
  Reservation *previous;
  uintptr_t low;  ///< First address.
  uintptr_t high; ///< Past the last one.
  uintptr_t mapped; ///< Non-zero: some of the memory's pages were mapped by mapFile().
};

/// Any thread. Both are safe against a fault handler that searches in another.
void addReservation(Reservation *reservation);
void removeReservation(Reservation *reservation);

/// Nanoseconds of a clock that only goes on.
uint64_t monotonicTime();

/// Blocks the thread while `*word` is `value`, at most until `deadline` (of
/// monotonicTime; ~0: for ever). May return before: the caller looks again.
void sleepWhile(const uint32_t *word, uint32_t value, uint64_t deadline);

/// Ends the sleep of one thread on `word`, if there is any.
void wakeOne(const uint32_t *word);

/// Counts the users of the fault handlers and installs them with the first, if
/// the host has not taken that on; gives them back with the last.
void acquireFaultHandlers();
void releaseFaultHandlers();

/// Prepares the calling thread for `instance`: finds its stack, sees that faults
/// arrive (WASMC_SIGNALS_BLOCKED if not) and have a stack to be handled on
/// (WASMC_OUT_OF_MEMORY). On WASMC_OK, `__wasmc_thread.stack_limit` is right.
/// Costs little when all is done already.
wasmc_status prepareThread(const wasmc_instance *instance);

/// Past the highest address of the stack that the thread is on, once it is prepared.
uintptr_t highestStackAddress();

/// Has `f(argument)` called when the calling thread ends; false if that cannot be. Only
/// one function is ever given.
bool callAtThreadEnd(void (*f)(void *argument), void *argument);

/// Part of a stack that is left to the host functions that modules call. A
/// module's code traps before it uses it. Stacks below 256 KiB leave a quarter.
constexpr uintptr_t hostStackReserve = 64 * 1024;
constexpr uintptr_t stackReserve(uintptr_t bytes) {
  return bytes / 4 < hostStackReserve ? bytes / 4 : hostStackReserve;
}

} // namespace wasmc::rt

// Defined by tests alone: non-zero makes the next request for memory or address
// space fail as if the system had none.
extern "C" WASMC_HIDDEN int __wasmc_fail_allocation(void) __attribute__((weak));

namespace wasmc::rt {
inline bool injectedFailure() {
  return __wasmc_fail_allocation != nullptr && __wasmc_fail_allocation() != 0;
}
} // namespace wasmc::rt

#endif
