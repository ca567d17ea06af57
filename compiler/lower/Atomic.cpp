//===- Atomic.cpp - Atomic accesses, waiting and waking -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operators of the threads proposal work on any memory. They are atomic on all,
// since a host may share pages of a memory that the module knows nothing about; and
// volatile, so that they happen, and trap, whatever becomes of their value.
// The base of a memory is more aligned than any access, so that index and offset
// alone say whether the address is; it is compared before the bounds are, in every
// bounds mode, so that all of them report the same trap.
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

IntegerType *FunctionEmitter::accessType(const wasm::Instruction &inst) {
  return b.getIntNTy(wasm::info(inst.op).bytes * 8);
}

/// Narrow accesses zero-extend what they leave.
void FunctionEmitter::pushAccessed(const wasm::Instruction &inst, Value *value) {
  push(b.CreateZExt(value, wasm::info(inst.op).signature.back() == 'l' ? m.i64 : m.i32));
}

/// They wrap all their operands, also the expected value of an exchange.
Value *FunctionEmitter::popAccessed(const wasm::Instruction &inst) {
  return b.CreateTrunc(pop(), accessType(inst));
}

Value *FunctionEmitter::atomicAddress(const wasm::Instruction &inst, bool alwaysCompared) {
  const uint64_t bytes = wasm::info(inst.op).bytes, mask = bytes - 1;
  Value *index = b.settled(pop());
  if (bytes > 1) {
    Value *low = index;
    if (inst.value & mask)
      low = b.CreateAdd(index, ConstantInt::get(index->getType(), inst.value & mask));
    b.trapIf(b.CreateIsNotNull(b.CreateAnd(low, mask)), Trap::unaligned_atomic);
  }
  return memoryAddress(inst.memory, index, inst.value, bytes, alwaysCompared);
}

void FunctionEmitter::atomicLoad(const wasm::Instruction &inst) {
  Value *address = atomicAddress(inst);
  LoadInst *load =
      b.load(Access::Memory, accessType(inst), address, wasm::info(inst.op).bytes);
  load->setVolatile(true);
  if (m.traits.threads)
    load->setAtomic(AtomicOrdering::SequentiallyConsistent);
  pushAccessed(inst, load);
  noteLoad(load);
}

void FunctionEmitter::atomicStore(const wasm::Instruction &inst) {
  Value *value = popAccessed(inst);
  Value *address = atomicAddress(inst);
  StoreInst *store = b.store(Access::Memory, value, address, wasm::info(inst.op).bytes);
  store->setVolatile(true);
  if (m.traits.threads)
    store->setAtomic(AtomicOrdering::SequentiallyConsistent);
}

void FunctionEmitter::atomicUpdate(const wasm::Instruction &inst, AtomicRMWInst::BinOp op) {
  Value *value = popAccessed(inst);
  Value *address = atomicAddress(inst);
  pushAccessed(inst, b.update(op, value, address));
}

void FunctionEmitter::atomicExchange(const wasm::Instruction &inst) {
  Value *replacement = popAccessed(inst), *expected = popAccessed(inst);
  Value *address = atomicAddress(inst);
  pushAccessed(inst, b.compareExchange(expected, replacement, address));
}

void FunctionEmitter::wait(const wasm::Instruction &inst, Helper helper) {
  if (!m.module.memories[inst.memory].type.shared) {
    b.trap(Trap::expected_shared_memory);
    becomeUnreachable();
    return;
  }
  takesLock();
  Value *timeout = pop(), *expected = pop();
  // The helper must not fault: what it reads is compared in all bounds modes.
  Value *address = atomicAddress(inst, /*alwaysCompared=*/true);
  Value *result = b.CreateCall(m.helper(helper), {b.memoryObject(self, inst.memory), address,
                                                  expected, timeout});
  b.trapIf(b.CreateICmpUGT(result, b.getInt32(2)), Trap::wait_interrupted);
  push(result);
}

void FunctionEmitter::notify(const wasm::Instruction &inst) {
  Value *count = pop();
  Value *address = atomicAddress(inst, /*alwaysCompared=*/true);
  if (!m.module.memories[inst.memory].type.shared)
    return push(b.getInt32(0)); // Nobody can wait there.
  takesLock();
  push(b.CreateCall(m.helper(Helper::memory_notify),
                    {b.memoryObject(self, inst.memory), address, count}));
}

// An operator in all its widths.
#define WIDTHS(Name) \
  Opcode::I32Atomic##Name: case Opcode::I64Atomic##Name
#define NARROW(Name) \
  Opcode::I32Atomic##Name##8U: case Opcode::I32Atomic##Name##16U: \
  case Opcode::I64Atomic##Name##8U: case Opcode::I64Atomic##Name##16U: \
  case Opcode::I64Atomic##Name##32U
#define UPDATE(Name) \
  Opcode::I32AtomicRmw##Name: case Opcode::I64AtomicRmw##Name: \
  case Opcode::I32AtomicRmw8##Name##U: case Opcode::I32AtomicRmw16##Name##U: \
  case Opcode::I64AtomicRmw8##Name##U: case Opcode::I64AtomicRmw16##Name##U: \
  case Opcode::I64AtomicRmw32##Name##U

Error FunctionEmitter::lowerAtomic(const wasm::Instruction &inst) {
  const unsigned bits = wasm::info(inst.op).bytes * 8;
  if (m.traits.threads && (bits > m.traits.atomicBits || !m.traits.atomicBits))
    return limit(inst, std::string(wasm::info(inst.op).text) + ": the target has no atomic accesses" +
                           (m.traits.atomicBits ? " of " + std::to_string(bits) + " bits" : ""));
  switch (inst.op) {
  case Opcode::MemoryAtomicWait32: wait(inst, Helper::memory_wait32); break;
  case Opcode::MemoryAtomicWait64: wait(inst, Helper::memory_wait64); break;
  case Opcode::MemoryAtomicNotify: notify(inst); break;
  case Opcode::AtomicFence:
    b.CreateFence(AtomicOrdering::SequentiallyConsistent,
                  m.traits.threads ? SyncScope::System : SyncScope::SingleThread);
    break;
  case WIDTHS(Load): case NARROW(Load): atomicLoad(inst); break;
  case WIDTHS(Store):
  case Opcode::I32AtomicStore8: case Opcode::I32AtomicStore16:
  case Opcode::I64AtomicStore8: case Opcode::I64AtomicStore16: case Opcode::I64AtomicStore32:
    atomicStore(inst);
    break;
  case UPDATE(Add): atomicUpdate(inst, AtomicRMWInst::Add); break;
  case UPDATE(Sub): atomicUpdate(inst, AtomicRMWInst::Sub); break;
  case UPDATE(And): atomicUpdate(inst, AtomicRMWInst::And); break;
  case UPDATE(Or): atomicUpdate(inst, AtomicRMWInst::Or); break;
  case UPDATE(Xor): atomicUpdate(inst, AtomicRMWInst::Xor); break;
  case UPDATE(Xchg): atomicUpdate(inst, AtomicRMWInst::Xchg); break;
  case UPDATE(Cmpxchg): atomicExchange(inst); break;
  default: return unsupported(inst);
  }
  return Error::success();
}
