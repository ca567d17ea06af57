//===- trap.cpp - Traps: recorded, then unwound to the entry --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Generated code keeps frame pointers, so that a stack trace is a walk along
// them. The walk trusts nothing: each frame must lie above the one before and
// below the activation, both of which are on the stack that is in use.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "enter_offsets.h"
#include "runtime.h"

using namespace wasmc::rt;

#if UINTPTR_MAX > 0xffffffffu
static_assert(offsetof(wasmc_instance, shadow_stack) == WASMC_INSTANCE_SHADOW_STACK);
static_assert(offsetof(wasmc_activation, previous) == WASMC_ACTIVATION_PREVIOUS);
static_assert(offsetof(wasmc_activation, instance) == WASMC_ACTIVATION_INSTANCE);
static_assert(offsetof(wasmc_activation, state) == WASMC_ACTIVATION_STATE);
static_assert(offsetof(wasmc_activation, host_fp) == WASMC_ACTIVATION_HOST_FP);
static_assert(offsetof(wasmc_activation, shadow) == WASMC_ACTIVATION_SHADOW);
static_assert(sizeof(wasmc_activation) == WASMC_ACTIVATION_SIZE);
static_assert(offsetof(wasmc_thread, top) == WASMC_THREAD_TOP);
static_assert(offsetof(wasmc_thread, stack_limit) == WASMC_THREAD_STACK_LIMIT);
#endif
static_assert(WASMC_STATUS_TRAP == WASMC_TRAP);

const char *wasmc::rt::trapMessage(uint32_t code) {
  switch (code) {
#define WASMC_TRAP_KIND(C, N, M)                                                                   \
  case C: return M;
#include "wasmc/abi/traps.def"
  default: return "unknown trap";
  }
}

static wasmc_trap &beginTrap(wasmc_instance *instance, uint32_t code, wasmc_status hostStatus) {
  State *state = stateOf(instance);
  state->trapped = 1;
  wasmc_trap &trap = state->trap;
  trap.code = code;
  trap.host_status = hostStatus;
  trap.message = trapMessage(code);
  trap.module = moduleOf(instance);
  trap.num_frames = 0;
  trap.omitted_frames = 0;
  trap.exception = 0;
  return trap;
}

static void addFrame(wasmc_trap &trap, uintptr_t pc) {
  if (trap.num_frames != sizeof(trap.pcs) / sizeof(trap.pcs[0]))
    trap.pcs[trap.num_frames++] = pc;
  else
    ++trap.omitted_frames;
}

/// For a fault outside generated code: library functions that it calls from
/// loops (memset) are leaves without a frame of their own, so that the walk along
/// frame pointers would miss their caller. Its address is where they return to,
/// on top of the stack; 0 if that does not look like it.
static uintptr_t callerOfLibrary(wasmc_activation *activation, const Registers &registers) {
  wasmc_instance *instance = static_cast<wasmc_instance *>(activation->instance);
  State *state = stateOf(instance);
  if (state->codeHigh == 0)
    findCodeRange(moduleOf(instance), state->codeLow, state->codeHigh);
  const uintptr_t low = state->codeLow, bytes = state->codeHigh - state->codeLow;
  const uintptr_t end = reinterpret_cast<uintptr_t>(activation);
  if (registers.pc - low < bytes || registers.stack % sizeof(uintptr_t) != 0 ||
      registers.stack < __wasmc_thread.stack_low || registers.stack >= end)
    return 0;
  const uintptr_t address = *reinterpret_cast<const uintptr_t *>(registers.stack);
  return address - low < bytes ? address : 0;
}

/// Calls `add` with the return address of each frame up to the activation's own, until
/// it returns false: then the frame where to go on, else 0.
template <typename F>
static uintptr_t walkFrames(const wasmc_activation *activation, uintptr_t frame, uintptr_t stack,
                       F add) {
  // The body's frame is the last one whose caller's frame, which is the
  // trampoline's and therefore above the activation, is not below it.
  const uintptr_t end = reinterpret_cast<uintptr_t>(activation);
  // Below the stack's end, where an exhausted stack's pointer may be, nothing is
  // mapped.
  const uintptr_t stackLow = __wasmc_thread.stack_low;
  uintptr_t low = stack > stackLow ? stack : stackLow;
  while (frame >= low && frame < end && end - frame >= 2 * sizeof(uintptr_t) &&
         frame % sizeof(uintptr_t) == 0) {
    const uintptr_t *words = reinterpret_cast<const uintptr_t *>(frame);
    if (words[0] >= end)
      break;
    if (!add(words[1]))
      return frame;
    low = frame + 1;
    frame = words[0];
  }
  return 0;
}

void wasmc::rt::recordTrap(wasmc_activation *activation, uint32_t code, wasmc_status hostStatus,
                           const Registers &registers) {
  wasmc_trap &trap =
      beginTrap(static_cast<wasmc_instance *>(activation->instance), code, hostStatus);
  addFrame(trap, registers.pc);
  if (code == Trap_memory_out_of_bounds)
    if (const uintptr_t caller = callerOfLibrary(activation, registers))
      addFrame(trap, caller);
  walkFrames(activation, registers.frame, registers.stack, [&](uintptr_t pc) {
    addFrame(trap, pc);
    return true;
  });
}

static Registers callerOf(void *returnAddress, void *ownFrame) {
  Registers registers;
  // The call lies before its return address, possibly as the function's last
  // instruction.
  registers.pc = reinterpret_cast<uintptr_t>(returnAddress) - 1;
  registers.frame = *static_cast<const uintptr_t *>(ownFrame);
  registers.stack = reinterpret_cast<uintptr_t>(ownFrame);
  return registers;
}

void wasmc::rt::traceCaller(Trace &trace, const wasmc_activation *activation,
                            void *returnAddress, void *ownFrame) {
  const Registers registers = callerOf(returnAddress, ownFrame);
  constexpr uint32_t most = sizeof(trace.pcs) / sizeof(trace.pcs[0]);
  trace.pcs[0] = registers.pc;
  trace.count = 1;
  // No further than what is kept: throws must not take longer on deep stacks.
  trace.rest = walkFrames(activation, registers.frame, registers.stack, [&](uintptr_t pc) {
    if (trace.count == most)
      return false;
    trace.pcs[trace.count++] = pc;
    return true;
  });
}

void wasmc::rt::recordException(wasmc_activation *activation, const Trace &trace) {
  wasmc_instance *instance = static_cast<wasmc_instance *>(activation->instance);
  wasmc_trap &trap = beginTrap(instance, Trap_uncaught_exception, WASMC_OK);
  memcpy(trap.pcs, trace.pcs, trace.count * sizeof(trace.pcs[0]));
  trap.num_frames = trace.count;
  trap.exception = wasmc_instance_exception(instance);
  const uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  walkFrames(activation, trace.rest, here, [&](uintptr_t) {
    ++trap.omitted_frames;
    return true;
  });
}

void wasmc::rt::recordTrapAtEntry(wasmc_instance *instance, uint32_t code) {
  beginTrap(instance, code, WASMC_OK);
}

void wasmc::rt::restoreInstance(wasmc_activation *activation) {
  wasmc_instance *instance = static_cast<wasmc_instance *>(activation->instance);
  if (activation->state & WASMC_STATE_SHADOW)
    *static_cast<uint64_t *>(instance->shadow_stack) = activation->shadow;
  if (activation->state & WASMC_STATE_LINKED)
    restoreLinked(activation);
  if (activation->state & WASMC_STATE_REGION)
    instance->region = instance;
}

void wasmc::rt::trapFrom(uint32_t code, wasmc_status hostStatus, void *returnAddress,
                         void *ownFrame) {
  wasmc_activation *activation = static_cast<wasmc_activation *>(__wasmc_thread.top);
  // Generated code that was not entered through the trampoline has nowhere to
  // return to: a misuse that must not go on.
  if (activation == nullptr)
    __builtin_trap();
  recordTrap(activation, code, hostStatus, callerOf(returnAddress, ownFrame));
  restoreInstance(activation);
  __wasmc_resume(activation);
}

#define WASMC_TRAP_KIND(C, N, M)                                                                   \
  void __wasmc_trap_##N(void) {                                                                    \
    trapFrom(C, WASMC_OK, __builtin_return_address(0), __builtin_frame_address(0));                \
  }
#include "wasmc/abi/traps.def"

wasmc_ref wasmc_instance_exception(const wasmc_instance *instance) {
  return reinterpret_cast<uintptr_t>(stateOf(instance)->exception);
}

const wasmc_trap *wasmc_instance_trap(const wasmc_instance *instance) {
  const State *state = stateOf(instance);
  return state->trapped ? &state->trap : nullptr;
}
