//===- exception.cpp - Exceptions: who holds them, and until when ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See exception.h. `refs` is twice the number of counted references, plus 1 while the
// exception is in a thread's list. It changes atomically, since an instance may go to
// another thread with what its tables hold.
//
// Exceptions pass frames of functions here: compiled with unwind tables.
//
//===----------------------------------------------------------------------===//
#include "exception.h"
#include "bytes.h"
#include "platform/platform.h"
#include "types.h"

using namespace wasmc::rt;

namespace {

constexpr uintptr_t listed = 1, oneReference = 2;

/// Counts the bytes of an instance's exceptions, which may outlive it.
struct Arena {
  uintptr_t bytes;
  uintptr_t users; ///< Exceptions, and the instance.
};

struct ThreadExceptions {
  wasmc_exception *list;
  size_t count;     ///< In the list.
  size_t threshold; ///< Count at which to collect.
  /// What a host function wants thrown once it has returned to `pendingIn`. Counted.
  wasmc_exception *pending;
  void *pendingIn;
  const wasmc_exception *traced; ///< Whose trace it is. Maybe freed: to compare alone.
  Trace trace;
};

constexpr size_t fewExceptions = 64;

#ifdef WASMC_SINGLE_THREADED
ThreadExceptions *current;
#else
__thread ThreadExceptions *current __attribute__((tls_model("initial-exec")));
#endif

wasmc_activation *topActivation() { return static_cast<wasmc_activation *>(__wasmc_thread.top); }

const wasmc_tag_type *typeOf(const wasmc_exception *exception) {
  return static_cast<const wasmc_tag_type *>(exception->type);
}

wasmc_exception *nextOf(const wasmc_exception *exception) {
  return static_cast<wasmc_exception *>(exception->next);
}

size_t bytesOf(const wasmc_tag_type *type) {
  return sizeof(wasmc_exception) + type->num_slots * sizeof(uint64_t);
}

/// Calls `f` with each exnref of a payload.
template <typename F> void forEachReference(wasmc_exception *exception, F f) {
  const wasmc_tag_type *type = typeOf(exception);
  const uint8_t *kinds = arrayOf<uint8_t>(type->params);
  const uint64_t *slot = slotsOf(exception);
  for (uint32_t i = 0; i != type->num_params; ++i) {
    if (kinds[i] == WASMC_VAL_EXNREF && *slot != 0)
      f(*slot);
    slot += kinds[i] == WASMC_VAL_V128 ? 2 : 1;
  }
}

void leaveArena(Arena *arena) {
  if (arena != nullptr && __atomic_sub_fetch(&arena->users, 1, __ATOMIC_ACQ_REL) == 0)
    deallocate(arena);
}

/// For one exception. An instance is used by one thread at a time; what others free
/// meanwhile may be counted late.
bool charge(Arena *arena, size_t bytes, uint64_t limit) {
  if (arena == nullptr)
    return true;
  if (__atomic_load_n(&arena->bytes, __ATOMIC_RELAXED) + bytes > limit)
    return false;
  __atomic_add_fetch(&arena->bytes, bytes, __ATOMIC_RELAXED);
  __atomic_add_fetch(&arena->users, 1, __ATOMIC_RELAXED);
  return true;
}

void destroy(wasmc_exception *exception) {
  // A payload may be the last to hold an exception, and so on: they are listed, not
  // freed in turn, or a long chain would exhaust the stack.
  forEachReference(exception, [](wasmc_ref reference) { wasmc_exception_release(reference); });
  if (Arena *arena = static_cast<Arena *>(exception->arena)) {
    __atomic_sub_fetch(&arena->bytes, bytesOf(typeOf(exception)), __ATOMIC_RELAXED);
    leaveArena(arena);
  }
  deallocate(exception);
}

/// The thread ends: nothing runs on it any more.
void forgetThread(void *thread) {
  ThreadExceptions *mine = static_cast<ThreadExceptions *>(thread);
  if (mine->pending != nullptr)
    wasmc_exception_release(referenceTo(mine->pending));
  mine->pending = nullptr;
  while (wasmc_exception *exception = mine->list) {
    mine->list = static_cast<wasmc_exception *>(exception->next);
    if (__atomic_and_fetch(&exception->refs, ~listed, __ATOMIC_ACQ_REL) == 0)
      destroy(exception);
  }
  current = nullptr;
  deallocate(mine);
}

ThreadExceptions *thisThread() {
  if (current != nullptr)
    return current;
  ThreadExceptions *made = static_cast<ThreadExceptions *>(allocate(sizeof(ThreadExceptions)));
  if (made == nullptr)
    return nullptr;
  if (!callAtThreadEnd(forgetThread, made)) {
    deallocate(made);
    return nullptr;
  }
  made->threshold = fewExceptions;
  return current = made;
}

/// Adds an exception that is marked as listed.
void addToList(ThreadExceptions *mine, wasmc_exception *exception) {
  exception->next = mine->list;
  mine->list = exception;
  ++mine->count;
}

void makePending(ThreadExceptions *mine, wasmc_exception *exception, void *in) {
  wasmc_exception_retain(referenceTo(exception));
  if (mine->pending != nullptr)
    wasmc_exception_release(referenceTo(mine->pending));
  mine->pending = exception;
  mine->pendingIn = in;
}

//===----------------------------------------------------------------------===//
// Collection
//===----------------------------------------------------------------------===//

/// The part of the stack where references can be: from `low` to the outermost
/// activation, `high`. False where activations are on several stacks (coroutines), of
/// which only one is known.
bool findFrames(uintptr_t low, uintptr_t &high) {
  high = low;
  if (low < __wasmc_thread.stack_low)
    return false;
  for (const wasmc_activation *a = topActivation(); a != nullptr;
       a = static_cast<const wasmc_activation *>(a->previous)) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(a);
    if (address < high || address >= highestStackAddress())
      return false;
    high = address;
  }
  return true;
}

/// A set of addresses, each of which can be marked. Open addressing.
class AddressSet {
public:
  explicit AddressSet(size_t count) {
    while (capacity < 2 * count)
      capacity *= 2;
    entries = static_cast<uintptr_t *>(allocate(capacity * sizeof(uintptr_t)));
  }
  ~AddressSet() {
    if (entries != nullptr)
      deallocate(entries);
  }
  AddressSet(const AddressSet &) = delete;
  AddressSet &operator=(const AddressSet &) = delete;

  bool made() const { return entries != nullptr; }
  void insert(uintptr_t address) {
    *find(address) = address;
    lowest = address < lowest ? address : lowest;
    highest = address > highest ? address : highest;
  }
  void mark(uintptr_t address) {
    if (address - lowest > highest - lowest)
      return;
    uintptr_t *entry = find(address);
    if (*entry != 0)
      *entry |= 1;
  }
  bool isMarked(uintptr_t address) { return *find(address) & 1; }

private:
  /// Of the address, or empty.
  uintptr_t *find(uintptr_t address) {
    size_t at = (address >> 4) * size_t(0x9e3779b1u);
    for (; entries[at & (capacity - 1)] != 0; ++at)
      if ((entries[at & (capacity - 1)] & ~uintptr_t(1)) == address)
        break;
    return &entries[at & (capacity - 1)];
  }
  size_t capacity = 16;
  uintptr_t *entries;
  uintptr_t lowest = ~uintptr_t(0), highest = 0;
};

/// Marks what words of the stack, from this frame to `high`, may refer to.
__attribute__((noinline, no_sanitize("address"))) void markFrames(AddressSet &set,
                                                                   uintptr_t high) {
  for (uintptr_t at = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)); at < high;
       at += sizeof(uintptr_t))
    set.mark(*reinterpret_cast<const volatile uintptr_t *>(at));
}

/// Frees what is in the list and has no reference in any frame.
__attribute__((noinline)) void collect(ThreadExceptions *mine) {
  // A register may be all that holds one: they are stored in this frame.
  __builtin_unwind_init();
  const uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  size_t words = 0;
  uintptr_t high;
  AddressSet set(mine->count);
  if (set.made() && findFrames(here, high)) {
    words = (high - here) / sizeof(uintptr_t);
    for (wasmc_exception *e = mine->list; e != nullptr; e = nextOf(e))
      set.insert(reinterpret_cast<uintptr_t>(e));
    markFrames(set, high);
    // What goes may add what it held to the new list: that waits for the next time.
    wasmc_exception *next = mine->list;
    mine->list = nullptr;
    mine->count = 0;
    while (wasmc_exception *e = next) {
      next = nextOf(e);
      if (set.isMarked(reinterpret_cast<uintptr_t>(e)))
        addToList(mine, e);
      else if (__atomic_and_fetch(&e->refs, ~listed, __ATOMIC_ACQ_REL) == 0)
        destroy(e);
    }
  }
  // As many throws pay for the next search as it is long.
  mine->threshold = 2 * mine->count + fewExceptions + words / fewExceptions;
}

} // namespace

//===----------------------------------------------------------------------===//
// For modules
//===----------------------------------------------------------------------===//

/// Made when first needed. Null where there is no memory.
static Arena *arenaOf(wasmc_instance *instance) {
  State *state = stateOf(instance);
  if (state->arena == nullptr) {
    Arena *made = static_cast<Arena *>(allocate(sizeof(Arena)));
    if (made != nullptr)
      made->users = 1;
    state->arena = made;
  }
  return static_cast<Arena *>(state->arena);
}

wasmc_exception *wasmc::rt::makeException(wasmc_instance *thrower, const wasmc_tag *tag,
                                          const uint64_t *slots) {
  const wasmc_tag_type *type = static_cast<const wasmc_tag_type *>(tag->type);
  ThreadExceptions *mine = thisThread();
  Arena *arena = thrower != nullptr ? arenaOf(thrower) : nullptr;
  if (mine == nullptr || (thrower != nullptr && arena == nullptr))
    return nullptr;
  const uint64_t limit = thrower != nullptr ? stateOf(thrower)->exceptionLimit : 0;
  if (mine->count >= mine->threshold)
    collect(mine);
  if (!charge(arena, bytesOf(type), limit)) {
    collect(mine);
    if (!charge(arena, bytesOf(type), limit))
      return nullptr;
  }
  wasmc_exception *made = static_cast<wasmc_exception *>(allocate(bytesOf(type)));
  if (made == nullptr) {
    if (arena != nullptr) {
      __atomic_sub_fetch(&arena->bytes, bytesOf(type), __ATOMIC_RELAXED);
      leaveArena(arena);
    }
    return nullptr;
  }
  made->tag = tag->id;
  made->type = const_cast<wasmc_tag_type *>(type);
  made->arena = arena;
  if (type->num_slots != 0)
    memcpy(slotsOf(made), slots, type->num_slots * sizeof(uint64_t));
  forEachReference(made, [](wasmc_ref reference) { wasmc_exception_retain(reference); });
  mine->traced = nullptr;
  return made;
}

void wasmc::rt::traceThrow(wasmc_exception *exception, void *returnAddress, void *ownFrame) {
  ThreadExceptions *mine = thisThread();
  if (mine == nullptr || mine->traced == exception)
    return;
  mine->traced = exception;
  traceCaller(mine->trace, topActivation(), returnAddress, ownFrame);
}

void __wasmc_exception_keep_v_l(wasmc_ref reference) {
  wasmc_exception *exception = exceptionOf(reference);
  // Where the list cannot be had, the reference stays for good: rather that than one
  // that nothing protects.
  ThreadExceptions *mine = thisThread();
  uintptr_t none = 0;
  if (mine != nullptr && __atomic_compare_exchange_n(&exception->refs, &none, listed, false,
                                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    addToList(mine, exception);
}

void __wasmc_exception_drop_v_l(wasmc_ref reference) {
  wasmc_exception *exception = exceptionOf(reference);
  // Others may refer to it where it was ever kept or counted.
  if (__atomic_load_n(&exception->refs, __ATOMIC_ACQUIRE) == 0)
    destroy(exception);
}

void __wasmc_exception_retain_v_l(wasmc_ref reference) { wasmc_exception_retain(reference); }

void __wasmc_exception_store_v_pl(wasmc_ref *cell, wasmc_ref reference) {
  const wasmc_ref old = *cell;
  wasmc_exception_retain(reference);
  *cell = reference;
  wasmc_exception_release(old);
}

void wasmc::rt::endUncaught(wasmc_exception *exception) {
  wasmc_activation *activation = topActivation();
  wasmc_instance *instance = static_cast<wasmc_instance *>(activation->instance);
  State *state = stateOf(instance);
  ThreadExceptions *mine = thisThread();
  // Twice: for who asks the instance, and for the host function to which the status
  // goes, if it is one, and which may return it.
  wasmc_exception_retain(referenceTo(exception));
  if (state->exception != nullptr)
    wasmc_exception_release(referenceTo(state->exception));
  state->exception = exception;
  if (mine != nullptr) {
    makePending(mine, exception, activation->previous);
    recordException(activation, mine->trace);
  }
  restoreInstance(activation);
  __wasmc_resume_status(activation, WASMC_EXCEPTION);
}

void __wasmc_exception_uncaught_v_l(wasmc_ref exception) { endUncaught(exceptionOf(exception)); }

void __wasmc_throw_pending(void *returnAddress, void *ownFrame) {
  ThreadExceptions *mine = current;
  if (mine == nullptr || mine->pending == nullptr || mine->pendingIn != __wasmc_thread.top)
    return;
  wasmc_exception *exception = mine->pending;
  mine->pending = nullptr;
  // Nothing collects before it is caught and referred to again, or counted.
  __atomic_sub_fetch(&exception->refs, oneReference, __ATOMIC_ACQ_REL);
  // The frames where it was thrown may be another instance's, and are gone.
  mine->traced = nullptr;
  traceThrow(exception, returnAddress, ownFrame);
  if (__wasmc_raise != nullptr)
    __wasmc_raise(exception);
  endUncaught(exception);
}

void __wasmc_exception_forget(wasmc_instance *instance) {
  const wasmc_module *from = moduleOf(instance);
  State *state = stateOf(instance);
  for (uint32_t i = 0; i != from->num_globals; ++i) {
    const wasmc_global_type &global = arrayOf<wasmc_global_type>(from->globals)[i];
    if (!global.imported && valueTypeOf(global).kind() == WASMC_VAL_EXNREF)
      wasmc_exception_release(*at<wasmc_ref>(instance, global.cell));
  }
  if (state->exception != nullptr)
    wasmc_exception_release(referenceTo(state->exception));
  leaveArena(static_cast<Arena *>(state->arena));
}

//===----------------------------------------------------------------------===//
// For hosts
//===----------------------------------------------------------------------===//

int wasmc_exception_is(wasmc_ref exception, const wasmc_tag *tag) {
  return exception != 0 && exceptionOf(exception)->tag == tag->id;
}

const uint64_t *wasmc_exception_payload(wasmc_ref exception, size_t *numSlots) {
  if (numSlots != nullptr)
    *numSlots = exception != 0 ? typeOf(exceptionOf(exception))->num_slots : 0;
  return exception != 0 ? slotsOf(exceptionOf(exception)) : nullptr;
}

void wasmc_exception_retain(wasmc_ref exception) {
  if (exception != 0)
    __atomic_add_fetch(&exceptionOf(exception)->refs, oneReference, __ATOMIC_ACQ_REL);
}

void wasmc_exception_release(wasmc_ref reference) {
  if (reference == 0)
    return;
  wasmc_exception *exception = exceptionOf(reference);
  uintptr_t before = __atomic_load_n(&exception->refs, __ATOMIC_ACQUIRE);
  while (true) {
    // The last counted one goes; a frame may still have another.
    const bool toList = before == oneReference;
    const uintptr_t after = toList ? listed : before - oneReference;
    if (!__atomic_compare_exchange_n(&exception->refs, &before, after, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
      continue;
    ThreadExceptions *mine = toList ? thisThread() : nullptr;
    if (mine != nullptr)
      addToList(mine, exception);
    return;
  }
}

wasmc_status wasmc_throw_ref(wasmc_ref reference) {
  ThreadExceptions *mine = thisThread();
  if (reference == 0 || mine == nullptr)
    return reference == 0 ? WASMC_INVALID_ARGUMENT : WASMC_OUT_OF_MEMORY;
  makePending(mine, exceptionOf(reference), __wasmc_thread.top);
  return WASMC_EXCEPTION;
}

wasmc_status wasmc_throw(const wasmc_tag *tag, const uint64_t *slots) {
  wasmc_exception *made = makeException(nullptr, tag, slots);
  return made != nullptr ? wasmc_throw_ref(referenceTo(made)) : WASMC_OUT_OF_MEMORY;
}
