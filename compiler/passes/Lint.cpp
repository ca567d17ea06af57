//===- Lint.cpp - Our own rules on IR, checked before optimisation ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/LinearMemory.h"
#include "passes/Pipeline.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace wasmc;

static Error broken(const Instruction &inst, const char *rule) {
  std::string text;
  raw_string_ostream stream(text);
  inst.print(stream);
  return createStringError(inconvertibleErrorCode(), "internal error: %s: in '%s':%s", rule,
                           inst.getFunction()->getName().str().c_str(), text.c_str());
}

static bool isOwnSlot(const Value *pointer) {
  return isa<AllocaInst>(pointer->stripInBoundsOffsets()) ||
         isa<AllocaInst>(pointer->stripPointerCasts());
}

static Error lintAccess(const Instruction &inst, const Value *pointer) {
  StringRef type = passes::aliasType(inst);
  if (type.empty())
    return isOwnSlot(pointer) ? Error::success() : broken(inst, "access without an alias type");
  if (type != "memory")
    return Error::success();
  auto *address = dyn_cast<Instruction>(pointer);
  if (!address || !address->hasMetadata("wasmc.address"))
    return broken(inst, "address of linear memory was not formed by memoryAddress");
  return Error::success();
}

static Error lintInstruction(const Instruction &inst) {
  // LLVM takes a load that is said to be invariant, of what an allocation in its view
  // made, to be of nothing: under LTO, the base of a memory could be any address.
  if (inst.hasMetadata(LLVMContext::MD_invariant_load))
    return broken(inst, "load that claims to be invariant");
  if (auto *load = dyn_cast<LoadInst>(&inst))
    return lintAccess(inst, load->getPointerOperand());
  if (auto *store = dyn_cast<StoreInst>(&inst))
    return lintAccess(inst, store->getPointerOperand());
  if (auto *update = dyn_cast<AtomicRMWInst>(&inst))
    return lintAccess(inst, update->getPointerOperand());
  if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(&inst))
    return lintAccess(inst, exchange->getPointerOperand());
  if (isa<MemIntrinsic>(inst) && passes::aliasType(inst).empty())
    return broken(inst, "bulk access without an alias type");
  return Error::success();
}

Error passes::lint(Module &ir) {
  for (Function &function : ir) {
    if (function.hasFnAttribute(Attribute::MustProgress) ||
        (!function.isDeclaration() && function.hasFnAttribute(Attribute::WillReturn)))
      return createStringError(inconvertibleErrorCode(),
                               "internal error: '%s' claims progress, which wasm does not promise",
                               function.getName().str().c_str());
    for (Instruction &inst : instructions(function))
      if (Error e = lintInstruction(inst))
        return e;
    // The marks served only this check.
    for (Instruction &inst : instructions(function))
      inst.setMetadata("wasmc.address", nullptr);
  }
  return Error::success();
}
