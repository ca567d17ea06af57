//===- Builder.cpp - An IRBuilder that knows the runtime contract -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/Builder.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/LowerAtomic.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;

Builder::Builder(ModuleLowering &module, Function *function)
    : IRBuilder<>(module.context), m(module), function(function) {
  if (function->empty())
    SetInsertPoint(BasicBlock::Create(m.context, "entry", function));
}

Value *Builder::at(Value *base, uint64_t offset) {
  return offset ? CreateConstGEP1_64(m.i8, base, offset) : base;
}

Value *Builder::field(Value *base, Field f) { return at(base, m.layout.offset(f)); }

LoadInst *Builder::load(Access access, Type *type, Value *from, unsigned align) {
  LoadInst *result = CreateAlignedLoad(type, from, Align(align));
  result->setMetadata(LLVMContext::MD_tbaa, m.tbaa(access));
  return result;
}

StoreInst *Builder::store(Access access, Value *value, Value *to, unsigned align) {
  StoreInst *result = CreateAlignedStore(value, to, Align(align));
  result->setMetadata(LLVMContext::MD_tbaa, m.tbaa(access));
  return result;
}

Value *Builder::update(AtomicRMWInst::BinOp op, Value *value, Value *to) {
  const unsigned align = value->getType()->getIntegerBitWidth() / 8;
  if (m.traits.threads) {
    AtomicRMWInst *result =
        CreateAtomicRMW(op, to, value, Align(align), AtomicOrdering::SequentiallyConsistent);
    result->setVolatile(true);
    result->setMetadata(LLVMContext::MD_tbaa, m.tbaa(Access::Memory));
    return result;
  }
  LoadInst *old = load(Access::Memory, value->getType(), to, align);
  old->setVolatile(true);
  StoreInst *stored = store(Access::Memory, buildAtomicRMWValue(op, *this, old, value), to, align);
  stored->setVolatile(true);
  return old;
}

Value *Builder::compareExchange(Value *expected, Value *replacement, Value *to) {
  const unsigned align = expected->getType()->getIntegerBitWidth() / 8;
  if (m.traits.threads) {
    AtomicCmpXchgInst *result = CreateAtomicCmpXchg(to, expected, replacement, Align(align),
                                                    AtomicOrdering::SequentiallyConsistent,
                                                    AtomicOrdering::SequentiallyConsistent);
    result->setVolatile(true);
    result->setMetadata(LLVMContext::MD_tbaa, m.tbaa(Access::Memory));
    return CreateExtractValue(result, 0);
  }
  LoadInst *old = load(Access::Memory, expected->getType(), to, align);
  old->setVolatile(true);
  // Stores in any case, which no one can tell.
  Value *stored = CreateSelect(CreateICmpEQ(old, expected), replacement, old);
  store(Access::Memory, stored, to, align)->setVolatile(true);
  return old;
}

static Type *fieldType(ModuleLowering &m, Field f) {
  switch (abi::Layout::kind(f)) {
  case abi::FieldKind::PTR: return m.ptr;
  case abi::FieldKind::I32: return m.i32;
  case abi::FieldKind::I64: return m.i64;
  case abi::FieldKind::WORD: return Type::getIntNTy(m.context, m.traits.pointerBytes * 8);
  }
  return nullptr;
}

Value *Builder::loadField(Value *base, Field f, Access access) {
  return load(access, fieldType(m, f), field(base, f),
              m.layout.bytes(abi::Layout::kind(f)));
}

void Builder::storeField(Value *base, Field f, Value *value, Access access) {
  store(access, value, field(base, f), m.layout.bytes(abi::Layout::kind(f)));
}

BasicBlock *Builder::enterCold(Value *condition, const Twine &name) {
  BasicBlock *cold = BasicBlock::Create(m.context, name, function);
  BasicBlock *next = BasicBlock::Create(m.context, "", function);
  CreateCondBr(condition, cold, next, MDBuilder(m.context).createUnlikelyBranchWeights());
  SetInsertPoint(cold);
  return next;
}

void Builder::trapIf(Value *condition, Trap kind) {
  BasicBlock *next = enterCold(condition, "trap");
  trap(kind);
  SetInsertPoint(next);
}

void Builder::checkRange(Value *index, Value *count, Value *size, Trap kind) {
  Value *start = CreateZExt(index, m.i64), *length = CreateZExt(count, m.i64);
  if (index->getType()->isIntegerTy(32)) {
    // The count is no wider: the type of a copy's is the narrower one of its two
    // ends. The sum does not overflow.
    trapIf(CreateICmpUGT(CreateAdd(start, length), size), kind);
    return;
  }
  Value *isLonger = CreateICmpUGT(length, size);
  trapIf(CreateOr(isLonger, CreateICmpUGT(start, CreateSub(size, length))), kind);
}

void Builder::trap(Trap kind) {
  CallInst *call = CreateCall(m.trapFunction(kind));
  // The return address is what names the source line: never share it.
  call->addFnAttr(Attribute::NoMerge);
  call->setDoesNotReturn();
  CreateUnreachable();
}

AllocaInst *Builder::createAlloca(Type *type, Value *count) {
  IRBuilder<>::InsertPointGuard guard(*this);
  BasicBlock &entry = function->getEntryBlock();
  SetInsertPoint(&entry, entry.getFirstInsertionPt());
  SetCurrentDebugLocation(DebugLoc());
  return CreateAlloca(type, count);
}

/// Bytes of a result in the caller's area.
static unsigned restSize(Type *type) { return type->isVectorTy() ? 16 : 8; }

Value *Builder::passed(Value *value) {
  if (!value->getType()->isVectorTy() || m.traits.vectorRegisters)
    return value;
  return CreateBitCast(value, getInt128Ty());
}

Value *Builder::received(Value *value) {
  return value->getType()->isIntegerTy(128) ? CreateBitCast(value, m.v128) : value;
}

CallBase *Builder::callThrowing(FunctionType *type, Value *code, ArrayRef<Value *> args) {
  BasicBlock *pad = landingPad ? landingPad() : nullptr;
  if (!pad)
    return CreateCall(type, code, args);
  BasicBlock *next = BasicBlock::Create(m.context, "", function);
  InvokeInst *invoke = CreateInvoke(type, code, next, pad, args);
  SetInsertPoint(next);
  return invoke;
}

Value *Builder::roomForResults(const wasm::FuncType &type) {
  unsigned bytes = 0;
  for (size_t i = m.numReturned(type.results); i < type.results.size(); ++i)
    bytes += restSize(m.type(type.results[i]));
  if (!bytes)
    return nullptr;
  AllocaInst *room = createAlloca(m.i8, getInt32(bytes));
  room->setAlignment(Align(8));
  return room;
}

std::vector<Value *> Builder::resultsOf(const wasm::FuncType &type, Value *call, Value *rest) {
  std::vector<Value *> results;
  size_t returned = m.numReturned(type.results);
  if (returned)
    results.push_back(received(call));
  unsigned offset = 0;
  for (size_t i = returned; i < type.results.size(); ++i) {
    Type *t = m.type(type.results[i]);
    results.push_back(load(Access::Thread, t, at(rest, offset), 8));
    offset += restSize(t);
  }
  return results;
}

std::vector<Value *> Builder::callInternal(const wasm::FuncType &type, Value *code, Value *callee,
                                           ArrayRef<Value *> operands) {
  SmallVector<Value *> args = {callee};
  for (Value *operand : operands)
    args.push_back(passed(operand));
  Value *rest = roomForResults(type);
  if (rest)
    args.push_back(rest);
  CallBase *call = callThrowing(m.functionType(type), code, args);
  call->setCallingConv(internalCC);
  return resultsOf(type, call, rest);
}

/// What is bound to another module's function runs in the instance of that module
/// which this one was made with: wasmc_instance_new() has compared their modules.
Value *Builder::definingInstance(uint32_t function, Value *self) {
  const ModuleLowering *in = &m;
  while (const wasm::Binding *binding = in->bindingOf(function)) {
    uint64_t slot = in->instance.providers + uint64_t(binding->provider) * m.traits.pointerBytes;
    self = load(Access::Instance, m.ptr, at(self, slot), m.traits.pointerBytes);
    in = in->providers[binding->provider];
    function = in->module.exports[binding->entry].index;
  }
  return self;
}

std::vector<Value *> Builder::callFunction(uint32_t index, Value *self,
                                           ArrayRef<Value *> operands) {
  const wasm::FuncType &type = m.module.funcType(index);
  auto [in, function] = m.definitionOf(index);
  Value *callee = definingInstance(index, self);
  if (Function *entry = in->tailEntry(function)) {
    Value *rest = roomForResults(type);
    return resultsOf(type, callTail(type, entry, callee, rest, operands), rest);
  }
  Value *code = in->function(function);
  if (in->isImported(function) && !in->importsAreSymbols()) {
    Value *record = at(callee, in->recordOffset(function));
    code = loadField(record, Field::func_code, Access::Func);
    callee = loadField(record, Field::func_instance, Access::Func);
  }
  return callInternal(type, code, callee, operands);
}

void Builder::returnInternal(ArrayRef<Value *> results, Value *rest) {
  bool returned = !function->getReturnType()->isVoidTy();
  unsigned offset = 0;
  for (Value *result : results.drop_front(returned)) {
    store(Access::Thread, result, at(rest, offset), 8);
    offset += restSize(result->getType());
  }
  if (returned)
    CreateRet(passed(results[0]));
  else
    CreateRetVoid();
}

void Builder::returnValueOf(CallBase *call) {
  if (call->getType()->isVoidTy())
    CreateRetVoid();
  else
    CreateRet(call);
}

Value *Builder::memoryObject(Value *inst, uint32_t memory) {
  if (uint32_t object = m.instance.memoryObjects[memory])
    return at(inst, object);
  return load(Access::Instance, m.ptr,
              at(inst, m.instance.memorySlots + uint64_t(memory) * m.traits.pointerBytes),
              m.traits.pointerBytes);
}

Value *Builder::memoryBase(Value *inst, uint32_t memory) {
  // The runtime puts the record of an instance directly below its own memory 0.
  if (memory == 0 && !m.module.memories[0].import)
    return at(inst, m.instance.size);
  return loadField(memoryObject(inst, memory), Field::memory_base);
}

Value *Builder::memorySize(Value *inst, uint32_t memory, AtomicOrdering ordering) {
  const wasm::Memory &mem = m.module.memories[memory];
  const wasm::Limits &limits = mem.type.limits;
  // Neither instantiation nor growing can give it another size than this.
  if (!mem.import && limits.hasMax && limits.min == limits.max)
    return getInt64(m.leastSize(memory));
  const bool canChange = mem.type.shared && m.traits.threads;
  // The low half is all of it where pointers have 32 bits: no size could be torn.
  Type *type = canChange ? getIntNTy(m.traits.pointerBytes * 8) : fieldType(m, Field::memory_size);
  LoadInst *size =
      load(Access::Size, type, field(memoryObject(inst, memory), Field::memory_size),
           canChange ? m.traits.pointerBytes : m.layout.bytes(abi::Layout::kind(Field::memory_size)));
  if (canChange)
    size->setAtomic(ordering);
  // It never becomes smaller than its type says, own or imported (4.5.3, "import
  // matching"), and 32-bit indices have no more than 4 GiB.
  const unsigned bits = type->getIntegerBitWidth();
  APInt least(bits, 0), end(bits, 0);
  if (bits == 64 || isUInt<32>(m.leastSize(memory)))
    least = APInt(bits, m.leastSize(memory));
  if (bits == 64 && !limits.is64)
    end = APInt(bits, (uint64_t(1) << 32) + 1);
  if (least != end)
    size->setMetadata(LLVMContext::MD_range, MDBuilder(m.context).createRange(least, end));
  return wordToI64(size);
}

Value *Builder::tableObject(Value *inst, uint32_t table) {
  if (uint32_t object = m.instance.tableObjects[table])
    return at(inst, object);
  return load(Access::Instance, m.ptr,
              at(inst, m.instance.tableSlots + uint64_t(table) * m.traits.pointerBytes),
              m.traits.pointerBytes);
}

Value *Builder::globalCell(Value *inst, uint32_t global) {
  Value *cell = at(inst, m.instance.globalCells[global]);
  if (m.module.globals[global].import)
    return load(Access::Instance, m.ptr, cell, m.traits.pointerBytes);
  return cell;
}

void Builder::storeGlobal(Value *inst, uint32_t global, Value *value) {
  Value *cell = globalCell(inst, global);
  if (isException(m.module.globals[global].type.type))
    storeException(value, cell);
  else
    // Before a trap by a fault, of which LLVM knows nothing, it would be free to drop or
    // to move it.
    store(Access::Instance, value, cell, 8)->setVolatile(m.options.strictTraps);
}

void Builder::storeException(Value *value, Value *to) {
  CreateCall(m.helper(Helper::exception_store), {to, value});
}

void Builder::retainExceptions(const wasm::ResultType &types, ArrayRef<Value *> values) {
  for (size_t i = 0; i != types.size(); ++i)
    if (isException(types[i]))
      CreateCall(m.helper(Helper::exception_retain), values[i]);
}

Value *Builder::tag(Value *inst, uint32_t tag) {
  Value *cell = at(inst, m.instance.tagCells[tag]);
  if (m.module.tags[tag].import)
    return load(Access::Instance, m.ptr, cell, m.traits.pointerBytes);
  return cell;
}

Value *Builder::funcRecord(Value *inst, uint32_t function) {
  m.needRecord(function);
  return at(inst, m.recordOffset(function));
}

Value *Builder::settled(Value *v) {
  // Without an MMU there are no pages to share.
  if (!m.traits.guardMemory || !m.memoryCanChange || isa<Constant>(v))
    return v;
  auto *type = FunctionType::get(v->getType(), {v->getType()}, false);
  return CreateCall(type, InlineAsm::get(type, "", "=r,0", /*hasSideEffects=*/false), {v});
}

void Builder::keepLinkedStacks(Value *inst) {
  Value *linked = loadField(inst, Field::instance_linked);
  BasicBlock *next = enterCold(CreateIsNotNull(linked), "linked");
  CreateCall(m.helper(Helper::keep_linked), {linked});
  CreateBr(next);
  SetInsertPoint(next);
}

Value *Builder::topActivation() {
  return loadField(threadPointer(), Field::thread_top, Access::Thread);
}

Value *Builder::threadPointer() {
  GlobalVariable *thread = m.threadVariable();
  if (!thread->isThreadLocal())
    return thread;
  return CreateThreadLocalAddress(thread);
}
