//===- Bulk.cpp - Bulk operations on linear memory ----------------------===//
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

// In all of these the whole range is checked before the first byte is written
// (4.4.7): a trap leaves the memory as it was.

Value *FunctionEmitter::dropLength(uint32_t lengths, uint32_t segment) {
  return b.at(self, lengths + uint64_t(segment) * 4);
}

bool FunctionEmitter::lowerBulk(const wasm::Instruction &inst) {
  AAMDNodes memory;
  memory.TBAA = m.tbaa(Access::Memory);
  // The address of a range that was checked, also where accesses are left to the
  // guard region.
  auto address = [&](uint32_t memoryIndex, Value *index) {
    return b.CreateGEP(m.i8, b.memoryBase(self, memoryIndex), extend(index));
  };
  // What is within a memory fits a pointer.
  auto word = [&](Value *count) {
    return b.CreateZExtOrTrunc(count, b.getIntNTy(m.traits.pointerBytes * 8));
  };
  switch (inst.op) {
  case Opcode::MemoryCopy: {
    Value *count = checkedIndex(), *from = checkedIndex(), *to = checkedIndex();
    b.checkRange(to, count, b.memorySize(self, inst.index), Trap::memory_out_of_bounds);
    b.checkRange(from, count, b.memorySize(self, inst.index2), Trap::memory_out_of_bounds);
    CallInst *call = b.CreateMemMove(address(inst.index, to), Align(1), address(inst.index2, from),
                                     Align(1), word(count),
                                     m.isVolatile(inst.index) || m.isVolatile(inst.index2));
    call->setAAMetadata(memory);
    return true;
  }
  case Opcode::MemoryFill: {
    Value *count = checkedIndex(), *value = pop(), *to = checkedIndex();
    b.checkRange(to, count, b.memorySize(self, inst.memory), Trap::memory_out_of_bounds);
    CallInst *call = b.CreateMemSet(address(inst.memory, to), b.CreateTrunc(value, m.i8),
                                    word(count), Align(1), m.isVolatile(inst.memory));
    call->setAAMetadata(memory);
    return true;
  }
  case Opcode::MemoryInit: {
    Value *count = checkedIndex(), *from = checkedIndex(), *to = checkedIndex();
    Value *length = b.load(Access::Instance, m.i32,
                           dropLength(m.instance.dataLengths, inst.index), 4);
    b.checkRange(to, count, b.memorySize(self, inst.index2), Trap::memory_out_of_bounds);
    b.checkRange(from, count, extend(length), Trap::memory_out_of_bounds);
    Value *source = b.CreateGEP(m.i8, m.dataSegment(inst.index), extend(from));
    CallInst *call = b.CreateMemCpy(address(inst.index2, to), Align(1), source, Align(1),
                                    word(count), m.isVolatile(inst.index2));
    call->setAAMetadata(memory);
    return true;
  }
  case Opcode::DataDrop:
    b.store(Access::Instance, b.getInt32(0), dropLength(m.instance.dataLengths, inst.index), 4);
    return true;
  default:
    return false;
  }
}
