//===- ValidateReference.cpp - References and casts (3.4.4) ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/OperatorValidator.h"

namespace wasmc::wasm {

bool OperatorValidator::refFunc(uint32_t index) {
  if (index >= module.functions.size())
    return fail("unknown function " + llvm::Twine(index));
  if (!module.functions[index].isDeclared)
    return fail("undeclared function reference " + llvm::Twine(index) +
                ": it occurs in no export, global or element segment");
  return push(ValType::reference({false, {HeapKind::Concrete, module.functions[index].type}}));
}

bool OperatorValidator::reference(const Instruction &inst) {
  ValType type;
  ValType equal = ValType::reference({true, {HeapKind::Eq, 0}});
  switch (inst.op) {
  case Opcode::RefNull: type = ValType::reference(inst.type); return inRange(type) && push(type);
  case Opcode::RefIsNull: return expectRef(type) && push(ValType::i32());
  case Opcode::RefFunc: return refFunc(inst.index);
  case Opcode::RefEq: return expect(equal) && expect(equal) && push(ValType::i32());
  case Opcode::RefAsNonNull:
    if (!expectRef(type))
      return false;
    type.ref.nullable = false;
    return push(type);
  case Opcode::BrOnNull: return brOnNull(inst);
  case Opcode::BrOnNonNull: return brOnNonNull(inst);
  default: return fail("no rule for this operator");
  }
}

bool OperatorValidator::brOnNull(const Instruction &inst) {
  const ControlFrame *target;
  ValType type;
  if (!label(inst.index, target) || !expectRef(type) || !expect(target->labelTypes()) ||
      !push(target->labelTypes()))
    return false;
  type.ref.nullable = false;
  return push(type);
}

bool OperatorValidator::brOnNonNull(const Instruction &inst) {
  const ControlFrame *target;
  ValType type;
  if (!label(inst.index, target) || !expectRef(type))
    return false;
  TypeList types = target->labelTypes();
  type.ref.nullable = false;
  if (types.empty() || !matches(module, type, types.back()))
    return fail("type mismatch: expected a label that takes " + toString(type) +
                " last, found one that takes " + toString(ResultType(types)));
  return expect(types.drop_back()) && push(types.drop_back());
}

/// Both test and cast take any reference of the hierarchy of their type.
bool OperatorValidator::cast(const Instruction &inst) {
  ValType type = ValType::reference(inst.type);
  if (!inRange(type))
    return false;
  ValType top = ValType::reference({true, {topOf(module, inst.type.heap), 0}});
  bool isTest = inst.op == Opcode::RefTest || inst.op == Opcode::RefTestNull;
  return expect(top) && push(isTest ? ValType::i32() : type);
}

bool OperatorValidator::brOnCast(const Instruction &inst) {
  const ControlFrame *target;
  RefType from = inst.type, to = inst.type2;
  if (!label(inst.index, target) || !inRange(ValType::reference(from)) ||
      !inRange(ValType::reference(to)))
    return false;
  if (!matches(module, to, from))
    return fail("type mismatch: " + toString(to) + " is no sub type of " + toString(from));
  RefType rest = {from.nullable && !to.nullable, from.heap}; // 3.1.3, difference
  bool jumpsOnSuccess = inst.op == Opcode::BrOnCast;
  ValType taken = ValType::reference(jumpsOnSuccess ? to : rest);
  ValType stays = ValType::reference(jumpsOnSuccess ? rest : to);
  TypeList types = target->labelTypes();
  if (types.empty() || !matches(module, taken, types.back()))
    return fail("type mismatch: expected a label that takes " + toString(taken) +
                " last, found one that takes " + toString(ResultType(types)));
  return expect(ValType::reference(from)) && expect(types.drop_back()) && push(types.drop_back()) &&
         push(stays);
}

/// any.convert_extern and its inverse keep whether the reference can be null.
bool OperatorValidator::convert(HeapKind from, HeapKind to) {
  ValType found;
  if (!expect(ValType::reference({true, {from, 0}}), found))
    return false;
  bool nullable = found.isRef() && found.ref.nullable;
  return push(ValType::reference({nullable, {to, 0}}));
}

} // namespace wasmc::wasm
