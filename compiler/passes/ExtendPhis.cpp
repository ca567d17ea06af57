//===- ExtendPhis.cpp - Indices in the registers that addresses need ----===//
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
// The values are the same, and so are the addresses. This stands at the end: InstCombine
// turns it round.
//
//===----------------------------------------------------------------------===//
#include "passes/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;
using namespace wasmc;

/// Whether a phi is extended somewhere, and each of its values can be where it is computed.
static bool isExtended(PHINode &phi) {
  Type *wide = Type::getInt64Ty(phi.getContext());
  auto isExtension = [&](User *user) { return isa<ZExtInst>(user) && user->getType() == wide; };
  return phi.getType()->isIntegerTy(32) && any_of(phi.users(), isExtension) &&
         all_of(phi.incoming_values(), [](Value *value) {
           auto *inst = dyn_cast<Instruction>(value);
           return inst ? !inst->isTerminator() : isa<ConstantInt, Argument>(value);
         });
}

static Value *extended(Value *value, const MapVector<PHINode *, PHINode *> &phis,
                       DenseMap<Value *, Value *> &known) {
  if (auto *phi = dyn_cast<PHINode>(value))
    if (auto found = phis.find(phi); found != phis.end())
      return found->second;
  Value *&result = known[value];
  if (result)
    return result;
  Type *wide = Type::getInt64Ty(value->getContext());
  if (auto *constant = dyn_cast<ConstantInt>(value))
    return result = ConstantInt::get(wide, constant->getZExtValue());
  auto *inst = dyn_cast<Instruction>(value);
  if (!inst) {
    BasicBlock &entry = cast<Argument>(value)->getParent()->getEntryBlock();
    return result = IRBuilder<>(&*entry.getFirstNonPHIOrDbgOrAlloca()).CreateZExt(value, wide);
  }
  IRBuilder<> b(inst->getContext());
  b.SetInsertPoint(*inst->getInsertionPointAfterDef());
  b.SetCurrentDebugLocation(inst->getDebugLoc());
  return result = b.CreateZExt(value, wide);
}

PreservedAnalyses passes::ExtendPhis::run(Function &function, FunctionAnalysisManager &) {
  MapVector<PHINode *, PHINode *> phis;
  for (BasicBlock &block : function)
    for (PHINode &phi : block.phis())
      if (isExtended(phi))
        phis[&phi] = nullptr;
  for (auto &[phi, wide] : phis) {
    wide = PHINode::Create(Type::getInt64Ty(phi->getContext()), phi->getNumIncomingValues(),
                           phi->getName() + ".extended", phi->getIterator());
    wide->setDebugLoc(phi->getDebugLoc());
  }
  DenseMap<Value *, Value *> known;
  for (auto &[phi, wide] : phis)
    for (auto [value, block] : zip(phi->incoming_values(), phi->blocks()))
      wide->addIncoming(extended(value, phis, known), block);
  for (auto &[phi, wide] : phis) {
    for (User *user : make_early_inc_range(phi->users()))
      if (auto *extension = dyn_cast<ZExtInst>(user);
          extension && extension->getType() == wide->getType()) {
        extension->replaceAllUsesWith(wide);
        extension->eraseFromParent();
      }
    IRBuilder<> b(&*phi->getParent()->getFirstInsertionPt());
    b.SetCurrentDebugLocation(phi->getDebugLoc());
    phi->replaceAllUsesWith(b.CreateTrunc(wide, phi->getType(), phi->getName()));
    phi->eraseFromParent();
  }
  return afterInstructions(!phis.empty());
}
