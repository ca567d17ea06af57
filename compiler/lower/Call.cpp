//===- Call.cpp - References and calls ----------------------------------===//
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

using abi::Field;

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
  default:
    return false;
  }
}

void FunctionEmitter::pushAll(ArrayRef<Value *> values) {
  stack.append(values.begin(), values.end());
}

void FunctionEmitter::callFunction(uint32_t callee) {
  if (m.isImported(callee))
    summary.callsOut = true;
  else
    summary.callees.push_back(callee - m.module.numImportedFunctions());
  pushAll(b.callFunction(callee, self, pop(m.module.funcType(callee).params.size())));
}

Value *FunctionEmitter::calleeRecord(const wasm::Instruction &inst) {
  Value *element = tableElement(inst.index2, pop(), Trap::undefined_element);
  Value *reference = b.load(Access::Table, m.i64, element, 8);
  b.trapIf(b.CreateIsNull(reference), Trap::uninitialized_element);
  Value *record = b.CreateIntToPtr(reference, m.ptr);
  Value *actual = b.loadField(record, Field::func_type, Access::Func);
  Constant *expected = m.typeRecord(inst.index);
  // Equal addresses are equal types. Others are so seldom equal (a copy of the
  // type in another shared object) that the texts are compared out of line.
  BasicBlock *next = b.enterCold(b.CreateICmpNE(actual, expected), "type");
  Value *equal = b.CreateCall(m.helper(Helper::type_equal), {actual, expected});
  BasicBlock *mismatch = newBlock();
  b.CreateCondBr(b.CreateIsNull(equal), mismatch, next);
  b.SetInsertPoint(mismatch);
  b.trap(Trap::indirect_call_type_mismatch);
  b.SetInsertPoint(next);
  return record;
}

void FunctionEmitter::callIndirect(const wasm::Instruction &inst) {
  const wasm::FuncType &type = m.module.types[inst.index].func;
  Value *record = calleeRecord(inst);
  Value *code = b.loadField(record, Field::func_code, Access::Func);
  Value *instance = b.loadField(record, Field::func_instance, Access::Func);
  summary.callsOut = true;
  SmallVector<Value *> operands = pop(type.params.size());
  pushAll(b.callInternal(type, code, instance, operands));
}

bool FunctionEmitter::lowerCall(const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::Call:
    callFunction(inst.index);
    return true;
  case Opcode::CallIndirect:
    callIndirect(inst);
    return true;
  case Opcode::ReturnCall:
    returnCallFunction(inst.index);
    return true;
  case Opcode::ReturnCallIndirect: {
    Value *record = calleeRecord(inst);
    returnCallRecord(record, m.module.types[inst.index].func);
    return true;
  }
  default:
    return false;
  }
}
