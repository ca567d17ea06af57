//===- signals.cpp - Faults of modules, and of everybody else, on Linux ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fault is a module's if the thread's innermost activation is in the module
// (not in a host function) and the address lies in a reservation of a memory, or
// around the end of the thread's stack. Not by program counter: library
// functions that the compiler calls from a module's loops fault for it.
//
// All other signals go to the handler that was there before, as the kernel would
// have delivered them; only the stack is ours where it would have been the
// interrupted one.
//
// This code runs in a signal handler: it calls nothing that is not
// async-signal-safe, and touches only what is mapped as long as the activation
// is. The one lock is never held while an activation is in a module.
//
//===----------------------------------------------------------------------===//
#include "context.h"
#include "faults.h"
#include "spin_lock.h"
#include <signal.h>
#include <stdlib.h>

using namespace wasmc::rt;

namespace {

/// How far from the lowest usable address of a stack a fault is the stack's:
/// below, a frame that is probed page by page reaches the guard page first, but
/// Linux keeps up to 1 MiB free below a main thread's stack; above, the bounds
/// that the system reports for it are not exact.
constexpr uintptr_t belowStack = 1 << 20;
constexpr uintptr_t aboveStack = 64 * 1024;

SpinLock reservationsLock;
Reservation *reservations;

/// One of the two signals that accesses raise.
struct Handled {
  int signal;
  bool installed;
  struct sigaction previous;
};

SpinLock handlersLock;
unsigned handlersUsers;
int signalMode = WASMC_INSTALL_HANDLERS;
Handled handled[] = {{SIGSEGV, false, {}}, {SIGBUS, false, {}}};

bool inReservation(const wasmc_memory *memory, uintptr_t address) {
  const uintptr_t start = reinterpret_cast<uintptr_t>(memory->reservation);
  return (memory->flags & WASMC_MEMORY_GUARD) && address >= start &&
         address - start < memory->reserved;
}

/// The entered instance's memories first: almost all faults are theirs.
bool isMemoryFault(wasmc_instance *instance, uintptr_t address) {
  const wasmc_module *from = moduleOf(instance);
  wasmc_memory *const *memories = at<wasmc_memory *>(instance, from->memory_slots);
  for (uint32_t i = 0; i != from->num_memories; ++i)
    if (inReservation(memories[i], address))
      return true;
  bool found = false;
  reservationsLock.lock();
  for (Reservation *one = reservations; one != nullptr && !found; one = one->next)
    found = address >= one->low && address < one->high;
  reservationsLock.unlock();
  return found;
}

bool isStackFault(uintptr_t address) {
  const uintptr_t low = __wasmc_thread.stack_low;
  const uintptr_t from = low < belowStack ? 0 : low - belowStack;
  return low != 0 && address >= from && address < low + aboveStack;
}

/// The kernel raised it for an access, with a meaningful address.
bool isAccessFault(int signal, const siginfo_t &info) {
  if (signal == SIGSEGV)
    return info.si_code == SEGV_MAPERR || info.si_code == SEGV_ACCERR;
  return signal == SIGBUS && info.si_code == BUS_ADRERR;
}

bool handleFault(int signal, const siginfo_t &info, ucontext_t &context) {
  wasmc_activation *activation = static_cast<wasmc_activation *>(__wasmc_thread.top);
  if (activation == nullptr || !(activation->state & WASMC_STATE_IN_MODULE) || !isAccessFault(signal, info))
    return false;
  const uintptr_t address = reinterpret_cast<uintptr_t>(info.si_addr);
  wasmc_instance *instance = static_cast<wasmc_instance *>(activation->instance);
  uint32_t code;
  if (isMemoryFault(instance, address))
    code = Trap_memory_out_of_bounds;
  else if (isStackFault(address))
    code = Trap_call_stack_exhausted;
  else
    return false;
  recordTrap(activation, code, WASMC_OK, registersOf(context));
  restoreInstance(activation);
  redirect(context, reinterpret_cast<uintptr_t>(&__wasmc_resume),
           reinterpret_cast<uintptr_t>(activation));
  return true;
}

/// What the kernel does where nobody handles the signal. A fault happens again
/// on return; a signal that was sent is sent again, and delivered on return.
void deliverDefault(int signal, const siginfo_t &info) {
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  sigemptyset(&standard.sa_mask);
  sigaction(signal, &standard, nullptr);
  if (info.si_code <= 0)
    raise(signal);
}

/// The signal mask that the kernel would run `action` with.
void setMaskFor(const struct sigaction &action, int signal, const ucontext_t &context) {
  sigset_t mask = action.sa_mask;
  constexpr int lastSignal = 64;
  for (int other = 1; other <= lastSignal; ++other)
    if (sigismember(&context.uc_sigmask, other) == 1)
      sigaddset(&mask, other);
  if (!(action.sa_flags & SA_NODEFER))
    sigaddset(&mask, signal);
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

void deliverToPrevious(Handled &one, siginfo_t *info, void *context) {
  const struct sigaction action = one.previous;
  if (!(action.sa_flags & SA_SIGINFO)) {
    // A fault cannot be ignored: the kernel kills then, too.
    if (action.sa_handler == SIG_IGN && info->si_code <= 0)
      return;
    if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN) {
      deliverDefault(one.signal, *info);
      return;
    }
  }
  if (action.sa_flags & SA_RESETHAND) {
    one.previous.sa_handler = SIG_DFL;
    one.previous.sa_flags &= ~SA_SIGINFO;
  }
  setMaskFor(action, one.signal, *static_cast<const ucontext_t *>(context));
  if (action.sa_flags & SA_SIGINFO)
    action.sa_sigaction(one.signal, info, context);
  else
    action.sa_handler(one.signal);
}

void onSignal(int signal, siginfo_t *info, void *context) {
  if (handleFault(signal, *info, *static_cast<ucontext_t *>(context)))
    return;
  for (Handled &one : handled)
    if (one.signal == signal)
      deliverToPrevious(one, info, context);
}

void install(Handled &one) {
  // Still below a handler of the host's: it calls ours, or the host chose so.
  if (one.installed)
    return;
  sigaction(one.signal, nullptr, &one.previous);
  struct sigaction ours = {};
  ours.sa_sigaction = onSignal;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK | (one.previous.sa_flags & SA_RESTART);
  sigemptyset(&ours.sa_mask);
  one.installed = sigaction(one.signal, &ours, nullptr) == 0;
}

/// Only while ours is on top: a later handler of the host's may call it.
void giveBack(Handled &one) {
  struct sigaction current;
  if (!one.installed || sigaction(one.signal, nullptr, &current) != 0 ||
      !(current.sa_flags & SA_SIGINFO) || current.sa_sigaction != onSignal)
    return;
  one.installed = sigaction(one.signal, &one.previous, nullptr) != 0;
}

} // namespace

void wasmc::rt::addReservation(Reservation *reservation) {
  reservationsLock.lock();
  reservation->previous = nullptr;
  reservation->next = reservations;
  if (reservations != nullptr)
    reservations->previous = reservation;
  reservations = reservation;
  reservationsLock.unlock();
}

void wasmc::rt::removeReservation(Reservation *reservation) {
  reservationsLock.lock();
  if (reservation->next != nullptr)
    reservation->next->previous = reservation->previous;
  if (reservation->previous != nullptr)
    reservation->previous->next = reservation->next;
  else
    reservations = reservation->next;
  reservationsLock.unlock();
}

void wasmc::rt::acquireFaultHandlers() {
  handlersLock.lock();
  if (handlersUsers++ == 0 && installsHandlers())
    for (Handled &one : handled)
      install(one);
  handlersLock.unlock();
}

void wasmc::rt::releaseFaultHandlers() {
  handlersLock.lock();
  if (--handlersUsers == 0)
    for (Handled &one : handled)
      giveBack(one);
  handlersLock.unlock();
}

bool wasmc::rt::faultHandlersUsed() {
  return __atomic_load_n(&handlersUsers, __ATOMIC_RELAXED) != 0;
}

bool wasmc::rt::installsHandlers() {
  return __atomic_load_n(&signalMode, __ATOMIC_RELAXED) == WASMC_INSTALL_HANDLERS;
}

int wasmc_handle_fault(int signal, void *siginfo, void *context) {
  return handleFault(signal, *static_cast<const siginfo_t *>(siginfo),
                     *static_cast<ucontext_t *>(context));
}

void wasmc_set_signal_mode(int mode) { __atomic_store_n(&signalMode, mode, __ATOMIC_RELAXED); }
