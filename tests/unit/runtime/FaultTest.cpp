//===- FaultTest.cpp - Faults of the host's, handlers, blocked signals ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that changes the process runs in a child: EXPECT_EXIT with the
// exact signal or exit status.
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <csetjmp>
#include <csignal>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace wasmc::test;
using testing::ExitedWithCode;
using testing::KilledBySignal;

namespace {

volatile char *const wild = reinterpret_cast<char *>(16);

int32_t faultInMemory(wasmc_instance *self, void *, void *) {
  reinterpret_cast<volatile char *>(recordOf(self) + 1)[65536] = 1;
  return WASMC_OK;
}

/// A wild store by the module's own code: no memory of its own.
int32_t faultElsewhere(wasmc_instance *, void *, void *) {
  *wild = 1;
  return WASMC_OK;
}

/// A host function that faults, in an address that would be the module's.
int32_t faultInImport(wasmc_instance *self, void *, void *) {
  leaveModule();
  reinterpret_cast<volatile char *>(recordOf(self) + 1)[65536] = 1;
  enterModule();
  return WASMC_OK;
}

int32_t killInModule(wasmc_instance *, void *, void *) {
  kill(getpid(), SIGSEGV);
  return WASMC_OK;
}

[[noreturn]] void exitWith77(int) { _exit(77); }
[[noreturn]] void exitWith78(int, siginfo_t *info, void *) {
  _exit(info->si_addr == const_cast<char *>(wild) ? 78 : 79);
}

void install(void (*handler)(int), int flags = 0) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(SIGSEGV, &action, nullptr);
}

void installInfo(void (*handler)(int, siginfo_t *, void *), int flags = 0) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | flags;
  sigaction(SIGSEGV, &action, nullptr);
}

void *currentHandler(int signal) {
  struct sigaction action;
  sigaction(signal, nullptr, &action);
  return action.sa_flags & SA_SIGINFO ? address(action.sa_sigaction) : address(action.sa_handler);
}

/// A guarded instance, as all these tests need one.
struct Guarded {
  TestModule source;
  Instance instance{source.memory(1).module()};
};

} // namespace

using FaultDeathTest = testing::Test;

TEST_F(FaultDeathTest, HostsFaultWithoutHandlerKills) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        *wild = 1;
      },
      KilledBySignal(SIGSEGV), "");
}

TEST_F(FaultDeathTest, ModulesWildStoreIsNotATrap) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        enter(guarded.instance, faultElsewhere);
      },
      KilledBySignal(SIGSEGV), "");
}

TEST_F(FaultDeathTest, FaultInAnImportIsTheHosts) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        enter(guarded.instance, faultInImport);
      },
      KilledBySignal(SIGSEGV), "");
  EXPECT_EXIT(
      {
        install(exitWith77);
        Guarded guarded;
        enter(guarded.instance, faultInImport);
      },
      ExitedWithCode(77), "");
}

TEST_F(FaultDeathTest, FaultInAnotherThreadIsTheHosts) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        enter(guarded.instance, faultInMemory);
        std::thread([] { *wild = 1; }).join();
      },
      KilledBySignal(SIGSEGV), "");
}

TEST_F(FaultDeathTest, FaultAfterATrapIsTheHosts) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        if (enter(guarded.instance, faultInMemory) != WASMC_TRAP)
          _exit(1);
        guarded.instance.base()[65536] = 1;
      },
      KilledBySignal(SIGSEGV), "");
}

TEST_F(FaultDeathTest, HandlerFromBeforeGetsTheHostsFaults) {
  EXPECT_EXIT(
      {
        installInfo(exitWith78);
        Guarded guarded;
        if (enter(guarded.instance, faultInMemory) != WASMC_TRAP)
          _exit(1);
        *wild = 1;
      },
      ExitedWithCode(78), "");
}

TEST_F(FaultDeathTest, HandlerInstalledLaterMayCallUs) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        installInfo([](int signal, siginfo_t *info, void *context) {
          if (!wasmc_handle_fault(signal, info, context))
            _exit(info->si_addr == const_cast<char *>(wild) ? 80 : 81);
        });
        for (int i = 0; i != 3; ++i)
          if (enter(guarded.instance, faultInMemory) != WASMC_TRAP)
            _exit(1);
        *wild = 1;
      },
      ExitedWithCode(80), "");
}

TEST_F(FaultDeathTest, HandlerInstalledLaterMayChain) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        static struct sigaction ours;
        sigaction(SIGSEGV, nullptr, &ours);
        installInfo([](int signal, siginfo_t *info, void *context) {
          if (info->si_addr == const_cast<char *>(wild))
            _exit(82);
          ours.sa_sigaction(signal, info, context);
        });
        for (int i = 0; i != 3; ++i)
          if (enter(guarded.instance, faultInMemory) != WASMC_TRAP)
            _exit(1);
        *wild = 1;
      },
      ExitedWithCode(82), "");
}

TEST_F(FaultDeathTest, IgnoredFaultsKillAndIgnoredSignalsDoNot) {
  EXPECT_EXIT(
      {
        signal(SIGSEGV, SIG_IGN);
        Guarded guarded;
        kill(getpid(), SIGSEGV);
        enter(guarded.instance, killInModule);
        *wild = 1;
      },
      KilledBySignal(SIGSEGV), "");
  EXPECT_EXIT(
      {
        signal(SIGSEGV, SIG_IGN);
        Guarded guarded;
        kill(getpid(), SIGSEGV);
        _exit(enter(guarded.instance, killInModule) == WASMC_OK ? 5 : 6);
      },
      ExitedWithCode(5), "");
}

TEST_F(FaultDeathTest, SentSignalsKillWhereNobodyHandlesThem) {
  EXPECT_EXIT(
      {
        Guarded guarded;
        kill(getpid(), SIGSEGV);
        _exit(1);
      },
      KilledBySignal(SIGSEGV), "");
  EXPECT_EXIT(
      {
        Guarded guarded;
        enter(guarded.instance, killInModule);
        _exit(1);
      },
      KilledBySignal(SIGSEGV), "");
  EXPECT_EXIT(
      {
        Guarded guarded;
        kill(getpid(), SIGBUS);
        _exit(1);
      },
      KilledBySignal(SIGBUS), "");
}

TEST_F(FaultDeathTest, HostsHandlerMayJumpOut) {
  EXPECT_EXIT(
      {
        static sigjmp_buf jump;
        install([](int) { siglongjmp(jump, 1); });
        Guarded guarded;
        static int times;
        if (sigsetjmp(jump, 1) == 0 || ++times < 100)
          *wild = 1;
        _exit(enter(guarded.instance, faultInMemory) == WASMC_TRAP ? 9 : 1);
      },
      ExitedWithCode(9), "");
}

TEST_F(FaultDeathTest, MaskAndResetAreAsTheHostAskedFor) {
  EXPECT_EXIT(
      {
        struct sigaction action = {};
        action.sa_handler = [](int) {
          sigset_t mask;
          sigprocmask(SIG_SETMASK, nullptr, &mask);
          if (!sigismember(&mask, SIGUSR1) || !sigismember(&mask, SIGUSR2) ||
              sigismember(&mask, SIGSEGV) || sigismember(&mask, SIGHUP))
            _exit(1);
        };
        action.sa_flags = SA_NODEFER | SA_RESETHAND;
        sigaddset(&action.sa_mask, SIGUSR1);
        sigaction(SIGSEGV, &action, nullptr);
        sigset_t before;
        sigemptyset(&before);
        sigaddset(&before, SIGUSR2);
        sigprocmask(SIG_BLOCK, &before, nullptr);
        Guarded guarded;
        // The first is handled, the second one finds the default.
        *wild = 1;
        _exit(2);
      },
      KilledBySignal(SIGSEGV), "");
}

TEST_F(FaultDeathTest, HandlersAreGivenBack) {
  EXPECT_EXIT(
      {
        install(exitWith77);
        for (int i = 0; i != 3; ++i) {
          Guarded a;
          {
            Guarded b;
            if (currentHandler(SIGSEGV) == address(exitWith77))
              _exit(1);
          }
          if (currentHandler(SIGSEGV) == address(exitWith77) ||
              enter(a.instance, faultInMemory) != WASMC_TRAP)
            _exit(2);
        }
        _exit(currentHandler(SIGSEGV) == address(exitWith77) &&
                      currentHandler(SIGBUS) == address(SIG_DFL)
                  ? 10
                  : 3);
      },
      ExitedWithCode(10), "");
}

TEST_F(FaultDeathTest, HandlersBelowAnotherStay) {
  EXPECT_EXIT(
      {
        static struct sigaction ours;
        {
          Guarded guarded;
          sigaction(SIGSEGV, nullptr, &ours);
          installInfo([](int signal, siginfo_t *info, void *context) {
            ours.sa_sigaction(signal, info, context);
          });
        }
        // The host's is still there, and ours below it works for new instances.
        Guarded again;
        if (currentHandler(SIGSEGV) == address(ours.sa_sigaction))
          _exit(1);
        _exit(enter(again.instance, faultInMemory) == WASMC_TRAP ? 11 : 2);
      },
      ExitedWithCode(11), "");
}

TEST_F(FaultDeathTest, CheckedModulesInstallNothing) {
  TestModule source;
  Instance instance(source.memory(1, 1, 0).module());
  EXPECT_EQ(currentHandler(SIGSEGV), address(SIG_DFL));
}

TEST_F(FaultDeathTest, AHostThatOwnsItsSignals) {
  EXPECT_EXIT(
      {
        wasmc_set_signal_mode(WASMC_NO_HANDLERS);
        installInfo(
            [](int signal, siginfo_t *info, void *context) {
              if (!wasmc_handle_fault(signal, info, context))
                _exit(3);
            },
            SA_NODEFER);
        void *const before = currentHandler(SIGSEGV);
        Guarded guarded;
        _exit(enter(guarded.instance, faultInMemory) == WASMC_TRAP &&
                      currentHandler(SIGSEGV) == before
                  ? 12
                  : 4);
      },
      ExitedWithCode(12), "");
}

TEST_F(FaultDeathTest, BlockedSignalsAreReported) {
  for (const int blocked : {SIGSEGV, SIGBUS})
    std::thread([blocked] {
      sigset_t set;
      sigemptyset(&set);
      sigaddset(&set, blocked);
      pthread_sigmask(SIG_BLOCK, &set, nullptr);
      TestModule source;
      Instance instance(source.memory(1).module());
      EXPECT_EQ(instance.status, WASMC_OK); // Nothing of it ran.
      EXPECT_EQ(enter(instance, faultInMemory), WASMC_SIGNALS_BLOCKED);
      source.init = address(+[](wasmc_instance *) -> int32_t { return WASMC_OK; });
      Instance started(source.module());
      EXPECT_EQ(started.status, WASMC_SIGNALS_BLOCKED);
      EXPECT_STREQ(started.error, "signals blocked");
      EXPECT_EQ(started.instance, nullptr);
      pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
      EXPECT_EQ(enter(instance, faultInMemory), WASMC_TRAP);
    }).join();
}

TEST_F(FaultDeathTest, AHostsAlternateStackIsKept) {
  std::thread([] {
    static char room[65536];
    stack_t mine = {};
    mine.ss_sp = room;
    mine.ss_size = sizeof(room);
    sigaltstack(&mine, nullptr);
    Guarded guarded;
    EXPECT_EQ(enter(guarded.instance, faultInMemory), WASMC_TRAP);
    stack_t now;
    sigaltstack(nullptr, &now);
    EXPECT_EQ(now.ss_sp, room);
    now.ss_flags = SS_DISABLE;
    sigaltstack(&now, nullptr);
  }).join();
}

TEST_F(FaultDeathTest, EntriesFromThreadDestructors) {
  static pthread_key_t key;
  static int entered;
  static wasmc_instance *instance;
  Guarded guarded;
  instance = guarded.instance;
  ASSERT_EQ(pthread_key_create(&key,
                               [](void *) {
                                 entered += enter(instance, faultInMemory) == WASMC_TRAP;
                                 if (entered < 2)
                                   pthread_setspecific(key, &entered);
                               }),
            0);
  const auto run = [] {
    entered = 0;
    std::thread([] {
      pthread_setspecific(key, &entered);
      EXPECT_EQ(enter(instance, faultInMemory), WASMC_TRAP);
    }).join();
    EXPECT_EQ(entered, 2);
  };
  run(); // Stacks that the C library keeps are there from now on.
  const size_t before = countMappings();
  for (int i = 0; i != 20; ++i)
    run();
  EXPECT_LE(countMappings(), before + 3);
  pthread_key_delete(key);
}

TEST_F(FaultDeathTest, AddressSpaceRunsOut) {
  EXPECT_EXIT(
      {
        const rlim_t bytes = rlim_t(20) << 30;
        rlimit few;
        few.rlim_cur = few.rlim_max = bytes;
        setrlimit(RLIMIT_AS, &few);
        TestModule source;
        const wasmc_module *from = source.memory(1).module();
        wasmc_instance *instances[8];
        int made = 0;
        char error[128];
        wasmc_config config = {};
        config.error = error;
        config.error_capacity = sizeof(error);
        wasmc_status status;
        while ((status = wasmc_instance_new(from, nullptr, &config, &instances[made])) == WASMC_OK)
          ++made;
        if (status != WASMC_NO_ADDRESS_SPACE || made != 2 || instances[made] != nullptr ||
            std::string(error) != "memory 0: no address space left to reserve")
          _exit(1);
        wasmc_instance_delete(instances[1]);
        _exit(wasmc_instance_new(from, nullptr, nullptr, &instances[1]) == WASMC_OK ? 13 : 2);
      },
      ExitedWithCode(13), "");
}
