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

Value *FunctionEmitter::memoryAddress(uint32_t memory, Value *index, uint64_t offset,
                                      uint64_t bytes, bool alwaysCompared) {
  // Zero-extended, never sign-extended: the index of a 32-bit memory is unsigned.
  const bool checks = alwaysCompared || m.checksBounds(memory);
  Value *wide = extend(checks ? b.settled(index) : index);
  if (checks) {
    // 32 bits + 32 bits + 16 do not overflow 64.
    Value *end = b.CreateAdd(wide, b.getInt64(offset + bytes));
    b.trapIf(b.CreateICmpUGT(end, b.memorySize(self, memory)), Trap::memory_out_of_bounds);
  }
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

void FunctionEmitter::checkRange(Value *index, Value *count, Value *size, Trap trap) {
  // Both were 32 bits wide: the sum does not overflow.
  b.trapIf(b.CreateICmpUGT(b.CreateAdd(index, count), size), trap);
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
    Value *size =
        b.memorySize(self, inst.memory, AtomicOrdering::SequentiallyConsistent);
    unsigned log2 = m.module.memories[inst.memory].type.pageSizeLog2;
    push(b.CreateTrunc(b.CreateLShr(size, log2), m.i32));
    return true;
  }
  case Opcode::MemoryGrow: {
    Value *delta = b.CreateZExt(pop(), m.i64);
    if (m.module.memories[inst.memory].type.shared)
      takesLock();
    Value *old = b.CreateCall(m.helper(Helper::memory_grow),
                              {b.memoryObject(self, inst.memory), delta});
    push(b.CreateTrunc(old, m.i32));
    return true;
  }
  default:
    return false;
  }
}
