//===- RerollLoops.cpp - Undo the unrolling of the producer -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A producer for a small machine unrolls loops that this one could vectorise:
//
//   do { c[i] += a * b[i]; ... c[i + 3] += a * b[i + 3]; i += 4; } while (i != n)
//
// LLVM's vectoriser of loops makes little of such a body, and that of straight code asks
// no questions at run time about what may overlap. This pass finds that a body is N
// copies of one, keeps the first, and lets it run N times as often.
//
// Copies are found as bundles of N values, from what a body is for: its stores, and what
// it carries to the next iteration. Values are a bundle if they are the same operation
// on bundles; in the end these are loads whose addresses are apart by an Nth of what an
// iteration moves on, the counters themselves, or what the loop does not change. The
// order of accesses stays as it is, if there are stores; without them, copies may share
// what they load.
//
// Why it cannot leave the sandbox: addresses are as before formed by zero-extension of
// 32-bit indices, and it is the same ones that are accessed, as where an index could
// wrap around between two copies, a condition before the loop excludes it. No flag is
// added; those that held for the steps of the producer are dropped.
//
//===----------------------------------------------------------------------===//
#include "passes/Induction.h"
#include "passes/LoopCopy.h"
#include "passes/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace wasmc;

namespace {

constexpr unsigned mostInstructions = 512;
/// Each is compared with all.
constexpr unsigned mostStores = 64;
/// Values that are looked at for a chain of operations, of which each has two operands.
constexpr unsigned mostTried = 256;

using Bundle = SmallVector<Value *, 8>;

/// One attempt to read the body of a loop as so many copies.
class Rerolling {
public:
  Rerolling(Loop &loop, ScalarEvolution &se, unsigned copies)
      : loop(loop), body(*loop.getHeader()), se(se), copies(copies),
        induction(loop, se, copies) {}

  bool analyze();
  void reroll(LoopInfo &loops, DominatorTree &tree);

private:
  bool areApart(ArrayRef<Value *> addresses);
  bool isInduction(ArrayRef<Value *> values);
  bool matchCarried(PHINode &phi, ArrayRef<Value *> next);
  bool matchOperation(ArrayRef<Value *> values);
  bool match(ArrayRef<Value *> values);
  bool matchStores();
  bool chain(Value *value, PHINode &phi, Bundle &found, unsigned &tried) const;
  bool matchPhis();
  bool keepsOrder() const;
  bool usedOutsideAreKnown() const;

  Loop &loop;
  BasicBlock &body;
  ScalarEvolution &se;
  const unsigned copies;
  passes::Induction induction;

  DenseMap<Value *, Bundle> bundles; ///< By their first values.
  DenseMap<const Instruction *, unsigned> copyOf; ///< One of them.
  bool hasStores = false;
  MapVector<PHINode *, Bundle> carried;
};

} // namespace

bool Rerolling::areApart(ArrayRef<Value *> addresses) {
  std::optional<int64_t> stride = induction.strideOf(addresses[0]);
  if (!stride || *stride % copies != 0)
    return false;
  for (unsigned i = 1; i != copies; ++i)
    if (induction.distance(addresses[0], addresses[i]) != *stride / copies * i)
      return false;
  return true;
}

/// Whether they are counters, or sums and multiples of such.
bool Rerolling::isInduction(ArrayRef<Value *> values) {
  if (!values[0]->getType()->isIntegerTy() || !induction.isLinear(values[0]))
    return false;
  auto *first = dyn_cast<SCEVAddRecExpr>(se.getSCEV(values[0]));
  if (!first || first->getLoop() != &loop || !first->isAffine())
    return false;
  auto *step = dyn_cast<SCEVConstant>(first->getStepRecurrence(se));
  if (!step || step->getAPInt().srem(copies) != 0)
    return false;
  const APInt part = step->getAPInt().sdiv(APInt(step->getAPInt().getBitWidth(), copies));
  for (unsigned i = 1; i != copies; ++i) {
    auto *distance = dyn_cast<SCEVConstant>(se.getMinusSCEV(se.getSCEV(values[i]), first));
    if (!distance || distance->getAPInt() != part * i)
      return false;
  }
  return true;
}

/// What one copy has from the one before: `phi` in the first, `next[i - 1]` in the others.
bool Rerolling::matchCarried(PHINode &phi, ArrayRef<Value *> next) {
  auto [known, isNew] = carried.insert({&phi, Bundle(next)});
  return isNew ? match(next) : ArrayRef<Value *>(known->second) == next;
}

static bool isSameOperation(const Instruction &a, const Instruction &b) {
  if (!a.isSameOperationAs(&b, Instruction::CompareIgnoringAlignment))
    return false;
  auto *call = dyn_cast<IntrinsicInst>(&a);
  return !call || call->getIntrinsicID() == cast<IntrinsicInst>(b).getIntrinsicID();
}

bool Rerolling::matchOperation(ArrayRef<Value *> values) {
  auto *first = dyn_cast<Instruction>(values[0]);
  if (!first || first->getParent() != &body || isa<PHINode>(first))
    return false;
  for (unsigned i = 0; i != copies; ++i) {
    auto *inst = dyn_cast<Instruction>(values[i]);
    if (!inst || inst->getParent() != &body || !isSameOperation(*first, *inst))
      return false;
    // Two copies may have one in common, each as another of its values: the element that is
    // next for one and last for the other. It is computed twice then, which is the same where
    // nothing is stored between.
    if (!copyOf.insert({inst, i}).second && hasStores)
      return false;
  }
  auto operands = [&](unsigned number) {
    Bundle bundle;
    for (Value *value : values)
      bundle.push_back(cast<Instruction>(value)->getOperand(number));
    return bundle;
  };
  if (auto *load = dyn_cast<LoadInst>(first))
    return load->isSimple() && areApart(operands(0));
  if (auto *call = dyn_cast<CallBase>(first)) {
    if (!isa<IntrinsicInst>(call) || call->mayReadOrWriteMemory() || call->hasOperandBundles())
      return false;
    for (unsigned i = 0; i != call->arg_size(); ++i)
      if (!match(operands(i)))
        return false;
    return true;
  }
  if (!isa<BinaryOperator, UnaryOperator, CastInst, CmpInst, SelectInst, FreezeInst>(first))
    return false;
  Bundle lhs = operands(0);
  if (first->isCommutative() && first->getNumOperands() == 2) {
    Bundle rhs = operands(1);
    // The operand of the same kind as the first's, if only one is. What a phi stands for
    // in other copies may be anything; copies share nothing that an iteration computes.
    auto isAlike = [&](Value *first, Value *other) {
      if (first == other || !isa<Instruction>(first) || !isa<Instruction>(other))
        return first == other && loop.isLoopInvariant(first);
      return isa<PHINode>(first) || cast<Instruction>(first)->getOpcode() ==
                                        cast<Instruction>(other)->getOpcode();
    };
    for (unsigned i = 1; i != copies; ++i)
      if (isAlike(lhs[0], rhs[i]) + isAlike(rhs[0], lhs[i]) >
          isAlike(lhs[0], lhs[i]) + isAlike(rhs[0], rhs[i]))
        std::swap(lhs[i], rhs[i]);
    return match(lhs) && match(rhs);
  }
  for (unsigned i = 0; i != first->getNumOperands(); ++i)
    if (!match(operands(i)))
      return false;
  return true;
}

bool Rerolling::match(ArrayRef<Value *> values) {
  if (all_equal(values) && loop.isLoopInvariant(values[0]))
    return true;
  auto *phi = dyn_cast<PHINode>(values[0]);
  if (phi && phi->getParent() == &body && !induction.counters().contains(phi)) {
    Bundle next(values.drop_front());
    next.push_back(induction.nextOf(*phi));
    return matchCarried(*phi, next);
  }
  auto [known, isNew] = bundles.insert({values[0], Bundle(values)});
  if (!isNew)
    return ArrayRef<Value *>(known->second) == values;
  return isInduction(values) || matchOperation(values);
}

bool Rerolling::matchStores() {
  SmallVector<StoreInst *> left;
  for (Instruction &inst : body)
    if (auto *store = dyn_cast<StoreInst>(&inst))
      left.push_back(store);
    else if (inst.mayWriteToMemory() || (isa<LoadInst>(inst) && !cast<LoadInst>(inst).isSimple()))
      return false;
  if (left.size() > mostStores)
    return false;
  hasStores = !left.empty();
  while (!left.empty()) {
    // The one with the lowest address is of the first copy; they stand in order.
    StoreInst *first = left.front();
    Value *address = first->getPointerOperand();
    std::optional<int64_t> stride = induction.strideOf(address);
    if (!stride || *stride % copies != 0)
      return false;
    Bundle stores, addresses, stored;
    for (unsigned i = 0; i != copies; ++i) {
      auto *found = find_if(left, [&](StoreInst *one) {
        return one->isSimple() && isSameOperation(*first, *one) &&
               induction.distance(address, one->getPointerOperand()) == *stride / copies * i;
      });
      if (found == left.end())
        return false;
      copyOf[*found] = i;
      stores.push_back(*found);
      addresses.push_back((*found)->getPointerOperand());
      stored.push_back((*found)->getValueOperand());
      left.erase(found);
    }
    bundles.insert({stores[0], stores});
    if (!areApart(addresses) || !match(stored))
      return false;
  }
  return true;
}

/// Whether as many operations of one kind as there are copies lead from a phi to a value;
/// `found` has them in that order.
bool Rerolling::chain(Value *value, PHINode &phi, Bundle &found, unsigned &tried) const {
  if (found.size() == copies)
    return value == &phi;
  auto *inst = dyn_cast<Instruction>(value);
  if (!inst || ++tried > mostTried || inst->getParent() != &body ||
      isa<PHINode, LoadInst>(inst) ||
      (!found.empty() && inst->getOpcode() != cast<Instruction>(found[0])->getOpcode()))
    return false;
  found.insert(found.begin(), inst);
  for (Value *operand : inst->operands())
    if (isa<Instruction>(operand) && chain(operand, phi, found, tried))
      return true;
  found.erase(found.begin());
  return false;
}

/// Whether a phi does nothing but to decide when the loop is left, which will be decided
/// otherwise.
static bool onlyCounts(const PHINode &phi, const Instruction &jump) {
  SmallVector<const Instruction *> reached = {&phi};
  for (size_t i = 0; i != reached.size(); ++i)
    for (const User *user : reached[i]->users()) {
      auto *inst = cast<Instruction>(user);
      if (inst == &jump || is_contained(reached, inst))
        continue;
      if (inst->getParent() != jump.getParent() || reached.size() == 4 ||
          !isa<BinaryOperator, ICmpInst>(inst))
        return false;
      reached.push_back(inst);
    }
  return true;
}

bool Rerolling::matchPhis() {
  for (PHINode &phi : body.phis()) {
    Bundle next;
    unsigned tried = 0;
    if (!induction.counters().contains(&phi) && !carried.contains(&phi) &&
        chain(induction.nextOf(phi), phi, next, tried) && !matchCarried(phi, next))
      return false;
  }
  // What is only handed on was found as an operand of the others.
  return !copyOf.empty() && all_of(body.phis(), [&](PHINode &phi) {
    return induction.counters().contains(&phi) || carried.contains(&phi) ||
           onlyCounts(phi, *body.getTerminator());
  });
}

/// Whether accesses come in the order of the copies, and in each copy in the same one, as
/// far as stores are concerned.
bool Rerolling::keepsOrder() const {
  SmallVector<SmallVector<const Instruction *>> accesses(copies);
  unsigned last = 0; // Copy of the last store, and of all that stood before it.
  unsigned most = 0;
  for (const Instruction &inst : body) {
    if (!isa<LoadInst, StoreInst>(inst))
      continue;
    auto copy = copyOf.find(&inst);
    if (copy == copyOf.end())
      continue; // A load for which nobody asks.
    if (copy->second < last || (isa<StoreInst>(inst) && copy->second < most))
      return false;
    most = std::max(most, copy->second);
    if (isa<StoreInst>(inst))
      last = copy->second;
    accesses[copy->second].push_back(&inst);
  }
  DenseMap<const Instruction *, unsigned> position;
  for (auto &list : accesses)
    for (auto [number, inst] : enumerate(list))
      position[inst] = number;
  for (const Instruction *a : accesses[0])
    for (const Instruction *b : accesses[0]) {
      if (!isa<StoreInst>(a) || a == b)
        continue;
      const Bundle &as = bundles.find(const_cast<Instruction *>(a))->second;
      const Bundle &bs = bundles.find(const_cast<Instruction *>(b))->second;
      for (unsigned i = 1; i != copies; ++i)
        if ((position[a] < position[b]) !=
            (position[cast<Instruction>(as[i])] < position[cast<Instruction>(bs[i])]))
          return false;
    }
  return true;
}

bool Rerolling::usedOutsideAreKnown() const {
  SmallPtrSet<Value *, 8> known;
  for (auto &[phi, step] : induction.counters())
    known.insert(induction.nextOf(*phi));
  for (auto &[phi, next] : carried)
    known.insert(next.back());
  for (Instruction &inst : body)
    if (!known.contains(&inst))
      for (User *user : inst.users())
        if (cast<Instruction>(user)->getParent() != &body)
          return false;
  return true;
}

bool Rerolling::analyze() {
  return !induction.counters().empty() && matchStores() && matchPhis() && keepsOrder() &&
         usedOutsideAreKnown() && induction.isCheap();
}

void Rerolling::reroll(LoopInfo &loops, DominatorTree &tree) {
  formLCSSA(loop, tree, &loops, &se);
  Instruction *before = loop.getLoopPreheader()->getTerminator();
  SCEVExpander expander(se, "reroll");
  Value *taken = expander.expandCodeFor(se.getBackedgeTakenCount(&loop), nullptr,
                                        before->getIterator());
  IRBuilder<> b(before);
  Value *iterations = b.CreateAdd(b.CreateZExt(taken, b.getInt64Ty()), b.getInt64(1));
  if (!induction.isUnconditional())
    passes::copyLoop(loop, induction.condition(expander, before, iterations), loops, tree);
  b.SetInsertPoint(loop.getLoopPreheader()->getTerminator());
  Value *total = b.CreateMul(iterations, b.getInt64(copies));

  Instruction *jump = body.getTerminator();
  // What was proven of one copy need not hold for all: flags, and alias scopes.
  for (Instruction &inst : body) {
    inst.dropPoisonGeneratingAnnotations();
    inst.setMetadata(LLVMContext::MD_alias_scope, nullptr);
    inst.setMetadata(LLVMContext::MD_noalias, nullptr);
  }
  auto replaceNext = [&](PHINode &phi, Value *value) {
    auto *last = cast<Instruction>(induction.nextOf(phi));
    last->replaceUsesWithIf(value, [&](Use &use) {
      return cast<Instruction>(use.getUser())->getParent() != &body;
    });
    phi.setIncomingValueForBlock(&body, value);
  };
  for (auto &[phi, step] : induction.counters()) {
    b.SetInsertPoint(jump);
    const APInt part = step->getValue().sdiv(APInt(step->getBitWidth(), copies));
    replaceNext(*phi, b.CreateAdd(phi, ConstantInt::get(step->getType(), part)));
  }
  for (auto &[phi, next] : carried)
    replaceNext(*phi, next.front());

  auto *count = PHINode::Create(b.getInt64Ty(), 2, "count", body.begin());
  b.SetInsertPoint(jump);
  Value *counted = b.CreateAdd(count, b.getInt64(1));
  count->addIncoming(b.getInt64(0), loop.getLoopPreheader());
  count->addIncoming(counted, &body);
  Value *goesOn = b.CreateICmpNE(counted, total);
  BasicBlock *exit = loop.getExitBlock();
  jump->eraseFromParent();
  b.SetInsertPoint(&body);
  b.CreateCondBr(goesOn, &body, exit)->setMetadata(LLVMContext::MD_loop, nullptr);

  SmallVector<Instruction *> dropped;
  for (auto [inst, copy] : copyOf)
    if (copy != 0 && isa<StoreInst>(inst))
      dropped.push_back(const_cast<Instruction *>(inst));
  for (Instruction *inst : dropped)
    inst->eraseFromParent();
  SmallVector<WeakTrackingVH> unused;
  for (Instruction &inst : body)
    if (isInstructionTriviallyDead(&inst))
      unused.push_back(&inst);
  RecursivelyDeleteTriviallyDeadInstructions(unused);
  DeleteDeadPHIs(&body);
}

static bool rerollLoop(Loop &loop, LoopInfo &loops, DominatorTree &tree, ScalarEvolution &se) {
  if (!passes::Induction::isSimple(loop, se) || loop.getHeader()->size() > mostInstructions)
    return false;
  for (unsigned copies : {16, 12, 10, 8, 7, 6, 5, 4, 3, 2}) {
    Rerolling rerolling(loop, se, copies);
    if (!rerolling.analyze())
      continue;
    rerolling.reroll(loops, tree);
    return true;
  }
  return false;
}

PreservedAnalyses passes::RerollLoops::run(Function &function, FunctionAnalysisManager &analyses) {
  if (function.hasOptSize())
    return PreservedAnalyses::all();
  auto &loops = analyses.getResult<LoopAnalysis>(function);
  auto &tree = analyses.getResult<DominatorTreeAnalysis>(function);
  auto &se = analyses.getResult<ScalarEvolutionAnalysis>(function);
  bool changed = false;
  for (Loop *loop : loops.getLoopsInPreorder())
    if (loop->isInnermost() && rerollLoop(*loop, loops, tree, se)) {
      se.forgetAllLoops();
      changed = true;
    }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
