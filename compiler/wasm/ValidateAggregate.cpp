//===- ValidateAggregate.cpp - Structures and arrays (3.4.4) ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/OperatorValidator.h"

namespace wasmc::wasm {

static ValType refTo(uint32_t index, bool nullable) {
  return ValType::reference({nullable, {HeapKind::Concrete, index}});
}

bool OperatorValidator::gc(const Instruction &inst) {
  ValType i31 = ValType::reference({true, {HeapKind::I31, 0}});
  switch (inst.op) {
  case Opcode::RefTest:
  case Opcode::RefTestNull:
  case Opcode::RefCast:
  case Opcode::RefCastNull: return cast(inst);
  case Opcode::BrOnCast:
  case Opcode::BrOnCastFail: return brOnCast(inst);
  case Opcode::AnyConvertExtern: return convert(HeapKind::Extern, HeapKind::Any);
  case Opcode::ExternConvertAny: return convert(HeapKind::Any, HeapKind::Extern);
  case Opcode::RefI31:
    return expect(ValType::i32()) && push(ValType::reference({false, {HeapKind::I31, 0}}));
  case Opcode::I31GetS:
  case Opcode::I31GetU: return expect(i31) && push(ValType::i32());
  case Opcode::StructNew:
  case Opcode::StructNewDefault: return structOp(inst);
  case Opcode::StructGet:
  case Opcode::StructGetS:
  case Opcode::StructGetU:
  case Opcode::StructSet: return structField(inst);
  case Opcode::ArrayLen:
    return expect(ValType::reference({true, {HeapKind::Array, 0}})) && push(ValType::i32());
  case Opcode::ArrayCopy: return arrayCopy(inst);
  default: return arrayOp(inst);
  }
}

bool OperatorValidator::structOp(const Instruction &inst) {
  const SubType *type;
  if (!aggregate(inst.index, CompositeKind::Struct, type))
    return false;
  bool isDefault = inst.op == Opcode::StructNewDefault;
  for (size_t i = type->fields.size(); i-- > 0;) {
    ValType field = type->fields[i].type;
    if (isDefault && !isDefaultable(field))
      return fail("type mismatch: field " + llvm::Twine(i) + " of type " + toString(field) +
                  " has no default value");
    if (!isDefault && !expect(field))
      return false;
  }
  return push(refTo(inst.index, false));
}

/// A packed value is read by the operators that say how it is extended.
bool OperatorValidator::checkPacking(Opcode op, const FieldType &field) {
  bool extends = op == Opcode::StructGetS || op == Opcode::StructGetU || op == Opcode::ArrayGetS ||
                 op == Opcode::ArrayGetU;
  bool isPacked = field.packed != PackedKind::None;
  if (extends == isPacked)
    return true;
  return fail(llvm::Twine("type mismatch: expected ") + (extends ? "a packed" : "an unpacked") +
              " type to read");
}

bool OperatorValidator::structField(const Instruction &inst) {
  const SubType *type;
  if (!aggregate(inst.index, CompositeKind::Struct, type))
    return false;
  if (inst.index2 >= type->fields.size())
    return fail("unknown field " + llvm::Twine(inst.index2));
  const FieldType &field = type->fields[inst.index2];
  if (inst.op == Opcode::StructSet) {
    if (!field.isMutable)
      return fail("immutable field " + llvm::Twine(inst.index2));
    return expect(field.type) && expect(refTo(inst.index, true));
  }
  return checkPacking(inst.op, field) && expect(refTo(inst.index, true)) && push(field.type);
}

bool OperatorValidator::arrayOp(const Instruction &inst) {
  const SubType *type;
  if (!aggregate(inst.index, CompositeKind::Array, type))
    return false;
  const FieldType &element = type->fields.front();
  switch (inst.op) {
  case Opcode::ArrayNew:
  case Opcode::ArrayNewDefault:
  case Opcode::ArrayNewFixed: return arrayNew(inst, element);
  case Opcode::ArrayNewData:
  case Opcode::ArrayNewElem:
  case Opcode::ArrayInitData:
  case Opcode::ArrayInitElem: return arrayFromSegment(inst, element);
  default: return arrayAccess(inst, element);
  }
}

bool OperatorValidator::arrayNew(const Instruction &inst, const FieldType &element) {
  if (inst.op == Opcode::ArrayNewFixed) {
    for (uint64_t i = 0; i < inst.value; ++i)
      if (!expect(element.type))
        return false;
    return push(refTo(inst.index, false));
  }
  if (!expect(ValType::i32()))
    return false;
  if (inst.op == Opcode::ArrayNewDefault && !isDefaultable(element.type))
    return fail("type mismatch: elements of type " + toString(element.type) +
                " have no default value");
  if (inst.op == Opcode::ArrayNew && !expect(element.type))
    return false;
  return push(refTo(inst.index, false));
}

bool OperatorValidator::arrayAccess(const Instruction &inst, const FieldType &element) {
  bool isWrite = inst.op == Opcode::ArraySet || inst.op == Opcode::ArrayFill;
  if (!isWrite)
    return checkPacking(inst.op, element) && expect(ValType::i32()) &&
           expect(refTo(inst.index, true)) && push(element.type);
  if (!element.isMutable)
    return fail("immutable array");
  if (inst.op == Opcode::ArrayFill && !expect(ValType::i32()))
    return false;
  return expect(element.type) && expect(ValType::i32()) && expect(refTo(inst.index, true));
}

bool OperatorValidator::arrayCopy(const Instruction &inst) {
  const SubType *to, *from;
  if (!aggregate(inst.index, CompositeKind::Array, to) ||
      !aggregate(inst.index2, CompositeKind::Array, from))
    return false;
  const FieldType &toElement = to->fields.front(), &fromElement = from->fields.front();
  if (!toElement.isMutable)
    return fail("immutable array");
  if (toElement.packed != fromElement.packed || !matches(module, fromElement.type, toElement.type))
    return fail("array types do not match");
  return expect(ValType::i32()) && expect(ValType::i32()) && expect(refTo(inst.index2, true)) &&
         expect(ValType::i32()) && expect(refTo(inst.index, true));
}

bool OperatorValidator::arrayFromSegment(const Instruction &inst, const FieldType &element) {
  bool isData = inst.op == Opcode::ArrayNewData || inst.op == Opcode::ArrayInitData;
  bool isInit = inst.op == Opcode::ArrayInitData || inst.op == Opcode::ArrayInitElem;
  if (isInit && !element.isMutable)
    return fail("immutable array");
  if (isData) {
    if (element.type.isRef())
      return fail("array type is not numeric or vector");
    if (!dataSegment(inst.index2))
      return false;
  } else {
    const ElementSegment *segment;
    if (!elementSegment(inst.index2, segment))
      return false;
    if (element.packed != PackedKind::None ||
        !matches(module, ValType::reference(segment->type), element.type))
      return fail("type mismatch: expected a segment of " + toString(element.type) +
                  ", found one of " + toString(segment->type));
  }
  if (!expect(ValType::i32()) || !expect(ValType::i32()))
    return false;
  if (isInit)
    return expect(ValType::i32()) && expect(refTo(inst.index, true));
  return push(refTo(inst.index, false));
}

} // namespace wasmc::wasm
