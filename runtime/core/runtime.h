//===- runtime.h - What the parts of the runtime know of each other -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An instance with a memory 0 of its own is one reservation of address space:
//
//   | Reservation | ... | State | instance record | memory 0 ... | guard |
//   ^ page boundary                               ^ page boundary
//
// Any other instance is one zeroed allocation: | State | instance record |.
// The State lies directly below the record in both.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_CORE_RUNTIME_H
#define WASMC_CORE_RUNTIME_H

#include "abi.h"

#define WASMC_HIDDEN __attribute__((visibility("hidden")))

namespace wasmc::rt {

/// The runtime's own part of an instance, found at `instance->state`.
struct alignas(64) State {
  wasmc_trap trap;
  uint32_t trapped;          ///< `trap` holds a trap.
  uint32_t handlersAcquired; ///< Counts in the users of the fault handlers.
  void *allocation;          ///< What to deallocate; null: lies in memory 0's reservation.
  uintptr_t codeLow;         ///< Range of the link unit's functions, found when first
  uintptr_t codeHigh;        ///< needed; 0 until then.
  wasmc_exception *exception; ///< Of the last WASMC_EXCEPTION, retained; or null.
  void *arena;                ///< What its exceptions are counted in (exception.h); or null.
  uint64_t exceptionLimit;    ///< Bytes that they may take.
};

inline State *stateOf(const wasmc_instance *instance) {
  return static_cast<State *>(instance->state);
}

inline const wasmc_module *moduleOf(const wasmc_instance *instance) {
  return static_cast<const wasmc_module *>(instance->module);
}

/// What lies `offset` bytes into an instance record.
template <typename T> T *at(wasmc_instance *instance, uint32_t offset) {
  return reinterpret_cast<T *>(reinterpret_cast<char *>(instance) + offset);
}

template <typename T> const T *arrayOf(const void *pointer) {
  return static_cast<const T *>(pointer);
}

enum TrapCode : uint32_t {
#define WASMC_TRAP_KIND(C, N, M) Trap_##N = C,
#include "wasmc/abi/traps.def"
};

/// The message of a row of traps.def.
const char *trapMessage(uint32_t code);

/// Registers of interrupted code, enough to find its frames.
struct Registers {
  uintptr_t pc;
  uintptr_t frame; ///< Frame pointer.
  uintptr_t stack; ///< Stack pointer.
};

/// The range of addresses that holds all functions with a site record.
void findCodeRange(const wasmc_module *from, uintptr_t &low, uintptr_t &high);

/// Records a trap of the activation's instance: `registers.pc` is the trapping
/// instruction, return addresses follow by frame pointers up to the
/// activation's own frame. Touches nothing but that stack, the instance and
/// constant data of its module.
void recordTrap(wasmc_activation *activation, uint32_t code, wasmc_status hostStatus,
                const Registers &registers);

/// Records a trap before any code of the module ran.
void recordTrapAtEntry(wasmc_instance *instance, uint32_t code);

/// Return addresses of a stack, innermost first.
struct Trace {
  uint32_t count;
  uintptr_t rest; ///< Frame of the first that was not kept, 0 if all were.
  uintptr_t pcs[sizeof(wasmc_trap::pcs) / sizeof(uintptr_t)];
};

/// The frames of code that called a function of the runtime: `returnAddress` is where it
/// would go on, `ownFrame` the frame of the function that it called.
void traceCaller(Trace &trace, const wasmc_activation *activation, void *returnAddress,
                 void *ownFrame);

/// Records an exception that nothing caught, with the trace of its throw.
void recordException(wasmc_activation *activation, const Trace &trace);

/// A trap by a call, from the same two.
[[noreturn]] void trapFrom(uint32_t code, wasmc_status hostStatus, void *returnAddress,
                           void *ownFrame);

/// Undoes what a trap must undo in the instance before the trampoline of
/// `activation` returns: the shadow stack pointer, an open region.
void restoreInstance(wasmc_activation *activation);

/// Fills `memory` from its type: reserves its addresses with at least `head`
/// bytes below, commits the head and the first pages. `head` is rounded up to
/// pages. On failure `memory` is all zero.
wasmc_status createMemory(wasmc_memory *memory, const wasmc_memory_type &type, uint64_t limit,
                          uint32_t head);
void destroyMemory(wasmc_memory *memory);

/// Likewise for tables. Elements are null.
wasmc_status createTable(wasmc_table *table, const wasmc_table_type &type, uint64_t limit);
void destroyTable(wasmc_table *table);

/// What a new instance has in its records of own functions and tags, and of segments.
void fillRecords(wasmc_instance *instance);
void makeTags(wasmc_instance *instance);

/// The id of a new tag.
uint64_t newTagId();

constexpr uint64_t defaultMemoryLimit = uint64_t(64) << 20;
constexpr uint64_t defaultTableLimit = 1048576;

/// Where imports come from: the typed structure or an array of externs.
struct ImportSource {
  const void *const *typed;    ///< A pointer for each import, or null.
  const wasmc_extern *externs; ///< Used where `typed` is null.
};

/// What an export of an instance is: `index` as in its descriptor.
void fillExtern(wasmc_instance *instance, uint32_t kind, uint32_t index, wasmc_extern *out);

/// The instances that functions of another may call by its imports, and through
/// theirs, as far as they have a shadow stack.
struct Linked {
  wasmc_instance *owner;
  uint32_t count;
  uint32_t capacity;
  struct Entry {
    uint64_t *cell;  ///< Of the shadow stack pointer.
    uint64_t kept;
  } entries[];
};

/// Makes the list of `instance`, whose imports are bound. WASMC_OUT_OF_MEMORY leaves
/// none.
wasmc_status findLinked(wasmc_instance *instance);
void freeLinked(wasmc_instance *instance);
/// After a trap in `activation`: gives the instances what they had when it began, if
/// that was kept for it.
void restoreLinked(wasmc_activation *activation);

class Text;

/// Binds all imports, type-checked (4.5.4), into slots of `instance`. On
/// WASMC_UNLINKABLE, `error` says which and why.
wasmc_status bindImports(wasmc_instance *instance, const ImportSource &source, Text &error);

} // namespace wasmc::rt

#pragma GCC visibility push(hidden)
extern "C" {

#ifdef WASMC_SINGLE_THREADED
extern wasmc_thread __wasmc_thread;
#else
extern __thread wasmc_thread __wasmc_thread __attribute__((tls_model("initial-exec")));
#endif

/// The entry trampoline (enter_ARCH.S). In C it can only be called through
/// `__wasmc_call`, since the body's address travels in a register of its own.
wasmc_status __wasmc_enter(wasmc_instance *instance);

/// Enters `instance` to run body(instance, a, b).
wasmc_status __wasmc_call(wasmc_instance *instance, void *a, void *b, void *body);

/// Leaves the module: makes the trampoline of `activation` return WASMC_TRAP.
[[noreturn]] void __wasmc_resume(wasmc_activation *activation);
/// Likewise, with another status.
[[noreturn]] void __wasmc_resume_status(wasmc_activation *activation, wasmc_status status);

/// The trampoline's slow path, taken where the stack pointer `stack` is below
/// the limit, as it is until the thread is known: WASMC_OK to go on.
wasmc_status __wasmc_enter_slow(wasmc_instance *instance, uintptr_t stack);

/// What the unwinder asks at the trampoline's frame.
int __wasmc_entry_personality(int version, int actions, uint64_t kind, void *header,
                              void *context);

} // extern "C"
#pragma GCC visibility pop

#endif
