//===- Shards.cpp - Parts of a module that are compiled side by side ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "object/Shards.h"

#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/thread.h"

#include <mutex>

using namespace llvm;
using namespace wasmc::object;

/// More would be of no use: a shard of a module that large is a module of its own. As many as
/// `Home::shards` has bits.
static constexpr size_t maxShards = 64;
/// Each shard reads all declarations again, and drops most: with more of them than this it is
/// to be as many times larger, so that reading stays little next to compiling.
static constexpr size_t manyDeclarations = 10'000;
/// Of a copy, before it is simplified, which leaves a half to a third. LLVM inlines up to some
/// fifty; but what is copied has its code where it belongs, too, also where all that call it have
/// taken it in: with 400, modules of many small functions became an eighth larger, with 100 a
/// hundredth.
static constexpr size_t maxCopied = 100;
/// That of the driver's own thread: LLVM recurses in places.
static constexpr unsigned stackSize = 64u << 20;

/// Counting walks over all of a function, so that it is done once for each.
static InstructionCounts countInstructions(const Module &ir) {
  InstructionCounts counts;
  for (const Function &f : ir)
    counts[&f] = f.getInstructionCount();
  return counts;
}

/// The only call of a function that is known to have no other use, which the inliner takes even
/// if it is large.
static const CallBase *onlyCall(const Function &f) {
  if (!f.hasLocalLinkage() || !f.hasOneUse())
    return nullptr;
  auto *call = dyn_cast<CallBase>(f.user_back());
  return call && call->getCalledOperand() == &f && call->getFunction() != &f ? call : nullptr;
}

/// Functions that are to be in one shard: each with its only caller, up to a size.
static EquivalenceClasses<const Function *>
groupFunctions(const Module &ir, const InstructionCounts &counts, size_t mostSize) {
  EquivalenceClasses<const Function *> groups;
  InstructionCounts sizes = counts; // By leader.
  for (const Function &f : ir)
    if (!f.isDeclaration())
      groups.insert(&f);
  for (const Function &f : ir) {
    const CallBase *call = f.isDeclaration() ? nullptr : onlyCall(f);
    if (!call)
      continue;
    const Function *a = groups.getLeaderValue(&f);
    const Function *b = groups.getLeaderValue(call->getFunction());
    const size_t size = sizes[a] + sizes[b];
    if (a != b && size <= mostSize)
      sizes[*groups.unionSets(a, b)] = size;
  }
  return groups;
}

/// Functions in the order of the module, so that callers and callees which are near each
/// other stay so in the object.
void Shards::assignFunctions(const Module &ir, const InstructionCounts &counts, size_t leastSize,
                             bool toBeInlined) {
  size_t total = 0;
  for (auto [f, count] : counts)
    total += count;
  const size_t declarations = ir.size() + ir.global_size();
  leastSize *= std::max<size_t>(1, declarations / manyDeclarations);
  // Each but the last is at least that large: rounded up, or there could be one more.
  const size_t size = std::max<size_t>(leastSize, divideCeil(total, maxShards));
  auto groups = groupFunctions(ir, counts, toBeInlined ? size : 0);
  sizes.push_back(0);
  for (const Function &f : ir) {
    if (f.isDeclaration() || homes.contains(f.getName()))
      continue;
    // What would be less than half of a shard at the end is left with the one before.
    if (sizes.back() >= size && total >= size / 2)
      sizes.push_back(0);
    for (const Function *member : groups.members(&f)) {
      const size_t own = counts.at(member);
      sizes.back() += own;
      total -= own;
      homes[member->getName()] = homeIn(sizes.size() - 1);
    }
  }
}

/// Small callees, and theirs, up to the size of the shard that they are copied to, so that a
/// shard keeps no callee from its caller that would have been inlined.
void Shards::copyCallees(const Module &ir, const InstructionCounts &counts) {
  MapVector<const Function *, SmallVector<const Function *>> callees;
  for (const Function &f : ir)
    for (const Instruction &inst : instructions(f))
      if (auto *call = dyn_cast<CallBase>(&inst))
        if (const Function *callee = call->getCalledFunction();
            callee && !callee->isDeclaration() && !callee->isInterposable() &&
            !callee->hasFnAttribute(Attribute::NoInline) &&
            counts.at(callee) <= maxCopied)
          callees[&f].push_back(callee);
  std::vector<std::vector<const Function *>> pending(size());
  for (auto &[f, unused] : callees)
    pending[homeOf(*f).owner].push_back(f);
  for (auto [shard, list] : enumerate(pending)) {
    size_t room = std::max(sizes[shard], maxCopied);
    for (size_t i = 0; i != list.size(); ++i) {
      auto found = callees.find(list[i]);
      if (found == callees.end())
        continue;
      for (const Function *callee : found->second) {
        const size_t own = counts.at(callee);
        if (isIn(*callee, shard) || own > room)
          continue;
        room -= own;
        homes[callee->getName()].shards |= uint64_t(1) << shard;
        list.push_back(callee);
      }
    }
  }
}

/// Whether a shard other than its own refers to it.
bool Shards::isUsedElsewhere(const GlobalValue &global) const {
  const uint64_t own = homeIn(homeOf(global).owner).shards;
  SmallVector<const User *> pending(global.users());
  SmallPtrSet<const User *, 8> seen;
  while (!pending.empty()) {
    const User *user = pending.pop_back_val();
    auto *inst = dyn_cast<Instruction>(user);
    const GlobalValue *by = inst ? inst->getFunction() : dyn_cast<GlobalValue>(user);
    if (by) {
      if (homeOf(*by).shards & ~own)
        return true;
    } else if (seen.insert(user).second) {
      append_range(pending, user->users());
    }
  }
  return false;
}

/// Makes a local symbol one that other shards can refer to. `mergeObjects` takes that back.
void Shards::share(GlobalValue &global) {
  global.setLinkage(GlobalValue::ExternalLinkage);
  global.setVisibility(GlobalValue::HiddenVisibility);
  global.setDSOLocal(true);
  locals.insert(global.getName());
}

/// Local ones are of the shard that uses them first, which is the only one that does for most,
/// such as tables of switches. Others, and what they refer to, are of the first shard.
void Shards::assignVariables(Module &ir) {
  auto userOf = [&](const GlobalVariable &variable) {
    const User *user = variable.use_empty() ? nullptr : *variable.user_begin();
    while (user && isa<Constant>(user) && !isa<GlobalValue>(user))
      user = user->use_empty() ? nullptr : *user->user_begin();
    auto *inst = dyn_cast_or_null<Instruction>(user);
    return inst ? homeOf(*inst->getFunction()).owner : 0;
  };
  for (GlobalVariable &variable : ir.globals()) {
    if (!variable.hasLocalLinkage())
      continue;
    if (!variable.hasName())
      variable.setName("unnamed"); // LLVM makes it unique.
    homes[variable.getName()] = homeIn(userOf(variable));
  }
}

std::optional<Shards> Shards::split(Module &ir, size_t leastSize, bool toBeInlined) {
  if (leastSize == 0 || !ir.alias_empty() || !ir.ifunc_empty() ||
      !ir.getModuleInlineAsm().empty() || ir.getNamedGlobal("llvm.used") ||
      ir.getNamedGlobal("llvm.compiler.used"))
    return std::nullopt;
  Shards shards;
  const InstructionCounts counts = countInstructions(ir);
  shards.assignFunctions(ir, counts, leastSize, toBeInlined);
  if (shards.size() < 2)
    return std::nullopt;
  shards.assignVariables(ir);
  if (toBeInlined)
    shards.copyCallees(ir, counts);
  for (GlobalObject &global : ir.global_objects())
    if (global.hasLocalLinkage() && shards.isUsedElsewhere(global))
      shards.share(global);
  // What a shard may leave out if it does not use it, another one may use.
  for (GlobalObject &global : ir.global_objects())
    if (global.hasLinkOnceLinkage())
      global.setLinkage(global.hasLinkOnceODRLinkage() ? GlobalValue::WeakODRLinkage
                                                       : GlobalValue::WeakAnyLinkage);
  raw_svector_ostream out(shards.bitcode);
  WriteBitcodeToFile(ir, out);
  return shards;
}

/// What is another shard's becomes a declaration.
static void declare(Function &f) {
  f.deleteBody();
  f.clearMetadata();
  f.setComdat(nullptr);
}

/// What another shard has, too: LLVM inlines it, and makes no code of it.
static void makeCopy(Function &f) {
  f.setLinkage(GlobalValue::AvailableExternallyLinkage);
  f.setComdat(nullptr);
}

static void declare(GlobalVariable &variable) {
  variable.setInitializer(nullptr);
  variable.setLinkage(GlobalValue::ExternalLinkage);
  variable.clearMetadata();
  variable.setComdat(nullptr);
}

Expected<std::unique_ptr<Module>> Shards::load(unsigned shard, LLVMContext &context) const {
  MemoryBufferRef buffer({bitcode.data(), bitcode.size()}, "shard");
  auto ir = getLazyBitcodeModule(buffer, context, /*ShouldLazyLoadMetadata=*/true);
  if (!ir)
    return ir.takeError();
  // Before bodies are read: those of others never are.
  for (Function &f : **ir)
    if (!f.isDeclaration() && !isIn(f, shard))
      declare(f);
  for (GlobalVariable &variable : make_early_inc_range((*ir)->globals())) {
    if (variable.isDeclaration() || isIn(variable, shard))
      continue;
    if (variable.hasAppendingLinkage())
      variable.eraseFromParent(); // A list, such as that of constructors: the first shard's.
    else
      declare(variable);
  }
  if (Error e = (*ir)->materializeAll())
    return std::move(e);
  for (Function &f : make_early_inc_range(**ir)) {
    if (f.isDeclaration() && f.use_empty())
      f.eraseFromParent();
    else if (!f.isDeclaration() && homeOf(f).owner != shard)
      makeCopy(f);
  }
  for (GlobalVariable &variable : make_early_inc_range((*ir)->globals()))
    if (variable.isDeclaration() && variable.use_empty())
      variable.eraseFromParent();
  return ir;
}

namespace {
/// Hands out shards to threads, the largest first, so that at the end the last are short. What is
/// worked on at a time is limited to the largest and others of the mean size, since memory is
/// what it takes: of two state machines that are half of a module, one waits.
class Queue {
public:
  Queue(ArrayRef<size_t> sizes, unsigned threads) : sizes(sizes) {
    append_range(waiting, llvm::seq<unsigned>(0, sizes.size()));
    llvm::sort(waiting, [&](unsigned a, unsigned b) { return sizes[a] > sizes[b]; });
    const size_t total = llvm::sum_of(sizes);
    room = sizes[waiting.front()] + (threads - 1) * (total / sizes.size());
  }

  /// The next shard of a thread that is done with one, if it has had one.
  std::optional<unsigned> next(std::optional<unsigned> done) {
    std::lock_guard lock(mutex);
    if (done)
      room += sizes[*done];
    if (waiting.empty())
      return std::nullopt;
    auto chosen = find_if(waiting, [&](unsigned shard) { return int64_t(sizes[shard]) <= room; });
    if (chosen == waiting.end())
      --chosen; // The smallest: no thread is idle.
    const unsigned shard = *chosen;
    waiting.erase(chosen);
    room -= sizes[shard];
    return shard;
  }

private:
  const ArrayRef<size_t> sizes;
  std::mutex mutex;
  SmallVector<unsigned> waiting; ///< By falling size.
  int64_t room;                  ///< In instructions.
};
} // namespace

void Shards::forEach(unsigned threads, const std::function<void(function_ref<void()>)> &guard,
                     function_ref<void(unsigned)> body) const {
  threads = std::min<size_t>(threads, size());
  Queue queue(sizes, threads);
  auto work = [&] {
    for (auto shard = queue.next(std::nullopt); shard; shard = queue.next(shard))
      body(*shard);
  };
  std::vector<llvm::thread> pool;
  for (unsigned i = 0; i != threads; ++i)
    pool.emplace_back(std::optional<unsigned>(stackSize), [&] {
      if (guard)
        guard(work);
      else
        work();
    });
  for (llvm::thread &thread : pool)
    thread.join();
}
