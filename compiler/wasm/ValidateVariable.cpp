//===- ValidateVariable.cpp - Variables, tables, bulk operations (3.4.3 to 3.4.6) ===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/OperatorValidator.h"

namespace wasmc::wasm {

//===----------------------------------------------------------------------===//
// Locals
//===----------------------------------------------------------------------===//

/// Runs instead of a type for each local: a few bytes of input can declare
/// 50,000 locals in each of 1,000,000 functions.
bool OperatorValidator::setLocals(TypeList params,
                                  const std::vector<std::pair<uint32_t, ValType>> &runs) {
  localRuns.clear();
  expandedLocals.clear();
  uint32_t end = 0;
  for (ValType type : params) {
    ++end;
    if (!localRuns.empty() && localRuns.back().second == type && isDefaultable(type))
      localRuns.back().first = end;
    else
      localRuns.emplace_back(end, type);
    if (!isDefaultable(type))
      setInitialised(end - 1, type);
  }
  for (const auto &[count, type] : runs) {
    if (!inRange(type))
      return false;
    if (count == 0)
      continue;
    end += count;
    localRuns.emplace_back(end, type);
  }
  // Parameters stay initialised.
  initialisedOrder.clear();
  return true;
}

const std::vector<ValType> &OperatorValidator::locals() const {
  if (expandedLocals.empty() && !localRuns.empty())
    for (const auto &[end, type] : localRuns)
      expandedLocals.resize(end, type);
  return expandedLocals;
}

bool OperatorValidator::localType(uint32_t index, ValType &out) {
  auto run = std::upper_bound(localRuns.begin(), localRuns.end(), index,
                              [](uint32_t i, const auto &r) { return i < r.first; });
  if (run == localRuns.end())
    return fail("unknown local " + llvm::Twine(index));
  out = run->second;
  return true;
}

void OperatorValidator::setInitialised(uint32_t index, ValType type) {
  if (!isDefaultable(type) && initialised.insert(index).second)
    initialisedOrder.push_back(index);
}

void OperatorValidator::resetInitialised(uint32_t height) {
  while (initialisedOrder.size() > height) {
    initialised.erase(initialisedOrder.back());
    initialisedOrder.pop_back();
  }
}

bool OperatorValidator::localGet(uint32_t index) {
  ValType type;
  if (!localType(index, type))
    return false;
  if (!isDefaultable(type) && !initialised.contains(index))
    return fail("uninitialized local " + llvm::Twine(index) + " of type " + toString(type));
  return push(type);
}

bool OperatorValidator::localSet(uint32_t index, bool isTee) {
  ValType type;
  if (!localType(index, type) || !expect(type))
    return false;
  setInitialised(index, type);
  return !isTee || push(type);
}

bool OperatorValidator::globalSet(uint32_t index) {
  if (index >= module.globals.size())
    return fail("unknown global " + llvm::Twine(index));
  const GlobalType &type = module.globals[index].type;
  if (!type.isMutable)
    return fail("immutable global " + llvm::Twine(index));
  return expect(type.type);
}

//===----------------------------------------------------------------------===//
// Parametric and variable operators
//===----------------------------------------------------------------------===//

/// Without an annotation, both operands are numbers or vectors (3.4.2).
bool OperatorValidator::select() {
  ValType first, second;
  if (!expect(ValType::i32()) || !pop(second) || !pop(first))
    return false;
  for (ValType type : {first, second})
    if (type.isRef())
      return mismatch("a number or vector", type);
  if (first.kind != ValKind::Bottom && second.kind != ValKind::Bottom && first != second)
    return mismatch(toString(first), second);
  return push(first.kind == ValKind::Bottom ? second : first);
}

bool OperatorValidator::selectTyped(const Instruction &inst) {
  if (inst.types.size() != 1)
    return fail("invalid result arity: expected 1 type, found " + llvm::Twine(inst.types.size()));
  ValType type = inst.types.front();
  return inRange(type) && expect(ValType::i32()) && expect(type) && expect(type) && push(type);
}

static ValType addressType(const Limits &limits) {
  return limits.is64 ? ValType::i64() : ValType::i32();
}

bool OperatorValidator::variable(const Instruction &inst) {
  const Table *t;
  ValType ignored;
  switch (inst.op) {
  case Opcode::Drop: return pop(ignored);
  case Opcode::Select: return select();
  case Opcode::SelectTyped: return selectTyped(inst);
  case Opcode::LocalGet: return localGet(inst.index);
  case Opcode::LocalSet: return localSet(inst.index, false);
  case Opcode::LocalTee: return localSet(inst.index, true);
  case Opcode::GlobalGet:
    if (inst.index >= module.globals.size())
      return fail("unknown global " + llvm::Twine(inst.index));
    return push(module.globals[inst.index].type.type);
  case Opcode::GlobalSet: return globalSet(inst.index);
  case Opcode::TableGet:
    return table(inst.index, t) && expect(addressType(t->type.limits)) &&
           push(ValType::reference(t->type.element));
  case Opcode::TableSet:
    return table(inst.index, t) && expect(ValType::reference(t->type.element)) &&
           expect(addressType(t->type.limits));
  default: return fail("no rule for this operator");
  }
}

//===----------------------------------------------------------------------===//
// Bulk operations
//===----------------------------------------------------------------------===//

/// The length of a copy is of the narrower of both address types.
static ValType narrower(ValType a, ValType b) {
  return a == ValType::i64() && b == ValType::i64() ? a : ValType::i32();
}

bool OperatorValidator::tableCopy(const Instruction &inst) {
  const Table *to, *from;
  if (!table(inst.index, to) || !table(inst.index2, from))
    return false;
  if (!matches(module, from->type.element, to->type.element))
    return fail("type mismatch: expected a table of " + toString(to->type.element) +
                " to copy from, found one of " + toString(from->type.element));
  ValType toAddress = addressType(to->type.limits), fromAddress = addressType(from->type.limits);
  return expect(narrower(toAddress, fromAddress)) && expect(fromAddress) && expect(toAddress);
}

bool OperatorValidator::tableInit(const Instruction &inst) {
  const Table *to;
  const ElementSegment *segment;
  if (!table(inst.index2, to) || !elementSegment(inst.index, segment))
    return false;
  if (!matches(module, segment->type, to->type.element))
    return fail("type mismatch: expected a segment of " + toString(to->type.element) +
                ", found one of " + toString(segment->type));
  return expect(ValType::i32()) && expect(ValType::i32()) && expect(addressType(to->type.limits));
}

bool OperatorValidator::memoryCopy(const Instruction &inst) {
  ValType to, from;
  return memory(inst.index, to) && memory(inst.index2, from) && expect(narrower(to, from)) &&
         expect(from) && expect(to);
}

bool OperatorValidator::bulk(const Instruction &inst) {
  const Table *t;
  const ElementSegment *segment;
  ValType address;
  switch (inst.op) {
  case Opcode::MemoryInit:
    return memory(inst.index2, address) && dataSegment(inst.index) && expect(ValType::i32()) &&
           expect(ValType::i32()) && expect(address);
  case Opcode::DataDrop: return dataSegment(inst.index);
  case Opcode::MemoryCopy: return memoryCopy(inst);
  case Opcode::TableInit: return tableInit(inst);
  case Opcode::ElemDrop: return elementSegment(inst.index, segment);
  case Opcode::TableCopy: return tableCopy(inst);
  case Opcode::TableGrow:
    return table(inst.index, t) && expect(addressType(t->type.limits)) &&
           expect(ValType::reference(t->type.element)) && push(addressType(t->type.limits));
  case Opcode::TableSize: return table(inst.index, t) && push(addressType(t->type.limits));
  case Opcode::TableFill:
    return table(inst.index, t) && expect(addressType(t->type.limits)) &&
           expect(ValType::reference(t->type.element)) && expect(addressType(t->type.limits));
  default: return fail("no rule for this operator");
  }
}

} // namespace wasmc::wasm
