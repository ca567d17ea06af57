//===- SharedMemoryTest.cpp - Memories that several threads use -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Also built with the whole runtime under ThreadSanitizer, as wasmc_race_tests.
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"
#include "memory/shared.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <pthread.h>
#include <thread>

using namespace wasmc::rt;

namespace {

constexpr int64_t forEver = -1;
constexpr uint32_t all = ~uint32_t(0);
constexpr uint64_t second = 1'000'000'000;

/// A shared memory of one page that can have `max`.
class Shared {
public:
  explicit Shared(uint64_t max = 1, uint32_t flags = 0) {
    EXPECT_EQ(wasmc_memory_new(1, max, 0, flags | WASMC_MEMORY_SHARED, &memory), WASMC_OK);
  }
  ~Shared() { wasmc_memory_delete(memory); }
  operator wasmc_memory *() const { return memory; }
  template <typename T = uint32_t> T *at(uint64_t address) const {
    return reinterpret_cast<T *>(wasmc_memory_data(memory) + address);
  }
  int32_t wait(uint64_t address, uint32_t expected, int64_t timeout) const {
    return __wasmc_memory_wait32_i_ppil(memory, at(address), expected, timeout);
  }
  int32_t notify(uint64_t address, uint32_t count) const {
    return __wasmc_memory_notify_i_ppi(memory, at(address), count);
  }
  /// Threads that wait, on any address. An entry of the queue begins with the next.
  size_t waiting() const {
    const MemoryLock lock(memory);
    size_t count = 0;
    for (void *entry = memory->waiters; entry != nullptr; entry = *static_cast<void **>(entry))
      ++count;
    return count;
  }
  void untilWaiting(size_t count) const {
    while (waiting() != count)
      std::this_thread::yield();
  }

private:
  wasmc_memory *memory = nullptr;
};

void store(uint32_t *to, uint32_t value) { __atomic_store_n(to, value, __ATOMIC_SEQ_CST); }
uint32_t load(const uint32_t *from) { return __atomic_load_n(from, __ATOMIC_SEQ_CST); }

uint64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

TEST(SharedMemory, NeedsAMaximum) {
  wasmc_memory *memory;
  EXPECT_EQ(wasmc_memory_new(1, ~uint64_t(0), 0, WASMC_MEMORY_SHARED, &memory),
            WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(memory, nullptr);
  EXPECT_EQ(wasmc_memory_new(1, 65536, uint64_t(1) << 20,
                             WASMC_MEMORY_SHARED | WASMC_MEMORY_GUARD, &memory),
            WASMC_OK);
  EXPECT_EQ(wasmc_memory_grow(memory, 15), 1);
  EXPECT_EQ(wasmc_memory_grow(memory, 1), -1);
  wasmc_memory_delete(memory);
}

TEST(SharedMemory, WaitComparesFirst) {
  const Shared memory;
  store(memory.at(8), 5);
  EXPECT_EQ(memory.wait(8, 4, forEver), NotEqual);
  EXPECT_EQ(__wasmc_memory_wait64_i_ppll(memory, memory.at<uint64_t>(8), 4, forEver), NotEqual);
  // All 64 bits count.
  EXPECT_EQ(__wasmc_memory_wait64_i_ppll(memory, memory.at<uint64_t>(8),
                                         5 + (uint64_t(1) << 32), forEver),
            NotEqual);
  EXPECT_EQ(memory.waiting(), 0u);
}

TEST(SharedMemory, WaitTimesOutNotTooEarly) {
  const Shared memory;
  for (const int64_t timeout : {0, 1, 20'000'000}) {
    const uint64_t start = now();
    EXPECT_EQ(memory.wait(0, 0, timeout), TimedOut);
    EXPECT_GE(now() - start, uint64_t(timeout));
    EXPECT_EQ(memory.waiting(), 0u);
    EXPECT_EQ(memory.notify(0, all), 0);
  }
  EXPECT_EQ(__wasmc_memory_wait64_i_ppll(memory, memory.at<uint64_t>(0), 0, 1000), TimedOut);
}

TEST(SharedMemory, LongestTimeoutIsNoPastOne) {
  const Shared memory;
  std::thread waiter([&] { EXPECT_EQ(memory.wait(0, 0, INT64_MAX), Woken); });
  memory.untilWaiting(1);
  EXPECT_EQ(memory.notify(0, 1), 1);
  waiter.join();
}

TEST(SharedMemory, NotifyWakesThoseWhoWaitLongest) {
  const Shared memory;
  std::atomic<int> woken[4] = {};
  std::vector<std::thread> threads;
  for (size_t i = 0; i != 4; ++i) {
    threads.emplace_back([&memory, &woken, i] {
      EXPECT_EQ(memory.wait(16, 0, forEver), Woken);
      woken[i] = 1;
    });
    memory.untilWaiting(i + 1);
  }
  EXPECT_EQ(memory.notify(16, 0), 0);
  EXPECT_EQ(memory.notify(20, all), 0); // Another address.
  EXPECT_EQ(memory.notify(16, 2), 2);
  threads[0].join();
  threads[1].join();
  EXPECT_EQ(woken[2] + woken[3], 0);
  EXPECT_EQ(wasmc_memory_notify(memory, 16, all), 2u);
  threads[2].join();
  threads[3].join();
  EXPECT_EQ(memory.notify(16, all), 0);
}

TEST(SharedMemory, TimedOutInTheMiddleOfTheQueue) {
  const Shared memory;
  std::thread first([&] { EXPECT_EQ(memory.wait(0, 0, forEver), Woken); });
  memory.untilWaiting(1);
  std::thread middle([&] { EXPECT_EQ(memory.wait(0, 0, second / 20), TimedOut); });
  memory.untilWaiting(2);
  std::thread last([&] { EXPECT_EQ(memory.wait(0, 0, forEver), Woken); });
  middle.join();
  memory.untilWaiting(2);
  EXPECT_EQ(memory.notify(0, all), 2);
  first.join();
  last.join();
}

TEST(SharedMemory, SignalsDoNotEndAWait) {
  struct sigaction action = {}, before;
  action.sa_handler = [](int) {};
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  const Shared memory;
  std::atomic<bool> returned = false;
  std::thread waiter([&] {
    EXPECT_EQ(memory.wait(0, 0, forEver), Woken);
    returned = true;
  });
  memory.untilWaiting(1);
  for (int i = 0; i != 20; ++i) {
    pthread_kill(waiter.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_FALSE(returned);
  EXPECT_EQ(memory.notify(0, 1), 1);
  waiter.join();
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(SharedMemory, InterruptEndsAllWaiting) {
  const Shared memory;
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i != 3; ++i)
    threads.emplace_back([&memory, i] { EXPECT_EQ(memory.wait(8 * i, 0, forEver), Interrupted); });
  memory.untilWaiting(3);
  wasmc_memory_interrupt(memory);
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(memory.wait(0, 0, forEver), Interrupted);
  EXPECT_EQ(memory.wait(0, 1, forEver), NotEqual);
}

TEST(SharedMemory, OthersHaveNobodyToNotify) {
  wasmc_memory *memory;
  ASSERT_EQ(wasmc_memory_new(1, 1, 0, 0, &memory), WASMC_OK);
  EXPECT_EQ(wasmc_memory_notify(memory, 0, all), 0u);
  wasmc_memory_interrupt(memory);
  wasmc_memory_delete(memory);
  const Shared shared;
  EXPECT_EQ(wasmc_memory_notify(shared, 65536, all), 0u);
  EXPECT_EQ(wasmc_memory_notify(shared, ~uint64_t(0), all), 0u);
}

TEST(SharedMemory, NoWakeUpIsLost) {
  const Shared memory;
  constexpr uint32_t rounds = 2000;
  // Each side sets the other's word and waits for its own.
  const auto play = [&](uint32_t *mine, uint64_t mineAt, uint64_t otherAt) {
    for (uint32_t round = 0; round != rounds; ++round) {
      store(memory.at(otherAt), round + 1);
      memory.notify(otherAt, 1);
      while (load(mine) <= round)
        EXPECT_NE(memory.wait(mineAt, round, 60 * second), TimedOut);
    }
  };
  std::thread other(play, memory.at(4), 4, 0);
  play(memory.at(0), 0, 4);
  other.join();
}

TEST(SharedMemory, GrowsByManyThreadsAtOnce) {
  constexpr uint64_t max = 257;
  for (const uint32_t flags : {0, int(WASMC_MEMORY_GUARD)}) {
    const Shared memory(max, flags);
    std::vector<int64_t> olds[4];
    std::vector<std::thread> threads;
    for (std::vector<int64_t> &mine : olds)
      threads.emplace_back([&memory, &mine] {
        int64_t old;
        while ((old = wasmc_memory_grow(memory, 1)) >= 0) {
          mine.push_back(old);
          // The page is there before anybody knows of it, and is this thread's.
          EXPECT_GE(wasmc_memory_size(memory), uint64_t(old + 1) << 16);
          *memory.at((uint64_t(old + 1) << 16) - 4) += 1;
          *memory.at(uint64_t(old) << 16) += 1;
        }
      });
    for (std::thread &thread : threads)
      thread.join();
    std::vector<int64_t> sizes;
    for (const std::vector<int64_t> &mine : olds)
      sizes.insert(sizes.end(), mine.begin(), mine.end());
    std::sort(sizes.begin(), sizes.end());
    ASSERT_EQ(sizes.size(), max - 1);
    for (size_t i = 0; i != sizes.size(); ++i)
      EXPECT_EQ(sizes[i], int64_t(i + 1));
    EXPECT_EQ(wasmc_memory_size(memory), max << 16);
  }
}

// The list that the fault handler searches.
TEST(SharedMemory, GuardedMemoriesComeAndGoInManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([] {
      for (int round = 0; round != 200; ++round) {
        const Shared first(2, WASMC_MEMORY_GUARD), second(2, WASMC_MEMORY_GUARD);
        *first.at(0) = *second.at(65532) = 1;
        EXPECT_EQ(wasmc_memory_grow(first, 1), 1);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
}

TEST(SharedMemory, WaitingDoesNotHoldUpGrowthOrOtherMemories) {
  const Shared memory(4), other;
  std::thread waiter([&] { EXPECT_EQ(memory.wait(0, 0, forEver), Woken); });
  memory.untilWaiting(1);
  EXPECT_EQ(wasmc_memory_grow(memory, 1), 1);
  EXPECT_EQ(other.wait(0, 0, 1), TimedOut);
  EXPECT_EQ(memory.notify(0, 1), 1);
  waiter.join();
}

TEST(SharedMemory, ManyThreadsShareALock) {
  const Shared memory;
  constexpr uint32_t threads = 4, rounds = 3000;
  uint64_t counter = 0; // What the lock guards: a race here is ThreadSanitizer's to find.
  uint32_t *lock = memory.at(0);
  // 0 free, 1 taken, 2 taken and waited for.
  const auto work = [&] {
    for (uint32_t round = 0; round != rounds; ++round) {
      uint32_t state = 0;
      if (!__atomic_compare_exchange_n(lock, &state, 1, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST))
        while (__atomic_exchange_n(lock, 2, __ATOMIC_SEQ_CST) != 0)
          memory.wait(0, 2, forEver);
      ++counter;
      if (__atomic_exchange_n(lock, 0, __ATOMIC_SEQ_CST) == 2)
        memory.notify(0, 1);
    }
  };
  std::vector<std::thread> all;
  for (uint32_t i = 0; i != threads; ++i)
    all.emplace_back(work);
  for (std::thread &thread : all)
    thread.join();
  EXPECT_EQ(counter, threads * rounds);
}

} // namespace
