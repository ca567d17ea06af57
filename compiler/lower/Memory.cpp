//===- Memory.cpp - Loads, stores and the size of linear memory ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

Value *FunctionEmitter::isPastEnd(uint32_t memory, Value *index, uint64_t offset, uint64_t bytes) {
  const uint64_t reach = offset + bytes;
  if (!m.module.memories[memory].type.limits.is64) {
    // 32 bits + 32 bits + 16 do not overflow 64.
    Value *end = b.CreateAdd(index, b.getInt64(reach));
    return b.CreateICmpUGT(end, b.memorySize(self, memory));
  }
  // Index and offset have 64 bits each: nothing is added to the index, but what lies
  // behind it is taken from the size.
  if (reach < bytes)
    return b.getTrue(); // No memory has 2^64 bytes.
  Value *size = b.memorySize(self, memory);
  Value *isPast = b.CreateICmpUGT(index, b.CreateSub(size, b.getInt64(reach)));
  // A memory never becomes smaller than its type says, so that most offsets need no
  // compare of their own.
  if (reach <= m.leastSize(memory))
    return isPast;
  return b.CreateOr(b.CreateICmpULT(size, b.getInt64(reach)), isPast);
}

/// Whether an access lies within the size that the type of its memory promises.
bool FunctionEmitter::isWithinLeastSize(uint32_t memory, Value *index, uint64_t offset,
                                        uint64_t bytes) const {
  auto *constant = dyn_cast<ConstantInt>(index);
  uint64_t least = m.leastSize(memory);
  if (!constant || constant->getZExtValue() > least)
    return false;
  least -= constant->getZExtValue();
  return offset <= least && bytes <= least - offset;
}

Value *FunctionEmitter::memoryAddress(uint32_t memory, Value *index, uint64_t offset,
                                      uint64_t bytes, bool alwaysCompared) {
  // Zero-extended, never sign-extended: the index of a 32-bit memory is unsigned.
  const bool checks = (alwaysCompared || m.checksBounds(memory)) &&
                      !isWithinLeastSize(memory, index, offset, bytes);
  Value *wide = extend(checks ? b.settled(index) : index);
  if (checks)
    b.trapIf(isPastEnd(memory, wide, offset, bytes), Trap::memory_out_of_bounds);
  // Without a check: index and offset are below 2^32 each, and the reservation of
  // a guarded memory is 8 GiB and a page, none of it accessible past the memory's
  // size. Two GEPs without flags: nothing may be inferred from an access that
  // LLVM is free to delete.
  Value *base = b.CreateGEP(m.i8, b.memoryBase(self, memory), wide);
  Value *address = b.CreateGEP(m.i8, base, b.getInt64(offset));
  if (m.options.lint)
    if (auto *inst = dyn_cast<Instruction>(address))
      inst->setMetadata("wasmc.address", MDNode::get(m.context, {}));
  return address;
}

LoadInst *FunctionEmitter::loadAccess(const wasm::Instruction &inst, Type *memoryType) {
  uint64_t bytes = wasm::info(inst.op).bytes;
  Value *address = memoryAddress(inst.memory, pop(), inst.value, bytes);
  // The alignment hint is the module's word: never trusted.
  LoadInst *load = b.load(Access::Memory, memoryType, address, 1);
  load->setVolatile(m.isVolatile(inst.memory));
  return load;
}

void FunctionEmitter::noteLoad(LoadInst *load) {
  lastLoad = load;
  lastLoadHeight = stack.size();
}

void FunctionEmitter::loadMemory(const wasm::Instruction &inst, Type *memoryType, Type *valueType,
                                 bool isSigned) {
  LoadInst *load = loadAccess(inst, memoryType);
  Value *value = load;
  if (memoryType != valueType)
    value = isSigned ? b.CreateSExt(load, valueType) : b.CreateZExt(load, valueType);
  push(value);
  noteLoad(load);
}

void FunctionEmitter::storeMemory(const wasm::Instruction &inst, Type *memoryType) {
  Value *value = pop();
  uint64_t bytes = wasm::info(inst.op).bytes;
  Value *address = memoryAddress(inst.memory, pop(), inst.value, bytes);
  if (memoryType != value->getType())
    value = b.CreateTrunc(value, memoryType);
  b.store(Access::Memory, value, address, 1)->setVolatile(m.isVolatile(inst.memory));
}

bool FunctionEmitter::lowerMemory(const wasm::Instruction &inst) {
  Type *i16 = b.getInt16Ty(), *f32 = b.getFloatTy(), *f64 = b.getDoubleTy();
  switch (inst.op) {
  case Opcode::I32Load: return loadMemory(inst, m.i32, m.i32, false), true;
  case Opcode::I64Load: return loadMemory(inst, m.i64, m.i64, false), true;
  case Opcode::F32Load: return loadMemory(inst, f32, f32, false), true;
  case Opcode::F64Load: return loadMemory(inst, f64, f64, false), true;
  case Opcode::I32Load8S: return loadMemory(inst, m.i8, m.i32, true), true;
  case Opcode::I32Load8U: return loadMemory(inst, m.i8, m.i32, false), true;
  case Opcode::I32Load16S: return loadMemory(inst, i16, m.i32, true), true;
  case Opcode::I32Load16U: return loadMemory(inst, i16, m.i32, false), true;
  case Opcode::I64Load8S: return loadMemory(inst, m.i8, m.i64, true), true;
  case Opcode::I64Load8U: return loadMemory(inst, m.i8, m.i64, false), true;
  case Opcode::I64Load16S: return loadMemory(inst, i16, m.i64, true), true;
  case Opcode::I64Load16U: return loadMemory(inst, i16, m.i64, false), true;
  case Opcode::I64Load32S: return loadMemory(inst, m.i32, m.i64, true), true;
  case Opcode::I64Load32U: return loadMemory(inst, m.i32, m.i64, false), true;
  case Opcode::I32Store: return storeMemory(inst, m.i32), true;
  case Opcode::I64Store: return storeMemory(inst, m.i64), true;
  case Opcode::F32Store: return storeMemory(inst, f32), true;
  case Opcode::F64Store: return storeMemory(inst, f64), true;
  case Opcode::I32Store8: case Opcode::I64Store8: return storeMemory(inst, m.i8), true;
  case Opcode::I32Store16: case Opcode::I64Store16: return storeMemory(inst, i16), true;
  case Opcode::I64Store32: return storeMemory(inst, m.i32), true;
  case Opcode::MemorySize: {
    Value *size = b.memorySize(self, inst.memory, AtomicOrdering::SequentiallyConsistent);
    const wasm::MemoryType &type = m.module.memories[inst.memory].type;
    push(b.CreateTrunc(b.CreateLShr(size, type.pageSizeLog2), m.addressType(type.limits)));
    return true;
  }
  case Opcode::MemoryGrow: {
    Value *delta = extend(pop());
    if (m.module.memories[inst.memory].type.shared)
      takesLock();
    Value *old = b.CreateCall(m.helper(Helper::memory_grow),
                              {b.memoryObject(self, inst.memory), delta});
    // -1 is -1 in 32 bits, too.
    push(b.CreateTrunc(old, m.addressType(m.module.memories[inst.memory].type.limits)));
    return true;
  }
  default:
    return false;
  }
}
