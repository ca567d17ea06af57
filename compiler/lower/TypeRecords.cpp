//===- TypeRecords.cpp - Types as the runtime knows them ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A defined type is a record (`type` of layout.def) that the linker merges with
// those of other objects; a value type is a number, and the record of the type
// that it refers to. References that come from a host are compared with that:
// what a module does with its own has been validated.
//
// Functions, and what indirect calls expect, have records with a `call`. What
// only names a type in a value's type has one without, under another symbol: were
// they the same, one function type would need the calls of all that its
// parameters lead to.
//
//===----------------------------------------------------------------------===//
#include "lower/Builder.h"
#include "wasmc/wasmc.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;

uint32_t ModuleLowering::valueCode(const wasm::ValType &type) {
  switch (type.kind) {
  case wasm::ValKind::I32: return WASMC_VAL_I32;
  case wasm::ValKind::I64: return WASMC_VAL_I64;
  case wasm::ValKind::F32: return WASMC_VAL_F32;
  case wasm::ValKind::F64: return WASMC_VAL_F64;
  case wasm::ValKind::V128: return WASMC_VAL_V128;
  case wasm::ValKind::Ref:
  case wasm::ValKind::Bottom: break;
  }
  uint32_t flags = type.ref.nullable ? 0 : WASMC_VAL_NONNULL;
  switch (type.ref.heap.kind) {
  case wasm::HeapKind::Func: return flags | WASMC_VAL_FUNCREF;
  case wasm::HeapKind::NoFunc: return flags | WASMC_VAL_NULLFUNCREF;
  case wasm::HeapKind::Extern: return flags | WASMC_VAL_EXTERNREF;
  case wasm::HeapKind::NoExtern: return flags | WASMC_VAL_NULLEXTERNREF;
  case wasm::HeapKind::Any: return flags | WASMC_VAL_ANYREF;
  case wasm::HeapKind::Eq: return flags | WASMC_VAL_EQREF;
  case wasm::HeapKind::I31: return flags | WASMC_VAL_I31REF;
  case wasm::HeapKind::Struct: return flags | WASMC_VAL_STRUCTREF;
  case wasm::HeapKind::Array: return flags | WASMC_VAL_ARRAYREF;
  case wasm::HeapKind::None: return flags | WASMC_VAL_NULLREF;
  case wasm::HeapKind::Exn: return flags | WASMC_VAL_EXNREF;
  case wasm::HeapKind::NoExn: return flags | WASMC_VAL_NULLEXNREF;
  case wasm::HeapKind::Concrete: return flags | WASMC_VAL_TYPEDREF;
  case wasm::HeapKind::Bottom: break;
  }
  llvm_unreachable("a type of unreachable code in a declaration");
}

Constant *ModuleLowering::heapRecord(const wasm::ValType &type) {
  if (type.isRef() && type.ref.heap.kind == wasm::HeapKind::Concrete)
    return typeIdentity(type.ref.heap.index);
  return ConstantPointerNull::get(ptr);
}

Value *Builder::misfit(Value *value, const wasm::ValType &type) {
  if (wasm::isAnyHostValue(type))
    return nullptr;
  Value *args[] = {value, getInt32(ModuleLowering::valueCode(type)), m.heapRecord(type)};
  return CreateIsNull(CreateCall(m.helper(Helper::ref_fits), args));
}

void Builder::refuseMisfit(Value *value, const wasm::ValType &type) {
  Value *condition = misfit(value, type);
  if (!condition)
    return;
  BasicBlock *next = enterCold(condition, "misfit");
  CreateRet(getInt32(WASMC_INVALID_ARGUMENT));
  SetInsertPoint(next);
}

/// `call` of a function type's record: by slots, for hosts that know no more.
Function *ModuleLowering::emitTypeCall(const wasm::FuncType &type, StringRef symbol) {
  FunctionType *bodyType = FunctionType::get(i32, {ptr, ptr, ptr}, false);
  Function *f = createFunction(bodyType, symbol + "_call");
  f->setLinkage(GlobalValue::LinkOnceODRLinkage);
  f->setVisibility(GlobalValue::HiddenVisibility);
  f->setComdat(ir.getOrInsertComdat(f->getName()));
  Builder b(*this, f);
  b.keepLinkedStacks(f->getArg(0));
  Value *record = f->getArg(1), *slots = f->getArg(2);
  SmallVector<Value *> operands;
  unsigned slot = 0;
  for (const wasm::ValType &t : type.params) {
    operands.push_back(b.load(Access::Thread, this->type(t), b.at(slots, 8 * slot), 8));
    b.refuseMisfit(operands.back(), t);
    slot += t.kind == wasm::ValKind::V128 ? 2 : 1;
  }
  Value *code = b.loadField(record, Field::func_code, Access::Func);
  Value *callee = b.loadField(record, Field::func_instance, Access::Func);
  slot = 0;
  std::vector<Value *> results = b.callInternal(type, code, callee, operands);
  b.retainExceptions(type.results, results);
  for (size_t i = 0; i != results.size(); ++i) {
    b.store(Access::Thread, results[i], b.at(slots, 8 * slot), 8);
    slot += type.results[i].kind == wasm::ValKind::V128 ? 2 : 1;
  }
  b.CreateRet(b.getInt32(0));
  return f;
}

static uint32_t kindCode(wasm::CompositeKind kind) {
  switch (kind) {
  case wasm::CompositeKind::Func: return WASMC_VAL_FUNCREF;
  case wasm::CompositeKind::Struct: return WASMC_VAL_STRUCTREF;
  case wasm::CompositeKind::Array: return WASMC_VAL_ARRAYREF;
  }
  llvm_unreachable("no such kind");
}

/// Everything of a record but its call.
GlobalVariable *ModuleLowering::makeTypeRecord(uint32_t index, const std::string &symbol,
                                               Constant *super, Constant *call) {
  const wasm::SubType &type = module.types[index];
  const std::string &text = typeTexts(index);
  Constant *characters = ConstantDataArray::getString(context, text, false);
  auto *string = new GlobalVariable(ir, characters->getType(), true, GlobalValue::PrivateLinkage,
                                    characters, symbol + ".text");
  unsigned slots = std::max(slotCount(type.func.params), slotCount(type.func.results));
  Constant *init = structConstant(
      abi::Struct::type, {{Field::type_length, ConstantInt::get(i32, text.size())},
                          {Field::type_num_slots, ConstantInt::get(i32, slots)},
                          {Field::type_text, string},
                          {Field::type_call, call},
                          {Field::type_super, super},
                          {Field::type_kind, ConstantInt::get(i32, kindCode(type.kind))}});
  auto *record = new GlobalVariable(ir, init->getType(), true, GlobalValue::LinkOnceODRLinkage,
                                    init, symbol);
  record->setVisibility(GlobalValue::HiddenVisibility);
  record->setComdat(ir.getOrInsertComdat(symbol));
  record->setAlignment(Align(8));
  return record;
}

Constant *ModuleLowering::typeRecord(uint32_t index) {
  const wasm::SubType &type = module.types[index];
  Constant *&known = typeRecords[type.canonical];
  if (known)
    return known;
  // At most 63 types above one another.
  Constant *super = type.supers.empty() ? ConstantPointerNull::get(ptr)
                                        : typeRecord(type.supers.front());
  std::string symbol = abi::typeSymbol(typeTexts(index));
  // Another module of the same output may have the type, too.
  if ((known = ir.getNamedGlobal(symbol)))
    return known;
  return known = makeTypeRecord(index, symbol, super, emitTypeCall(type.func, symbol));
}

Constant *ModuleLowering::typeIdentity(uint32_t index) {
  const wasm::SubType &type = module.types[index];
  Constant *&known = typeIdentities[type.canonical];
  if (known)
    return known;
  auto *none = ConstantPointerNull::get(ptr);
  Constant *super = type.supers.empty() ? none : typeIdentity(type.supers.front());
  std::string symbol = abi::typeSymbol(typeTexts(index)) + "_id";
  if ((known = ir.getNamedGlobal(symbol)))
    return known;
  return known = makeTypeRecord(index, symbol, super, none);
}
