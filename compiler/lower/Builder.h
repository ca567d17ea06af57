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

#include <functional>

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

  /// What a thread does to a value in memory that others may change: one step for all
  /// of them, in one order for all (sequentially consistent). Returns what was there.
  /// On targets without threads, a load and a store. Volatile: LLVM makes a mere fence
  /// of an update that changes nothing (`or` with 0), and its trap would be gone.
  llvm::Value *update(llvm::AtomicRMWInst::BinOp op, llvm::Value *value, llvm::Value *to);
  llvm::Value *compareExchange(llvm::Value *expected, llvm::Value *replacement,
                               llvm::Value *to);

  /// Goes on where `condition` is false; where it is true, traps in a cold block.
  void trapIf(llvm::Value *condition, Trap trap);
  /// Traps unless [index, index + count) lies within `size`, which is an i64. Index and
  /// count are operands, unsigned: i32 or, of 64-bit memories and tables, i64.
  void checkRange(llvm::Value *index, llvm::Value *count, llvm::Value *size, Trap trap);
  /// Ends the block with a trap.
  void trap(Trap trap);
  /// A block that is seldom reached: branches to it with weights. Returns the
  /// block where the other path goes on; the builder stands in the cold one.
  llvm::BasicBlock *enterCold(llvm::Value *condition, const llvm::Twine &name);

  /// A call that an exception may leave: where there is a landing pad for it, an
  /// `invoke`, behind which the builder goes on.
  llvm::CallBase *callThrowing(llvm::FunctionType *type, llvm::Value *code,
                               llvm::ArrayRef<llvm::Value *> args);
  /// Where exceptions of calls go that are made now; null where they leave the function.
  std::function<llvm::BasicBlock *()> landingPad;

  /// Calls by the internal convention; returns all results.
  std::vector<llvm::Value *> callInternal(const wasm::FuncType &type, llvm::Value *code,
                                          llvm::Value *callee,
                                          llvm::ArrayRef<llvm::Value *> operands);
  /// Calls a function of the index space, an imported one through its record.
  std::vector<llvm::Value *> callFunction(uint32_t index, llvm::Value *self,
                                          llvm::ArrayRef<llvm::Value *> operands);
  /// Whether a value that comes from the host is none of its type, i1; null where
  /// any is one.
  llvm::Value *misfit(llvm::Value *value, const wasm::ValType &type);
  /// Returns WASMC_INVALID_ARGUMENT from the function that is being built if so.
  void refuseMisfit(llvm::Value *value, const wasm::ValType &type);
  /// Calls a function's tail entry (TailCalls.cpp). `rest` is where results that are
  /// not returned go, or null.
  llvm::CallBase *callTail(const wasm::FuncType &type, llvm::Value *entry, llvm::Value *callee,
                           llvm::Value *rest, llvm::ArrayRef<llvm::Value *> operands);
  /// The arguments of such a call; stores what does not fit registers.
  llvm::SmallVector<llvm::Value *> tailArguments(const wasm::FuncType &type, llvm::Value *callee,
                                                 llvm::Value *rest,
                                                 llvm::ArrayRef<llvm::Value *> operands);
  /// The operands of the tail entry that is being built.
  llvm::SmallVector<llvm::Value *> tailOperands(const wasm::FuncType &type);
  /// A value as the internal convention passes it, and back.
  llvm::Value *passed(llvm::Value *value);
  llvm::Value *received(llvm::Value *value);
  /// Returns by the internal convention from the function that is being built.
  void returnInternal(llvm::ArrayRef<llvm::Value *> results, llvm::Value *rest);
  /// Returns what a call of a function with the same results returned.
  void returnValueOf(llvm::CallBase *call);

  /// The instance in which a function of the index space runs that is known here:
  /// `self`, or another module's that it is bound to (ModuleLowering::definitionOf).
  llvm::Value *definingInstance(uint32_t function, llvm::Value *self);

  llvm::Value *memoryObject(llvm::Value *inst, uint32_t memory);
  llvm::Value *memoryBase(llvm::Value *inst, uint32_t memory);
  /// Bytes, i64. Of a shared memory, which another thread may make larger: read anew
  /// each time, in the order that is asked for.
  llvm::Value *memorySize(llvm::Value *inst, uint32_t memory,
                          llvm::AtomicOrdering ordering = llvm::AtomicOrdering::Monotonic);
  llvm::Value *tableObject(llvm::Value *inst, uint32_t table);
  llvm::Value *globalCell(llvm::Value *inst, uint32_t global);
  void storeGlobal(llvm::Value *inst, uint32_t global, llvm::Value *value);
  /// To a global or an element of a table, which count the exceptions that they refer to.
  void storeException(llvm::Value *value, llvm::Value *to);
  /// Of values that the host gets: references to exceptions are the host's to release.
  void retainExceptions(const wasm::ResultType &types, llvm::ArrayRef<llvm::Value *> values);
  /// The struct tag of the instance that defines it.
  llvm::Value *tag(llvm::Value *inst, uint32_t tag);
  llvm::Value *funcRecord(llvm::Value *inst, uint32_t function);
  /// The reference to a record, i64.
  llvm::Value *reference(llvm::Value *record) { return CreatePtrToInt(record, m.i64); }
  llvm::Value *threadPointer();
  /// In code that an activation begins with: keeps the shadow stack pointers of the
  /// instances that `inst` is linked with, for a trap to restore.
  void keepLinkedStacks(llvm::Value *inst);
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
