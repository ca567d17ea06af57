//===- ValidateControl.cpp - Blocks, branches, calls, exceptions (3.4.8) ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Limits.h"
#include "wasm/OperatorValidator.h"

namespace wasmc::wasm {

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

bool OperatorValidator::pushFrame(Opcode op, const BlockType &type) {
  if (frames.size() >= limits::nesting)
    return fail("more nested blocks than the limit of " + llvm::Twine(limits::nesting),
                ErrorKind::Limit);
  ControlFrame frame;
  frame.op = op;
  if (type.kind == BlockType::TypeIndex) {
    const FuncType *func;
    if (!functionType(type.index, func))
      return false;
    frame.params = func->params;
    frame.resultList = func->results;
  } else if (type.kind == BlockType::Value) {
    if (!inRange(type.value))
      return false;
    frame.hasValue = true;
    frame.value = type.value;
  }
  if (!expect(frame.params))
    return false;
  frame.height = static_cast<uint32_t>(operands.size());
  frame.initHeight = static_cast<uint32_t>(initialisedOrder.size());
  frames.push_back(frame);
  return push(frame.params);
}

bool OperatorValidator::popFrame(ControlFrame &out) {
  out = frames.back();
  if (!expect(out.results()))
    return false;
  if (operands.size() != out.height)
    return fail("expected " + toString(ResultType(out.results())) +
                " on the stack at the end of the block, found " + toString(operands.back()) +
                " below");
  resetInitialised(out.initHeight);
  frames.pop_back();
  return true;
}

bool OperatorValidator::elseOp() {
  if (frames.back().op != Opcode::If)
    return fail("else without if: END opcode expected", ErrorKind::Malformed);
  ControlFrame frame;
  if (!popFrame(frame))
    return false;
  frame.op = Opcode::Else;
  frame.unreachable = false;
  frames.push_back(frame);
  return push(frame.params);
}

bool OperatorValidator::end() {
  ControlFrame frame;
  if (!popFrame(frame))
    return false;
  // What is missing is an else that passes the parameters on.
  if (frame.op == Opcode::If && !matches(module, frame.params, frame.results()))
    return fail("expected an else that takes " + toString(ResultType(frame.params)) + " to " +
                toString(ResultType(frame.results())) + ", found end");
  return frames.empty() || push(frame.results());
}

bool OperatorValidator::control(const Instruction &inst) {
  switch (inst.op) {
  case Opcode::Unreachable: setUnreachable(); return true;
  case Opcode::Block:
  case Opcode::Loop:
  case Opcode::Try: return pushFrame(inst.op, inst.block);
  case Opcode::If: return expect(ValType::i32()) && pushFrame(inst.op, inst.block);
  case Opcode::TryTable: return tryTable(inst);
  case Opcode::Else: return elseOp();
  case Opcode::End: return end();
  case Opcode::Catch:
  case Opcode::CatchAll: return legacyCatch(inst);
  case Opcode::Delegate: return delegate(inst);
  case Opcode::Rethrow: return rethrow(inst);
  case Opcode::Throw: return throwOp(inst);
  case Opcode::ThrowRef:
    if (!expect(ValType::reference({true, {HeapKind::Exn, 0}})))
      return false;
    setUnreachable();
    return true;
  default: return branchOrCall(inst);
  }
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

/// Labels with the same list of types are checked once, so that the work is
/// bounded by the number of targets plus the types that the module declares.
bool OperatorValidator::branchTable(const Instruction &inst) {
  const ControlFrame *target;
  if (!expect(ValType::i32()) || !label(inst.labels.back(), target))
    return false;
  size_t arity = target->labelTypes().size();
  checkedLabels.clear();
  for (uint32_t index : inst.labels) {
    if (!label(index, target))
      return false;
    TypeList types = target->labelTypes();
    if (types.size() != arity)
      return fail("type mismatch: labels of br_table take " + llvm::Twine(arity) + " and " +
                  llvm::Twine(types.size()) + " operands");
    if (arity > 0 && checkedLabels.insert(types.data()).second && !expectOnTop(types))
      return false;
  }
  setUnreachable();
  return true;
}

bool OperatorValidator::branchOrCall(const Instruction &inst) {
  const ControlFrame *target;
  switch (inst.op) {
  case Opcode::Br:
    if (!label(inst.index, target) || !expect(target->labelTypes()))
      return false;
    setUnreachable();
    return true;
  case Opcode::BrIf:
    return expect(ValType::i32()) && label(inst.index, target) && expect(target->labelTypes()) &&
           push(target->labelTypes());
  case Opcode::BrTable: return branchTable(inst);
  case Opcode::Return:
    if (!expect(frames.front().results()))
      return false;
    setUnreachable();
    return true;
  case Opcode::Call:
  case Opcode::ReturnCall:
    if (inst.index >= module.functions.size())
      return fail("unknown function " + llvm::Twine(inst.index));
    return call(module.funcType(inst.index), inst.op == Opcode::ReturnCall);
  case Opcode::CallIndirect: return callIndirect(inst, false);
  case Opcode::ReturnCallIndirect: return callIndirect(inst, true);
  case Opcode::CallRef: return callRef(inst, false);
  case Opcode::ReturnCallRef: return callRef(inst, true);
  default: return fail("no rule for this operator");
  }
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

bool OperatorValidator::call(const FuncType &type, bool isTail) {
  if (!expect(type.params))
    return false;
  if (!isTail)
    return push(type.results);
  TypeList own = frames.front().results();
  if (!matches(module, type.results, own))
    return fail("type mismatch: expected a callee with results " + toString(ResultType(own)) +
                ", found " + toString(type.results));
  setUnreachable();
  return true;
}

bool OperatorValidator::callIndirect(const Instruction &inst, bool isTail) {
  const Table *callees;
  const FuncType *type;
  if (!table(inst.index2, callees) || !functionType(inst.index, type))
    return false;
  RefType element = callees->type.element;
  if (!matches(module, element, RefType{true, {HeapKind::Func, 0}}))
    return fail("type mismatch: expected a table of functions, found one of " + toString(element));
  ValType address = callees->type.limits.is64 ? ValType::i64() : ValType::i32();
  return expect(address) && call(*type, isTail);
}

bool OperatorValidator::callRef(const Instruction &inst, bool isTail) {
  const FuncType *type;
  return functionType(inst.index, type) &&
         expect(ValType::reference({true, {HeapKind::Concrete, inst.index}})) &&
         call(*type, isTail);
}

//===----------------------------------------------------------------------===//
// Exceptions
//===----------------------------------------------------------------------===//

bool OperatorValidator::tagType(uint32_t index, const FuncType *&out) {
  if (index >= module.tags.size())
    return fail("unknown tag " + llvm::Twine(index));
  return functionType(module.tags[index].type, out);
}

bool OperatorValidator::throwOp(const Instruction &inst) {
  const FuncType *type;
  if (!tagType(inst.index, type) || !expect(type->params))
    return false;
  setUnreachable();
  return true;
}

/// The labels of the clauses are those outside the block.
bool OperatorValidator::tryTable(const Instruction &inst) {
  for (const CatchClause &clause : inst.catches)
    if (!catchClause(clause))
      return false;
  return pushFrame(inst.op, inst.block);
}

bool OperatorValidator::catchClause(const CatchClause &clause) {
  const ControlFrame *target;
  if (!label(clause.label, target))
    return false;
  TypeList taken = target->labelTypes(), given;
  if (clause.kind == CatchKind::Catch || clause.kind == CatchKind::CatchRef) {
    const FuncType *type;
    if (!tagType(clause.tag, type))
      return false;
    given = type->params;
  }
  bool hasRef = clause.kind == CatchKind::CatchRef || clause.kind == CatchKind::CatchAllRef;
  ValType exception = ValType::reference({false, {HeapKind::Exn, 0}});
  bool ok = taken.size() == given.size() + hasRef &&
            matches(module, given, taken.take_front(given.size())) &&
            (!hasRef || matches(module, exception, taken.back()));
  if (ok)
    return true;
  ResultType all(given);
  if (hasRef)
    all.push_back(exception);
  return fail("type mismatch: the catch clause gives " + toString(all) + ", its label takes " +
              toString(ResultType(taken)));
}

bool OperatorValidator::legacyCatch(const Instruction &inst) {
  Opcode open = frames.back().op;
  if (open != Opcode::Try && open != Opcode::Catch)
    return fail("catch without try: END opcode expected", ErrorKind::Malformed);
  TypeList caught;
  if (inst.op == Opcode::Catch) {
    const FuncType *type;
    if (!tagType(inst.index, type))
      return false;
    caught = type->params;
  }
  ControlFrame frame;
  if (!popFrame(frame))
    return false;
  frame.op = inst.op;
  frame.unreachable = false;
  frames.push_back(frame);
  return push(caught);
}

/// Ends its try; the label is counted from outside.
bool OperatorValidator::delegate(const Instruction &inst) {
  if (frames.back().op != Opcode::Try)
    return fail("delegate without try: END opcode expected", ErrorKind::Malformed);
  ControlFrame frame;
  const ControlFrame *target;
  return popFrame(frame) && label(inst.index, target) && push(frame.results());
}

bool OperatorValidator::rethrow(const Instruction &inst) {
  const ControlFrame *target;
  if (!label(inst.index, target))
    return false;
  if (target->op != Opcode::Catch && target->op != Opcode::CatchAll)
    return fail("invalid rethrow label " + llvm::Twine(inst.index) + ": not of a catch");
  setUnreachable();
  return true;
}

} // namespace wasmc::wasm
