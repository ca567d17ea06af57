//===- Crash.cpp - When LLVM crashes ---------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Crash.h"

#include "Diagnostics.h"

#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/thread.h"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <unistd.h>

using namespace llvm;

namespace wasmc::driver {

/// Eight times the usual size: LLVM recurses in places whose depth a contrived
/// module chooses. Pages that are not used cost nothing.
static constexpr unsigned stackSize = 64u << 20;
static constexpr size_t signalStackSize = 64u << 10;

static const char *stage = "starting";
static thread_local std::string fatalReason;

void setStage(const char *what) { stage = what; }

static void onFatalError(void *, const char *reason, bool) {
  fatalReason = reason;
  if (CrashRecoveryContext *context = CrashRecoveryContext::GetCurrent())
    context->HandleExit(1);
}

/// LLVM's handlers run on the stack that the signal finds, which for an
/// exhausted stack means not at all. Ours have a stack of their own.
static void moveHandlersToSignalStack() {
  for (int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_DFL) {
      action.sa_flags |= SA_ONSTACK;
      sigaction(signal, &action, nullptr);
    }
  }
}

/// The process is in an unknown state: say what happened and leave, without
/// destructors and exit handlers. Of several threads, the first one says it.
[[noreturn]] static void reportCrash(int code) {
  static std::mutex once;
  once.lock();
  sys::RunInterruptHandlers(); // Removes temporary files.
  Diagnostics diags;
  std::string what = fatalReason.empty() ? "crashed" : "failed: " + fatalReason;
  if (fatalReason.empty() && code > 128)
    what += std::string(" (") + strsignal(code - 128) + ")";
  diags.error("internal error: " + what + " while " + stage);
  diags.note("this is a bug in wasmc or LLVM; please report it with the module and the options");
  errs().flush();
  _exit(1);
}

void guardThread(function_ref<void()> body) {
  auto memory = std::make_unique<char[]>(signalStackSize);
  stack_t ours = {}, before = {};
  ours.ss_sp = memory.get();
  ours.ss_size = signalStackSize;
  sigaltstack(&ours, &before);
  CrashRecoveryContext context;
  if (!context.RunSafely(body))
    reportCrash(context.RetCode);
  // Sanitizers have a signal stack of their own and free what they find.
  sigaltstack(&before, nullptr);
}

int runGuarded(function_ref<int()> body) {
  install_fatal_error_handler(onFatalError);
  CrashRecoveryContext::Enable();
  moveHandlersToSignalStack();
  int status = 1;
  llvm::thread worker(std::optional<unsigned>(stackSize),
                      [&] { guardThread([&] { status = body(); }); });
  worker.join();
  CrashRecoveryContext::Disable();
  remove_fatal_error_handler();
  return status;
}

/// Not a loop: each call has its own frame, which the caller looks at.
[[gnu::noinline]] static int exhaustStack(volatile char *above) {
  volatile char frame[4096];
  frame[0] = above[0];
  if (frame[0] == 0)
    return 0;
  int depth = exhaustStack(frame);
  return depth + frame[0];
}

bool crashOnPurpose(StringRef how) {
  volatile char start = 1;
  if (how == "segv")
    raise(SIGSEGV);
  else if (how == "abort")
    abort();
  else if (how == "fatal")
    report_fatal_error("asked for by --debug-crash");
  else if (how == "overflow")
    exhaustStack(&start);
  else
    return false;
  return true;
}

} // namespace wasmc::driver
