//===- PromoteShadowFrames.cpp - Local arrays out of linear memory ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The producer of a module keeps local arrays in linear memory, below its shadow
// stack pointer. There every store through another pointer may change them, as far as
// LLVM can tell, so that they stay in memory where native code has them in registers.
//
// For a loop nest whose accesses of linear memory are all of known places, this pass
// asks once, before the loop, whether the arrays are apart from all the other places:
//
//   if (the arrays lie in the memory, and apart from what else the loop accesses) {
//     copies of the arrays on the native stack; the loop on these copies; copy back
//   } else
//     the loop as it was
//
// Nothing is assumed of what the producer means by the value: any i32 that the loop
// does not change will do for a shadow stack pointer, since the condition proves all
// that is needed where the loop runs.
//
// Why it cannot leave the sandbox: an access is moved to a copy only where scalar
// evolution bounds its offset to the copy's bytes. Accesses that are not moved stay as
// they are. Why no one can tell: the nest makes no calls, and within the condition none
// of its accesses can fault, because all lie below the least size of the memory; the
// copies are written back wherever it is left, also on the way to a trap.
//
//===----------------------------------------------------------------------===//
#include "passes/LinearMemory.h"
#include "passes/LoopCopy.h"
#include "passes/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace wasmc;
using passes::LinearMemory;

namespace {

/// Copies larger than this cost more than most loops gain.
constexpr int64_t mostBytes = 1024;
/// From the root, so that sums stay small.
constexpr int64_t farthest = 1 << 16;
/// The nest is there twice afterwards.
constexpr unsigned mostInstructions = 3000;
/// Places that the condition asks about.
constexpr unsigned mostOthers = 8;
/// In a function: analyses are made anew for each.
constexpr unsigned mostNests = 8;

/// Bytes from `begin` to before `end`, of the memory or relative to the root.
struct Interval {
  int64_t begin, end;
};

/// One pointer operand of an instruction in the nest.
struct Reference {
  Use *address;
  const SCEV *place; ///< In the memory, in 64 bits.
  int64_t bytes;
};

/// One that is moved to a copy: it lies at root + index + offset.
struct Moved {
  Use *address;
  const SCEV *index; ///< In 32 bits.
  int64_t offset;
  Interval place; ///< From the root.
};

/// All about one nest.
class Nest {
public:
  Nest(Loop &loop, ScalarEvolution &se, const LinearMemory &memory)
      : loop(loop), se(se), memory(memory) {}

  bool analyze();
  void promote(LoopInfo &loops, DominatorTree &tree);

private:
  bool add(Use &address, uint64_t bytes);
  bool add(Instruction &inst);
  bool collect();
  const SCEV *chooseRoot() const;
  bool addMoved(const Reference &reference, const SCEV &place);
  bool addOther(const Reference &reference);
  bool classify();
  Value *condition(IRBuilder<> &b, Value *start) const;
  Value *copyOf(const Moved &access, SCEVExpander &expander, ArrayRef<AllocaInst *> copies) const;

  Loop &loop;
  ScalarEvolution &se;
  const LinearMemory &memory;
  SmallVector<Reference> references;
  bool loads = false, stores = false;
  const SCEV *root = nullptr;
  SmallVector<Moved> moved;
  SmallVector<Interval> arrays; ///< From the root, sorted, apart.
  /// From the root: the arrays, and indices without their offsets.
  Interval reach = {INT64_MAX, INT64_MIN};
  SmallVector<Interval> others; ///< Of the memory, sorted, apart.
};

/// Sorts, and joins what overlaps or is no farther apart than `gap`.
void coalesce(SmallVectorImpl<Interval> &intervals, int64_t gap) {
  llvm::sort(intervals, [](Interval a, Interval b) { return a.begin < b.begin; });
  size_t kept = 0;
  for (Interval one : intervals)
    if (kept != 0 && one.begin <= intervals[kept - 1].end + gap)
      intervals[kept - 1].end = std::max(intervals[kept - 1].end, one.end);
    else
      intervals[kept++] = one;
  intervals.truncate(kept);
}

int64_t bytesOf(ArrayRef<Interval> intervals) {
  int64_t bytes = 0;
  for (Interval one : intervals)
    bytes += one.end - one.begin;
  return bytes;
}

/// Follows sums, and recurrences of them: elsewhere, in a product or a remainder, a
/// value is no address.
template <class Found> struct Addends {
  Found found;
  bool follow(const SCEV *s) {
    found(s);
    return isa<SCEVAddExpr, SCEVAddRecExpr, SCEVZeroExtendExpr>(s);
  }
  bool isDone() const { return false; }
};
template <class Found> void forAddends(const SCEV *of, Found found) {
  Addends<Found> addends{found};
  visitAll(of, addends);
}

} // namespace

bool Nest::add(Use &address, uint64_t bytes) {
  const SCEV *place = memory.place(address.get(), se);
  if (!place || bytes > INT32_MAX)
    return false;
  references.push_back({&address, place, int64_t(bytes)});
  return true;
}

bool Nest::add(Instruction &inst) {
  if (auto *intrinsic = dyn_cast<IntrinsicInst>(&inst)) {
    if (intrinsic->isAssumeLikeIntrinsic())
      return true;
  } else if (isa<CallBase>(inst)) {
    return false;
  }
  if (!inst.mayReadOrWriteMemory())
    return true;
  if (auto *write = dyn_cast<MemIntrinsic>(&inst)) {
    auto *length = dyn_cast<ConstantInt>(write->getLength());
    if (!length || write->isVolatile() || !add(write->getRawDestUse(), length->getZExtValue()))
      return false;
    stores = true;
    auto *transfer = dyn_cast<MemTransferInst>(write);
    return !transfer || isa<GlobalVariable>(transfer->getRawSource()->stripInBoundsOffsets()) ||
           add(transfer->getRawSourceUse(), length->getZExtValue());
  }
  auto *load = dyn_cast<LoadInst>(&inst);
  auto *store = dyn_cast<StoreInst>(&inst);
  if (load ? !load->isSimple() : !store || !store->isSimple())
    return false;
  if (passes::isApart(*getLoadStorePointerOperand(&inst), inst))
    return true;
  (load ? loads : stores) = true;
  const unsigned operand = load ? load->getPointerOperandIndex() : store->getPointerOperandIndex();
  return add(inst.getOperandUse(operand),
             inst.getDataLayout().getTypeStoreSize(getLoadStoreType(&inst)));
}

bool Nest::collect() {
  unsigned instructions = 0;
  for (BasicBlock *block : loop.blocks())
    for (Instruction &inst : *block)
      if (++instructions > mostInstructions || !add(inst))
        return false;
  return loads && stores;
}

/// What most places are relative to, if they are not known otherwise.
const SCEV *Nest::chooseRoot() const {
  MapVector<const SCEV *, unsigned> uses;
  for (const Reference &reference : references)
    forAddends(reference.place, [&](const SCEV *s) {
      if (isa<SCEVUnknown>(s) && s->getType()->isIntegerTy(32) && se.isLoopInvariant(s, &loop))
        ++uses[s];
    });
  const auto *most = llvm::max_element(uses, [](auto &a, auto &b) { return a.second < b.second; });
  return most == uses.end() ? nullptr : most->first;
}

/// Of a place `zext(root + index) + offset`, as addresses of the module are formed.
bool Nest::addMoved(const Reference &reference, const SCEV &place) {
  const SCEV *wide = &place;
  int64_t offset = 0;
  if (auto *sum = dyn_cast<SCEVAddExpr>(wide)) {
    auto *constant = dyn_cast<SCEVConstant>(sum->getOperand(0));
    if (!constant || sum->getNumOperands() != 2)
      return false;
    offset = constant->getAPInt().getSExtValue();
    wide = sum->getOperand(1);
  }
  auto *extended = dyn_cast<SCEVZeroExtendExpr>(wide);
  if (!extended || !extended->getOperand()->getType()->isIntegerTy(32))
    return false;
  const SCEV *index = se.getMinusSCEV(extended->getOperand(), root);
  const ConstantRange range = se.getSignedRange(index);
  const int64_t least = range.getSignedMin().getSExtValue();
  const int64_t most = range.getSignedMax().getSExtValue();
  if (std::max({std::abs(least), std::abs(most), std::abs(offset)}) > farthest)
    return false;
  moved.push_back({reference.address, index, offset,
                   {least + offset, most + offset + reference.bytes}});
  reach.begin = std::min(reach.begin, least);
  reach.end = std::max(reach.end, most);
  return true;
}

bool Nest::addOther(const Reference &reference) {
  const ConstantRange range = se.getUnsignedRange(reference.place);
  const uint64_t last = range.getUnsignedMax().getLimitedValue(), bytes = reference.bytes;
  if (last > memory.leastSize || bytes > memory.leastSize - last)
    return false;
  others.push_back({int64_t(range.getUnsignedMin().getZExtValue()), int64_t(last + bytes)});
  return true;
}

bool Nest::classify() {
  for (const Reference &reference : references) {
    bool isRelative = false;
    forAddends(reference.place, [&](const SCEV *s) { isRelative |= s == root; });
    if (isRelative ? !addMoved(reference, *reference.place) : !addOther(reference))
      return false;
  }
  for (const Moved &access : moved)
    arrays.push_back(access.place);
  coalesce(arrays, 0);
  reach.begin = std::min(reach.begin, arrays.front().begin);
  reach.end = std::max(reach.end, arrays.back().end);
  // Each is compared: data that is near is taken together.
  coalesce(others, 0);
  for (int64_t gap = 64; others.size() > mostOthers; gap *= 2)
    coalesce(others, gap);
  return bytesOf(arrays) <= mostBytes &&
         uint64_t(reach.end - reach.begin) <= memory.leastSize;
}

bool Nest::analyze() {
  if (!loop.isLoopSimplifyForm() || passes::isCopy(loop) || !collect())
    return false;
  root = chooseRoot();
  return root && classify();
}

/// Whether all arrays lie within the memory, and nothing else of the loop in them.
Value *Nest::condition(IRBuilder<> &b, Value *start) const {
  const int64_t length = arrays.back().end - arrays.front().begin;
  // Unsigned: what lies before the memory is past its end. So is root + index where that
  // wraps around, also if an offset would lead back: indices have to be within as well.
  Value *holds = b.CreateICmpULE(b.CreateAdd(start, b.getInt64(reach.begin - arrays.front().begin)),
                                 b.getInt64(memory.leastSize - (reach.end - reach.begin)));
  for (Interval other : others) {
    Value *isBelow = b.CreateICmpULE(b.CreateAdd(start, b.getInt64(length)), b.getInt64(other.begin));
    Value *isAbove = b.CreateICmpUGE(start, b.getInt64(other.end));
    holds = b.CreateAnd(holds, b.CreateOr(isBelow, isAbove));
  }
  return holds;
}

Value *Nest::copyOf(const Moved &access, SCEVExpander &expander,
                    ArrayRef<AllocaInst *> copies) const {
  size_t number = 0;
  while (arrays[number].end <= access.place.begin)
    ++number;
  auto *user = cast<Instruction>(access.address->getUser());
  IRBuilder<> b(user);
  // Within the copy: addMoved has bounded the index, and no other array holds the place.
  Value *index = b.CreateSExt(expander.expandCodeFor(access.index, nullptr, user->getIterator()),
                              b.getInt64Ty());
  Value *offset = b.CreateAdd(index, b.getInt64(access.offset - arrays[number].begin));
  return b.CreateGEP(b.getInt8Ty(), copies[number], offset);
}

void Nest::promote(LoopInfo &loops, DominatorTree &tree) {
  formLCSSARecursively(loop, tree, &loops, &se);
  Instruction *before = loop.getLoopPreheader()->getTerminator();
  SCEVExpander expander(se, "frame");
  IRBuilder<> b(before);
  Value *from = expander.expandCodeFor(root, nullptr, before->getIterator());
  Value *start = b.CreateAdd(b.CreateZExt(from, b.getInt64Ty()), b.getInt64(arrays.front().begin));
  Value *holds = condition(b, start);
  Value *home = b.CreateGEP(b.getInt8Ty(), memory.instance,
                            b.CreateAdd(start, b.getInt64(memory.offset)));

  Function &function = *before->getFunction();
  IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
  SmallVector<AllocaInst *> copies;
  for (Interval array : arrays) {
    const int64_t bytes = array.end - array.begin;
    copies.push_back(entry.CreateAlloca(ArrayType::get(entry.getInt8Ty(), bytes)));
    copies.back()->setAlignment(Align(16));
  }
  SmallVector<BasicBlock *> exits;
  loop.getUniqueExitBlocks(exits);
  passes::copyLoop(loop, holds, loops, tree);
  // The loop itself is as scalar evolution knows it.
  for (const Moved &access : moved)
    access.address->set(copyOf(access, expander, copies));

  auto transfer = [&](BasicBlock *in, bool isBack) {
    IRBuilder<> b(in->getTerminator());
    for (auto [array, copy] : zip(arrays, copies)) {
      Value *at = b.CreateGEP(b.getInt8Ty(), home, b.getInt64(array.begin - arrays.front().begin));
      Value *to = isBack ? at : copy, *from = isBack ? copy : at;
      b.CreateMemCpy(to, Align(isBack ? 1 : 16), from, Align(isBack ? 16 : 1),
                     array.end - array.begin);
    }
  };
  transfer(loop.getLoopPreheader(), false);
  for (BasicBlock *exit : exits)
    transfer(passes::ownExit(loop, *exit, loops, tree), true);
}

static bool promoteIn(Loop &loop, LoopInfo &loops, DominatorTree &tree, ScalarEvolution &se,
                      const LinearMemory &memory) {
  Nest nest(loop, se, memory);
  if (nest.analyze()) {
    nest.promote(loops, tree);
    return true;
  }
  // Perhaps what disturbs is not in all of its loops.
  for (Loop *inner : loop)
    if (promoteIn(*inner, loops, tree, se, memory))
      return true;
  return false;
}

PreservedAnalyses passes::PromoteShadowFrames::run(Function &function,
                                                   FunctionAnalysisManager &analyses) {
  std::optional<LinearMemory> memory = LinearMemory::of(function);
  if (!memory || function.hasOptSize())
    return PreservedAnalyses::all();
  bool changed = false;
  for (unsigned i = 0; i != mostNests; ++i) {
    auto &loops = analyses.getResult<LoopAnalysis>(function);
    auto &tree = analyses.getResult<DominatorTreeAnalysis>(function);
    auto &se = analyses.getResult<ScalarEvolutionAnalysis>(function);
    bool promoted = false;
    for (Loop *loop : loops)
      if ((promoted = promoteIn(*loop, loops, tree, se, *memory)))
        break;
    if (!promoted)
      break;
    changed = true;
    analyses.invalidate(function, PreservedAnalyses::none());
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
