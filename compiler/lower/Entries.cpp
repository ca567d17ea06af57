//===- Entries.cpp - C functions for a module's exports -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// PREFIX_NAME tail-calls the trampoline `__wasmc_enter` (abi.md) as if it were
// the body itself: the same arguments in the same registers, and the address of
// the body in the register of `nest`. Where the arguments do not fit registers,
// they travel in an array of slots. The body runs in the module, calls the
// function by the internal convention and stores the results.
//
//===----------------------------------------------------------------------===//
#include "lower/Builder.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;

/// Whether a C function's arguments all travel in registers.
static bool fitsRegisters(const TargetTraits &traits, FunctionType *type) {
  unsigned integers = 0, floats = 0;
  for (Type *t : type->params())
    ++(t->isFloatingPointTy() || t->isVectorTy() ? floats : integers);
  return integers <= traits.entryIntegers && floats <= traits.entryFloats;
}

/// The cheapest trampoline that keeps what the function may change.
static Function *trampoline(ModuleLowering &m, uint32_t index) {
  FunctionType *any = FunctionType::get(m.i32, {m.ptr, m.ptr}, false);
  bool floats = true, shadow = m.shadowStack.has_value();
  if (!m.isImported(index)) {
    const FunctionSummary &summary = m.summaries[index - m.module.numImportedFunctions()];
    floats = summary.reachesFloats;
    shadow &= summary.reachesShadowStack;
  }
  std::string name = "__wasmc_enter";
  name += floats ? "" : "_integer";
  name += shadow ? "" : "_flat";
  auto *f = cast<Function>(m.ir.getOrInsertFunction(name, any).getCallee());
  f->setVisibility(GlobalValue::HiddenVisibility);
  return f;
}

/// `status enter(nest body, arguments...)`, returned.
static void enter(Builder &b, uint32_t index, Function *body, ArrayRef<Value *> args) {
  SmallVector<Type *> types = {b.m.ptr};
  for (Value *a : args)
    types.push_back(a->getType());
  SmallVector<Value *> all = {body};
  all.append(args.begin(), args.end());
  CallInst *call =
      b.CreateCall(FunctionType::get(b.m.i32, types, false), trampoline(b.m, index), all);
  if (b.m.traits.entryIntegers)
    call->addParamAttr(0, Attribute::Nest);
  call->setTailCall();
  b.CreateRet(call);
}

/// Calls an exported function from a body and stores its results.
static void callAndStore(Builder &b, uint32_t index, Value *self, ArrayRef<Value *> operands,
                         ArrayRef<Value *> pointers) {
  ModuleLowering &m = b.m;
  const wasm::FuncType &type = m.module.funcType(index);
  Value *code = m.function(index), *callee = self;
  if (m.isImported(index) && !m.importsAreSymbols()) {
    Value *record = b.funcRecord(self, index);
    code = b.loadField(record, Field::func_code, Access::Func);
    callee = b.loadField(record, Field::func_instance, Access::Func);
  }
  std::vector<Value *> results = b.callInternal(type, code, callee, operands);
  for (size_t i = 0; i != results.size(); ++i)
    b.store(Access::Thread, results[i], pointers[i], 1);
  b.CreateRet(b.getInt32(0));
}

/// Stores arguments in slots of 8 bytes for a body that takes (self, slots).
static void emitPacked(ModuleLowering &m, Function *entry, Function *body, uint32_t index) {
  const wasm::FuncType &type = m.module.funcType(index);
  Builder out(m, entry), in(m, body);
  unsigned bytes = 16 * std::max<size_t>(1, entry->arg_size());
  AllocaInst *area = out.createAlloca(m.i8, out.getInt32(bytes));
  area->setAlignment(Align(16));
  SmallVector<Value *> operands, pointers;
  for (unsigned i = 1; i != entry->arg_size(); ++i) {
    Argument *arg = entry->getArg(i);
    uint64_t offset = uint64_t(16) * (i - 1);
    out.store(Access::Thread, arg, out.at(area, offset), 8);
    Value *value = in.load(Access::Thread, arg->getType(), in.at(body->getArg(1), offset), 8);
    (i <= type.params.size() ? operands : pointers).push_back(value);
  }
  callAndStore(in, index, body->getArg(0), operands, pointers);
  // The area dies with this frame: the call must not become a jump.
  SmallVector<Value *> args = {entry->getArg(0), area};
  enter(out, index, body, args);
  cast<CallInst>(out.GetInsertBlock()->getTerminator()->getPrevNode())
      ->setTailCallKind(CallInst::TCK_NoTail);
}

static void emitEntry(ModuleLowering &m, uint32_t index, const Twine &name) {
  FunctionType *type = m.hostType(m.module.funcType(index));
  Function *entry = m.createFunction(type, name);
  entry->setLinkage(GlobalValue::ExternalLinkage);
  // The jump to the trampoline is meant, and nothing walks this frame.
  entry->removeFnAttr("disable-tail-calls");
  entry->removeFnAttr("frame-pointer");
  if (!fitsRegisters(m.traits, type)) {
    Function *body =
        m.createFunction(FunctionType::get(m.i32, {m.ptr, m.ptr}, false), name + ".body");
    emitPacked(m, entry, body, index);
    return;
  }
  Function *body = m.createFunction(type, name + ".body");
  Builder in(m, body), out(m, entry);
  size_t numParams = m.module.funcType(index).params.size();
  SmallVector<Value *> args, operands, pointers;
  for (Argument &arg : body->args())
    if (arg.getArgNo())
      (arg.getArgNo() <= numParams ? operands : pointers).push_back(&arg);
  callAndStore(in, index, body->getArg(0), operands, pointers);
  for (Argument &arg : entry->args())
    args.push_back(&arg);
  enter(out, index, body, args);
}

void ModuleLowering::emitEntries() {
  for (size_t i = 0; i != module.exports.size(); ++i)
    if (module.exports[i].kind == wasm::ExternKind::Func)
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

/// `void *PREFIX_NAME(self)`: a memory or a table.
static void emitObjectAccessor(ModuleLowering &m, const Twine &name, const wasm::Export &e) {
  Function *f = m.createFunction(FunctionType::get(m.ptr, {m.ptr}, false), name);
  f->setLinkage(GlobalValue::ExternalLinkage);
  Builder b(m, f);
  b.CreateRet(e.kind == wasm::ExternKind::Memory ? b.memoryObject(f->getArg(0), e.index)
                                                 : b.tableObject(f->getArg(0), e.index));
}

static void emitGlobalAccessors(ModuleLowering &m, size_t i) {
  const wasm::Export &e = m.module.exports[i];
  Type *type = m.type(m.module.globals[e.index].type.type);
  Function *get = m.createFunction(FunctionType::get(type, {m.ptr}, false),
                                   m.options.prefix + "_" + m.names.exports[i]);
  get->setLinkage(GlobalValue::ExternalLinkage);
  Builder g(m, get);
  g.CreateRet(g.load(Access::Instance, type, g.globalCell(get->getArg(0), e.index), 8));
  if (m.names.setters[i].empty())
    return;
  Type *params[] = {m.ptr, type};
  Function *set =
      m.createFunction(FunctionType::get(Type::getVoidTy(m.context), params, false),
                       m.options.prefix + "_" + m.names.setters[i]);
  set->setLinkage(GlobalValue::ExternalLinkage);
  Builder s(m, set);
  s.store(Access::Instance, set->getArg(1), s.globalCell(set->getArg(0), e.index), 8);
  s.CreateRetVoid();
}

void ModuleLowering::emitAccessors() {
  for (size_t i = 0; i != module.exports.size(); ++i) {
    const wasm::Export &e = module.exports[i];
    if (e.kind == wasm::ExternKind::Memory || e.kind == wasm::ExternKind::Table)
      emitObjectAccessor(*this, options.prefix + "_" + names.exports[i], e);
    else if (e.kind == wasm::ExternKind::Global)
      emitGlobalAccessors(*this, i);
  }
}
