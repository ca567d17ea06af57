//===- Builder.h - An IRBuilder that knows the runtime contract ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_BUILDER_H
#define WASMC_COMPILER_LOWER_BUILDER_H

#include "lower/ModuleLowering.h"

#include "llvm/IR/IRBuilder.h"

namespace wasmc::lower {

/// Every load and store of the lowering is made here, with its TBAA tag; the
/// lint refuses any other.
class Builder : public llvm::IRBuilder<> {
public:
  Builder(ModuleLowering &module, llvm::Function *function);

  llvm::Value *field(llvm::Value *base, abi::Field f);
  llvm::Value *loadField(llvm::Value *base, abi::Field f, Access access = Access::Instance);
  void storeField(llvm::Value *base, abi::Field f, llvm::Value *value,
                  Access access = Access::Instance);
  llvm::Value *at(llvm::Value *base, uint64_t offset);
  llvm::LoadInst *load(Access access, llvm::Type *type, llvm::Value *from, unsigned align);
  llvm::StoreInst *store(Access access, llvm::Value *value, llvm::Value *to, unsigned align);

  /// Goes on where `condition` is false; where it is true, traps in a cold block.
  void trapIf(llvm::Value *condition, Trap trap);
  /// Ends the block with a trap.
  void trap(Trap trap);
  /// A block that is seldom reached: branches to it with weights. Returns the
  /// block where the other path goes on; the builder stands in the cold one.
  llvm::BasicBlock *enterCold(llvm::Value *condition, const llvm::Twine &name);

  /// Calls by the internal convention; returns all results.
  std::vector<llvm::Value *> callInternal(const wasm::FuncType &type, llvm::Value *code,
                                          llvm::Value *callee,
                                          llvm::ArrayRef<llvm::Value *> operands);
  /// Calls a function of the index space, an imported one through its record.
  std::vector<llvm::Value *> callFunction(uint32_t index, llvm::Value *self,
                                          llvm::ArrayRef<llvm::Value *> operands);
  /// Calls a function's tail entry (TailCalls.cpp). `rest` is where results that are
  /// not returned go, or null.
  llvm::CallInst *callTail(const wasm::FuncType &type, llvm::Value *entry, llvm::Value *callee,
                           llvm::Value *rest, llvm::ArrayRef<llvm::Value *> operands);
  /// The operands of the tail entry that is being built.
  llvm::SmallVector<llvm::Value *> tailOperands(const wasm::FuncType &type);
  /// A value as the internal convention passes it, and back.
  llvm::Value *passed(llvm::Value *value);
  llvm::Value *received(llvm::Value *value);
  /// Returns by the internal convention from the function that is being built.
  void returnInternal(llvm::ArrayRef<llvm::Value *> results, llvm::Value *rest);
  /// Returns what a call of a function with the same results returned.
  void returnValueOf(llvm::CallInst *call);

  llvm::Value *memoryObject(llvm::Value *inst, uint32_t memory);
  llvm::Value *memoryBase(llvm::Value *inst, uint32_t memory);
  /// Bytes, i64.
  llvm::Value *memorySize(llvm::Value *inst, uint32_t memory);
  llvm::Value *tableObject(llvm::Value *inst, uint32_t table);
  llvm::Value *globalCell(llvm::Value *inst, uint32_t global);
  llvm::Value *funcRecord(llvm::Value *inst, uint32_t function);
  /// The reference to a record, i64.
  llvm::Value *reference(llvm::Value *record) { return CreatePtrToInt(record, m.i64); }
  llvm::Value *threadPointer();
  llvm::Value *topActivation();
  llvm::AllocaInst *createAlloca(llvm::Type *type, llvm::Value *count = nullptr);
  /// A value that is compared and then used must be the same both times. Where the
  /// host can share pages with another process (windows), a load of linear memory may
  /// give another value when the compiler repeats it: this makes it one register.
  llvm::Value *settled(llvm::Value *v);
  llvm::Value *wordToI64(llvm::Value *v) { return CreateZExtOrTrunc(v, m.i64); }

  ModuleLowering &m;
  llvm::Function *function;

private:
  /// Room for the results of a call that are not returned; null if there are none.
  llvm::Value *roomForResults(const wasm::FuncType &type);
  /// All results of a call.
  std::vector<llvm::Value *> resultsOf(const wasm::FuncType &type, llvm::Value *call,
                                       llvm::Value *rest);
  llvm::Value *tailArea(llvm::Value *inst);
};

} // namespace wasmc::lower

#endif
