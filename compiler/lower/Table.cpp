//===- Table.cpp - Operators on tables ----------------------------------===//
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

Value *FunctionEmitter::tableElement(uint32_t table, Value *index, Trap trap) {
  Value *object = b.tableObject(self, table);
  Value *wide = extend(b.settled(index));
  b.trapIf(b.CreateICmpUGE(wide, b.loadField(object, abi::Field::table_size)), trap);
  Value *elements = b.loadField(object, abi::Field::table_elements);
  return b.CreateGEP(m.i64, elements, wide);
}

bool FunctionEmitter::lowerTable(const wasm::Instruction &inst) {
  auto tableSize = [&](uint32_t table) {
    return b.loadField(b.tableObject(self, table), abi::Field::table_size);
  };
  auto addressType = [&](uint32_t table) {
    return m.addressType(m.module.tables[table].type.limits);
  };
  switch (inst.op) {
  case Opcode::TableGet:
    push(b.load(Access::Table, m.i64, tableElement(inst.index, pop(), Trap::table_out_of_bounds),
                8));
    return true;
  case Opcode::TableSet: {
    Value *value = pop();
    Value *element = tableElement(inst.index, pop(), Trap::table_out_of_bounds);
    if (isException(wasm::ValType::reference(m.module.tables[inst.index].type.element)))
      b.storeException(value, element);
    else
      b.store(Access::Table, value, element, 8)->setVolatile(m.options.strictTraps);
    return true;
  }
  case Opcode::TableSize:
    push(b.CreateTrunc(tableSize(inst.index), addressType(inst.index)));
    return true;
  case Opcode::TableGrow: {
    Value *delta = extend(pop()), *init = pop();
    Value *old = b.CreateCall(m.helper(Helper::table_grow),
                              {b.tableObject(self, inst.index), delta, init});
    push(b.CreateTrunc(old, addressType(inst.index)));
    return true;
  }
  case Opcode::TableFill: {
    Value *count = checkedIndex(), *value = pop(), *to = checkedIndex();
    b.checkRange(to, count, tableSize(inst.index), Trap::table_out_of_bounds);
    b.CreateCall(m.helper(Helper::table_fill),
                 {b.tableObject(self, inst.index), extend(to), value, extend(count)});
    return true;
  }
  case Opcode::TableCopy: {
    Value *count = checkedIndex(), *from = checkedIndex(), *to = checkedIndex();
    b.checkRange(to, count, tableSize(inst.index), Trap::table_out_of_bounds);
    b.checkRange(from, count, tableSize(inst.index2), Trap::table_out_of_bounds);
    b.CreateCall(m.helper(Helper::table_copy),
                 {b.tableObject(self, inst.index), b.tableObject(self, inst.index2), extend(to),
                  extend(from), extend(count)});
    return true;
  }
  case Opcode::TableInit: {
    Value *count = checkedIndex(), *from = checkedIndex(), *to = checkedIndex();
    Value *length = b.load(Access::Instance, m.i32,
                           dropLength(m.instance.elemLengths, inst.index), 4);
    b.checkRange(to, count, tableSize(inst.index2), Trap::table_out_of_bounds);
    b.checkRange(from, count, extend(length), Trap::table_out_of_bounds);
    b.CreateCall(m.helper(Helper::table_init),
                 {self, b.tableObject(self, inst.index2), b.getInt32(inst.index), extend(to),
                  extend(from), extend(count)});
    return true;
  }
  case Opcode::ElemDrop:
    b.store(Access::Instance, b.getInt32(0), dropLength(m.instance.elemLengths, inst.index), 4);
    return true;
  default:
    return false;
  }
}
