//===- Variable.cpp - Parametric and variable operators -----------------===//
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

bool FunctionEmitter::lowerVariable(const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::Drop: {
    // Nothing depends on the value, so LLVM would delete the load and its trap
    // with it (appendix of docs/architecture.md on traps).
    if (lastLoad && lastLoadHeight == stack.size())
      lastLoad->setVolatile(true);
    lastLoad = nullptr;
    pop();
    return true;
  }
  case Opcode::Select:
  case Opcode::SelectTyped: {
    Value *condition = b.CreateIsNotNull(pop());
    Value *otherwise = pop(), *then = pop();
    push(b.CreateSelect(condition, then, otherwise));
    return true;
  }
  case Opcode::LocalGet:
    push(b.CreateLoad(locals[inst.index]->getAllocatedType(), locals[inst.index]));
    return true;
  case Opcode::LocalSet:
    b.CreateStore(pop(), locals[inst.index]);
    return true;
  case Opcode::LocalTee:
    b.CreateStore(stack.back(), locals[inst.index]);
    return true;
  case Opcode::GlobalGet:
    push(b.load(Access::Instance, m.type(m.module.globals[inst.index].type.type),
                b.globalCell(self, inst.index), 8));
    return true;
  case Opcode::GlobalSet:
    summary.setsShadowStack |= m.shadowStack == inst.index;
    b.storeGlobal(self, inst.index, pop());
    return true;
  case Opcode::I32Const:
    push(b.getInt32(static_cast<uint32_t>(inst.value)));
    return true;
  case Opcode::I64Const:
    push(b.getInt64(inst.value));
    return true;
  case Opcode::F32Const:
    push(ConstantFP::get(m.context, APFloat(APFloat::IEEEsingle(), APInt(32, inst.value))));
    return true;
  case Opcode::F64Const:
    push(ConstantFP::get(m.context, APFloat(APFloat::IEEEdouble(), APInt(64, inst.value))));
    return true;
  default:
    return false;
  }
}
