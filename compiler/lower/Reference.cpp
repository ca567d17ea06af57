//===- Reference.cpp - Operators on references --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reference is 8 bytes, whatever its type: 0 is null. Types of references are
// checked by the validator, not by code.
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

/// The reference stays where it is not null.
void FunctionEmitter::branchOnNull(const wasm::Instruction &inst) {
  Value *reference = pop();
  Value *isNull = b.CreateIsNull(reference);
  BasicBlock *target = addEdge(label(inst.index));
  BasicBlock *next = newBlock();
  b.CreateCondBr(isNull, target, next);
  b.SetInsertPoint(next);
  push(reference);
}

/// The reference goes with the branch, as the last operand of its label.
void FunctionEmitter::branchOnNonNull(const wasm::Instruction &inst) {
  Value *isNull = b.CreateIsNull(stack.back());
  BasicBlock *target = addEdge(label(inst.index));
  BasicBlock *next = newBlock();
  b.CreateCondBr(isNull, next, target);
  b.SetInsertPoint(next);
  pop();
}

bool FunctionEmitter::lowerReference(const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::RefNull:
    push(b.getInt64(0));
    return true;
  case Opcode::RefIsNull:
    push(boolean(b.CreateIsNull(pop())));
    return true;
  case Opcode::RefFunc:
    push(b.reference(b.funcRecord(self, inst.index)));
    return true;
  case Opcode::RefAsNonNull:
    b.trapIf(b.CreateIsNull(stack.back()), Trap::null_reference);
    return true;
  case Opcode::BrOnNull:
    branchOnNull(inst);
    return true;
  case Opcode::BrOnNonNull:
    branchOnNonNull(inst);
    return true;
  default:
    return false;
  }
}
