//===- TrapTest.cpp - Traps by call and by fault, nested, many ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <cstring>
#include <thread>

using namespace wasmc::test;

namespace {

/// Reads or writes memory 0 as generated code does: two zero-extended parts.
__attribute__((noinline)) void touch(wasmc_instance *self, uint32_t index, uint32_t offset,
                                     bool write) {
  volatile uint8_t *base = reinterpret_cast<uint8_t *>(recordOf(self) + 1);
  volatile uint8_t *byte = base + uint64_t(index) + uint64_t(offset);
  if (write)
    *byte = 1;
  else
    (void)*byte;
}

struct Access {
  uint32_t index, offset;
  bool write;
};

int32_t accessBody(wasmc_instance *self, void *access, void *) {
  const Access &one = *static_cast<Access *>(access);
  touch(self, one.index, one.offset, one.write);
  return WASMC_OK;
}

/// Goes down some frames that keep values in callee-saved registers, then ends
/// in `leaf`.
using Leaf = void (*)(wasmc_instance *);
__attribute__((noinline)) uint64_t descend(wasmc_instance *self, unsigned depth, Leaf leaf) {
  if (depth == 0) {
    leaf(self);
    return 0;
  }
  volatile uint64_t a = depth * 3, b = depth * 5, c = depth * 7;
  const uint64_t kept = a ^ b ^ c;
  return descend(self, depth - 1, leaf) + kept + a + b + c;
}

int32_t descendBody(wasmc_instance *self, void *leaf, void *) {
  return descend(self, 5, reinterpret_cast<Leaf>(leaf)) == 1 ? 1 : WASMC_OK;
}

struct Kind {
  uint32_t code;
  Leaf leaf;
};

[[gnu::noinline]] void overflowStack(wasmc_instance *self) {
  char frame[512];
  asm volatile("" : : "r"(frame) : "memory");
  // What generated code checks in recursive functions.
  if (reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < __wasmc_thread.stack_limit)
    __wasmc_trap_call_stack_exhausted();
  overflowStack(self);
  asm volatile("" : : "r"(frame) : "memory");
}

const Kind hostFailed = {11, [](wasmc_instance *) { __wasmc_host_failed_v_i(WASMC_FAILED); }};

const Kind kinds[] = {
#define WASMC_TRAP_KIND(C, N, M) {C, [](wasmc_instance *) { __wasmc_trap_##N(); }},
#include "wasmc/abi/traps.def"
    hostFailed,
    {5, [](wasmc_instance *self) { touch(self, 65536, 0, true); }},
    {5, [](wasmc_instance *self) { touch(self, ~0u, ~0u, false); }},
    {10, overflowStack},
};

/// The same local values before and after a trap, in registers if the compiler
/// likes.
void trapRepeatedly(unsigned times) {
  TestModule source;
  source.memory(1);
  source.shadowStack = true;
  Instance instance(source.module());
  ASSERT_EQ(instance.status, WASMC_OK);
  instance.record()->stackPointer[0] = 65536;
  const size_t mappings = countMappings();
  size_t resident = 0;
  for (unsigned i = 0; i != times; ++i) {
    for (const Kind &kind : kinds) {
      const wasmc_status status = enter(instance, descendBody, reinterpret_cast<void *>(kind.leaf));
      if (status != WASMC_TRAP || instance.trapCode() != kind.code ||
          instance.record()->stackPointer[0] != 65536 || __wasmc_thread.top != nullptr)
        FAIL() << "trap " << kind.code << " in round " << i << ": status " << status << ", code "
               << instance.trapCode();
    }
    if (i == times / 10)
      resident = residentPages();
  }
  Access fine = {65535, 0, true};
  EXPECT_EQ(enter(instance, accessBody, &fine), WASMC_OK);
  EXPECT_EQ(instance.base()[65535], 1);
  EXPECT_LE(countMappings(), mappings + 2);
  EXPECT_LE(residentPages(), resident + 64);
}

} // namespace

TEST(Trap, AtTheFirstByteAndAtTheLast) {
  TestModule source;
  Instance instance(source.memory(1).module());
  ASSERT_EQ(instance.status, WASMC_OK) << instance.error;
  const uint32_t indices[] = {65536, 65537, 0x7fffffff, 0x80000000, 0xffffffff};
  const uint32_t offsets[] = {0, 1, 65535, 0x7fffffff, 0x80000000, 0xffffffff};
  for (const uint32_t index : indices)
    for (const uint32_t offset : offsets)
      for (const bool write : {false, true}) {
        Access one = {index, offset, write};
        ASSERT_EQ(enter(instance, accessBody, &one), WASMC_TRAP) << index << "+" << offset;
        ASSERT_EQ(instance.trapCode(), 5u);
      }
  for (const uint32_t index : {0, 65535}) {
    Access one = {index ? 0u : 65535u, index, true};
    EXPECT_EQ(enter(instance, accessBody, &one), WASMC_OK);
  }
}

TEST(Trap, BoundsMoveWithGrowth) {
  TestModule source;
  Instance instance(source.memory(0).module());
  Access one = {0, 0, true};
  EXPECT_EQ(enter(instance, accessBody, &one), WASMC_TRAP);
  EXPECT_EQ(__wasmc_memory_grow_l_pl(instance.record()->memorySlots[0], 1), 0);
  EXPECT_EQ(enter(instance, accessBody, &one), WASMC_OK);
  one.index = 65536;
  EXPECT_EQ(enter(instance, accessBody, &one), WASMC_TRAP);
}

TEST(Trap, EachKindHasItsMessage) {
  TestModule source;
  Instance instance(source.memory(1).module());
  EXPECT_EQ(wasmc_instance_trap(instance), nullptr);
  for (const Kind &kind : kinds) {
    ASSERT_EQ(enter(instance, descendBody, reinterpret_cast<void *>(kind.leaf)), WASMC_TRAP);
    const wasmc_trap *trap = wasmc_instance_trap(instance);
    EXPECT_EQ(trap->code, kind.code);
    EXPECT_STREQ(trap->message, wasmc::rt::trapMessage(kind.code));
    EXPECT_EQ(trap->module, instance.instance->module);
    EXPECT_GE(trap->num_frames, 7u);
  }
  EXPECT_EQ(enter(instance, descendBody, reinterpret_cast<void *>(hostFailed.leaf)), WASMC_TRAP);
  EXPECT_EQ(wasmc_instance_trap(instance)->host_status, WASMC_FAILED);
}

TEST(Trap, OneHundredThousandOfEachOnTheMainThread) { trapRepeatedly(100000); }

TEST(Trap, OneHundredThousandOfEachOnAnotherThread) { std::thread(trapRepeatedly, 100000).join(); }

TEST(Trap, LongBacktracesAreCounted) {
  TestModule source;
  Instance instance(source.memory(1).module());
  const auto body = +[](wasmc_instance *self, void *, void *) -> int32_t {
    return static_cast<int32_t>(
        descend(self, 1000, [](wasmc_instance *) { __wasmc_trap_unreachable(); }));
  };
  ASSERT_EQ(enter(instance, body), WASMC_TRAP);
  const wasmc_trap *trap = wasmc_instance_trap(instance);
  EXPECT_EQ(trap->num_frames, 32u);
  EXPECT_EQ(trap->num_frames + trap->omitted_frames, 1003u);
  EXPECT_NE(trapText(instance).find("more frames\n"), std::string::npos);
}

TEST(Trap, GarbageFramePointersEndTheWalk) {
  TestModule source;
  Instance instance(source.memory(1).module());
  uintptr_t stack[8] = {};
  struct {
    uintptr_t words[8];
    wasmc_activation activation;
  } fake = {};
  fake.activation.instance = instance;
  const uintptr_t low = reinterpret_cast<uintptr_t>(&fake.words[0]);
  const uintptr_t high = reinterpret_cast<uintptr_t>(&fake.activation);
  for (const uintptr_t frame : {uintptr_t(0), uintptr_t(1), low - 8, low + 1, high, high - 8,
                                ~uintptr_t(0), ~uintptr_t(7), reinterpret_cast<uintptr_t>(stack)}) {
    wasmc::rt::recordTrap(&fake.activation, 1, 0, {123, frame, low});
    EXPECT_EQ(wasmc_instance_trap(instance)->num_frames, 1u);
  }
  // A frame that points to itself, and one that points down.
  fake.words[2] = low + 16;
  wasmc::rt::recordTrap(&fake.activation, 1, 0, {123, low + 16, low});
  EXPECT_EQ(wasmc_instance_trap(instance)->num_frames, 2u);
  fake.words[2] = low;
  wasmc::rt::recordTrap(&fake.activation, 1, 0, {123, low + 16, low});
  EXPECT_EQ(wasmc_instance_trap(instance)->num_frames, 2u);
}

TEST(Trap, NestedEntriesTrapOneByOne) {
  // Each level enters again from a host function, sees the inner trap as a
  // status, and traps itself.
  struct Level {
    static int32_t body(wasmc_instance *self, void *depth, void *seen) {
      const uintptr_t left = reinterpret_cast<uintptr_t>(depth);
      recordOf(self)->stackPointer[0] = 1000 + left;
      if (left != 0) {
        leaveModule();
        const wasmc_status status = enter(self, body, reinterpret_cast<void *>(left - 1), seen);
        enterModule();
        if (status == WASMC_TRAP && recordOf(self)->stackPointer[0] == 1000 + left)
          ++*static_cast<unsigned *>(seen);
      }
      if (left % 2)
        touch(self, 1 << 20, 0, true);
      __wasmc_trap_integer_overflow();
    }
  };
  TestModule source;
  source.shadowStack = true;
  Instance instance(source.memory(1).module());
  instance.record()->stackPointer[0] = 5;
  for (int round = 0; round != 1000; ++round) {
    unsigned seen = 0;
    ASSERT_EQ(enter(instance, Level::body, reinterpret_cast<void *>(uintptr_t(10)), &seen),
              WASMC_TRAP);
    ASSERT_EQ(seen, 10u);
    ASSERT_EQ(instance.trapCode(), 3u);
    ASSERT_EQ(instance.record()->stackPointer[0], 5u);
  }
}

TEST(Trap, InTheMemoryOfAnotherInstance) {
  TestModule source;
  const wasmc_module *from = source.memory(1).module();
  Instance a(from), b(from);
  const auto body = +[](wasmc_instance *, void *other, void *) -> int32_t {
    touch(static_cast<wasmc_instance *>(other), 65536, 0, true);
    return WASMC_OK;
  };
  EXPECT_EQ(enter(a, body, b.instance), WASMC_TRAP);
  EXPECT_EQ(a.trapCode(), 5u);
  EXPECT_EQ(b.trapCode(), 0u);
}

TEST(Trap, InLibraryFunctionsOfTheModule) {
  TestModule source;
  Instance instance(source.memory(1).module());
  const auto body = +[](wasmc_instance *self, void *, void *) -> int32_t {
    void *(*volatile fill)(void *, int, size_t) = memset;
    fill(reinterpret_cast<char *>(recordOf(self) + 1) + 65536 - 8, 1, 4096);
    return WASMC_OK;
  };
  const auto down = +[](wasmc_instance *self, void *, void *) -> int32_t {
    // Copies downwards, possibly with the direction flag set.
    char *base = reinterpret_cast<char *>(recordOf(self) + 1);
    void *(*volatile move)(void *, const void *, size_t) = memmove;
    move(base + 4096, base, 65536);
    return WASMC_OK;
  };
  for (const auto one : {body, down}) {
    EXPECT_EQ(enter(instance, one), WASMC_TRAP);
    EXPECT_EQ(instance.trapCode(), 5u);
  }
}

TEST(Trap, ThreadsWithInstancesOfTheirOwn) {
  const auto work = [] {
    TestModule source;
    const wasmc_module *from = source.memory(1).module();
    for (int round = 0; round != 100; ++round) {
      Instance instance(from);
      ASSERT_EQ(instance.status, WASMC_OK);
      for (int i = 0; i != 100; ++i) {
        Access one = {65536u + uint32_t(i), 0, true};
        ASSERT_EQ(enter(instance, accessBody, &one), WASMC_TRAP);
        one.index = i;
        ASSERT_EQ(enter(instance, accessBody, &one), WASMC_OK);
      }
    }
  };
  std::thread a(work), b(work);
  a.join();
  b.join();
}

TEST(Trap, AnInstanceMayChangeThreads) {
  TestModule source;
  Instance instance(source.memory(1).module());
  for (int i = 0; i != 8; ++i)
    std::thread([&] {
      Access one = {65536, 0, true};
      EXPECT_EQ(enter(instance, accessBody, &one), WASMC_TRAP);
    }).join();
}

TEST(Trap, ThreadsLeaveNothingBehind) {
  TestModule source;
  Instance instance(source.memory(1).module());
  const auto once = [&] {
    Access one = {65536, 0, true};
    EXPECT_EQ(enter(instance, accessBody, &one), WASMC_TRAP);
  };
  for (int i = 0; i != 4; ++i)
    std::thread(once).join();
  const size_t before = countMappings();
  for (int i = 0; i != 200; ++i)
    std::thread(once).join();
  EXPECT_LE(countMappings(), before + 2);
}

TEST(Func, CallsThroughSlots) {
  // What the compiler writes for (i32,i32)->(i32).
  const auto caller = +[](wasmc_instance *, wasmc_func *func, uint64_t *slots) -> int32_t {
    const auto code = reinterpret_cast<int32_t (*)(void *, int32_t, int32_t)>(func->code);
    slots[0] = static_cast<uint32_t>(
        code(func->instance, static_cast<int32_t>(slots[0]), static_cast<int32_t>(slots[1])));
    return WASMC_OK;
  };
  const auto divide = +[](wasmc_instance *, int32_t a, int32_t b) -> int32_t {
    if (b == 0)
      __wasmc_trap_integer_divide_by_zero();
    return a / b;
  };
  static Type type("(i32,i32)->(i32)", 2, address(caller));
  TestModule source;
  Instance instance(source.memory(1).func(address(divide), type).module());
  wasmc_func *func = &instance.record()->funcs[0];
  EXPECT_EQ(wasmc_func_slots(func), 2u);
  uint64_t slots[] = {42, 5};
  EXPECT_EQ(wasmc_func_call(func, slots), WASMC_OK);
  EXPECT_EQ(slots[0], 8u);
  slots[1] = 0;
  EXPECT_EQ(wasmc_func_call(func, slots), WASMC_TRAP);
  EXPECT_EQ(instance.trapCode(), 2u);
  EXPECT_EQ(wasmc_func_call(nullptr, slots), WASMC_INVALID_ARGUMENT);
  EXPECT_EQ(wasmc_func_call(func, nullptr), WASMC_INVALID_ARGUMENT);
}

#if defined(__x86_64__)
// What a generated entry does: the body's address in r10, the rest as it came.
extern "C" {
__attribute__((visibility("hidden"))) extern void *wasmcTestBody;
void *wasmcTestBody;
int32_t wasmcTestEnter(wasmc_instance *, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, double,
                       double, double, double, double, double, double, double);
}
asm(".text\nwasmcTestEnter:\n\tmovq wasmcTestBody(%rip), %r10\n\tjmp __wasmc_enter\n");

TEST(Enter, KeepsAllArgumentRegisters) {
  const auto body =
      +[](wasmc_instance *, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, double f,
          double g, double h, double i, double j, double k, double l, double m) -> int32_t {
    return a == 1 && b == 2 && c == 3 && d == 4 && e == 5 && f == 6 && g == 7 && h == 8 && i == 9 &&
                   j == 10 && k == 11 && l == 12 && m == 13
               ? 77
               : 78;
  };
  wasmcTestBody = address(body);
  TestModule source;
  Instance instance(source.memory(1).module());
  // The first entry of a thread takes the slow path, the second one does not.
  std::thread([&] {
    for (int round = 0; round != 2; ++round)
      EXPECT_EQ(wasmcTestEnter(instance, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13), 77);
  }).join();
}
#endif
