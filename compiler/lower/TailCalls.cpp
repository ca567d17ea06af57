//===- TailCalls.cpp - Calls that replace their caller's frame ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function whose body has a tail call is compiled by a convention of its own, and
// its record names that entry in `tail`. All functions with the same results have
// one prototype there: the instance, where the results that are not returned go, and
// all other argument registers that the C convention has, which no callee finds on
// the stack. So LLVM's `musttail`, which wants equal prototypes, becomes a jump on
// every target and at every level, whatever the two functions' parameters are.
// Operands beyond the registers lie in an area of the callee's instance. They stay
// there for a moment: nothing but a trap can come between the caller's stores and
// the loads at the callee's begin, and an instance has one thread at a time.
//
// All other functions have the C convention alone, and nothing of this costs them
// anything. A tail call of one of those is a call and a return: it comes back
// without a tail call of its own, so that a chain of tail calls ends there, and the
// stack holds one frame of a chain and one callee, however long the chain was.
//
//===----------------------------------------------------------------------===//
#include "lower/TailCalls.h"
#include "lower/FunctionEmitter.h"

#include "wasm/Decode.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;
using wasm::Opcode;

//===----------------------------------------------------------------------===//
// The convention
//===----------------------------------------------------------------------===//

static bool isTailCall(Opcode op) {
  return op == Opcode::ReturnCall || op == Opcode::ReturnCallIndirect ||
         op == Opcode::ReturnCallRef;
}

/// What is malformed or invalid ends the search: lowering comes to it, and says so.
static bool hasTailCall(const wasm::Section &body, const wasm::FeatureSet &features) {
  // Few bodies without one need to be decoded for that.
  if (none_of(body.bytes, [](uint8_t byte) { return byte >= 0x12 && byte <= 0x15; }))
    return false;
  wasm::OperatorReader reader(body, features);
  auto locals = reader.readLocals();
  if (!locals) {
    consumeError(locals.takeError());
    return false;
  }
  wasm::Instruction inst;
  while (!reader.atEnd()) {
    if (Error e = reader.next(inst)) {
      consumeError(std::move(e));
      return false;
    }
    if (isTailCall(inst.op))
      return true;
  }
  return false;
}

std::vector<bool> lower::findTailCallers(const wasm::Module &module,
                                         const wasm::FeatureSet &features) {
  std::vector<bool> found;
  for (const wasm::Function &f : module.functions)
    found.push_back(!f.import && features.has(wasm::Feature::TailCall) &&
                    hasTailCall(f.body, features));
  return found;
}

/// Bytes of a value in the area.
static unsigned sizeOf(const wasm::ValType &type) {
  switch (type.kind) {
  case wasm::ValKind::I32:
  case wasm::ValKind::F32: return 4;
  case wasm::ValKind::V128: return 16;
  default: return 8;
  }
}

TailOperands::TailOperands(const wasm::ResultType &params, const TargetTraits &traits) {
  unsigned words = 0, vectors = 0;
  for (const wasm::ValType &t : params) {
    bool inLanes = t.kind == wasm::ValKind::F32 || t.kind == wasm::ValKind::F64 ||
                   t.kind == wasm::ValKind::V128;
    if (inLanes && vectors < traits.tailVectors()) {
      places.push_back({Vector, vectors++});
    } else if (sizeOf(t) <= traits.pointerBytes && words < traits.tailWords) {
      places.push_back({Word, words++});
    } else {
      places.push_back({Area, areaBytes});
      areaBytes += std::max(8u, sizeOf(t));
    }
  }
}

unsigned lower::tailAreaBytes(const wasm::Module &module, const std::vector<bool> &tailCallers,
                              const TargetTraits &traits) {
  unsigned bytes = 0;
  for (uint32_t i = 0; i != module.functions.size(); ++i)
    if (tailCallers[i])
      bytes = std::max(bytes, TailOperands(module.funcType(i).params, traits).areaBytes);
  return bytes;
}

FunctionType *ModuleLowering::tailType(const wasm::FuncType &type) const {
  SmallVector<Type *> params = {ptr, ptr};
  params.append(traits.tailWords, Type::getIntNTy(context, traits.pointerBytes * 8));
  params.append(traits.tailVectors(), v128);
  return FunctionType::get(functionType(type)->getReturnType(), params, false);
}

/// Arguments before the operands: the instance and the place of results.
static constexpr unsigned firstWord = 2;

static unsigned argumentAt(const TailOperands::Place &place, const TargetTraits &traits) {
  return firstWord + place.at + (place.kind == TailOperands::Vector ? traits.tailWords : 0);
}

/// Lane 0 of a vector register that a float travels in.
static FixedVectorType *lanesOf(Type *scalar) {
  return FixedVectorType::get(scalar, 128 / scalar->getPrimitiveSizeInBits());
}

/// A value as its register has it. What is above an i32 in a word is never read.
static Value *intoRegister(Builder &b, Value *value, TailOperands::Kind kind) {
  Type *type = value->getType();
  if (kind == TailOperands::Vector)
    return type->isVectorTy() ? value
                              : b.CreateBitCast(b.CreateInsertElement(PoisonValue::get(lanesOf(type)),
                                                                      value, uint64_t(0)),
                                                b.m.v128);
  if (!type->isIntegerTy())
    value = b.CreateBitCast(value, b.getIntNTy(type->getPrimitiveSizeInBits()));
  return b.CreateZExt(value, b.getIntNTy(b.m.traits.pointerBytes * 8));
}

static Value *fromRegister(Builder &b, Value *argument, Type *type) {
  if (argument->getType()->isVectorTy())
    return type->isVectorTy()
               ? argument
               : b.CreateExtractElement(b.CreateBitCast(argument, lanesOf(type)), uint64_t(0));
  Value *bits = b.CreateTrunc(argument, b.getIntNTy(type->getPrimitiveSizeInBits()));
  return b.CreateBitCast(bits, type);
}

SmallVector<Value *> Builder::tailArguments(const wasm::FuncType &type, Value *callee,
                                            Value *rest, ArrayRef<Value *> operands) {
  SmallVector<Value *> args = {callee, rest ? rest : PoisonValue::get(m.ptr)};
  for (Type *t : m.tailType(type)->params().drop_front(firstWord))
    args.push_back(PoisonValue::get(t));
  m.countTailOperands(function, operands.size());
  TailOperands layout(type.params, m.traits);
  Value *area = layout.areaBytes ? tailArea(callee) : nullptr;
  for (size_t i = 0; i != operands.size(); ++i) {
    const TailOperands::Place &place = layout.places[i];
    if (place.kind == TailOperands::Area)
      store(Access::Instance, operands[i], at(area, place.at), 8);
    else
      args[argumentAt(place, m.traits)] = intoRegister(*this, operands[i], place.kind);
  }
  return args;
}

CallBase *Builder::callTail(const wasm::FuncType &type, Value *entry, Value *callee, Value *rest,
                            ArrayRef<Value *> operands) {
  CallBase *call = callThrowing(m.tailType(type), entry, tailArguments(type, callee, rest, operands));
  call->setCallingConv(internalCC);
  return call;
}

SmallVector<Value *> Builder::tailOperands(const wasm::FuncType &type) {
  m.countTailOperands(function, type.params.size());
  TailOperands layout(type.params, m.traits);
  SmallVector<Value *> operands;
  Value *area = layout.areaBytes ? tailArea(function->getArg(0)) : nullptr;
  for (size_t i = 0; i != type.params.size(); ++i) {
    const TailOperands::Place &place = layout.places[i];
    Type *t = m.type(type.params[i]);
    operands.push_back(place.kind == TailOperands::Area
                           ? load(Access::Instance, t, at(area, place.at), 8)
                           : fromRegister(*this, function->getArg(argumentAt(place, m.traits)), t));
  }
  return operands;
}

/// An instance's area for operands. Every function of ours has its own instance first;
/// others may be of another module.
Value *Builder::tailArea(Value *inst) {
  if (inst == function->getArg(0))
    return at(inst, m.instance.tailArea);
  Value *module = loadField(inst, Field::instance_module);
  Value *offset = loadField(module, Field::module_tail_area, Access::Func);
  return CreateGEP(m.i8, inst, CreateZExt(offset, m.i64));
}

/// What calls a tail caller by the C convention, through its record. A jump where
/// all goes well, so that it is in no trace.
static void emitWrapper(ModuleLowering &m, uint32_t index) {
  const wasm::FuncType &type = m.module.funcType(index);
  Function *wrapper = m.function(index);
  wrapper->removeFnAttr("disable-tail-calls");
  Builder b(m, wrapper);
  SmallVector<Value *> operands;
  for (size_t i = 0; i != type.params.size(); ++i)
    operands.push_back(b.received(wrapper->getArg(1 + i)));
  CallBase *call = b.callTail(type, m.tailEntry(index), wrapper->getArg(0),
                              m.placeOfResults(wrapper, type), operands);
  cast<CallInst>(call)->setTailCall();
  b.returnValueOf(call);
}

void ModuleLowering::emitTailWrappers() {
  for (uint32_t i = numImported; i != module.functions.size(); ++i)
    if (tailEntry(i))
      emitWrapper(*this, i);
}

//===----------------------------------------------------------------------===//
// The operators
//===----------------------------------------------------------------------===//

/// Leaves the function by the tail convention, and with it what it has in the way of
/// handlers: no invoke.
void FunctionEmitter::jumpTo(const wasm::FuncType &type, Value *entry, Value *callee,
                             ArrayRef<Value *> operands) {
  CallInst *call =
      b.CreateCall(m.tailType(type), entry, b.tailArguments(type, callee, rest, operands));
  call->setCallingConv(internalCC);
  call->setTailCallKind(CallInst::TCK_MustTail);
  b.returnValueOf(call);
}

/// Leaves the function by a call of one that has no tail call, and a return. Both
/// have the same results: they go where the caller's own go. What the callee throws
/// passes the caller's handlers by (4.4.8): no invoke either.
void FunctionEmitter::callAndReturn(const wasm::FuncType &type, Value *code, Value *callee,
                                    ArrayRef<Value *> operands) {
  SmallVector<Value *> args = {callee};
  for (Value *operand : operands)
    args.push_back(b.passed(operand));
  FunctionType *prototype = m.functionType(type);
  if (prototype->getNumParams() > args.size())
    args.push_back(rest);
  CallInst *call = b.CreateCall(prototype, code, args);
  call->setCallingConv(internalCC);
  b.returnValueOf(call);
}

void FunctionEmitter::returnCallFunction(uint32_t callee) {
  const wasm::FuncType &type = m.module.funcType(callee);
  auto [in, definition] = m.definitionOf(callee);
  Value *instance = b.definingInstance(callee, self);
  if (in->isImported(definition) && !in->importsAreSymbols())
    return returnCallRecord(b.at(instance, in->recordOffset(definition)), type);
  SmallVector<Value *> operands = pop(type.params.size());
  if (Function *entry = in->tailEntry(definition)) {
    summary.tailCallees.push_back(in->node(definition));
    jumpTo(type, entry, instance, operands);
  } else {
    if (in->isImported(definition))
      summary.callsOut = true;
    else
      summary.callees.push_back(in->node(definition));
    callAndReturn(type, in->function(definition), instance, operands);
  }
  becomeUnreachable();
}

/// Calls the function of a record, whose type was checked, with the operands on the
/// stack.
void FunctionEmitter::returnCallRecord(Value *record, const wasm::FuncType &type) {
  SmallVector<Value *> operands = pop(type.params.size());
  summary.callsOut = true;
  Value *callee = b.loadField(record, Field::func_instance, Access::Func);
  Value *entry = b.loadField(record, Field::func_tail, Access::Func);
  BasicBlock *jumps = newBlock(), *calls = newBlock();
  b.CreateCondBr(b.CreateIsNull(entry), calls, jumps);
  b.SetInsertPoint(jumps);
  jumpTo(type, entry, callee, operands);
  b.SetInsertPoint(calls);
  callAndReturn(type, b.loadField(record, Field::func_code, Access::Func), callee, operands);
  becomeUnreachable();
}
