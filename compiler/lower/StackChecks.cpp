//===- StackChecks.cpp - Where the stack is compared with its limit -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every path of calls that can grow without bound, and every path that leaves
// the module, passes a function that compares the stack pointer with the
// thread's limit:
//
//   - functions in a cycle of direct calls;
//   - functions that call the host or through a reference: what is called may
//     call back, and host functions rely on the reserve below the limit;
//   - functions that throw or catch, which call the unwinder and the allocator;
//   - functions where the frames below, as far as they are not checked
//     themselves, would add up to more than a small part of that reserve.
//
// A tail call makes no path grow: a cycle of nothing but tail calls needs no check.
// Frames do not add up along it either, unless LLVM inlines one function into the
// other: that they do is what is counted.
//
// Frames are estimated from locals and operands. LLVM may need more: it inlines, and
// what it computes once instead of twice is kept in between. So the real sizes are looked
// at when code has been generated. Where they are beyond what is allowed for here, all is
// lowered again with estimates that are no lower (Compiler.cpp). Stack probes and the
// guard page are the second line, also where LTO makes other frames of bitcode.
//
//===----------------------------------------------------------------------===//
#include "lower/Builder.h"
#include "lower/Program.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

/// Bytes that calls may use below the last check.
static constexpr uint64_t maxUnchecked = 4096;
/// The same, for frames as they really are: estimates need not be exact.
static constexpr uint64_t maxUncounted = 2 * maxUnchecked;
/// Bytes of a frame for which a function compares without counting them: nothing has to be
/// added before it can go on. A call out of the module costs its host no more of the reserve.
static constexpr uint64_t smallFrame = 512;

namespace {
/// All functions of all modules, by node.
using Summaries = ArrayRef<FunctionSummary *>;

/// Tarjan's strongly connected components with an explicit stack, over direct
/// calls, tail calls included. Components come out callees first.
class Components {
public:
  explicit Components(Summaries functions)
      : functions(functions), number(functions.size(), 0), low(functions.size(), 0),
        onStack(functions.size(), false) {}

  void visit(function_ref<void(ArrayRef<uint32_t>)> component) {
    for (uint32_t f = 0; f != functions.size(); ++f)
      if (!number[f])
        visitFrom(f, component);
  }

private:
  struct Step {
    uint32_t function;
    size_t next;
  };
  void open(uint32_t f) {
    number[f] = low[f] = ++count;
    onStack[f] = true;
    open_.push_back(f);
    path.push_back({f, 0});
  }
  void visitFrom(uint32_t root, function_ref<void(ArrayRef<uint32_t>)> component) {
    open(root);
    while (!path.empty()) {
      Step &step = path.back();
      const FunctionSummary &summary = *functions[step.function];
      size_t next = step.next++;
      if (next < summary.callees.size() + summary.tailCallees.size()) {
        bool isTail = next >= summary.callees.size();
        uint32_t callee =
            isTail ? summary.tailCallees[next - summary.callees.size()] : summary.callees[next];
        if (!number[callee])
          open(callee);
        else if (onStack[callee])
          low[step.function] = std::min(low[step.function], number[callee]);
        continue;
      }
      close(step.function, component);
    }
  }
  void close(uint32_t f, function_ref<void(ArrayRef<uint32_t>)> component) {
    path.pop_back();
    if (!path.empty())
      low[path.back().function] = std::min(low[path.back().function], low[f]);
    if (low[f] != number[f])
      return;
    size_t first = open_.size();
    do
      onStack[open_[--first]] = false;
    while (open_[first] != f);
    component(ArrayRef<uint32_t>(open_).drop_front(first));
    open_.resize(first);
  }

  const Summaries functions;
  std::vector<uint32_t> number, low;
  std::vector<bool> onStack;
  std::vector<uint32_t> open_;
  std::vector<Step> path;
  uint32_t count = 0;
};
} // namespace

/// Traps unless `frame` bytes below the current frame are above the limit.
static void emitCompare(Builder &b, uint64_t frame) {
  ModuleLowering &m = b.m;
  Type *word = b.getIntNTy(m.traits.pointerBytes * 8);
  Value *pointer = b.CreateIntrinsic(Intrinsic::frameaddress, {m.ptr}, {b.getInt32(0)});
  Value *here = b.CreatePtrToInt(pointer, word);
  Value *limit = b.loadField(b.threadPointer(), abi::Field::thread_stack_limit, Access::Thread);
  // The limit plus the frame does not wrap around: a limit is an address of a
  // stack, and no frame is as large as what lies above one.
  if (frame != 0)
    limit = b.CreateAdd(limit, ConstantInt::get(word, frame));
  b.trapIf(b.CreateICmpULT(here, limit), Trap::call_stack_exhausted);
}

/// Where the frame is small, the function compares for itself.
static void insertCheck(ModuleLowering &m, Function *f, uint64_t frame, size_t offset) {
  BasicBlock *body = &f->getEntryBlock();
  BasicBlock *entry = BasicBlock::Create(m.context, "stack", f, body);
  Builder b(m, f);
  b.SetInsertPoint(entry);
  b.SetCurrentDebugLocation(m.debug.location(f, offset));
  emitCompare(b, frame);
  b.CreateBr(body);
  // Allocas belong to the first block, or they would be dynamic.
  while (!body->empty() && isa<AllocaInst>(body->front()))
    body->front().moveBefore(*entry, entry->getFirstInsertionPt());
}

/// Whether one of the functions does something itself, calls out, or calls one
/// outside the component that reaches it.
static bool reaches(Summaries summaries, ArrayRef<uint32_t> component,
                    bool FunctionSummary::*own, bool FunctionSummary::*reached) {
  return any_of(component, [&](uint32_t f) {
    const FunctionSummary &s = *summaries[f];
    auto leads = [&](uint32_t callee) {
      return summaries[callee]->*reached && !is_contained(component, callee);
    };
    return s.*own || s.callsOut || any_of(s.callees, leads) || any_of(s.tailCallees, leads);
  });
}

/// Callees outside the component were decided before.
static void markReached(Summaries summaries, ArrayRef<uint32_t> component) {
  bool floats = reaches(summaries, component, &FunctionSummary::usesFloats,
                        &FunctionSummary::reachesFloats);
  bool shadow = reaches(summaries, component, &FunctionSummary::setsShadowStack,
                        &FunctionSummary::reachesShadowStack);
  bool out = reaches(summaries, component, &FunctionSummary::callsOut,
                     &FunctionSummary::reachesOut);
  bool throws = reaches(summaries, component, &FunctionSummary::throws,
                        &FunctionSummary::reachesThrow);
  for (uint32_t f : component) {
    summaries[f]->reachesThrow = throws;
    summaries[f]->reachesFloats = floats;
    summaries[f]->reachesShadowStack = shadow;
    summaries[f]->reachesOut = out;
  }
}

/// Where the frame is large, it must not be made before the stack is known to
/// have room: a function of the same type compares, then calls the body.
static Function *wrapInCheck(ModuleLowering &m, uint32_t index, uint64_t frame) {
  Function *body = m.body(index);
  std::string name = body->getName().str();
  Function *outer = m.createFunction(body->getFunctionType(), "", internalCC);
  body->replaceAllUsesWith(outer);
  body->setName(name + ".frame");
  body->addFnAttr(Attribute::NoInline);
  outer->setName(name);
  if (m.mayUnwind(index))
    m.allowUnwinding(*outer);
  m.debug.beginFunction(outer, index);
  Builder b(m, outer);
  b.SetCurrentDebugLocation(m.debug.location(outer, m.module.functions[index].body.offset));
  emitCompare(b, frame);
  SmallVector<Value *> args;
  for (Argument &arg : outer->args())
    args.push_back(&arg);
  CallInst *call = b.CreateCall(body->getFunctionType(), body, args);
  call->setCallingConv(internalCC);
  // The one frame would be as bad in a long chain of tail calls as the other.
  if (m.tailEntry(index))
    call->setTailCallKind(CallInst::TCK_MustTail);
  b.returnValueOf(call);
  return outer;
}

static std::vector<FunctionSummary *>
allSummaries(ArrayRef<std::unique_ptr<ModuleLowering>> modules) {
  std::vector<FunctionSummary *> summaries;
  for (const auto &m : modules)
    for (FunctionSummary &summary : m->summaries)
      summaries.push_back(&summary);
  return summaries;
}

bool Program::allowsFrames(ArrayRef<uint64_t> sizes) {
  std::vector<FunctionSummary *> summaries = allSummaries(modules);
  // Below the entry of each function, what no check of its own or below has counted.
  std::vector<uint64_t> uncounted(summaries.size(), 0);
  bool allowed = true;
  Components(summaries).visit([&](ArrayRef<uint32_t> component) {
    uint64_t below = 0, depth = 0;
    for (uint32_t f : component) {
      depth += summaries[f]->isChecked ? 0 : sizes[f];
      for (uint32_t callee : concat<const uint32_t>(summaries[f]->callees, summaries[f]->tailCallees))
        below = std::max(below, uncounted[callee]);
    }
    allowed &= depth + below <= maxUncounted;
    for (uint32_t f : component) {
      const FunctionSummary &summary = *summaries[f];
      if (!summary.isChecked)
        uncounted[f] = depth + below;
      else if (sizes[f] > summary.countedFrame)
        allowed &= sizes[f] - summary.countedFrame + depth + below <= maxUncounted;
    }
  });
  return allowed;
}

void Program::checkStacks() {
  std::vector<FunctionSummary *> summaries = allSummaries(modules);
  std::vector<ModuleLowering *> owners;
  for (const auto &m : modules) {
    m->findUnwinding();
    owners.insert(owners.end(), m->summaries.size(), m.get());
  }
  for (size_t f = 0; f != frames.size(); ++f)
    summaries[f]->frameEstimate = std::max(summaries[f]->frameEstimate, frames[f]);
  std::vector<uint64_t> unchecked(summaries.size(), 0);
  std::vector<bool> done(summaries.size(), false);
  std::vector<uint32_t> heights(summaries.size(), 0);
  Components(summaries).visit([&](ArrayRef<uint32_t> component) {
    markReached(summaries, component);
    // Modules import from each other in one direction: a cycle is within one.
    ModuleLowering &m = *owners[component.front()];
    m.limitCycle(component);
    // Callees outside the component come before it.
    bool recursive = false;
    uint64_t depth = 0, below = 0;
    uint32_t height = 0;
    for (uint32_t f : component) {
      const FunctionSummary &summary = *summaries[f];
      recursive |= any_of(summary.callees, [&](uint32_t callee) { return !done[callee]; });
      depth += summary.frameEstimate;
      for (uint32_t callee : concat<const uint32_t>(summary.callees, summary.tailCallees)) {
        below = std::max(below, unchecked[callee]);
        height = std::max(height, heights[callee]);
      }
    }
    depth += below;
    m.limitInlinedCalls(component, ++height);
    for (uint32_t f : component) {
      FunctionSummary &summary = *summaries[f];
      uint32_t index = m.functionOf(f);
      // LLVM keeps it where it makes functions of this one.
      m.body(index)->addFnAttr(nodeAttribute, std::to_string(f));
      Function *&code = m.tailEntry(index) ? m.tailEntries[index] : m.functions[index];
      if (m.mayUnwind(index)) {
        m.allowUnwinding(*m.functions[index]);
        m.allowUnwinding(*code);
      }
      summary.isChecked = true;
      summary.countedFrame = summary.frameEstimate > smallFrame ? summary.frameEstimate : 0;
      if (summary.frameEstimate > maxUnchecked)
        code = wrapInCheck(m, index, summary.countedFrame);
      else if (recursive || summary.callsOut || summary.throws || depth > maxUnchecked)
        insertCheck(m, code, summary.countedFrame, m.module.functions[index].body.offset);
      else {
        unchecked[f] = depth;
        summary.isChecked = false;
      }
      done[f] = true;
      heights[f] = height;
    }
  });
}

/// What calls a function and has no number itself, such as an entry, gets that one's, since
/// the body may be inlined there.
void Program::numberCallers() {
  SmallVector<Function *> list;
  for (Function &f : ir)
    if (f.hasFnAttribute(nodeAttribute))
      list.push_back(&f);
  for (size_t i = 0; i != list.size(); ++i)
    for (const User *user : list[i]->users()) {
      auto *call = dyn_cast<CallBase>(user);
      Function *caller = call ? const_cast<Function *>(call->getFunction()) : nullptr;
      if (!caller || caller->hasFnAttribute(nodeAttribute))
        continue;
      caller->addFnAttr(list[i]->getFnAttribute(nodeAttribute));
      list.push_back(caller);
    }
}
