//===- Budgets.cpp - Bounds on what LLVM is asked to do -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM takes time that grows faster than linearly with some things that a few
// bytes of wasm can ask for: blocks of a function, operands of a call, cycles of
// calls. What is past a bound here is compiled without optimisation, the same for
// every run and machine, and a remark says so. What would be too much even then
// is refused. The bounds are far above what producers make.
//
//===----------------------------------------------------------------------===//
#include "lower/Program.h"

#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

/// Passes over a function are quadratic in its blocks here and there.
static constexpr size_t maxBlocks = 6'000;
/// 100,000 chained operations: 25 s when optimised, 1 s when not.
static constexpr size_t maxInstructions = 150'000;
/// Past this, code generation for the whole module goes without optimisation:
/// what a back end does at other levels is not linear even for a function that
/// is not to be optimised.
static constexpr size_t maxGeneratedBlocks = 50'000;
/// The scheduler is quadratic in a block's instructions (100,000: 59 s).
static constexpr size_t maxBlockInstructions = 20'000;
/// Blocks of functions that are not optimised are cut into pieces of this length.
/// What back ends do with a register that is used all over a block, such as a
/// constant, is quadratic in the uses, with or without optimisation (30,000
/// operators on vectors: 75 s). Between blocks constants are made anew.
static constexpr size_t maxUncutInstructions = 2'000;
/// The scheduler is quadratic in a call's operands on the stack.
static constexpr unsigned maxCallOperands = 100;
/// Sum over calls of more than that; what is past it is refused.
static constexpr uint64_t maxWideOperands = 500'000;
/// The inliner visits the functions of a cycle of calls again and again.
static constexpr size_t maxCycle = 1'000;
/// Calls within calls of which all are inlined. The location of an instruction that comes from
/// the innermost has a link for each, and at each level they are made anew (8,000 functions
/// that only call the next one: 2.4 GB).
static constexpr uint32_t maxInlinedCalls = 64;

/// Each has a record and a function that calls it: 20 KiB while code is generated.
static constexpr size_t maxTypeRecords = 50'000;
/// Each has an entry or accessors, likewise.
static constexpr size_t maxExports = 30'000;
/// Imported functions whose adapters are worth optimising.
static constexpr uint32_t maxOptimizedAdapters = 2'000;
/// Each has an adapter, which takes LLVM half a millisecond even so.
static constexpr uint32_t maxImportedFunctions = 50'000;

static void leaveUnoptimized(Function &f) {
  f.addFnAttr(Attribute::OptimizeNone);
  f.addFnAttr(Attribute::NoInline);
  f.removeFnAttr(Attribute::OptimizeForSize);
  f.removeFnAttr(Attribute::MinSize);
}

/// Of tail calls, what does not fit registers is loads and stores: not to be optimised
/// where they are as many.
void ModuleLowering::countTailOperands(const Function *f, size_t count) {
  if (count > maxCallOperands)
    tailOperands[f] += count;
}

/// Sum of the operands of its calls that have many.
static uint64_t wideOperands(const Function &f) {
  uint64_t sum = f.arg_size() > maxCallOperands ? f.arg_size() : 0;
  for (const Instruction &inst : instructions(f))
    if (auto *call = dyn_cast<CallBase>(&inst))
      if (call->arg_size() > maxCallOperands)
        sum += call->arg_size();
  return sum;
}

/// Blocks that code generation adds: an atomic update may become a loop.
static size_t hiddenBlocks(const Function &f) {
  return 3 * count_if(instructions(f), [](const Instruction &inst) {
           return isa<AtomicRMWInst, AtomicCmpXchgInst>(inst);
         });
}

static size_t longestBlock(const Function &f) {
  size_t longest = 0;
  for (const BasicBlock &block : f)
    longest = std::max<size_t>(longest, block.size());
  return longest;
}

/// Cuts a block into pieces. Allocas of the entry stay in it, or each would move
/// the stack pointer, and what belongs to the terminator stays with that.
static void cut(BasicBlock &block) {
  SmallVector<Instruction *> firsts;
  size_t length = 0;
  for (Instruction &inst : block) {
    if (isa<AllocaInst, PHINode>(inst) || inst.isEHPad()) {
      firsts.clear();
      length = 0;
    } else if (++length % maxUncutInstructions == 0) {
      firsts.push_back(&inst);
    }
  }
  if (length % maxUncutInstructions < 8 && !firsts.empty())
    firsts.pop_back();
  // The last piece first: what is behind the cut moves.
  for (Instruction *first : reverse(firsts))
    block.splitBasicBlock(first);
}

static void cutBlocks(Function &f) {
  for (BasicBlock &block : make_early_inc_range(f))
    cut(block);
}

void ModuleLowering::remarkUnoptimized(uint32_t index, const std::string &why) {
  remarks.push_back({"function " + std::to_string(index) + " '" +
                     abi::escapeText(debug.displayName(index)) + "' is not optimised: " + why});
}

void ModuleLowering::limitCycle(ArrayRef<uint32_t> component) {
  if (component.size() <= maxCycle || options.optLevel == '0')
    return;
  for (uint32_t f : component)
    leaveUnoptimized(*body(functionOf(f)));
  remarkUnoptimized(functionOf(component.front()),
                    "it and " + std::to_string(component.size() - 1) +
                        " others call each other in cycles");
}

static Error tooWide() {
  return make_error<wasm::WasmError>(wasm::ErrorKind::Limit, 0,
                                     "functions with many parameters, and calls of them, pass "
                                     "more than " +
                                         std::to_string(maxWideOperands) + " values");
}

void ModuleLowering::limitInlinedCalls(ArrayRef<uint32_t> component, uint32_t height) {
  if (height % maxInlinedCalls == 0)
    for (uint32_t f : component)
      body(functionOf(f))->addFnAttr(Attribute::NoInline);
}

Error ModuleLowering::checkSignatures() const {
  if (numImported > maxImportedFunctions)
    return make_error<wasm::WasmError>(wasm::ErrorKind::Limit, module.imports.back().offset,
                                       "more than " + std::to_string(maxImportedFunctions) +
                                           " imported functions");
  if (module.exports.size() > maxExports)
    return make_error<wasm::WasmError>(wasm::ErrorKind::Limit, module.exports.back().offset,
                                       "more than " + std::to_string(maxExports) + " exports");
  uint64_t sum = 0;
  auto add = [&](uint32_t function) {
    const wasm::FuncType &type = module.funcType(function);
    size_t values = type.params.size() + type.results.size();
    sum += values > maxCallOperands ? values : 0;
  };
  for (uint32_t i = 0; i != module.functions.size(); ++i)
    add(i);
  for (const wasm::Export &e : module.exports)
    if (e.kind == wasm::ExternKind::Func)
      add(e.index);
  return sum > maxWideOperands ? tooWide() : Error::success();
}

void ModuleLowering::limitAdapters() {
  if (numImported > maxOptimizedAdapters && options.optLevel != '0')
    for (uint32_t i = 0; i != numImported; ++i)
      if (functions[i])
        leaveUnoptimized(*functions[i]);
}

Error Program::applyBudgets() {
  size_t used = 0;
  DenseMap<const Function *, std::pair<ModuleLowering *, uint32_t>> owners;
  for (const auto &m : modules) {
    used += count_if(m->typeRecords, [](Constant *record) { return record; });
    for (uint32_t i = m->numImported; i != m->functions.size(); ++i)
      owners[m->body(i)] = {m.get(), i};
  }
  if (used > maxTypeRecords)
    return make_error<wasm::WasmError>(wasm::ErrorKind::Limit, 0,
                                       "more than " + std::to_string(maxTypeRecords) +
                                           " function types are called through references");
  uint64_t sum = 0;
  for (Function &f : ir) {
    if (f.isDeclaration())
      continue;
    uint64_t wide = wideOperands(f);
    for (const auto &m : modules)
      wide += m->tailOperands.lookup(&f);
    sum += wide;
    if (sum > maxWideOperands)
      return tooWide();
    size_t blocks = f.size() + hiddenBlocks(f), instructions = f.getInstructionCount();
    bool large = blocks > maxBlocks || instructions > maxInstructions ||
                 longestBlock(f) > maxBlockInstructions;
    if (optLevel == '0' || (!wide && !large))
      continue;
    leaveUnoptimized(f);
    cutBlocks(f);
    generatesUnoptimized |= blocks > maxGeneratedBlocks;
    auto own = owners.find(&f);
    if (own != owners.end())
      own->second.first->remarkUnoptimized(
          own->second.second,
          wide ? "it passes " + std::to_string(wide) + " operands to functions with many"
               : "it has " + std::to_string(blocks) + " blocks and " +
                     std::to_string(instructions) + " instructions");
  }
  return Error::success();
}
