//===- LinearMemory.cpp - Linear memory as passes see it ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/LinearMemory.h"

#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace wasmc;
using passes::LinearMemory;

static constexpr StringRef attribute = "wasmc-memory";

std::optional<LinearMemory> LinearMemory::of(Function &function) {
  // Of the argument, since LLVM takes away those that are not used.
  for (Argument &argument : function.args()) {
    const Attribute described = function.getAttributes().getParamAttr(argument.getArgNo(), attribute);
    LinearMemory memory = {&argument, 0, 0};
    auto [offset, leastSize] = described.getValueAsString().split(',');
    if (!offset.getAsInteger(10, memory.offset) && !leastSize.getAsInteger(10, memory.leastSize))
      return memory;
  }
  return std::nullopt;
}

void LinearMemory::describe() const {
  const std::string text = std::to_string(offset) + "," + std::to_string(leastSize);
  instance->addAttr(Attribute::get(instance->getContext(), attribute, text));
}

const SCEV *LinearMemory::place(Value *address, ScalarEvolution &se) const {
  if (!se.isSCEVable(address->getType()))
    return nullptr;
  const SCEV *whole = se.getSCEV(address);
  auto *base = dyn_cast<SCEVUnknown>(se.getPointerBase(whole));
  if (!base || base->getValue() != instance)
    return nullptr;
  const SCEV *fromInstance = se.removePointerBase(whole);
  if (isa<SCEVCouldNotCompute>(fromInstance) || !fromInstance->getType()->isIntegerTy(64))
    return nullptr;
  return se.getMinusSCEV(fromInstance, se.getConstant(fromInstance->getType(), offset));
}

StringRef passes::aliasType(const Instruction &access) {
  const MDNode *tag = access.getMetadata(LLVMContext::MD_tbaa);
  if (!tag || tag->getNumOperands() < 2)
    return "";
  const auto *type = dyn_cast<MDNode>(tag->getOperand(1));
  const auto *name = type ? dyn_cast<MDString>(type->getOperand(0)) : nullptr;
  return name ? name->getString() : "";
}

bool passes::isApart(const Value &address, const Instruction &access) {
  if (isa<AllocaInst, GlobalVariable>(getUnderlyingObject(&address)))
    return true;
  // A host's pointer may lead to linear memory, too.
  const StringRef type = aliasType(access);
  return !type.empty() && type != "memory" && type != "host";
}
