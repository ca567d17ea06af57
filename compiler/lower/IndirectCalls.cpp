//===- IndirectCalls.cpp - Calls through tables that nothing changes -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is in a table that nothing writes to is known (Unchanging.h), and with it all
// that an indirect call can reach. Where few elements have the type, the call is a
// switch over them, and LLVM inlines what it calls. Where there are more, it is an index
// into a constant array of code, by which bounds, null and type are compared at once:
// nothing of the table or of a function's record is loaded, and the callee's instance is
// the caller's own.
//
// The sandbox: an index is compared, as one register (Builder::settled), with the
// array's length, which is a constant; the array has functions of that very type alone,
// and is constant data out of the module's reach. All other elements, which are the
// seldom case, take a branch to where the table itself says which trap it is, so that
// the trap is the same one, from the same place.
//
//===----------------------------------------------------------------------===//
#include "lower/IndirectCalls.h"
#include "lower/FunctionEmitter.h"
#include "wasm/Subtyping.h"

#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

/// Types in a table times types that are called.
static constexpr uint64_t maxComparisons = 1'000'000;
/// Sum over arrays of their lengths, and how many times as long one may be as there
/// are functions in it.
static constexpr uint64_t maxSlots = 4'000'000, maxSparsity = 8;

/// Calls of a few elements are a switch with direct calls. More would make code larger
/// than what a jump by an array costs.
static constexpr size_t maxCases = 8;
/// In a function with more blocks than this, none are: it would come to be over budget.
static constexpr uint64_t maxBlocks = 1'000;
/// Parameters that a call may have for each case to have a call of its own.
static constexpr size_t maxParams = 16;

Callees *IndirectCalls::find(uint32_t table, uint32_t type) {
  if (m.unchanging.elements(table).empty())
    return nullptr;
  auto [it, isNew] = found.try_emplace({table, m.module.types[type].canonical});
  if (isNew)
    it->second = collect(table, type);
  return it->second.get();
}

std::unique_ptr<Callees> IndirectCalls::collect(uint32_t table, uint32_t type) {
  const std::vector<uint32_t> &all = m.unchanging.elements(table);
  auto [known, isNew] = elements.try_emplace(table);
  auto &byType = known->second;
  if (isNew)
    for (uint32_t i = 0; i != all.size(); ++i)
      if (all[i])
        byType[m.module.types[m.module.functions[all[i] - 1].type].canonical].push_back(i);
  comparisons += byType.size();
  if (comparisons > maxComparisons)
    return nullptr;

  std::vector<uint32_t> matching;
  for (const auto &[actual, at] : byType)
    if (wasm::matches(m.module, wasm::HeapType{wasm::HeapKind::Concrete, actual},
                      {wasm::HeapKind::Concrete, type}))
      append_range(matching, at);
  if (matching.empty())
    return nullptr;
  auto [first, last] = std::minmax_element(matching.begin(), matching.end());
  auto callees = std::make_unique<Callees>();
  callees->first = *first;
  callees->numElements = matching.size();
  uint64_t length = uint64_t(*last) - *first + 1;
  slots += length;
  if (length > maxSparsity * matching.size() + 64 || slots > maxSlots)
    return nullptr;
  callees->functions.resize(length);
  for (uint32_t i : matching) {
    // An import may be another instance's function: its record knows whose.
    if (m.isImported(all[i] - 1))
      return nullptr;
    callees->functions[i - *first] = all[i];
    callees->numCallers += m.unchanging.callsIndirectly(all[i] - 1);
  }
  if (matching.size() == 1)
    callees->numCallers = 0; // It needs no branch.
  return callees;
}

GlobalVariable *IndirectCalls::code(Callees &callees) {
  if (callees.code)
    return callees.code;
  callees.code = new GlobalVariable(m.ir, ArrayType::get(m.ptr, callees.functions.size()),
                                    /*isConstant=*/true, GlobalValue::InternalLinkage, nullptr,
                                    m.options.prefix + ".code." + Twine(arrays.size()));
  callees.code->setAlignment(Align(m.traits.pointerBytes));
  arrays.push_back(&callees);
  return callees.code;
}

void IndirectCalls::finish() {
  for (Callees *callees : arrays) {
    SmallVector<Constant *> addresses;
    for (uint32_t f : callees->functions)
      addresses.push_back(f ? m.function(f - 1) : cast<Constant>(ConstantPointerNull::get(m.ptr)));
    callees->code->setInitializer(
        ConstantArray::get(cast<ArrayType>(callees->code->getValueType()), addresses));
  }
}

/// Traps, as the generic call of this element would.
void FunctionEmitter::trapIndirect(const wasm::Instruction &inst, Value *index) {
  Value *element = tableElement(inst.index2, index, Trap::undefined_element);
  b.trapIf(b.CreateIsNull(b.load(Access::Table, m.i64, element, 8)), Trap::uninitialized_element);
  b.trap(Trap::indirect_call_type_mismatch);
}

/// A direct call for each element, but for functions that call indirectly themselves,
/// such as those of the inner nodes of a tree: no end of them could be inlined, and to
/// branch to a call is more than to call what an array has.
std::vector<Value *> FunctionEmitter::callCases(Callees &callees, const wasm::FuncType &type,
                                                Value *index, ArrayRef<Value *> operands,
                                                BasicBlock *otherwise) {
  BasicBlock *next = newBlock();
  BasicBlock *callers = callees.numCallers ? newBlock() : nullptr;
  SwitchInst *cases = b.CreateSwitch(index, callers ? callers : otherwise, callees.numElements);
  DenseMap<uint32_t, BasicBlock *> blocks;
  std::vector<Value *> phis;
  b.SetInsertPoint(next);
  for (const wasm::ValType &t : type.results)
    phis.push_back(b.CreatePHI(m.type(t), callees.numElements));
  numPhis += phis.size();
  auto leaveWith = [&](ArrayRef<Value *> results) {
    for (auto [phi, result] : zip_equal(phis, results))
      cast<PHINode>(phi)->addIncoming(result, b.GetInsertBlock());
    b.CreateBr(next);
  };
  for (size_t i = 0; i != callees.functions.size(); ++i) {
    uint32_t function = callees.functions[i];
    if (!function || (callers && m.unchanging.callsIndirectly(function - 1)))
      continue;
    BasicBlock *&block = blocks[function];
    bool isNew = !block;
    if (isNew)
      block = newBlock();
    cases->addCase(cast<ConstantInt>(ConstantInt::get(index->getType(), callees.first + i)), block);
    if (!isNew)
      continue;
    summary.callees.push_back(m.node(function - 1));
    b.SetInsertPoint(block);
    leaveWith(b.callFunction(function - 1, self, operands));
  }
  if (callers) {
    b.SetInsertPoint(callers);
    leaveWith(callElement(callees, type, index, operands, otherwise));
  }
  b.SetInsertPoint(next);
  return phis;
}

/// A call of what an array has for the element.
std::vector<Value *> FunctionEmitter::callElement(Callees &callees, const wasm::FuncType &type,
                                                  Value *index, ArrayRef<Value *> operands,
                                                  BasicBlock *otherwise) {
  MDNode *likely = MDBuilder(m.context).createLikelyBranchWeights();
  auto orElse = [&](Value *condition) {
    BasicBlock *next = newBlock();
    b.CreateCondBr(condition, next, otherwise, likely);
    b.SetInsertPoint(next);
  };
  GlobalVariable *array = m.indirectCalls.code(callees);
  Type *indexType = index->getType();
  // What is below the first element wraps around, and is past the last.
  Value *place = b.CreateSub(index, ConstantInt::get(indexType, callees.first));
  orElse(b.CreateICmpULT(place, ConstantInt::get(indexType, callees.functions.size())));
  Value *slot = b.CreateGEP(m.ptr, array, extend(place));
  Value *code = b.load(Access::Func, m.ptr, slot, m.traits.pointerBytes);
  if (callees.hasGaps())
    orElse(b.CreateIsNotNull(code));
  summary.callsOut = true; // As far as stack checks look.
  return b.callInternal(type, code, self, operands);
}

void FunctionEmitter::callIndirect(const wasm::Instruction &inst) {
  const wasm::FuncType &type = m.module.types[inst.index].func;
  Callees *callees = m.indirectCalls.find(inst.index2, inst.index);
  if (!callees)
    return callRecord(calleeRecord(inst), type);
  Value *index = b.settled(pop());
  SmallVector<Value *> operands = pop(type.params.size());
  BasicBlock *otherwise = newBlock();
  bool isSmall = m.options.optLevel == 's' || m.options.optLevel == 'z';
  // Each call has room of its own for results that are not returned.
  bool isNarrow = type.params.size() <= maxParams &&
                  type.results.size() <= m.numReturned(type.results);
  bool hasRoom = numBlocks <= maxBlocks && isNarrow && !isSmall;
  const bool haveCases = callees->numElements <= (hasRoom ? maxCases : 1) &&
                         callees->numCallers != callees->numElements;
  pushAll(haveCases ? callCases(*callees, type, index, operands, otherwise)
                    : callElement(*callees, type, index, operands, otherwise));
  BasicBlock *next = b.GetInsertBlock();
  b.SetInsertPoint(otherwise);
  trapIndirect(inst, index);
  b.SetInsertPoint(next);
}
