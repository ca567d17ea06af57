//===- Exception.cpp - Throwing and catching ----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call inside a try is an `invoke` whose exceptions go to the try's landing pad: a
// call like any other until something is thrown. From the pad, control goes to the
// try's dispatch, which compares the exception's tag with those of the clauses, and
// goes on to that of the next try outside, or throws on where there is none.
//
//     call ──► landing pad ──► dispatch: tag? ──► label of the clause
//                                 │ none
//                                 ▼
//                      dispatch of the try around it, or throw_ref
//
// A landing pad catches everything, so that the unwinder has nothing to decide and the
// tables no types. Both blocks are made when something needs them; clauses are lowered
// at the end of the try, outside of which their labels count.
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::CatchKind;
using wasm::Opcode;

using abi::Field;

//===----------------------------------------------------------------------===//
// Handlers
//===----------------------------------------------------------------------===//

/// The dispatch of a try, of which the exception is the first phi.
BasicBlock *FunctionEmitter::dispatchOf(Frame &frame) {
  Handler &handler = *frame.handler;
  if (!handler.dispatch) {
    handler.dispatch = newBlock();
    handler.exception = PHINode::Create(m.ptr, 2, "", handler.dispatch);
  }
  return handler.dispatch;
}

BasicBlock *FunctionEmitter::landingPad() {
  if (handlers.empty())
    return nullptr;
  ++numBlocks; // Behind the invoke.
  Frame &frame = frames[handlers.back()];
  Handler &handler = *frame.handler;
  if (handler.pad)
    return handler.pad;
  BasicBlock *dispatch = dispatchOf(frame);
  handler.pad = newBlock();
  function->setPersonalityFn(m.personality());
  IRBuilder<>::InsertPointGuard guard(b);
  b.SetInsertPoint(handler.pad);
  LandingPadInst *pad = b.CreateLandingPad(StructType::get(m.ptr, m.i32), 1);
  pad->addClause(ConstantPointerNull::get(m.ptr));
  Value *exception = b.CreateExtractValue(pad, 0);
  handler.exception->addIncoming(exception, handler.pad);
  b.CreateBr(dispatch);
  return handler.pad;
}

void FunctionEmitter::openHandler(std::vector<wasm::CatchClause> clauses) {
  frames.back().handler = std::make_unique<Handler>();
  frames.back().handler->clauses = std::move(clauses);
  handlers.push_back(frames.size() - 1);
  summary.throws = true;
}

/// Goes on with an exception at the innermost try of the first `count` handlers.
void FunctionEmitter::passOn(Value *exception, size_t count) {
  if (count == 0) {
    // No handler of this function is left: the call stands in no range of the tables.
    b.CreateCall(m.helper(Helper::throw_ref), b.CreatePtrToInt(exception, m.i64))
        ->setDoesNotReturn();
    b.CreateUnreachable();
    return;
  }
  Frame &outer = frames[handlers[count - 1]];
  BasicBlock *dispatch = dispatchOf(outer);
  outer.handler->exception->addIncoming(exception, b.GetInsertBlock());
  b.CreateBr(dispatch);
}

/// Goes on where an exception has this tag; returns where the others go on.
BasicBlock *FunctionEmitter::branchOnTag(Value *exception, uint32_t tag) {
  Value *actual = b.loadField(exception, Field::exception_tag, Access::Thread);
  Value *wanted = b.loadField(b.tag(self, tag), Field::tag_id);
  BasicBlock *caught = newBlock(), *next = newBlock();
  b.CreateCondBr(b.CreateICmpEQ(actual, wanted), caught, next);
  b.SetInsertPoint(caught);
  return next;
}

void FunctionEmitter::pushPayload(Value *exception, uint32_t tag) {
  uint64_t offset = m.layout.size(abi::Struct::exception);
  for (const wasm::ValType &t : m.module.types[m.module.tags[tag].type].func.params) {
    push(b.load(Access::Thread, m.type(t), b.at(exception, offset), 8));
    offset += t.kind == wasm::ValKind::V128 ? 16 : 8;
  }
}

CallInst *FunctionEmitter::endCatch(Value *exception, Helper how) {
  return b.CreateCall(m.helper(how), b.CreatePtrToInt(exception, m.i64));
}

//===----------------------------------------------------------------------===//
// throw, throw_ref, try_table
//===----------------------------------------------------------------------===//

void FunctionEmitter::throwNew(uint32_t tag) {
  const wasm::ResultType &params = m.module.types[m.module.tags[tag].type].func.params;
  // One area for all throws of the function: each fills it just before it throws.
  uint64_t bytes = 8 * std::max(1u, slotCount(params));
  if (!payload) {
    payload = b.createAlloca(m.i8, b.getInt32(bytes));
    payload->setAlignment(Align(8));
  } else if (cast<ConstantInt>(payload->getArraySize())->getZExtValue() < bytes) {
    payload->setOperand(0, b.getInt32(bytes));
  }
  uint64_t offset = 0;
  SmallVector<Value *> operands = pop(params.size());
  for (Value *operand : operands) {
    Type *type = operand->getType();
    // Hosts see whole slots: no bits of older payloads.
    if (type->isFloatingPointTy())
      operand = b.CreateBitCast(operand, bitsOf(type));
    if (!type->isVectorTy())
      operand = b.CreateZExt(operand, m.i64);
    b.store(Access::Thread, operand, b.at(payload, offset), 8);
    offset += type->isVectorTy() ? 16 : 8;
  }
  throwFrom(m.helper(Helper::throw_new), {self, b.tag(self, tag), payload});
}

/// Calls what throws and does not return.
void FunctionEmitter::throwFrom(Function *helper, ArrayRef<Value *> args) {
  summary.throws = true;
  CallBase *call = b.callThrowing(helper->getFunctionType(), helper, args);
  call->setDoesNotReturn();
  // Its return address names the source line.
  call->addFnAttr(Attribute::NoMerge);
  b.CreateUnreachable();
  becomeUnreachable();
}

/// Lowers the clauses of a try_table whose frame has been left.
void FunctionEmitter::lowerClauses(Handler &handler) {
  IRBuilder<>::InsertPointGuard guard(b);
  b.SetInsertPoint(handler.dispatch);
  Value *exception = handler.exception;
  size_t height = stack.size();
  for (const wasm::CatchClause &clause : handler.clauses) {
    bool hasTag = clause.kind == CatchKind::Catch || clause.kind == CatchKind::CatchRef;
    bool hasRef = clause.kind == CatchKind::CatchRef || clause.kind == CatchKind::CatchAllRef;
    // The first of several with a tag is the one. Too many are refused soon.
    if ((hasTag && !handler.tags.insert(clause.tag).second) || hasTooManyClauses())
      continue;
    ++numClauses;
    BasicBlock *next = hasTag ? branchOnTag(exception, clause.tag) : nullptr;
    if (hasTag)
      pushPayload(exception, clause.tag);
    if (hasRef)
      push(b.CreatePtrToInt(exception, m.i64));
    endCatch(exception, hasRef ? Helper::exception_keep : Helper::exception_drop);
    numPhis += stack.size() - height; // Edges with many values count as labels do.
    b.CreateBr(addEdge(label(clause.label)));
    stack.truncate(height);
    if (!hasTag)
      return; // What follows is never asked.
    b.SetInsertPoint(next);
  }
  passOn(exception, handlers.size());
}

//===----------------------------------------------------------------------===//
// Legacy exceptions
//===----------------------------------------------------------------------===//

/// Ends the part of a frame before a `catch`, `delegate` or `end`.
void FunctionEmitter::endTryPart() {
  Frame &frame = frames.back();
  if (frame.kind == FrameKind::Try)
    handlers.pop_back();
  if (reachable)
    b.CreateBr(addEdge(frame));
  stack.truncate(frame.height);
}

void FunctionEmitter::lowerCatch(const wasm::Instruction &inst) {
  endTryPart();
  Frame &frame = frames.back();
  frame.kind = FrameKind::Catch;
  Handler &handler = *frame.handler;
  BasicBlock *from = handler.rest ? handler.rest : handler.dispatch;
  // Nothing in the try can throw, or nothing is left to catch.
  reachable = from && !handler.catchesAll && !hasTooManyClauses() &&
              (inst.op == Opcode::CatchAll || handler.tags.insert(inst.index).second);
  if (!reachable)
    return;
  ++numClauses;
  b.SetInsertPoint(from);
  if (inst.op == Opcode::Catch) {
    handler.rest = branchOnTag(handler.exception, inst.index);
    pushPayload(handler.exception, inst.index);
  } else {
    handler.catchesAll = true;
  }
  // What is done with the exception is known once a `rethrow` of it was seen.
  handler.caught = endCatch(handler.exception, Helper::exception_drop);
}

void FunctionEmitter::rethrow(uint32_t depth) {
  Handler &handler = *label(depth).handler;
  handler.caught->setCalledFunction(m.helper(Helper::exception_keep));
  throwFrom(m.helper(Helper::throw_ref), b.CreatePtrToInt(handler.exception, m.i64));
}

/// What no clause of a legacy try wants, once its frame has been left, goes to one of
/// the first `count` handlers.
void FunctionEmitter::passOnRest(const Handler &handler, size_t count) {
  BasicBlock *from = handler.rest ? handler.rest : handler.dispatch;
  if (!from || handler.catchesAll)
    return;
  IRBuilder<>::InsertPointGuard guard(b);
  b.SetInsertPoint(from);
  passOn(handler.exception, count);
}

/// Its exceptions are those of the block with the label: they go to the innermost try
/// that is that block or around it.
void FunctionEmitter::lowerDelegate(uint32_t depth) {
  endTryPart();
  reachable = false;
  std::unique_ptr<Handler> handler = std::move(frames.back().handler);
  size_t target = frames.size() - 2 - depth;
  size_t count = upper_bound(handlers, target) - handlers.begin();
  passOnRest(*handler, count);
  lowerEnd();
}

/// The frame of a try ends; control goes on behind it.
void FunctionEmitter::endHandler() {
  FrameKind kind = frames.back().kind;
  std::unique_ptr<Handler> handler = std::move(frames.back().handler);
  if (kind != FrameKind::Catch)
    handlers.pop_back();
  frames.pop_back();
  if (kind != FrameKind::Block)
    passOnRest(*handler, handlers.size());
  else if (handler->dispatch)
    lowerClauses(*handler);
}

bool FunctionEmitter::lowerException(const wasm::Instruction &inst) {
  switch (inst.op) {
  case Opcode::Throw:
    throwNew(inst.index);
    return true;
  case Opcode::ThrowRef: {
    Value *exception = pop();
    b.trapIf(b.CreateIsNull(exception), Trap::null_exception_reference);
    throwFrom(m.helper(Helper::throw_ref), exception);
    return true;
  }
  case Opcode::TryTable:
    enterFrame(FrameKind::Block, inst.block);
    if (!inst.catches.empty())
      openHandler(inst.catches);
    return true;
  case Opcode::Try:
    enterFrame(FrameKind::Try, inst.block);
    openHandler({});
    return true;
  case Opcode::Catch:
  case Opcode::CatchAll:
    lowerCatch(inst);
    return true;
  case Opcode::Rethrow:
    rethrow(inst.index);
    return true;
  case Opcode::Delegate:
    lowerDelegate(inst.index);
    return true;
  default:
    return false;
  }
}
