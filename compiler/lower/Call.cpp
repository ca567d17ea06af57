//===- Call.cpp - Calls ------------------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"
#include "wasm/Subtyping.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

using abi::Field;

void FunctionEmitter::pushAll(ArrayRef<Value *> values) {
  stack.append(values.begin(), values.end());
}

void FunctionEmitter::callFunction(uint32_t callee) {
  auto [in, definition] = m.definitionOf(callee);
  if (in->isImported(definition))
    summary.callsOut = true;
  else
    summary.callees.push_back(in->node(definition));
  pushAll(b.callFunction(callee, self, pop(m.module.funcType(callee).params.size())));
}

/// Whether every element of a table that is not null has a type, by the table's own.
/// All that writes to tables keeps to that: validated code, and functions of the
/// runtime that compare what the host gives.
bool FunctionEmitter::hasElementsOf(uint32_t table, uint32_t type) const {
  return wasm::matches(m.module, m.module.tables[table].type.element.heap,
                       {wasm::HeapKind::Concrete, type});
}

/// Traps unless a function record is of the type, or of a subtype.
void FunctionEmitter::checkType(Value *record, uint32_t type) {
  Value *actual = b.loadField(record, Field::func_type, Access::Func);
  Constant *expected = m.typeRecord(type);
  // Equal addresses are equal types. Others match so seldom (a declared subtype, a
  // copy of the type in another shared object) that it is found out of line.
  BasicBlock *next = b.enterCold(b.CreateICmpNE(actual, expected), "type");
  Value *matched = b.CreateCall(m.helper(Helper::type_matches), {actual, expected});
  BasicBlock *mismatch = newBlock();
  b.CreateCondBr(b.CreateIsNull(matched), mismatch, next);
  b.SetInsertPoint(mismatch);
  b.trap(Trap::indirect_call_type_mismatch);
  b.SetInsertPoint(next);
}

/// The record of an indirect call's callee, after all checks.
Value *FunctionEmitter::calleeRecord(const wasm::Instruction &inst) {
  Value *element = tableElement(inst.index2, pop(), Trap::undefined_element);
  Value *reference = b.load(Access::Table, m.i64, element, 8);
  b.trapIf(b.CreateIsNull(reference), Trap::uninitialized_element);
  Value *record = b.CreateIntToPtr(reference, m.ptr);
  if (!hasElementsOf(inst.index2, inst.index))
    checkType(record, inst.index);
  return record;
}

/// That of a call by a typed reference, which has been validated. Null is looked for
/// even where the type has none, since an instance that trapped when it was made has
/// nulls in tables and globals of such types.
Value *FunctionEmitter::referencedRecord() {
  Value *reference = pop();
  b.trapIf(b.CreateIsNull(reference), Trap::null_function_reference);
  return b.CreateIntToPtr(reference, m.ptr);
}

/// Calls the function of a record with the operands on the stack.
void FunctionEmitter::callRecord(Value *record, const wasm::FuncType &type) {
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
  case Opcode::CallRef:
    callRecord(referencedRecord(), m.module.types[inst.index].func);
    return true;
  case Opcode::ReturnCall:
    returnCallFunction(inst.index);
    return true;
  case Opcode::ReturnCallIndirect:
    returnCallRecord(calleeRecord(inst), m.module.types[inst.index].func);
    return true;
  case Opcode::ReturnCallRef:
    returnCallRecord(referencedRecord(), m.module.types[inst.index].func);
    return true;
  default:
    return false;
  }
}
