//===- Shards.cpp - Parts of a module that are compiled side by side ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "object/Shards.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/thread.h"

#include <atomic>

using namespace llvm;
using namespace wasmc::object;

/// More would be of no use: a shard of a module that large is a module of its own.
static constexpr size_t maxShards = 64;
/// Each shard reads all declarations again, and drops most: with more of them than this it is
/// to be as many times larger, so that reading stays little next to compiling.
static constexpr size_t manyDeclarations = 20'000;
/// That of the driver's own thread: LLVM recurses in places.
static constexpr unsigned stackSize = 64u << 20;

/// Functions in the order of the module, so that callers and callees which are near each
/// other stay so in the object.
void Shards::assignFunctions(const Module &ir, size_t leastSize) {
  size_t total = 0;
  for (const Function &f : ir)
    total += f.getInstructionCount();
  const size_t declarations = ir.size() + ir.global_size();
  leastSize *= std::max<size_t>(1, declarations / manyDeclarations);
  const size_t size = std::max(leastSize, total / maxShards);
  sizes.push_back(0);
  for (const Function &f : ir) {
    if (f.isDeclaration())
      continue;
    // What would be less than half of a shard at the end is left with the one before.
    if (sizes.back() >= size && total >= size / 2)
      sizes.push_back(0);
    const size_t own = f.getInstructionCount();
    sizes.back() += own;
    total -= own;
    owners[f.getName()] = sizes.size() - 1;
  }
}

bool Shards::isOf(const GlobalValue &global, unsigned shard) const {
  return owners.lookup(global.getName()) == shard;
}

/// Whether another shard refers to it.
bool Shards::isUsedElsewhere(const GlobalValue &global, unsigned shard) const {
  SmallVector<const User *> pending(global.users());
  SmallPtrSet<const User *, 8> seen;
  while (!pending.empty()) {
    const User *user = pending.pop_back_val();
    auto *inst = dyn_cast<Instruction>(user);
    const GlobalValue *owner = inst ? inst->getFunction() : dyn_cast<GlobalValue>(user);
    if (owner) {
      if (!isOf(*owner, shard))
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
    return inst ? owners.lookup(inst->getFunction()->getName()) : 0;
  };
  for (GlobalVariable &variable : ir.globals()) {
    if (!variable.hasLocalLinkage())
      continue;
    if (!variable.hasName())
      variable.setName("unnamed"); // LLVM makes it unique.
    owners[variable.getName()] = userOf(variable);
  }
}

std::optional<Shards> Shards::split(Module &ir, size_t leastSize) {
  if (leastSize == 0 || !ir.alias_empty() || !ir.ifunc_empty() ||
      !ir.getModuleInlineAsm().empty() || ir.getNamedGlobal("llvm.used") ||
      ir.getNamedGlobal("llvm.compiler.used"))
    return std::nullopt;
  Shards shards;
  shards.assignFunctions(ir, leastSize);
  if (shards.size() < 2)
    return std::nullopt;
  shards.assignVariables(ir);
  for (GlobalObject &global : ir.global_objects())
    if (global.hasLocalLinkage() &&
        shards.isUsedElsewhere(global, shards.owners.lookup(global.getName())))
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
    if (!f.isDeclaration() && !isOf(f, shard))
      declare(f);
  for (GlobalVariable &variable : make_early_inc_range((*ir)->globals())) {
    if (variable.isDeclaration() || isOf(variable, shard))
      continue;
    if (variable.hasAppendingLinkage())
      variable.eraseFromParent(); // A list, such as that of constructors: the first shard's.
    else
      declare(variable);
  }
  if (Error e = (*ir)->materializeAll())
    return std::move(e);
  for (Function &f : make_early_inc_range(**ir))
    if (f.isDeclaration() && f.use_empty())
      f.eraseFromParent();
  for (GlobalVariable &variable : make_early_inc_range((*ir)->globals()))
    if (variable.isDeclaration() && variable.use_empty())
      variable.eraseFromParent();
  return ir;
}

void Shards::forEach(unsigned threads, const std::function<void(function_ref<void()>)> &guard,
                     function_ref<void(unsigned)> body) const {
  auto all = llvm::seq<unsigned>(0, size());
  SmallVector<unsigned> order(all.begin(), all.end());
  llvm::sort(order, [&](unsigned a, unsigned b) { return sizes[a] > sizes[b]; });
  std::atomic<size_t> next = 0;
  auto work = [&] {
    for (size_t i; (i = next++) < order.size();)
      body(order[i]);
  };
  std::vector<llvm::thread> pool;
  for (unsigned i = 0; i != std::min<size_t>(threads, size()); ++i)
    pool.emplace_back(std::optional<unsigned>(stackSize), [&] {
      if (guard)
        guard(work);
      else
        work();
    });
  for (llvm::thread &thread : pool)
    thread.join();
}
