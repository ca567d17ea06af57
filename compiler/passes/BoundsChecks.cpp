//===- BoundsChecks.cpp - Finds bounds checks, and what is done with them ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/BoundsChecks.h"

#include "passes/LinearMemory.h"
#include "passes/LoopCopy.h"
#include "passes/Passes.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/Constants.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopDeletion.h"
#include "llvm/Transforms/Scalar/LoopIdiomRecognize.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::passes;

/// Whether a block does nothing but trap, or lead to one that does.
static bool traps(const BasicBlock *block) {
  // LLVM puts empty blocks between a loop and an exit that it shares with others.
  if (auto *branch = dyn_cast<BranchInst>(&*block->getFirstNonPHIOrDbg());
      branch && branch->isUnconditional())
    block = branch->getSuccessor(0);
  auto *call = dyn_cast<CallInst>(&*block->getFirstNonPHIOrDbg());
  return call && call->getCalledFunction() && isa<UnreachableInst>(block->getTerminator()) &&
         call->getCalledFunction()->getName() == "__wasmc_trap_memory_out_of_bounds";
}

std::optional<BoundsCheck> BoundsCheck::of(const BasicBlock &block) {
  auto *branch = dyn_cast_or_null<BranchInst>(block.getTerminator());
  if (!branch || !branch->isConditional())
    return std::nullopt;
  auto *compare = dyn_cast<ICmpInst>(branch->getCondition());
  if (!compare || !compare->isUnsigned() || !compare->getOperand(0)->getType()->isIntegerTy())
    return std::nullopt;
  const unsigned trap = traps(branch->getSuccessor(0)) ? 0 : 1;
  if (!traps(branch->getSuccessor(trap)) || traps(branch->getSuccessor(1 - trap)))
    return std::nullopt;
  CmpInst::Predicate trapsIf =
      trap == 0 ? compare->getPredicate() : compare->getInversePredicate();
  Value *end = compare->getOperand(0), *size = compare->getOperand(1);
  if (ICmpInst::isLT(trapsIf) || ICmpInst::isLE(trapsIf)) {
    std::swap(end, size);
    trapsIf = CmpInst::getSwappedPredicate(trapsIf);
  }
  return BoundsCheck{const_cast<BranchInst *>(branch), trap, end, size,
                     trapsIf == CmpInst::ICMP_UGE};
}

LoadInst *passes::loadOfSize(Value *size) {
  if (auto *extension = dyn_cast<ZExtInst>(size))
    size = extension->getOperand(0);
  auto *load = dyn_cast<LoadInst>(size);
  return load && aliasType(*load) == "size" ? load : nullptr;
}

static bool endsWithCheck(const BasicBlock &block) { return BoundsCheck::of(block).has_value(); }

/// Says which innermost loops keep checks, and so are not vectorised.
static void remark(Function &f, FunctionAnalysisManager &analyses) {
  auto &emitter = analyses.getResult<OptimizationRemarkEmitterAnalysis>(f);
  for (const Loop *loop : analyses.getResult<LoopAnalysis>(f).getLoopsInPreorder()) {
    if (!loop->isInnermost() || isCopy(*loop))
      continue;
    size_t checks = count_if(loop->blocks(), [](const BasicBlock *block) {
      return endsWithCheck(*block);
    });
    if (checks)
      emitter.emit([&] {
        return OptimizationRemarkMissed("wasmc-range-checks", "ChecksStay", loop->getStartLoc(),
                                        loop->getHeader())
               << "loop keeps " << ore::NV("Checks", unsigned(checks))
               << (checks == 1 ? " bounds check" : " bounds checks")
               << ": what is compared has no bounds that are known before it";
      });
  }
}

namespace {
/// All of it, for the functions of a module that had checks.
class BoundsCheckPasses : public PassInfoMixin<BoundsCheckPasses> {
public:
  PreservedAnalyses run(Function &f, FunctionAnalysisManager &analyses);
};
} // namespace

/// LLVM's passes that had to stop at the checks, once more: what comes before loops of
/// one block are looked at, and what comes behind.
static FunctionPassManager tidyBlocks() {
  FunctionPassManager pipeline;
  pipeline.addPass(SimplifyCFGPass());
  pipeline.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  pipeline.addPass(InstCombinePass());
  LoopPassManager withMemory;
  withMemory.addPass(LICMPass(LICMOptions()));
  pipeline.addPass(createFunctionToLoopPassAdaptor(std::move(withMemory), /*UseMemorySSA=*/true));
  return pipeline;
}

static FunctionPassManager tidyLoops() {
  FunctionPassManager pipeline;
  LoopPassManager rest;
  rest.addPass(LoopIdiomRecognizePass());
  rest.addPass(IndVarSimplifyPass());
  rest.addPass(LoopDeletionPass());
  pipeline.addPass(createFunctionToLoopPassAdaptor(std::move(rest)));
  pipeline.addPass(GVNPass());
  pipeline.addPass(InstCombinePass());
  return pipeline;
}

PreservedAnalyses BoundsCheckPasses::run(Function &f, FunctionAnalysisManager &analyses) {
  const bool hasChecks = any_of(f, endsWithCheck);
  if (!hasChecks && analyses.getResult<LoopAnalysis>(f).empty())
    return PreservedAnalyses::all();
  bool changed = false;
  auto runOnce = [&](auto pass) {
    PreservedAnalyses preserved = pass.run(f, analyses);
    changed |= !preserved.areAllPreserved();
    analyses.invalidate(f, preserved);
  };
  // The second time, for loops within one that could not do without all its checks.
  for (unsigned turn = 0; hasChecks && turn != 2; ++turn) {
    FunctionPassManager forms;
    forms.addPass(LoopSimplifyPass());
    forms.addPass(LCSSAPass());
    forms.run(f, analyses);
    runOnce(RangeCheckVersioning());
  }
  if (hasChecks) {
    runOnce(CheckMerging());
    remark(f, analyses);
  }
  if (changed)
    tidyBlocks().run(f, analyses);
  // Loops may be one block only now, also where it was LLVM that found all checks to hold.
  FunctionPassManager forms;
  forms.addPass(LoopSimplifyPass());
  forms.run(f, analyses);
  runOnce(RebaseCountedLoops());
  runOnce(OrderSums());
  runOnce(RerollLoops());
  runOnce(PromoteShadowFrames());
  if (changed)
    tidyLoops().run(f, analyses);
  return PreservedAnalyses::none();
}

/// Of a module. It goes with its shards.
static constexpr StringLiteral markName = "wasmc.bounds_checks";

void passes::markBoundsChecks(Module &ir) {
  if (any_of(ir, [](const Function &f) { return any_of(f, endsWithCheck); }))
    ir.getOrInsertNamedMetadata(markName)->addOperand(MDNode::get(ir.getContext(), {}));
}

void passes::unmarkBoundsChecks(Module &ir) {
  if (NamedMDNode *mark = ir.getNamedMetadata(markName))
    mark->eraseFromParent();
}

void passes::addBoundsCheckPasses(PassBuilder &builder, const Module &ir) {
  if (!ir.getNamedMetadata(markName))
    return;
  builder.registerVectorizerStartEPCallback(
      [](FunctionPassManager &pipeline, OptimizationLevel level) {
        if (level.getSpeedupLevel() > 1)
          pipeline.addPass(BoundsCheckPasses());
      });
}
