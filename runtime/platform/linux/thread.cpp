//===- thread.cpp - What the runtime knows of each thread, on Linux -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread is prepared at its first entry into a module: the trampoline's
// compare with `stack_limit`, the highest address until then, brings it here.
//
//===----------------------------------------------------------------------===//
#include "faults.h"
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

using namespace wasmc::rt;

static constexpr uintptr_t unknownLimit = ~uintptr_t(0);

__thread wasmc_thread __wasmc_thread
    __attribute__((tls_model("initial-exec"))) = {nullptr, unknownLimit, 0, nullptr, 0};

namespace {

/// Bits of `__wasmc_thread.flags`.
enum : uint32_t {
  FaultsArrive = 1, ///< SIGSEGV and SIGBUS were seen not to be blocked.
  HasStack = 2,     ///< An alternate signal stack is there, the host's or ours.
};

/// Where the host said that the stack ends, see wasmc_thread_set_stack.
__thread uintptr_t stackHigh __attribute__((tls_model("initial-exec")));

/// What a handler of the host's may want of our alternate stack, since faults
/// that are not a module's reach it there.
constexpr size_t handlerRoom = 64 * 1024;

pthread_once_t keyOnce = PTHREAD_ONCE_INIT;
pthread_key_t key;
bool keyMade;

size_t alternateStackBytes() {
  const size_t frame = static_cast<size_t>(getauxval(AT_MINSIGSTKSZ));
  const size_t page = pageSize();
  return (frame + handlerRoom + page - 1) / page * page;
}

/// At thread exit: takes the alternate stack away, and forgets the thread, since
/// a destructor that runs after this one may enter a module again.
void forgetThread(void *mapping) {
  stack_t current;
  if (sigaltstack(nullptr, &current) == 0 && current.ss_sp == __wasmc_thread.alternate_stack) {
    stack_t none = {};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
  }
  munmap(mapping, alternateStackBytes() + pageSize());
  __wasmc_thread.alternate_stack = nullptr;
  __wasmc_thread.flags = 0;
  __wasmc_thread.stack_limit = unknownLimit;
}

void makeKey() { keyMade = pthread_key_create(&key, forgetThread) == 0; }

/// Gives the thread an alternate signal stack, with a page below that faults.
bool makeAlternateStack() {
  stack_t current;
  if (sigaltstack(nullptr, &current) == 0 && !(current.ss_flags & SS_DISABLE))
    return true;
  pthread_once(&keyOnce, makeKey);
  if (!keyMade)
    return false;
  const size_t page = pageSize(), bytes = alternateStackBytes();
  void *mapping = reserveAddresses(bytes + page);
  if (mapping == nullptr)
    return false;
  stack_t ours = {};
  ours.ss_sp = static_cast<char *>(mapping) + page;
  ours.ss_size = bytes;
  if (!commitPages(ours.ss_sp, bytes) || pthread_setspecific(key, mapping) != 0) {
    munmap(mapping, bytes + page);
    return false;
  }
  if (sigaltstack(&ours, nullptr) != 0) {
    pthread_setspecific(key, nullptr);
    munmap(mapping, bytes + page);
    return false;
  }
  __wasmc_thread.alternate_stack = ours.ss_sp;
  return true;
}

bool faultsBlocked() {
  sigset_t blocked;
  return pthread_sigmask(SIG_SETMASK, nullptr, &blocked) == 0 &&
         (sigismember(&blocked, SIGSEGV) == 1 || sigismember(&blocked, SIGBUS) == 1);
}

/// The thread's own stack, as the system knows it.
bool findStack(uintptr_t &low, uintptr_t &high) {
  pthread_attr_t attributes;
  if (injectedFailure() || pthread_getattr_np(pthread_self(), &attributes) != 0)
    return false;
  void *start;
  size_t bytes;
  const bool found = pthread_attr_getstack(&attributes, &start, &bytes) == 0;
  pthread_attr_destroy(&attributes);
  if (!found)
    return false;
  low = reinterpret_cast<uintptr_t>(start);
  high = low + bytes;
  return true;
}

} // namespace

wasmc_status wasmc::rt::prepareThread(const wasmc_instance *instance) {
  wasmc_thread &thread = __wasmc_thread;
  const bool needsFaults = moduleOf(instance)->flags & WASMC_MODULE_GUARD;
  if (!(thread.flags & FaultsArrive)) {
    if (faultsBlocked()) {
      // Where nothing relies on faults, that is the host's affair.
      if (needsFaults || faultHandlersUsed())
        return WASMC_SIGNALS_BLOCKED;
    } else {
      thread.flags |= FaultsArrive;
    }
  }
  if (!(thread.flags & HasStack) && installsHandlers()) {
    if (!makeAlternateStack())
      return WASMC_OUT_OF_MEMORY;
    thread.flags |= HasStack;
  }
  if (thread.stack_low == 0) {
    uintptr_t low, high;
    if (!findStack(low, high))
      return WASMC_OUT_OF_MEMORY;
    thread.stack_low = low;
    stackHigh = high;
  }
  if (thread.stack_limit == unknownLimit)
    thread.stack_limit = thread.stack_low + stackReserve(stackHigh - thread.stack_low);
  return WASMC_OK;
}

uintptr_t wasmc::rt::highestStackAddress() { return stackHigh; }

void wasmc_thread_set_stack(uintptr_t low, uintptr_t high) {
  wasmc_thread &thread = __wasmc_thread;
  const bool prepared = thread.stack_limit != unknownLimit;
  thread.stack_low = low;
  stackHigh = high;
  // What else a thread needs is made at its first entry.
  thread.stack_limit = low != 0 && prepared ? low + stackReserve(high - low) : unknownLimit;
}
