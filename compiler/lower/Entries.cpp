//===- Entries.cpp - C functions for a module's exports -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// PREFIX_NAME enters the module; the body calls the function by the internal
// convention and stores the results. Exports that an interface describes get
// theirs from BufferFunctions.cpp.
//
//===----------------------------------------------------------------------===//
#include "lower/EntryBuilder.h"
#include "wasmc/wasmc.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;

/// Calls an exported function from a body and stores its results.
static void callAndStore(Builder &b, uint32_t index, Value *self, ArrayRef<Value *> operands,
                         ArrayRef<Value *> pointers) {
  std::vector<Value *> results = b.callFunction(index, self, operands);
  b.retainExceptions(b.m.module.funcType(index).results, results);
  for (size_t i = 0; i != results.size(); ++i)
    b.store(Access::Host, results[i], pointers[i], 1);
  b.CreateRet(b.getInt32(WASMC_OK));
}

static void emitEntry(ModuleLowering &m, uint32_t index, const Twine &name) {
  EntryBuilder e(m, m.hostType(m.module.funcType(index)), name, index);
  ArrayRef<Value *> args = e.args;
  const wasm::ResultType &params = m.module.funcType(index).params;
  SmallVector<Value *> operands;
  for (size_t i = 0; i != params.size(); ++i) {
    operands.push_back(params[i].kind != wasm::ValKind::V128
                           ? args[1 + i]
                           : e.inner.load(Access::Host, m.v128, args[1 + i], 1));
    e.inner.refuseMisfit(operands.back(), params[i]);
  }
  callAndStore(e.inner, index, args[0], operands, args.drop_front(1 + params.size()));
  e.finish();
}

void ModuleLowering::emitEntries() {
  for (size_t i = 0; i != module.exports.size(); ++i)
    if (const abi::InterfaceFunction *f = interface ? interface->ofExport(i) : nullptr)
      emitBufferFunction(*f);
    else if (module.exports[i].kind == wasm::ExternKind::Func)
      emitEntry(*this, module.exports[i].index, options.prefix + "_" + names.exports[i]);

  // The constructor. The descriptor that it hands on refers to the symbol of the
  // ABI's hash, so that an object and a runtime that do not match do not link.
  Type *params[] = {ptr, ptr, ptr};
  Function *create = createFunction(FunctionType::get(i32, params, false), options.prefix + "_new");
  create->setLinkage(GlobalValue::ExternalLinkage);
  create->addFnAttr(Attribute::NoInline);
  Builder b(*this, create);
  Type *runtimeParams[] = {ptr, ptr, ptr, ptr};
  FunctionCallee instantiate =
      ir.getOrInsertFunction("wasmc_instance_new", FunctionType::get(i32, runtimeParams, false));
  Value *args[] = {descriptor(), create->getArg(1), create->getArg(2), create->getArg(0)};
  b.CreateRet(b.CreateCall(instantiate, args));
}

/// `void *PREFIX_NAME(self)`: a memory, a table or a tag.
static void emitObjectAccessor(ModuleLowering &m, const Twine &name, const wasm::Export &e) {
  Function *f = m.createFunction(FunctionType::get(m.ptr, {m.ptr}, false), name);
  f->setLinkage(GlobalValue::ExternalLinkage);
  Builder b(m, f);
  Value *self = f->getArg(0);
  b.CreateRet(e.kind == wasm::ExternKind::Memory  ? b.memoryObject(self, e.index)
              : e.kind == wasm::ExternKind::Table ? b.tableObject(self, e.index)
                                                  : b.tag(self, e.index));
}

/// `T PREFIX_NAME(self)` and, if it is mutable, `void PREFIX_set_NAME(self, T)`. A
/// vector travels by pointer: `void PREFIX_NAME(self, wasmc_v128 *)`. A setter that can
/// refuse its value returns a status.
static void emitGlobalAccessors(ModuleLowering &m, size_t i) {
  const wasm::Export &e = m.module.exports[i];
  const wasm::ValType &valueType = m.module.globals[e.index].type.type;
  Type *type = m.type(valueType);
  bool byPointer = type->isVectorTy();
  Type *none = Type::getVoidTy(m.context), *params[] = {m.ptr, byPointer ? m.ptr : type};
  FunctionType *withValue = FunctionType::get(none, params, false);
  Function *get = m.createFunction(byPointer ? withValue : FunctionType::get(type, {m.ptr}, false),
                                   m.options.prefix + "_" + m.names.exports[i]);
  get->setLinkage(GlobalValue::ExternalLinkage);
  Builder g(m, get);
  Value *current = g.load(Access::Instance, type, g.globalCell(get->getArg(0), e.index), 8);
  if (byPointer) {
    g.store(Access::Host, current, get->getArg(1), 1);
    g.CreateRetVoid();
  } else {
    g.CreateRet(current);
  }
  if (m.names.setters[i].empty())
    return;
  bool checks = !wasm::isAnyHostValue(valueType);
  Function *set = m.createFunction(checks ? FunctionType::get(m.i32, params, false) : withValue,
                                   m.options.prefix + "_" + m.names.setters[i]);
  set->setLinkage(GlobalValue::ExternalLinkage);
  Builder s(m, set);
  Value *value = set->getArg(1);
  if (byPointer)
    value = s.load(Access::Host, type, value, 1);
  s.refuseMisfit(value, valueType);
  s.storeGlobal(set->getArg(0), e.index, value);
  if (checks)
    s.CreateRet(s.getInt32(WASMC_OK));
  else
    s.CreateRetVoid();
}

void ModuleLowering::emitAccessors() {
  for (size_t i = 0; i != module.exports.size(); ++i) {
    const wasm::Export &e = module.exports[i];
    if (e.kind == wasm::ExternKind::Memory || e.kind == wasm::ExternKind::Table ||
        e.kind == wasm::ExternKind::Tag)
      emitObjectAccessor(*this, options.prefix + "_" + names.exports[i], e);
    else if (e.kind == wasm::ExternKind::Global)
      emitGlobalAccessors(*this, i);
  }
}
