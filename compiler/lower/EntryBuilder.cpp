//===- EntryBuilder.cpp - A C function that enters the module -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The C function tail-calls a trampoline `__wasmc_enter...` (docs/abi.md) as if it
// were the body: the same arguments in the same registers, and the body's address
// in the register of `nest`. Where the arguments do not fit registers, they travel
// in an array of slots.
//
//===----------------------------------------------------------------------===//
#include "lower/EntryBuilder.h"
#include "wasmc/abi/states.h"
#include "wasmc/wasmc.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;

/// Bytes of a slot: any value fits, and vectors are aligned.
static constexpr uint64_t slotBytes = 16;

/// Whether a C function's arguments all travel in registers.
static bool fitsRegisters(const TargetTraits &traits, FunctionType *type) {
  unsigned integers = 0, floats = 0;
  for (Type *t : type->params())
    ++(t->isFloatingPointTy() ? floats : integers);
  return integers <= traits.entryIntegers && floats <= traits.entryFloats;
}

EntryBuilder::EntryBuilder(ModuleLowering &m, FunctionType *type, const Twine &name,
                           uint32_t function)
    : m(m), index(function), packed(!fitsRegisters(m.traits, type)),
      entry(m.createFunction(type, name)),
      body(m.createFunction(packed ? FunctionType::get(m.i32, {m.ptr, m.ptr}, false) : type,
                            name + ".body")),
      outer(m, entry), inner(m, body) {
  entry->setLinkage(GlobalValue::ExternalLinkage);
  // The jump to the trampoline is meant, and nothing walks this frame.
  entry->removeFnAttr("disable-tail-calls");
  entry->removeFnAttr("frame-pointer");
  for (Argument &arg : entry->args())
    outerArgs.push_back(&arg);
  args.push_back(body->getArg(0));
  if (m.reachesLinked(function))
    inner.keepLinkedStacks(args[0]);
  for (unsigned i = 1; i != entry->arg_size(); ++i)
    args.push_back(!packed ? static_cast<Value *>(body->getArg(i))
                           : inner.load(Access::Thread, entry->getArg(i)->getType(),
                                        inner.at(body->getArg(1), slotBytes * (i - 1)), 8));
}

/// The cheapest trampoline that keeps what the function may change.
static Function *trampoline(ModuleLowering &m, uint32_t index) {
  FunctionType *any = FunctionType::get(m.i32, {m.ptr, m.ptr}, false);
  bool floats = true, shadow = m.shadowStack.has_value();
  if (!m.isImported(index)) {
    const FunctionSummary &summary = m.summaries[index - m.module.numImportedFunctions()];
    floats = summary.reachesFloats;
    shadow &= summary.reachesShadowStack;
  }
  std::string name = "__wasmc_enter";
  name += floats ? "" : "_integer";
  name += shadow ? "" : "_flat";
  auto *f = cast<Function>(m.ir.getOrInsertFunction(name, any).getCallee());
  f->setVisibility(GlobalValue::HiddenVisibility);
  return f;
}

/// `status enter(nest body, arguments...)`, returned.
static CallInst *enter(Builder &b, Function *trampoline, Function *body, ArrayRef<Value *> args) {
  SmallVector<Type *> types = {b.m.ptr};
  for (Value *a : args)
    types.push_back(a->getType());
  SmallVector<Value *> all = {body};
  all.append(args.begin(), args.end());
  CallInst *call = b.CreateCall(FunctionType::get(b.m.i32, types, false), trampoline, all);
  if (b.m.traits.entryIntegers)
    call->addParamAttr(0, Attribute::Nest);
  call->setTailCall();
  b.CreateRet(call);
  return call;
}

/// The arguments as the body takes them: where they do not fit registers, in slots.
SmallVector<Value *> EntryBuilder::passable(ArrayRef<Value *> all) {
  if (!packed)
    return SmallVector<Value *>(all);
  AllocaInst *area =
      outer.createAlloca(m.i8, outer.getInt32(slotBytes * std::max<size_t>(1, all.size())));
  area->setAlignment(Align(slotBytes));
  for (unsigned i = 1; i != all.size(); ++i)
    outer.store(Access::Thread, all[i], outer.at(area, slotBytes * (i - 1)), 8);
  return {all[0], area};
}

/// What is entered instead of the body where another body may be running below.
Function *EntryBuilder::refuseWhileBusy() {
  Function *f = m.createFunction(body->getFunctionType(), entry->getName() + ".entered");
  Builder b(m, f);
  Value *own = b.topActivation();
  Value *previous = b.loadField(own, Field::activation_previous, Access::Thread);
  BasicBlock *free = b.enterCold(b.CreateIsNotNull(previous), "nested");
  Value *busy = b.CreateCall(m.helper(Helper::busy), {f->getArg(0)});
  BasicBlock *refuse = BasicBlock::Create(m.context, "busy", f);
  b.CreateCondBr(b.CreateIsNotNull(busy), refuse, free);
  b.SetInsertPoint(refuse);
  b.CreateRet(b.getInt32(WASMC_BUSY));
  b.SetInsertPoint(free);
  // The mark is looked for from host functions only.
  if (m.reachesOut(index)) {
    Value *state = b.loadField(own, Field::activation_state, Access::Thread);
    b.storeField(own, Field::activation_state, b.CreateOr(state, WASMC_STATE_BUFFER),
                 Access::Thread);
  }
  SmallVector<Value *> all;
  for (Argument &arg : f->args())
    all.push_back(&arg);
  b.CreateRet(b.CreateCall(body, all));
  return f;
}

/// Ends the region with an exception that nothing in the module caught.
static BasicBlock *uncaughtPad(Builder &b) {
  ModuleLowering &m = b.m;
  b.function->setPersonalityFn(m.personality());
  IRBuilder<>::InsertPointGuard guard(b);
  BasicBlock *block = BasicBlock::Create(m.context, "uncaught", b.function);
  b.SetInsertPoint(block);
  LandingPadInst *pad = b.CreateLandingPad(StructType::get(m.ptr, m.i32), 1);
  pad->addClause(ConstantPointerNull::get(m.ptr));
  Value *exception = b.CreatePtrToInt(b.CreateExtractValue(pad, 0), m.i64);
  b.CreateCall(m.helper(Helper::exception_uncaught), exception)->setDoesNotReturn();
  b.CreateUnreachable();
  return block;
}

/// Where the innermost activation is a region of this instance in which nothing of
/// it runs, the body is a plain call, which the linker's optimiser can inline.
/// Safe, since a region's activation has all that a trap returns to, and since an
/// instance names it only while it is there and while no function of the module is
/// on the stack above it.
void EntryBuilder::runInOpenRegion() {
  Function *f = entry;
  BasicBlock *open = BasicBlock::Create(m.context, "open", f);
  BasicBlock *closed = BasicBlock::Create(m.context, "closed", f);
  Value *top = outer.topActivation();
  Value *region = outer.loadField(outerArgs[0], Field::instance_region);
  outer.CreateCondBr(outer.CreateICmpEQ(top, region), open, closed);
  outer.SetInsertPoint(open);
  // An exception must not reach the host's own frames, which follow here.
  if (m.mayUnwind(index)) {
    m.allowUnwinding(*body);
    outer.landingPad = [&] { return uncaughtPad(outer); };
  }
  CallBase *call = outer.callThrowing(body->getFunctionType(), body, passable(outerArgs));
  outer.landingPad = nullptr;
  call->addFnAttr(Attribute::InlineHint);
  outer.CreateRet(call);
  outer.SetInsertPoint(closed);
}

/// Enters with places of its own for the results. Once this is inlined, the host's
/// own places are used by the open region alone and can be registers. Where the places
/// live is said here: inlined without that, they would live until both ways have met
/// again, and end their lives between what the open region stores and what the host
/// loads of it, which LLVM would then take for memory that has changed.
void EntryBuilder::enterWithOwnResults(Function *entered) {
  SmallVector<Value *> all(outerArgs);
  for (const Result &r : results) {
    all[r.argument] = outer.createAlloca(r.type);
    outer.CreateLifetimeStart(all[r.argument]);
  }
  CallInst *status = enter(outer, trampoline(m, index), entered, passable(all));
  status->setTailCallKind(CallInst::TCK_NoTail);
  Instruction *ret = status->getNextNode();
  outer.SetInsertPoint(ret);
  BasicBlock *failed = outer.GetInsertBlock()->splitBasicBlock(ret, "failed");
  BasicBlock *fine = BasicBlock::Create(m.context, "fine", entry, failed);
  Instruction *jump = status->getParent()->getTerminator();
  outer.SetInsertPoint(jump);
  outer.CreateCondBr(outer.CreateICmpEQ(status, outer.getInt32(WASMC_OK)), fine, failed);
  jump->eraseFromParent();
  outer.SetInsertPoint(fine);
  for (const Result &r : results) {
    outer.store(Access::Host, outer.CreateLoad(r.type, all[r.argument]), outerArgs[r.argument], 1);
    outer.CreateLifetimeEnd(all[r.argument]);
  }
  outer.CreateBr(failed);
}

void EntryBuilder::finish() {
  Function *entered = usesMailboxes && m.mailboxesCanBeBusy() ? refuseWhileBusy() : body;
  if (usesMailboxes && m.options.forLTO) {
    runInOpenRegion();
    enterWithOwnResults(entered);
    return;
  }
  CallInst *call = enter(outer, trampoline(m, index), entered, passable(outerArgs));
  // The slots die with this frame: the call must not become a jump.
  if (packed)
    call->setTailCallKind(CallInst::TCK_NoTail);
}
