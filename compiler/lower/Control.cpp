//===- Control.cpp - Structured control and branches --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

ArrayRef<wasm::ValType> FunctionEmitter::params(const Frame &frame) const {
  if (frame.type.kind != wasm::BlockType::TypeIndex || frame.kind == FrameKind::Body)
    return {};
  return m.module.types[frame.type.index].func.params;
}

ArrayRef<wasm::ValType> FunctionEmitter::results(const Frame &frame) const {
  switch (frame.type.kind) {
  case wasm::BlockType::Empty: return {};
  case wasm::BlockType::Value: return frame.type.value;
  case wasm::BlockType::TypeIndex: return m.module.types[frame.type.index].func.results;
  }
  return {};
}

ArrayRef<wasm::ValType> FunctionEmitter::labelTypes(const Frame &frame) const {
  return frame.kind == FrameKind::Loop ? params(frame) : results(frame);
}

void FunctionEmitter::makeTarget(Frame &frame) {
  if (frame.target)
    return;
  frame.target = BasicBlock::Create(m.context, "");
  for (const wasm::ValType &t : labelTypes(frame))
    frame.phis.push_back(PHINode::Create(m.type(t), 2, "", frame.target));
  numPhis += frame.phis.size();
  ++numBlocks;
}

BasicBlock *FunctionEmitter::addEdge(Frame &frame) {
  frame.isRepeated |= frame.kind == FrameKind::Loop && frame.target;
  makeTarget(frame);
  size_t first = stack.size() - frame.phis.size();
  for (size_t i = 0; i != frame.phis.size(); ++i)
    frame.phis[i]->addIncoming(stack[first + i], b.GetInsertBlock());
  return frame.target;
}

void FunctionEmitter::enterFrame(FrameKind kind, const wasm::BlockType &type) {
  Frame frame(kind, type, 0);
  frame.height = stack.size() - params(frame).size();
  if (kind == FrameKind::Loop) {
    frame.firstBlock = numBlocks;
    b.CreateBr(addEdge(frame));
    function->insert(function->end(), frame.target);
    b.SetInsertPoint(frame.target);
    stack.truncate(frame.height);
    stack.append(frame.phis.begin(), frame.phis.end());
  }
  frames.push_back(std::move(frame));
}

MDNode *FunctionEmitter::branchWeights(const wasm::Instruction &inst) {
  size_t offset = inst.offset - m.module.functions[index].body.offset;
  hints = hints.drop_while([&](const wasm::BranchHint &hint) { return hint.offset < offset; });
  if (hints.empty() || hints.front().offset != offset)
    return nullptr;
  MDBuilder weights(m.context);
  return hints.front().isLikely ? weights.createLikelyBranchWeights()
                                : weights.createUnlikelyBranchWeights();
}

void FunctionEmitter::lowerIf(const wasm::Instruction &inst) {
  Value *condition = b.CreateIsNotNull(pop());
  enterFrame(FrameKind::If, inst.block);
  Frame &frame = frames.back();
  frame.params.assign(stack.begin() + frame.height, stack.end());
  BasicBlock *then = newBlock();
  frame.otherwise = BasicBlock::Create(m.context, "");
  b.CreateCondBr(condition, then, frame.otherwise, branchWeights(inst));
  b.SetInsertPoint(then);
}

void FunctionEmitter::lowerElse() {
  Frame &frame = frames.back();
  if (reachable)
    b.CreateBr(addEdge(frame));
  function->insert(function->end(), frame.otherwise);
  b.SetInsertPoint(frame.otherwise);
  frame.otherwise = nullptr;
  frame.kind = FrameKind::Else;
  stack.truncate(frame.height);
  stack.append(frame.params.begin(), frame.params.end());
  reachable = true;
}

void FunctionEmitter::lowerEnd() {
  Frame &frame = frames.back();
  if (frame.otherwise) {
    // An `if` without `else` hands its parameters on.
    if (reachable)
      b.CreateBr(addEdge(frame));
    function->insert(function->end(), frame.otherwise);
    b.SetInsertPoint(frame.otherwise);
    stack.truncate(frame.height);
    stack.append(frame.params.begin(), frame.params.end());
    reachable = true;
  }
  if (frame.isRepeated)
    loopBlocks += numBlocks - frame.firstBlock;
  if (frame.target && frame.kind != FrameKind::Loop) {
    if (reachable)
      b.CreateBr(addEdge(frame));
    function->insert(function->end(), frame.target);
    b.SetInsertPoint(frame.target);
    stack.truncate(frame.height);
    stack.append(frame.phis.begin(), frame.phis.end());
    reachable = true;
  }
  if (!reachable)
    stack.truncate(frame.height);
  if (frame.handler)
    return endHandler();
  if (frame.kind == FrameKind::Body && reachable)
    b.returnInternal(stack, rest);
  frames.pop_back();
}

/// Switches with more cases than this go through a table of their targets: what
/// LLVM does with cases is not linear in them.
static constexpr size_t maxSwitchCases = 4'096;

/// Loads the place of the selected label in `targets`, which gets each label of
/// a branch table once, the default last.
Value *FunctionEmitter::jumpTableIndex(Value *selector, ArrayRef<uint32_t> labels,
                                       SmallVectorImpl<uint32_t> &targets) {
  DenseMap<uint32_t, uint32_t> places;
  std::vector<uint32_t> table;
  for (uint32_t label : labels) {
    auto [place, isNew] = places.try_emplace(label, targets.size());
    if (isNew)
      targets.push_back(label);
    table.push_back(place->second);
  }
  Constant *init = ConstantDataArray::get(m.context, table);
  auto *targetsOf = new GlobalVariable(m.ir, init->getType(), true, GlobalValue::PrivateLinkage,
                                     init, m.options.prefix + ".br_table");
  // The default stands last, and is what any larger selector means.
  Value *last = b.getInt32(table.size() - 1);
  Value *clamped = b.CreateSelect(b.CreateICmpULT(selector, last), selector, last);
  Value *slot = b.CreateGEP(m.i32, targetsOf, b.CreateZExt(clamped, m.i64));
  return b.load(Access::Func, m.i32, slot, 4);
}

void FunctionEmitter::lowerBranchTable(const wasm::Instruction &inst) {
  Value *selector = b.settled(pop());
  SmallVector<uint32_t> labels(inst.labels.begin(), inst.labels.end());
  if (labels.size() > maxSwitchCases) {
    SmallVector<uint32_t> targets;
    selector = jumpTableIndex(selector, labels, targets);
    // No selector is past the end now: any target may stand as the default.
    labels = std::move(targets);
  }
  uint32_t byDefault = labels.back();
  SwitchInst *choice = b.CreateSwitch(selector, addEdge(label(byDefault)), labels.size() - 1);
  for (uint32_t i = 0; i + 1 < labels.size(); ++i)
    // A case that goes where the default goes would be one more edge for nothing.
    if (labels[i] != byDefault)
      choice->addCase(b.getInt32(i), addEdge(label(labels[i])));
  becomeUnreachable();
}

bool FunctionEmitter::lowerControl(const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::Nop:
    return true;
  case Opcode::Unreachable:
    b.trap(Trap::unreachable);
    becomeUnreachable();
    return true;
  case Opcode::Block:
    enterFrame(FrameKind::Block, inst.block);
    return true;
  case Opcode::Loop:
    enterFrame(FrameKind::Loop, inst.block);
    return true;
  case Opcode::If:
    lowerIf(inst);
    return true;
  case Opcode::Else:
    lowerElse();
    return true;
  case Opcode::End:
    lowerEnd();
    return true;
  case Opcode::Br:
    b.CreateBr(addEdge(label(inst.index)));
    becomeUnreachable();
    return true;
  case Opcode::Return:
    b.CreateBr(addEdge(frames.front()));
    becomeUnreachable();
    return true;
  case Opcode::BrIf: {
    Value *condition = b.CreateIsNotNull(pop());
    BasicBlock *target = addEdge(label(inst.index));
    BasicBlock *next = newBlock();
    b.CreateCondBr(condition, target, next, branchWeights(inst));
    b.SetInsertPoint(next);
    return true;
  }
  case Opcode::BrTable:
    lowerBranchTable(inst);
    return true;
  default:
    return false;
  }
}
