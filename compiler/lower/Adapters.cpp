//===- Adapters.cpp - Between the internal convention and others --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/Builder.h"
#include "wasmc/abi/states.h"
#include "wasmc/wasmc.h"

#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Field;

namespace {
/// Around a host function: tells the fault handler that what follows is the
/// host's, and gives the host back the floating-point control it had.
class HostRegion {
public:
  explicit HostRegion(Builder &b)
      : b(b), activation(b.topActivation()),
        state(b.loadField(activation, Field::activation_state, Access::Thread)) {
    // What runs in a region is in the module for good: no other function of the
    // instance may run in it now.
    if (b.m.interface && b.m.options.forLTO) {
      region = b.loadField(self(), Field::instance_region);
      b.storeField(self(), Field::instance_region, self());
    }
    setState(b.CreateAnd(state, ~uint32_t(WASMC_STATE_IN_MODULE)));
    whereHostControlDiffers([&] { b.CreateCall(b.m.helper(Helper::fp_leave)); });
  }
  void leave() {
    // What the host function leaves is the host's from now on: also where it is
    // the default, if the host had another.
    if (b.m.traits.checksMXCSR) {
      AllocaInst *slot = b.createAlloca(b.m.i32);
      b.CreateIntrinsic(b.getVoidTy(), Intrinsic::x86_sse_stmxcsr, {slot});
      // All but the six sticky exception flags.
      Value *control = b.CreateAnd(b.CreateLoad(b.m.i32, slot), 0xffffffc0u);
      Value *host = b.loadField(activation, Field::activation_host_fp, Access::Thread);
      Value *changed = b.CreateICmpNE(control, b.getInt32(0x1f80));
      BasicBlock *next = b.enterCold(b.CreateOr(changed, b.CreateIsNotNull(host)), "fp");
      b.CreateCall(b.m.helper(Helper::fp_enter));
      b.CreateBr(next);
      b.SetInsertPoint(next);
    } else {
      whereHostControlDiffers([&] { b.CreateCall(b.m.helper(Helper::fp_enter)); });
    }
    setState(state);
    if (region)
      b.storeField(self(), Field::instance_region, region);
  }

private:
  Value *self() const { return b.function->getArg(0); }
  void setState(Value *value) {
    // Volatile: a fault handler reads it, and nothing may move across it.
    StoreInst *store =
        b.store(Access::Thread, value, b.field(activation, Field::activation_state), 4);
    store->setVolatile(true);
  }
  void whereHostControlDiffers(function_ref<void()> then) {
    Value *host = b.loadField(activation, Field::activation_host_fp, Access::Thread);
    BasicBlock *next = b.enterCold(b.CreateIsNotNull(host), "fp");
    then();
    b.CreateBr(next);
    b.SetInsertPoint(next);
  }
  Builder &b;
  Value *activation, *state, *region = nullptr;
};
} // namespace

static Function *importDeclaration(ModuleLowering &m, uint32_t function, FunctionType *type) {
  uint32_t import = *m.module.functions[function].import;
  std::string symbol = abi::importSymbol(m.options.prefix, m.module, import,
                                         m.interface ? m.interface->ofImport(import) : nullptr);
  FunctionCallee callee = m.ir.getOrInsertFunction(symbol, type);
  return cast<Function>(callee.getCallee());
}

namespace {
/// What an adapter hands to the host function: the module's operands, with buffers
/// as pointers into its memory that were checked, then a cell for each result.
class HostArguments {
public:
  HostArguments(Builder &b, const wasm::FuncType &type, const abi::InterfaceFunction *described)
      : b(b), m(b.m), self(b.function->getArg(0)),
        sizeResult(described && described->result == abi::ResultKind::Size) {
    add(b.loadField(self, Field::instance_context));
    if (described)
      for (const abi::Parameter &p : described->params)
        p.isBuffer() ? addBuffer() : add(nextOperand());
    else
      for (size_t i = 0; i != type.params.size(); ++i)
        addOperand();
    for (const wasm::ValType &t : type.results)
      addCell(sizeResult ? word() : m.type(t));
  }

  FunctionType *functionType() const {
    SmallVector<Type *> types;
    for (Value *v : values)
      types.push_back(v->getType());
    return FunctionType::get(m.i32, types, false);
  }

  /// What the host function left in the cells, as the module's results.
  SmallVector<Value *> results() {
    SmallVector<Value *> list;
    for (AllocaInst *cell : cells)
      list.push_back(b.CreateLoad(cell->getAllocatedType(), cell));
    if (!sizeResult)
      return list;
    // A host that says that it wrote more than it may is not believed.
    b.trapIf(b.CreateICmpUGT(list[0], capacity), Trap::buffer_out_of_range);
    return {b.CreateTrunc(list[0], m.i32)};
  }

  SmallVector<Value *> values;

private:
  Type *word() const { return b.getIntNTy(m.traits.pointerBytes * 8); }
  void add(Value *v) { values.push_back(v); }
  Value *nextOperand() { return b.function->getArg(++operand); }

  /// As it is, or for a vector where it lies.
  void addOperand() {
    Value *value = b.received(nextOperand());
    if (!value->getType()->isVectorTy())
      return add(value);
    AllocaInst *cell = b.createAlloca(value->getType());
    b.CreateStore(value, cell);
    add(cell);
  }

  void addBuffer() {
    Value *address = b.CreateZExt(b.settled(nextOperand()), m.i64);
    Value *length = b.CreateZExt(b.settled(nextOperand()), m.i64);
    b.trapIf(b.CreateICmpUGT(b.CreateAdd(address, length), b.memorySize(self, 0)),
             Trap::buffer_out_of_range);
    add(b.CreateGEP(m.i8, b.memoryBase(self, 0), address));
    // The output is the last buffer.
    capacity = b.CreateZExtOrTrunc(length, word());
    add(capacity);
  }

  void addCell(Type *of) {
    AllocaInst *cell = b.createAlloca(of);
    // A host function that fails, or forgets a result, shows the module nothing
    // of the stack.
    b.CreateStore(Constant::getNullValue(of), cell);
    cells.push_back(cell);
    add(cell);
  }

  Builder &b;
  ModuleLowering &m;
  Value *self, *capacity = nullptr;
  bool sizeResult;
  unsigned operand = 0;
  SmallVector<AllocaInst *> cells;
};
} // namespace

/// Traps with a status of the host's where `condition` is true.
static void failIf(Builder &b, Value *condition, Value *status) {
  BasicBlock *next = b.enterCold(condition, "failed");
  CallInst *failed = b.CreateCall(b.m.helper(Helper::host_failed), status);
  failed->setDoesNotReturn();
  b.CreateUnreachable();
  b.SetInsertPoint(next);
}

/// Calls the host function that an import is bound to, from the module's side.
static void emitAdapter(ModuleLowering &m, uint32_t index, Function *adapter) {
  const wasm::FuncType &type = m.module.funcType(index);
  uint32_t import = *m.module.functions[index].import;
  if (m.mayUnwind(index))
    m.allowUnwinding(*adapter);
  Builder b(m, adapter);
  Value *self = adapter->getArg(0);
  HostArguments args(b, type, m.interface ? m.interface->ofImport(import) : nullptr);
  FunctionType *hostType = args.functionType();
  Value *host;
  if (m.importsAreSymbols())
    host = importDeclaration(m, index, hostType);
  else
    host = b.load(Access::Instance, m.ptr,
                  b.at(self, m.instance.hostFunctions + uint64_t(index) * m.traits.pointerBytes),
                  m.traits.pointerBytes);
  HostRegion region(b);
  CallInst *status = b.CreateCall(hostType, host, args.values);
  // What a host's own language throws goes no further than here.
  status->setDoesNotThrow();
  m.addHostAttributes(*status);
  region.leave();
  failIf(b, b.CreateIsNotNull(status), status);
  SmallVector<Value *> results = args.results();
  // The host's mistake must not become a reference that the module takes for another.
  for (size_t i = 0; i != type.results.size(); ++i)
    if (Value *misfit = b.misfit(results[i], type.results[i]))
      failIf(b, misfit, b.getInt32(WASMC_INVALID_ARGUMENT));
  b.returnInternal(results, adapter->getArg(adapter->arg_size() - 1));
}

void ModuleLowering::emitAdapters() {
  for (uint32_t i = 0; i != numImported; ++i)
    if (functions[i])
      emitAdapter(*this, i, functions[i]);
}
