//===- AnnotatePlaces.cpp - Accesses of known places do not overlap -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In native code, arrays with static storage are objects of their own, and an access of
// one is none of another. In a module all are bytes of one memory. But a place in it is
// an absolute one: where scalar evolution bounds the addresses of two accesses to ranges
// that are apart, they are apart always. This pass gives each such range an alias scope,
// which all of LLVM's passes understand.
//
// Why it cannot leave the sandbox: no address changes. Why it holds wherever LLVM moves
// an access: it says nothing of when, only of where, and relative to the same instance.
// (Inlined into a caller, scopes become new ones for each call.)
//
//===----------------------------------------------------------------------===//
#include "passes/LinearMemory.h"
#include "passes/Passes.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using namespace wasmc;
using passes::LinearMemory;

namespace {

/// Each has a list of all others.
constexpr size_t mostRanges = 32;
/// Scalar evolution of more is not worth the time.
constexpr size_t mostAccesses = 4096;

struct Access {
  Instruction *inst;
  uint64_t begin, end; ///< In the memory.
};

/// Joins what overlaps; of too many ranges, also those with the least between them.
std::vector<Access> rangesOf(std::vector<Access> sorted) {
  std::vector<Access> ranges;
  for (const Access &one : sorted)
    if (!ranges.empty() && one.begin < ranges.back().end)
      ranges.back().end = std::max(ranges.back().end, one.end);
    else
      ranges.push_back(one);
  while (ranges.size() > mostRanges) {
    size_t nearest = 1;
    for (size_t i = 1; i != ranges.size(); ++i)
      if (ranges[i].begin - ranges[i - 1].end <
          ranges[nearest].begin - ranges[nearest - 1].end)
        nearest = i;
    ranges[nearest - 1].end = ranges[nearest].end;
    ranges.erase(ranges.begin() + nearest);
  }
  return ranges;
}

void annotate(ArrayRef<Access> accesses, ArrayRef<Access> ranges, LLVMContext &context) {
  MDBuilder metadata(context);
  MDNode *domain = metadata.createAnonymousAliasScopeDomain("wasmc.places");
  SmallVector<Metadata *> scopes;
  for (size_t i = 0; i != ranges.size(); ++i)
    scopes.push_back(metadata.createAnonymousAliasScope(domain));
  SmallVector<MDNode *> own, others;
  for (size_t i = 0; i != scopes.size(); ++i) {
    own.push_back(MDNode::get(context, scopes[i]));
    SmallVector<Metadata *> rest(scopes);
    rest.erase(rest.begin() + i);
    others.push_back(MDNode::get(context, rest));
  }
  for (const Access &access : accesses) {
    const size_t number =
        partition_point(ranges, [&](const Access &r) { return r.end <= access.begin; }) -
        ranges.begin();
    access.inst->setMetadata(LLVMContext::MD_alias_scope, own[number]);
    access.inst->setMetadata(LLVMContext::MD_noalias, others[number]);
  }
}

} // namespace

PreservedAnalyses passes::AnnotatePlaces::run(Function &function,
                                              FunctionAnalysisManager &analyses) {
  std::optional<LinearMemory> memory = LinearMemory::of(function);
  if (!memory)
    return PreservedAnalyses::all();
  auto &se = analyses.getResult<ScalarEvolutionAnalysis>(function);
  std::vector<Access> accesses;
  size_t seen = 0;
  for (Instruction &inst : instructions(function)) {
    Value *address = getLoadStorePointerOperand(&inst);
    if (!address || isApart(*address, inst))
      continue;
    if (++seen > mostAccesses)
      return PreservedAnalyses::all();
    const SCEV *place = memory->place(address, se);
    if (!place)
      continue;
    // Where a sum could pass the end of the address space, so does the range.
    const ConstantRange range = se.getUnsignedRange(place);
    const uint64_t bytes = inst.getDataLayout().getTypeStoreSize(getLoadStoreType(&inst));
    if (range.getUnsignedMax().getActiveBits() <= 33)
      accesses.push_back({&inst, range.getUnsignedMin().getZExtValue(),
                          range.getUnsignedMax().getZExtValue() + bytes});
  }
  llvm::sort(accesses, [](const Access &a, const Access &b) { return a.begin < b.begin; });
  const std::vector<Access> ranges = rangesOf(accesses);
  if (ranges.size() < 2)
    return PreservedAnalyses::all();
  annotate(accesses, ranges, function.getContext());
  return afterInstructions(true);
}
