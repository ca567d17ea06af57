//===- FloatControlTest.cpp - The host's floating-point control -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

using namespace wasmc::test;

namespace {

constexpr unsigned usual = 0x1f80, flags = 0x3f;
constexpr unsigned flushing = usual | 0x8040; // FTZ and DAZ, as -ffast-math sets them

int32_t readControl(wasmc_instance *, void *seen, void *trap) {
  *static_cast<unsigned *>(seen) = _mm_getcsr();
  if (trap)
    __wasmc_trap_unreachable();
  return WASMC_OK;
}

struct Restored {
  unsigned before = _mm_getcsr();
  ~Restored() { _mm_setcsr(before); }
};

} // namespace

TEST(FloatControl, DefaultInModulesWhateverTheHostHas) {
  Restored restored;
  TestModule source;
  Instance instance(source.memory(1).module());
  for (const unsigned host :
       {usual, usual | flags, flushing, flushing | 1, usual | 0x6000, 0u, usual & ~0x200u}) {
    _mm_setcsr(host);
    unsigned seen = 0;
    const wasmc_status status = enter(instance, readControl, &seen);
    const unsigned after = _mm_getcsr();
    _mm_setcsr(usual);
    EXPECT_EQ(status, WASMC_OK);
    EXPECT_EQ(seen & ~flags, usual) << host;
    EXPECT_EQ(after & ~flags, host & ~flags);
    EXPECT_EQ(__wasmc_thread.top, nullptr);
  }
}

TEST(FloatControl, RestoredAfterATrap) {
  Restored restored;
  TestModule source;
  Instance instance(source.memory(1).module());
  for (const unsigned host : {usual, flushing, 0u}) {
    _mm_setcsr(host);
    unsigned seen = 0;
    const wasmc_status status = enter(instance, readControl, &seen, &seen);
    const unsigned after = _mm_getcsr();
    _mm_setcsr(usual);
    EXPECT_EQ(status, WASMC_TRAP);
    EXPECT_EQ(seen & ~flags, usual);
    EXPECT_EQ(after & ~flags, host & ~flags);
  }
}

TEST(FloatControl, HostFunctionsHaveTheHosts) {
  // An adapter's calls around a host function, which changes the control: the
  // host finds its change after the entry, the module never sees it.
  struct Adapter {
    static int32_t body(wasmc_instance *, void *seen, void *wanted) {
      unsigned *values = static_cast<unsigned *>(seen);
      leaveModule();
      __wasmc_fp_leave_v_v();
      values[0] = _mm_getcsr();
      _mm_setcsr(*static_cast<unsigned *>(wanted));
      __wasmc_fp_enter_v_v();
      enterModule();
      values[1] = _mm_getcsr();
      return WASMC_OK;
    }
  };
  Restored restored;
  TestModule source;
  Instance instance(source.memory(1).module());
  for (const unsigned before : {usual, flushing, 0u})
    for (unsigned after : {usual, flushing, 0u}) {
      unsigned seen[2] = {};
      _mm_setcsr(before);
      enter(instance, Adapter::body, seen, &after);
      const unsigned left = _mm_getcsr();
      _mm_setcsr(usual);
      EXPECT_EQ(seen[0] & ~flags, before & ~flags);
      EXPECT_EQ(seen[1] & ~flags, usual);
      EXPECT_EQ(left & ~flags, after & ~flags);
    }
}
#endif
