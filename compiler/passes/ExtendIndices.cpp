//===- ExtendIndices.cpp - Indices of 64 bits in loops ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An index of 32 bits is zero-extended for each access. Where it has just been computed,
// that costs nothing: an operation on 32 bits clears the rest of the register. Where it
// comes from a phi, instruction selection does not know how its values were computed,
// and extends it again:
//
//   p = phi i32 [a, entry], [q, loop]          e = phi i64 [zext a, entry], [zext q, loop]
//   ... base + zext p ...                 =>   p = trunc e;  ... base + e ...
//
// So does a phi whose next value is extended. One that is extended behind its loop alone
// stays as it is, and one that an extended phi takes a value from is extended with it.
//
// What is computed in 32 bits may wrap around, and so cannot be part of an address. Where
// scalar evolution knows that a sum with a constant or a shift by one does not, it is
// computed in 64 bits, and costs nothing more:
//
//   s = shl i32 p, 2;  ... base + zext s ...   =>   ... base + (e << 2) ...
//
// Why it cannot leave the sandbox: the values are the same, and so are the addresses. No
// flag says of a step that it does not wrap around; that follows from the ranges of what
// it computes with. This stands at the end: InstCombine turns it round.
//
//===----------------------------------------------------------------------===//
#include "passes/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace wasmc;

/// Steps of an index that are looked at.
static constexpr unsigned maxSteps = 4;

namespace {
class Extension {
public:
  Extension(Function &function, FunctionAnalysisManager &analyses)
      : function(function), loops(analyses.getResult<LoopAnalysis>(function)),
        se(analyses.getResult<ScalarEvolutionAnalysis>(function)),
        wideType(Type::getInt64Ty(function.getContext())) {}
  bool run();

private:
  bool isExtension(const Instruction &inst) const;
  bool isExact(const BinaryOperator &step, bool isRecurrence);
  void take(Instruction &extension);
  void findPhis();
  Value *extended(Value *value);

  Function &function;
  LoopInfo &loops;
  ScalarEvolution &se;
  Type *wideType;
  SetVector<PHINode *> phis;                ///< That are to be extended.
  SmallPtrSet<BinaryOperator *, 16> exact;  ///< Steps that are to be computed in 64 bits.
  MapVector<Value *, Value *> known;        ///< What was extended.
};
} // namespace

bool Extension::isExtension(const Instruction &inst) const {
  return isa<ZExtInst>(inst) && inst.getType() == wideType &&
         inst.getOperand(0)->getType()->isIntegerTy(32);
}

/// Whether each value of a phi can be extended where it is computed.
static bool isExtensible(const PHINode &phi) {
  return phi.getType()->isIntegerTy(32) && all_of(phi.incoming_values(), [](Value *value) {
           auto *inst = dyn_cast<Instruction>(value);
           return inst ? !inst->isTerminator() : isa<ConstantInt, Argument>(value);
         });
}

/// Whether what a step computes in 32 bits is what it would in 64. Of a step that is not that of
/// a recurrence, a constant alone is sure to become part of an address.
bool Extension::isExact(const BinaryOperator &step, bool isRecurrence) {
  auto *constant = dyn_cast<ConstantInt>(step.getOperand(1));
  auto fits = [&](Instruction::BinaryOps operation, const SCEV *right) {
    return se.willNotOverflow(operation, /*Signed=*/false, se.getSCEV(step.getOperand(0)), right,
                              &step);
  };
  switch (step.getOpcode()) {
  case Instruction::Add:
    return (constant || isRecurrence) && fits(Instruction::Add, se.getSCEV(step.getOperand(1)));
  case Instruction::Or:
    // A sum, where bits that it sets were clear.
    return constant && MaskedValueIsZero(step.getOperand(0), constant->getValue(),
                                         SimplifyQuery(function.getDataLayout()));
  case Instruction::Shl:
    return constant && constant->getValue().ult(4) &&
           fits(Instruction::Mul, se.getConstant(APInt(32, 1).shl(constant->getValue())));
  default: return false;
  }
}

/// The steps from an index down to what it is computed from, and that, if it is a phi.
void Extension::take(Instruction &extension) {
  Value *index = extension.getOperand(0);
  SmallVector<BinaryOperator *, maxSteps> steps;
  for (auto *step = dyn_cast<BinaryOperator>(index);
       step && steps.size() != maxSteps && isExact(*step, /*isRecurrence=*/false);
       step = dyn_cast<BinaryOperator>(index)) {
    steps.push_back(step);
    index = step->getOperand(0);
  }
  // The next value of a phi is extended where it is computed, and so is the phi.
  if (auto *next = dyn_cast<BinaryOperator>(index); next && steps.empty()) {
    auto *phi = dyn_cast<PHINode>(next->getOperand(0));
    if (phi && is_contained(phi->incoming_values(), next))
      index = phi;
  }
  if (auto *phi = dyn_cast<PHINode>(index)) {
    // It is to be extended as often as the phi takes a value.
    const Loop *loop = loops.getLoopFor(phi->getParent());
    if (!isExtensible(*phi) || (loop && !loop->contains(&extension)))
      return;
    phis.insert(phi);
  }
  exact.insert_range(steps);
}

void Extension::findPhis() {
  for (Instruction &inst : instructions(function))
    if (isExtension(inst))
      take(inst);
  for (size_t i = 0; i != phis.size(); ++i)
    for (Value *value : phis[i]->incoming_values()) {
      if (auto *phi = dyn_cast<PHINode>(value); phi && isExtensible(*phi))
        phis.insert(phi);
      auto *step = dyn_cast<BinaryOperator>(value);
      if (step && step->getOperand(0) == phis[i] && isExact(*step, /*isRecurrence=*/true))
        exact.insert(step);
    }
}

/// A value in 64 bits, computed where it is in 32.
Value *Extension::extended(Value *value) {
  if (Value *wide = known.lookup(value))
    return wide;
  if (auto *constant = dyn_cast<ConstantInt>(value))
    return ConstantInt::get(wideType, constant->getZExtValue());
  IRBuilder<> b(function.getContext());
  auto *inst = dyn_cast<Instruction>(value);
  if (!inst) {
    b.SetInsertPoint(&*function.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
    return known[value] = b.CreateZExt(value, wideType);
  }
  Value *wide;
  if (auto *step = dyn_cast<BinaryOperator>(inst); step && exact.contains(step)) {
    Value *left = extended(step->getOperand(0)), *right = extended(step->getOperand(1));
    b.SetInsertPoint(step);
    wide = b.CreateBinOp(step->getOpcode() == Instruction::Or ? Instruction::Add : step->getOpcode(),
                         left, right);
  } else {
    b.SetInsertPoint(*inst->getInsertionPointAfterDef());
    b.SetCurrentDebugLocation(inst->getDebugLoc());
    wide = b.CreateZExt(value, wideType);
  }
  return known[value] = wide;
}

bool Extension::run() {
  findPhis();
  if (phis.empty() && exact.empty())
    return false;
  SmallVector<Instruction *> extensions;
  for (Instruction &inst : instructions(function))
    if (isExtension(inst))
      extensions.push_back(&inst);
  for (PHINode *phi : phis) {
    PHINode *wide = PHINode::Create(wideType, phi->getNumIncomingValues(),
                                    phi->getName() + ".extended", phi->getIterator());
    wide->setDebugLoc(phi->getDebugLoc());
    known[phi] = wide;
  }
  for (PHINode *phi : phis)
    for (auto [value, block] : zip(phi->incoming_values(), phi->blocks()))
      cast<PHINode>(known[phi])->addIncoming(extended(value), block);
  for (Instruction *extension : extensions) {
    Value *value = extension->getOperand(0);
    auto *step = dyn_cast<BinaryOperator>(value);
    if (!(step && exact.contains(step)) && !known.contains(value))
      continue;
    extension->replaceAllUsesWith(extended(value));
    extension->eraseFromParent();
  }
  // What is left of 32 bits is a part of the 64. Without uses it would keep loop strength
  // reduction from dropping the phi.
  SmallVector<WeakTrackingVH> parts;
  for (auto [value, wide] : known) {
    auto *phi = dyn_cast<PHINode>(value);
    auto *step = dyn_cast<BinaryOperator>(value);
    if (!(phi && phis.contains(phi)) && !(step && exact.contains(step)))
      continue;
    auto *inst = cast<Instruction>(value);
    IRBuilder<> b(phi ? &*inst->getParent()->getFirstInsertionPt() : inst);
    b.SetCurrentDebugLocation(inst->getDebugLoc());
    Value *part = b.CreateTrunc(wide, inst->getType(), inst->getName());
    inst->replaceAllUsesWith(part);
    inst->eraseFromParent();
    parts.push_back(part);
  }
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(parts);
  return true;
}

PreservedAnalyses passes::ExtendIndices::run(Function &function,
                                             FunctionAnalysisManager &analyses) {
  return afterInstructions(Extension(function, analyses).run());
}
