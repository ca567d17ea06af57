//===- WidenVectorLoops.cpp - 128-bit vectors to what the target has ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A module's vectors have 128 bits; many processors have 256. For a loop over vectors
// that lie one behind the other, this pass puts a loop before it that does several
// iterations at once:
//
//   for (; at least one iteration will be left; i += 2 * 16)   c[i..] = f(a[i..])  in 256 bits
//   for (; i != n; i += 16)                                     c[i] = f(a[i])      as it was
//
// An operation on two vectors is one on both, joined; a shuffle moves within each part.
// Sums of integers and other operations that may be reordered get partial results, which
// are combined behind the loop; those of floats keep the loop as it is.
//
// Several iterations load before any of them stores. That is the same if no store
// overlaps what another access of the same group has, unless it is the same place:
// known from the distance, or asked before the loop.
//
// Why it cannot leave the sandbox: a wide access has exactly the bytes of accesses of
// iterations that the loop makes anyway, for at least one is always left, and an index
// must not wrap around between them, or the loop stays as it was. No flag is added.
//
//===----------------------------------------------------------------------===//
#include "passes/Induction.h"
#include "passes/LoopCopy.h"
#include "passes/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace wasmc;

namespace {

constexpr unsigned mostInstructions = 1024;
/// Stores are compared with all others.
constexpr unsigned mostAccesses = 128;
constexpr unsigned mostQuestions = 8;
constexpr unsigned mostLoops = 16;

/// An access of a vector, in each iteration behind the one of the iteration before.
struct Access {
  Instruction *inst;
  Value *address;
  int64_t bytes;  ///< In one iteration.
  int64_t stride; ///< From one iteration to the next.
};

/// What is computed over all iterations, by an operation that may be reordered.
struct Reduction {
  SmallVector<Instruction *> chain; ///< From the phi to its next value.
  unsigned opcode;
  Intrinsic::ID intrinsic;
};

class Widening {
public:
  Widening(Loop &loop, ScalarEvolution &se, AAResults &aa, unsigned registerBits)
      : loop(loop), body(*loop.getHeader()), se(se), aa(aa), registerBits(registerBits),
        induction(loop, se, 1) {}

  bool analyze();
  void widen();

private:
  bool isVector(Type *type) const;
  bool needs(Value *value);
  bool needsOperands(Instruction &inst);
  bool addAccess(Instruction &inst, Value *address, Type *type);
  bool addReduction(PHINode &phi);
  bool staysApart(const Access &store, const Access &other);
  bool keepsOrder();
  Value *startOf(Value *address, SCEVExpander &expander, Instruction *before);
  Value *condition(SCEVExpander &expander, Instruction *before, Value *taken);

  Type *wideType(Type *type) const;
  Value *repeated(Value *value, IRBuilder<> &b) const;
  Value *partOf(Value *wide, unsigned part, IRBuilder<> &b) const;
  Value *wideValue(Value *value, IRBuilder<> &b);
  Value *wideLoad(LoadInst &load, IRBuilder<> &b);
  Value *wideInstruction(Instruction &inst, IRBuilder<> &b);
  Value *scalarCopy(Value *value, IRBuilder<> &b);
  Value *combine(const Reduction &reduction, Value *lhs, Value *rhs, IRBuilder<> &b) const;

  Loop &loop;
  BasicBlock &body;
  ScalarEvolution &se;
  AAResults &aa;
  const unsigned registerBits;
  passes::Induction induction;
  int64_t factor = 0; ///< Iterations at once.

  SmallSetVector<Instruction *, 32> needed; ///< Vectors that become wide.
  SmallVector<Access> accesses;
  MapVector<PHINode *, Reduction> reductions;
  SmallVector<std::pair<const Access *, const Access *>> questions;
  DenseMap<Value *, Value *> wide, scalars; ///< In the new loop.
  BasicBlock *before = nullptr;             ///< Of the new loop.
};

} // namespace

bool Widening::isVector(Type *type) const {
  auto *vector = dyn_cast<FixedVectorType>(type);
  return vector && isPowerOf2_32(vector->getNumElements());
}

bool Widening::addAccess(Instruction &inst, Value *address, Type *type) {
  const int64_t bytes = inst.getDataLayout().getTypeStoreSize(type);
  auto *load = dyn_cast<LoadInst>(&inst);
  const bool isSimple = load ? load->isSimple() : cast<StoreInst>(inst).isSimple();
  const std::optional<int64_t> stride = induction.strideOf(address);
  // Wider ones are no module's, but what this pass has made.
  if (!isSimple || !stride || bytes > 16 || (load ? *stride < bytes : *stride != bytes))
    return false;
  accesses.push_back({&inst, address, bytes, *stride});
  return true;
}

bool Widening::needsOperands(Instruction &inst) {
  return all_of(inst.operands(), [&](Value *v) { return needs(v); });
}

bool Widening::needs(Value *value) {
  if (!isVector(value->getType()))
    return false;
  if (loop.isLoopInvariant(value))
    return true;
  auto &inst = *cast<Instruction>(value);
  if (auto *phi = dyn_cast<PHINode>(&inst))
    return reductions.contains(phi);
  if (!needed.insert(&inst))
    return true;
  if (auto *load = dyn_cast<LoadInst>(&inst))
    return addAccess(inst, load->getPointerOperand(), inst.getType());
  if (auto *call = dyn_cast<IntrinsicInst>(&inst))
    return isTriviallyVectorizable(call->getIntrinsicID()) && !call->mayReadOrWriteMemory() &&
           all_of(call->args(), [&](Value *v) { return v->getType() == inst.getType() && needs(v); });
  // A shuffle's mask is no operand.
  if (!isa<BinaryOperator, UnaryOperator, CastInst, CmpInst, SelectInst, FreezeInst,
           ShuffleVectorInst>(inst))
    return false;
  return needsOperands(inst);
}

bool Widening::addReduction(PHINode &phi) {
  Reduction reduction = {};
  if (!isVector(phi.getType()) || !phi.getType()->isIntOrIntVectorTy())
    return false;
  for (Value *value = induction.nextOf(phi); value != &phi;) {
    auto *inst = dyn_cast<Instruction>(value);
    if (!inst || inst->getParent() != &body || reduction.chain.size() == 16)
      return false;
    auto *call = dyn_cast<IntrinsicInst>(inst);
    const unsigned opcode = inst->getOpcode() == Instruction::Sub ? unsigned(Instruction::Add)
                                                                   : inst->getOpcode();
    const Intrinsic::ID intrinsic = call ? call->getIntrinsicID() : Intrinsic::not_intrinsic;
    if (reduction.chain.empty()) {
      reduction.opcode = opcode;
      reduction.intrinsic = intrinsic;
    }
    const bool isAllowed =
        call ? is_contained({Intrinsic::smin, Intrinsic::smax, Intrinsic::umin, Intrinsic::umax},
                            intrinsic)
             : is_contained({Instruction::Add, Instruction::And, Instruction::Or, Instruction::Xor},
                            Instruction::BinaryOps(opcode));
    if (!isAllowed || opcode != reduction.opcode || intrinsic != reduction.intrinsic)
      return false;
    reduction.chain.insert(reduction.chain.begin(), inst);
    // On towards the phi: what goes on is of the same kind; of two, the first is taken.
    auto leads = [&](Value *v) {
      auto *next = dyn_cast<Instruction>(v);
      return v == &phi || (next && next->getParent() == &body && !isa<PHINode>(next) &&
                           (next->getOpcode() == inst->getOpcode()) && next->hasOneUse());
    };
    Value *lhs = inst->getOperand(0), *rhs = inst->getOperand(1);
    if (lhs == &phi || (leads(lhs) && rhs != &phi))
      value = lhs;
    else if (inst->getOpcode() != Instruction::Sub && leads(rhs))
      value = rhs;
    else
      return false;
  }
  // Partial results must not be seen on the way.
  for (const User *user : phi.users())
    if (user != reduction.chain.front() && cast<Instruction>(user)->getParent() == &body)
      return false;
  for (Instruction *inst : ArrayRef(reduction.chain).drop_back())
    if (!inst->hasOneUse())
      return false;
  for (const User *user : reduction.chain.back()->users())
    if (user != &phi && cast<Instruction>(user)->getParent() == &body)
      return false;
  reductions.insert({&phi, reduction});
  return true;
}

/// Whether all that a group of iterations has of the one and of the other never overlaps,
/// or does for the same iteration alone.
bool Widening::staysApart(const Access &store, const Access &other) {
  const AAMDNodes storeTags = store.inst->getAAMetadata(), tags = other.inst->getAAMetadata();
  if (aa.isNoAlias(MemoryLocation::getBeforeOrAfter(store.address, storeTags),
                   MemoryLocation::getBeforeOrAfter(other.address, tags)))
    return true;
  if (std::optional<int64_t> distance = induction.distance(store.address, other.address))
    return (*distance == 0 && store.bytes == other.bytes && store.stride == other.stride) ||
           *distance >= factor * store.stride || *distance <= -factor * other.stride;
  // It stays the same, so that it can be asked for.
  if (store.bytes != other.bytes || store.stride != other.stride ||
      se.getPointerBase(se.getSCEV(store.address)) != se.getPointerBase(se.getSCEV(other.address)))
    return false;
  questions.push_back({&store, &other});
  return questions.size() <= mostQuestions;
}

bool Widening::keepsOrder() {
  for (const Access &store : accesses)
    for (const Access &other : accesses)
      if (isa<StoreInst>(store.inst) && &store != &other &&
          (isa<LoadInst>(other.inst) || &store < &other) && !staysApart(store, other))
        return false;
  return true;
}

bool Widening::analyze() {
  unsigned widest = 0;
  for (PHINode &phi : body.phis())
    if (!induction.counters().contains(&phi) && !addReduction(phi))
      return false;
  for (auto &[phi, reduction] : reductions)
    if (!needs(reduction.chain.back()))
      return false;
  for (Instruction &inst : body)
    if (auto *store = dyn_cast<StoreInst>(&inst)) {
      Value *stored = store->getValueOperand();
      if (!needs(stored) || !addAccess(inst, store->getPointerOperand(), stored->getType()))
        return false;
    } else if (inst.mayHaveSideEffects()) {
      return false;
    }
  for (Instruction *inst : needed)
    widest = std::max<unsigned>(widest, inst->getType()->getPrimitiveSizeInBits());
  factor = widest >= 128 ? registerBits / 128 : 0;
  return factor >= 2 && accesses.size() <= mostAccesses && keepsOrder() && induction.isCheap();
}

/// An address at the first iteration.
Value *Widening::startOf(Value *address, SCEVExpander &expander, Instruction *at) {
  struct AtStart : SCEVRewriteVisitor<AtStart> {
    const Loop &loop;
    AtStart(ScalarEvolution &se, const Loop &loop) : SCEVRewriteVisitor(se), loop(loop) {}
    const SCEV *visitAddRecExpr(const SCEVAddRecExpr *e) {
      return e->getLoop() == &loop ? e->getStart() : e;
    }
  };
  const SCEV *start = AtStart(se, loop).visit(se.removePointerBase(se.getSCEV(address)));
  return expander.expandCodeFor(start, nullptr, at->getIterator());
}

Value *Widening::condition(SCEVExpander &expander, Instruction *at, Value *taken) {
  IRBuilder<> b(at);
  Value *holds = b.CreateICmpUGE(taken, b.getInt64(factor));
  Value *iterations = b.CreateAdd(taken, b.getInt64(1));
  holds = b.CreateAnd(holds, induction.condition(expander, at, iterations));
  for (auto [store, other] : questions) {
    Value *distance = b.CreateSub(startOf(other->address, expander, at),
                                  startOf(store->address, expander, at));
    Type *type = distance->getType();
    const int64_t bytes = store->bytes * factor;
    Value *isSame = b.CreateIsNull(distance);
    // Unsigned: none of -bytes + 1 to bytes - 1.
    Value *isFar = b.CreateICmpUGE(b.CreateAdd(distance, ConstantInt::get(type, bytes - 1)),
                                   ConstantInt::get(type, 2 * bytes - 1));
    holds = b.CreateAnd(holds, b.CreateOr(isSame, isFar));
  }
  return holds;
}

//===----------------------------------------------------------------------===//
// The new loop
//===----------------------------------------------------------------------===//

Type *Widening::wideType(Type *type) const {
  auto *vector = cast<FixedVectorType>(type);
  return FixedVectorType::get(vector->getElementType(), vector->getNumElements() * factor);
}

/// The same vector for each of the iterations.
Value *Widening::repeated(Value *value, IRBuilder<> &b) const {
  const int elements = cast<FixedVectorType>(value->getType())->getNumElements();
  SmallVector<int> mask;
  for (int64_t i = 0; i != factor; ++i)
    for (int element = 0; element != elements; ++element)
      mask.push_back(element);
  return b.CreateShuffleVector(value, mask);
}

Value *Widening::partOf(Value *value, unsigned part, IRBuilder<> &b) const {
  const int elements = cast<FixedVectorType>(value->getType())->getNumElements() / factor;
  SmallVector<int> mask;
  for (int element = 0; element != elements; ++element)
    mask.push_back(int(part) * elements + element);
  return b.CreateShuffleVector(value, mask);
}

Value *Widening::combine(const Reduction &reduction, Value *lhs, Value *rhs,
                         IRBuilder<> &b) const {
  if (reduction.intrinsic != Intrinsic::not_intrinsic)
    return b.CreateBinaryIntrinsic(reduction.intrinsic, lhs, rhs);
  return b.CreateBinOp(Instruction::BinaryOps(reduction.opcode), lhs, rhs);
}

/// What addresses are computed from, with the counters of the new loop.
Value *Widening::scalarCopy(Value *value, IRBuilder<> &b) {
  if (loop.isLoopInvariant(value))
    return value;
  Value *&copy = scalars[value];
  if (copy)
    return copy;
  Instruction *clone = cast<Instruction>(value)->clone();
  SmallVector<Value *> operands;
  for (Value *operand : clone->operands())
    operands.push_back(scalarCopy(operand, b));
  for (auto [number, operand] : enumerate(operands))
    clone->setOperand(number, operand);
  b.Insert(clone);
  return scalars[value] = clone;
}

Value *Widening::wideLoad(LoadInst &load, IRBuilder<> &b) {
  const Access &access = *find_if(accesses, [&](const Access &a) { return a.inst == &load; });
  Value *address = scalarCopy(load.getPointerOperand(), b);
  if (access.stride == access.bytes) {
    LoadInst *result = b.CreateAlignedLoad(wideType(load.getType()), address, load.getAlign());
    result->setAAMetadata(load.getAAMetadata());
    return result;
  }
  // With gaps between them, one by one.
  SmallVector<Value *> parts;
  for (int64_t i = 0; i != factor; ++i) {
    Value *at = b.CreateGEP(b.getInt8Ty(), address, b.getInt64(i * access.stride));
    LoadInst *part = b.CreateAlignedLoad(load.getType(), at, Align(1));
    part->setAAMetadata(load.getAAMetadata());
    parts.push_back(part);
  }
  return concatenateVectors(b, parts);
}

Value *Widening::wideInstruction(Instruction &inst, IRBuilder<> &b) {
  auto operand = [&](unsigned number) { return wideValue(inst.getOperand(number), b); };
  if (auto *load = dyn_cast<LoadInst>(&inst)) {
    return wideLoad(*load, b);
  }
  if (auto *call = dyn_cast<IntrinsicInst>(&inst)) {
    SmallVector<Value *> args;
    for (Value *arg : call->args())
      args.push_back(wideValue(arg, b));
    return b.CreateIntrinsic(call->getIntrinsicID(), {wideType(inst.getType())}, args);
  }
  if (auto *shuffle = dyn_cast<ShuffleVectorInst>(&inst)) {
    const int from = cast<FixedVectorType>(shuffle->getOperand(0)->getType())->getNumElements();
    SmallVector<int> mask;
    for (int part = 0; part != int(factor); ++part)
      for (int element : shuffle->getShuffleMask())
        mask.push_back(element < 0       ? element
                       : element < from ? part * from + element
                                        : (int(factor) + part) * from + (element - from));
    return b.CreateShuffleVector(operand(0), operand(1), mask);
  }
  // All others work on each element alone, or, as a bitcast, on each part.
  SmallVector<Value *> operands;
  for (unsigned i = 0; i != inst.getNumOperands(); ++i)
    operands.push_back(operand(i));
  if (auto *cast = dyn_cast<CastInst>(&inst))
    return b.CreateCast(cast->getOpcode(), operands[0], wideType(inst.getType()));
  if (auto *compare = dyn_cast<CmpInst>(&inst))
    return b.CreateCmp(compare->getPredicate(), operands[0], operands[1]);
  if (isa<SelectInst>(inst))
    return b.CreateSelect(operands[0], operands[1], operands[2]);
  if (isa<FreezeInst>(inst))
    return b.CreateFreeze(operands[0]);
  if (auto *unary = dyn_cast<UnaryOperator>(&inst))
    return b.CreateUnOp(unary->getOpcode(), operands[0]);
  return b.CreateBinOp(cast<BinaryOperator>(inst).getOpcode(), operands[0], operands[1]);
}

Value *Widening::wideValue(Value *value, IRBuilder<> &b) {
  if (Value *known = wide.lookup(value))
    return known;
  Value *result;
  if (loop.isLoopInvariant(value)) {
    IRBuilder<> outside(before->getTerminator());
    result = repeated(value, outside);
  } else {
    result = wideInstruction(*cast<Instruction>(value), b);
  }
  return wide[value] = result;
}

void Widening::widen() {
  BasicBlock *preheader = loop.getLoopPreheader();
  Instruction *end = preheader->getTerminator();
  SCEVExpander expander(se, "widen");
  Value *taken = expander.expandCodeFor(se.getBackedgeTakenCount(&loop), nullptr, end->getIterator());
  IRBuilder<> b(end);
  taken = b.CreateZExt(taken, b.getInt64Ty());
  Value *holds = condition(expander, end, taken);
  // One iteration at least is left for the loop as it was.
  Value *groups = b.CreateUDiv(taken, b.getInt64(factor));

  LLVMContext &context = body.getContext();
  Function *function = body.getParent();
  BasicBlock *rest = SplitBlock(preheader, end);
  before = BasicBlock::Create(context, "wide.preheader", function, rest);
  BasicBlock *block = BasicBlock::Create(context, "wide", function, rest);
  BasicBlock *after = BasicBlock::Create(context, "wide.exit", function, rest);
  preheader->getTerminator()->eraseFromParent();
  IRBuilder<>(preheader).CreateCondBr(holds, before, rest);
  IRBuilder<>(before).CreateBr(block);
  IRBuilder<>(after).CreateBr(rest);

  b.SetInsertPoint(block);
  b.SetCurrentDebugLocation(body.getTerminator()->getDebugLoc());
  PHINode *count = b.CreatePHI(b.getInt64Ty(), 2);
  SmallVector<std::pair<PHINode *, PHINode *>> phis;
  for (PHINode &phi : body.phis()) {
    Value *start = phi.getIncomingValueForBlock(rest);
    const bool isCounter = induction.counters().contains(&phi);
    PHINode *copy = b.CreatePHI(isCounter ? phi.getType() : wideType(phi.getType()), 2);
    (isCounter ? scalars : wide)[&phi] = copy;
    if (!isCounter) {
      // What was computed before counts once, or, where that is the same, each time.
      IRBuilder<> outside(before->getTerminator());
      const Reduction &reduction = reductions.find(&phi)->second;
      const bool once = reduction.intrinsic == Intrinsic::not_intrinsic &&
                        is_contained({Instruction::Add, Instruction::Xor},
                                     Instruction::BinaryOps(reduction.opcode));
      const int elements = cast<FixedVectorType>(phi.getType())->getNumElements();
      SmallVector<int> mask;
      for (int i = 0; i != elements * int(factor); ++i)
        mask.push_back(i < elements ? i : once ? elements : i % elements);
      start = outside.CreateShuffleVector(start, Constant::getNullValue(phi.getType()), mask);
    }
    copy->addIncoming(start, before);
    phis.push_back({&phi, copy});
  }
  for (Instruction &inst : body)
    if (auto *store = dyn_cast<StoreInst>(&inst)) {
      Value *stored = wideValue(store->getValueOperand(), b);
      StoreInst *result =
          b.CreateAlignedStore(stored, scalarCopy(store->getPointerOperand(), b), store->getAlign());
      result->setAAMetadata(store->getAAMetadata());
    } else if (needed.contains(&inst)) {
      wideValue(&inst, b); // In this order, so that loads stay before stores.
    }
  IRBuilder<> out(after->getTerminator());
  for (auto [phi, copy] : phis) {
    Value *next, *final;
    if (auto counter = induction.counters().find(phi); counter != induction.counters().end()) {
      const APInt step = counter->second->getValue();
      next = final = b.CreateAdd(copy, b.getInt(step * factor));
    } else {
      next = wideValue(induction.nextOf(*phi), b);
      final = partOf(next, 0, out);
      for (int64_t part = 1; part != factor; ++part)
        final = combine(reductions.find(phi)->second, final, partOf(next, part, out), out);
    }
    copy->addIncoming(next, block);
    PHINode *resumed = PHINode::Create(phi->getType(), 2, "", rest->begin());
    resumed->addIncoming(phi->getIncomingValueForBlock(rest), preheader);
    resumed->addIncoming(final, after);
    phi->setIncomingValueForBlock(rest, resumed);
  }
  Value *counted = b.CreateAdd(count, b.getInt64(1));
  count->addIncoming(b.getInt64(0), before);
  count->addIncoming(counted, block);
  b.CreateCondBr(b.CreateICmpNE(counted, groups), block, after);
  for (Instruction &inst : *block)
    inst.dropPoisonGeneratingAnnotations();
  passes::keepAsWritten(loop);
}

static bool widenIn(Function &function, FunctionAnalysisManager &analyses, unsigned registerBits) {
  auto &se = analyses.getResult<ScalarEvolutionAnalysis>(function);
  auto &aa = analyses.getResult<AAManager>(function);
  for (Loop *loop : analyses.getResult<LoopAnalysis>(function).getLoopsInPreorder()) {
    if (!loop->isInnermost() || loop->getHeader()->size() > mostInstructions ||
        !passes::Induction::isSimple(*loop, se))
      continue;
    Widening widening(*loop, se, aa, registerBits);
    if (widening.analyze()) {
      widening.widen();
      return true;
    }
  }
  return false;
}

PreservedAnalyses passes::WidenVectorLoops::run(Function &function,
                                                FunctionAnalysisManager &analyses) {
  const unsigned registerBits =
      analyses.getResult<TargetIRAnalysis>(function)
          .getRegisterBitWidth(TargetTransformInfo::RGK_FixedWidthVector)
          .getFixedValue();
  if (registerBits <= 128 || function.hasOptSize())
    return PreservedAnalyses::all();
  bool changed = false;
  for (unsigned i = 0; i != mostLoops && widenIn(function, analyses, registerBits); ++i) {
    analyses.invalidate(function, PreservedAnalyses::none());
    changed = true;
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
