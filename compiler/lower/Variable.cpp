//===- Variable.cpp - Parametric and variable operators -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include "wasm/Decode.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

Constant *lower::constantOperator(ModuleLowering &m, const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::I32Const:
    return ConstantInt::get(m.i32, static_cast<uint32_t>(inst.value));
  case Opcode::I64Const:
    return ConstantInt::get(m.i64, inst.value);
  case Opcode::F32Const:
    return ConstantFP::get(m.context, APFloat(APFloat::IEEEsingle(), APInt(32, inst.value)));
  case Opcode::F64Const:
    return ConstantFP::get(m.context, APFloat(APFloat::IEEEdouble(), APInt(64, inst.value)));
  case Opcode::V128Const:
    return vectorConstant(m, inst);
  case Opcode::RefNull:
    return ConstantInt::get(m.i64, 0);
  case Opcode::GlobalGet:
    return m.globalConstant(inst.index);
  default:
    return nullptr;
  }
}

/// Initialisers that are one constant, or a global that is: what is computed, and
/// references to functions, differ by instance or are rare.
void ModuleLowering::findGlobalConstants() {
  for (uint32_t i = 0; i != module.globals.size(); ++i) {
    globalConstants.push_back(nullptr);
    if (!unchanging.global(i))
      continue;
    if (auto value = wasm::onlyOperator(module.globals[i].init))
      globalConstants[i] = constantOperator(*this, *value);
  }
}

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
    if (Constant *value = m.globalConstant(inst.index))
      return push(value), true;
    push(b.load(Access::Instance, m.type(m.module.globals[inst.index].type.type),
                b.globalCell(self, inst.index), 8));
    return true;
  case Opcode::GlobalSet:
    summary.setsShadowStack |= m.shadowStack == inst.index;
    b.storeGlobal(self, inst.index, pop());
    return true;
  case Opcode::I32Const:
  case Opcode::I64Const:
  case Opcode::F32Const:
  case Opcode::F64Const:
    push(constantOperator(m, inst));
    return true;
  default:
    return false;
  }
}
