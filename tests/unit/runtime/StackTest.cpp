//===- StackTest.cpp - Stacks that run out --------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"
#include "platform/platform.h"

#include <pthread.h>
#include <sys/mman.h>
#include <thread>

using namespace wasmc::test;

namespace {

/// Recursion with the compare that generated code makes.
__attribute__((noinline)) void recurseChecked(unsigned *depth) {
  char frame[64];
  asm volatile("" : : "r"(frame) : "memory");
  if (reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < __wasmc_thread.stack_limit)
    __wasmc_trap_call_stack_exhausted();
  ++*depth;
  recurseChecked(depth);
  asm volatile("" : : "r"(frame) : "memory");
}

/// Recursion without, into the guard page. Only a stack fault ends it.
__attribute__((noinline)) void recurseBlindly(unsigned *depth) {
  char frame[256];
  asm volatile("" : : "r"(frame) : "memory");
  ++*depth;
  recurseBlindly(depth);
  asm volatile("" : : "r"(frame) : "memory");
}

int32_t checkedBody(wasmc_instance *, void *depth, void *) {
  recurseChecked(static_cast<unsigned *>(depth));
  return WASMC_OK;
}

int32_t blindBody(wasmc_instance *, void *depth, void *) {
  recurseBlindly(static_cast<unsigned *>(depth));
  return WASMC_OK;
}

void exhaust(unsigned times, bool blindly) {
  TestModule source;
  Instance instance(source.memory(1).module());
  ASSERT_EQ(instance.status, WASMC_OK);
  unsigned first = 0;
  for (unsigned i = 0; i != times; ++i) {
    unsigned depth = 0;
    ASSERT_EQ(enter(instance, blindly ? blindBody : checkedBody, &depth), WASMC_TRAP);
    ASSERT_EQ(instance.trapCode(), 10u);
    if (i == 0)
      first = depth;
    ASSERT_EQ(depth, first);
  }
  EXPECT_GT(first, 100u);
  const wasmc_trap *trap = wasmc_instance_trap(instance);
  EXPECT_EQ(trap->num_frames, 32u);
  EXPECT_GT(trap->omitted_frames, first - 40);
}

void onThreadOf(size_t bytes, void (*work)()) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, bytes), 0);
  pthread_t thread;
  ASSERT_EQ(pthread_create(
                &thread, &attributes,
                [](void *code) -> void * {
                  reinterpret_cast<void (*)()>(code)();
                  return nullptr;
                },
                reinterpret_cast<void *>(work)),
            0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

} // namespace

TEST(Stack, MainThread) { exhaust(20, false); }
TEST(Stack, MainThreadIntoTheGuardPage) { exhaust(20, true); }
TEST(Stack, Thread) {
  std::thread([] { exhaust(20, false); }).join();
}
TEST(Stack, ThreadIntoTheGuardPage) {
  std::thread([] { exhaust(20, true); }).join();
}
TEST(Stack, ThreadOf64KiB) {
  onThreadOf(64 * 1024, [] { exhaust(1000, false); });
}
TEST(Stack, ThreadOf64KiBIntoTheGuardPage) {
  onThreadOf(64 * 1024, [] { exhaust(1000, true); });
}

TEST(Stack, LeavesAReserveForHostFunctions) {
  EXPECT_EQ(wasmc::rt::stackReserve(8 << 20), 65536u);
  EXPECT_EQ(wasmc::rt::stackReserve(65536), 16384u);
  std::thread([] {
    TestModule source;
    Instance instance(source.memory(1).module());
    unsigned depth = 0;
    EXPECT_EQ(enter(instance, checkedBody, &depth), WASMC_TRAP);
    EXPECT_EQ(__wasmc_thread.stack_limit - __wasmc_thread.stack_low, 65536u);
  }).join();
}

TEST(Stack, EntryBelowTheLimitIsATrap) {
  // A host function deep in its reserve calls a module again.
  struct Deep {
    static int32_t body(wasmc_instance *self, void *result, void *) {
      leaveModule();
      const uintptr_t limit = __wasmc_thread.stack_limit;
      __wasmc_thread.stack_limit = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
      unsigned depth = 0;
      *static_cast<wasmc_status *>(result) = enter(self, checkedBody, &depth);
      *static_cast<wasmc_status *>(result) += depth == 0 ? 100 : 0;
      __wasmc_thread.stack_limit = limit;
      enterModule();
      return WASMC_OK;
    }
  };
  TestModule source;
  Instance instance(source.memory(1).module());
  wasmc_status inner = -1;
  EXPECT_EQ(enter(instance, Deep::body, &inner), WASMC_OK);
  EXPECT_EQ(inner, 100 + WASMC_TRAP);
  EXPECT_EQ(instance.trapCode(), 10u);
  EXPECT_EQ(wasmc_instance_trap(instance)->num_frames, 0u);
}

namespace {
/// Runs `work` on a stack of the host's own, as coroutines do.
void runOn(char *high, void (*work)(void *), void *argument) {
#if defined(__x86_64__)
  asm volatile("movq %%rsp, %%rbx\n\tmovq %0, %%rsp\n\tcall *%1\n\tmovq %%rbx, %%rsp"
               :
               : "r"(high), "r"(work), "D"(argument)
               : "rbx", "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
#else
  (void)high;
  work(argument);
#endif
}
} // namespace

TEST(Stack, OfACoroutine) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "stack switching is written for x86-64";
#endif
  const size_t bytes = 256 * 1024;
  char *room = static_cast<char *>(
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  struct Work {
    wasmc_instance *instance;
    wasmc_status status;
    unsigned depth;
  };
  TestModule source;
  Instance instance(source.memory(1).module());
  Work work = {instance, -1, 0};
  for (int round = 0; round != 3; ++round) {
    wasmc_thread_set_stack(reinterpret_cast<uintptr_t>(room),
                           reinterpret_cast<uintptr_t>(room) + bytes);
    work.depth = 0;
    runOn(
        room + bytes - 128,
        [](void *argument) {
          Work *one = static_cast<Work *>(argument);
          one->status = enter(one->instance, checkedBody, &one->depth);
        },
        &work);
    wasmc_thread_set_stack(0, 0);
    EXPECT_EQ(work.status, WASMC_TRAP);
    EXPECT_EQ(instance.trapCode(), 10u);
    EXPECT_GT(work.depth, 100u);
    // Back on the thread's own stack, which is larger.
    unsigned depth = 0;
    EXPECT_EQ(enter(instance, checkedBody, &depth), WASMC_TRAP);
    EXPECT_GT(depth, work.depth);
  }
  // Nothing was written into the reserve of the coroutine's stack.
  for (size_t i = 0; i != 4096; ++i)
    ASSERT_EQ(room[i], 0);
  munmap(room, bytes);
}
