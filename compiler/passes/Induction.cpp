//===- Induction.cpp - What moves on with the iterations of a loop ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Induction.h"

#include "passes/LoopCopy.h"

#include "llvm/IR/IRBuilder.h"

using namespace llvm;
using namespace wasmc;
using passes::Induction;

Induction::Induction(Loop &loop, ScalarEvolution &se, unsigned divisor) : loop(loop), se(se) {
  for (PHINode &phi : loop.getHeader()->phis()) {
    auto *next = dyn_cast<BinaryOperator>(nextOf(phi));
    if (!next || next->getOpcode() != Instruction::Add || next->getOperand(0) != &phi)
      continue;
    auto *step = dyn_cast<ConstantInt>(next->getOperand(1));
    if (step && step->getValue().srem(divisor) == 0 && !step->isZero())
      steps[&phi] = step;
  }
}

bool Induction::isSimple(const Loop &loop, ScalarEvolution &se) {
  if (loop.getNumBlocks() != 1 || !loop.isLoopSimplifyForm() || isCopy(loop) ||
      loop.getExitingBlock() != loop.getHeader() ||
      !isa<BranchInst>(loop.getHeader()->getTerminator()))
    return false;
  const SCEV *taken = se.getBackedgeTakenCount(&loop);
  return !isa<SCEVCouldNotCompute>(taken) && taken->getType()->getIntegerBitWidth() <= 32;
}

Value *Induction::nextOf(const PHINode &phi) const {
  return phi.getIncomingValueForBlock(loop.getLoopLatch());
}

/// Whether an index may be extended where its counter takes smaller steps: it must not
/// wrap around before the last of them, an iteration of now behind the last value of now.
bool Induction::staysInRange(const SCEV *index) {
  auto *recurrence = dyn_cast<SCEVAddRecExpr>(index);
  if (!recurrence || recurrence->getLoop() != &loop || !recurrence->isAffine())
    return false;
  auto *step = dyn_cast<SCEVConstant>(recurrence->getStepRecurrence(se));
  if (!step || !step->getAPInt().isStrictlyPositive())
    return false;
  bool overflows;
  (void)se.getUnsignedRangeMax(index).uadd_ov(step->getAPInt(), overflows);
  if (!overflows)
    return true;
  if (!index->getType()->isIntegerTy(32))
    return false;
  mustNotWrap.insert(recurrence);
  return true;
}

bool Induction::isLinear(Value *value, unsigned depth) {
  if (loop.isLoopInvariant(value))
    return true;
  if (auto *phi = dyn_cast<PHINode>(value))
    return steps.contains(phi);
  auto *inst = cast<Instruction>(value);
  if (depth == 8)
    return false;
  auto operand = [&](unsigned i) { return isLinear(inst->getOperand(i), depth + 1); };
  switch (inst->getOpcode()) {
  case Instruction::Add:
  case Instruction::Sub:
    return operand(0) && operand(1);
  case Instruction::Mul:
  case Instruction::Shl:
    return operand(0) && loop.isLoopInvariant(inst->getOperand(1));
  case Instruction::Trunc:
    return operand(0);
  case Instruction::ZExt:
    return operand(0) && staysInRange(se.getSCEV(inst->getOperand(0)));
  case Instruction::GetElementPtr:
    return all_of(inst->operands(), [&](Value *v) { return isLinear(v, depth + 1); });
  default:
    return false;
  }
}

std::optional<int64_t> Induction::strideOf(Value *pointer) {
  if (!isLinear(pointer))
    return std::nullopt;
  const SCEV *offset = se.removePointerBase(se.getSCEV(pointer));
  // Where an index could wrap around, as far as is known: zext(index) + constant.
  if (auto *sum = dyn_cast<SCEVAddExpr>(offset)) {
    const SCEV *varying = nullptr;
    for (const SCEV *operand : sum->operands())
      if (!se.isLoopInvariant(operand, &loop)) {
        if (varying)
          return std::nullopt;
        varying = operand;
      }
    offset = varying ? varying : offset;
  }
  if (auto *wide = dyn_cast<SCEVZeroExtendExpr>(offset))
    offset = wide->getOperand();
  auto *recurrence = dyn_cast<SCEVAddRecExpr>(offset);
  if (!recurrence || recurrence->getLoop() != &loop || !recurrence->isAffine())
    return std::nullopt;
  auto *step = dyn_cast<SCEVConstant>(recurrence->getStepRecurrence(se));
  if (!step || step->getAPInt().getSignificantBits() > 32)
    return std::nullopt;
  return step->getAPInt().getSExtValue();
}

namespace {
/// An address as lowering forms it: base + zext(index) + offset.
struct IndexedAddress {
  Value *base, *index;
  int64_t offset;

  static std::optional<IndexedAddress> of(Value *pointer) {
    IndexedAddress address = {pointer, nullptr, 0};
    while (auto *gep = dyn_cast<GetElementPtrInst>(address.base)) {
      if (!gep->getSourceElementType()->isIntegerTy(8) || gep->getNumIndices() != 1)
        break;
      Value *added = gep->getOperand(1);
      if (auto *constant = dyn_cast<ConstantInt>(added))
        address.offset += constant->getSExtValue();
      else if (auto *wide = dyn_cast<ZExtInst>(added); wide && !address.index)
        address.index = wide->getOperand(0);
      else
        break;
      address.base = gep->getPointerOperand();
    }
    return address.index ? std::optional(address) : std::nullopt;
  }
};
} // namespace

std::optional<int64_t> Induction::distance(Value *from, Value *to) {
  if (auto *bytes = dyn_cast<SCEVConstant>(se.getMinusSCEV(se.getSCEV(to), se.getSCEV(from))))
    return bytes->getAPInt().trySExtValue();
  auto first = IndexedAddress::of(from), second = IndexedAddress::of(to);
  if (!first || !second || first->base != second->base ||
      first->index->getType() != second->index->getType())
    return std::nullopt;
  // strideOf() has made sure that no index wraps around until an iteration after the
  // last: no sum with less than a step does.
  const SCEV *index = se.getSCEV(first->index);
  auto *recurrence = dyn_cast<SCEVAddRecExpr>(index);
  auto *more = dyn_cast<SCEVConstant>(se.getMinusSCEV(se.getSCEV(second->index), index));
  if (!more || !recurrence || recurrence->getLoop() != &loop)
    return std::nullopt;
  auto *step = dyn_cast<SCEVConstant>(recurrence->getStepRecurrence(se));
  if (!step || more->getAPInt().uge(step->getAPInt()))
    return std::nullopt;
  return more->getAPInt().getSExtValue() + second->offset - first->offset;
}

Value *Induction::condition(SCEVExpander &expander, Instruction *before, Value *iterations) const {
  IRBuilder<> b(before);
  Value *holds = b.getTrue();
  for (const SCEVAddRecExpr *index : mustNotWrap) {
    Value *start = expander.expandCodeFor(index->getStart(), nullptr, before->getIterator());
    const APInt &step = cast<SCEVConstant>(index->getStepRecurrence(se))->getAPInt();
    // Less than 2^32 iterations, and steps below 2^31: the product does not wrap.
    Value *length = b.CreateMul(iterations, b.getInt64(step.getZExtValue()));
    Value *end = b.CreateAdd(b.CreateZExt(start, b.getInt64Ty()), length);
    holds = b.CreateAnd(holds, b.CreateICmpULE(end, b.getInt64(uint64_t(1) << 32)));
  }
  return holds;
}
