//===- ModuleLowering.cpp - A module's lowering: what its parts share ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/ModuleLowering.h"
#include "passes/LinearMemory.h"
#include "lower/ElementItems.h"
#include "lower/FunctionEmitter.h"
#include "lower/TailCalls.h"

#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

/// The global that the interface names, or that an export or the name section calls
/// `__stack_pointer`. A trap must restore it.
static std::optional<uint32_t> findShadowStack(const wasm::Module &module,
                                               const abi::Interface *interface) {
  auto usable = [&](uint32_t index) -> std::optional<uint32_t> {
    const wasm::Global &g = module.globals[index];
    bool integer = g.type.type.kind == wasm::ValKind::I32 || g.type.type.kind == wasm::ValKind::I64;
    if (g.import || !g.type.isMutable || !integer)
      return std::nullopt;
    return index;
  };
  if (interface && interface->stackGlobal)
    return usable(*interface->stackGlobal);
  for (const wasm::Export &e : module.exports)
    if (e.kind == wasm::ExternKind::Global && e.name == "__stack_pointer")
      return usable(e.index);
  for (const auto &[index, name] : module.globalNames)
    if (name == "__stack_pointer" && index < module.globals.size())
      return usable(index);
  return std::nullopt;
}

ModuleLowering::ModuleLowering(const wasm::Module &module, const CompileOptions &options,
                               const abi::Interface *interface, const wasm::Links &links,
                               const TargetTraits &traits, Module &ir, const SourceMap &sources)
    : module(module), options(options), interface(interface), links(links), traits(traits), ir(ir),
      context(ir.getContext()), layout(traits.pointerBytes),
      tailCallers(findTailCallers(module, options.features)),
      instance(module, layout, interface ? interface->mailboxes.size() : 0, links.providers.size(),
               tailAreaBytes(module, tailCallers, traits)),
      unchanging(module, options.features), shadowStack(findShadowStack(module, interface)), names(abi::makeNames(module, interface)),
      debug(ir, module, options, sources), i8(Type::getInt8Ty(context)),
      i32(Type::getInt32Ty(context)), i64(Type::getInt64Ty(context)),
      v128(FixedVectorType::get(i64, 2)),
      ptr(PointerType::getUnqual(context)), numImported(module.numImportedFunctions()),
      typeTexts(module) {
  neededRecords.resize(module.functions.size(), options.exports == ExportMode::Table);
  summaries.resize(module.functions.size() - numImported);
  typeRecords.resize(module.types.size());
  typeIdentities.resize(module.types.size());
  dataSegments.resize(module.data.size());
  MDBuilder md(context);
  MDNode *root = md.createTBAARoot("wasmc");
  MDNode *host = md.createTBAAScalarTypeNode("host", root);
  for (const char *name : {"memory", "instance", "table", "func", "thread"}) {
    MDNode *type = md.createTBAAScalarTypeNode(name, tbaaTags.empty() ? host : root);
    tbaaTags.push_back(md.createTBAAStructTagNode(type, type, 0));
  }
  tbaaTags.push_back(md.createTBAAStructTagNode(host, host, 0));
  // Instance state like any other, but passes know it by this name (passes/BoundsChecks).
  MDNode *instanceType = cast<MDNode>(tbaa(Access::Instance)->getOperand(0));
  MDNode *size = md.createTBAAScalarTypeNode("size", instanceType);
  tbaaTags.push_back(md.createTBAAStructTagNode(size, size, 0));
}

bool ModuleLowering::reachesOut(uint32_t function) const {
  return isImported(function) || summaries[function - numImported].reachesOut;
}

const wasm::Binding *ModuleLowering::bindingOf(uint32_t function) const {
  const std::optional<uint32_t> &import = module.functions[function].import;
  return import && links.imports[*import] ? &*links.imports[*import] : nullptr;
}

std::pair<const ModuleLowering *, uint32_t>
ModuleLowering::definitionOf(uint32_t function) const {
  const ModuleLowering *in = this;
  while (const wasm::Binding *binding = in->bindingOf(function)) {
    in = in->providers[binding->provider];
    function = in->module.exports[binding->entry].index;
  }
  return {in, function};
}

bool ModuleLowering::hasLinks() const {
  return !links.providers.empty() || (numImported != 0 && !importsAreSymbols());
}

bool ModuleLowering::reachesLinked(uint32_t function) const {
  if (!hasLinks() || isImported(function))
    return hasLinks();
  // What a provider's functions do counts as their callers'.
  const FunctionSummary &summary = summaries[function - numImported];
  return summary.reachesOut || (!links.providers.empty() && summary.reachesShadowStack);
}

bool ModuleLowering::mailboxesCanBeBusy() const {
  return any_of(interface->exports, [&](const abi::InterfaceFunction &f) {
    return f.hasBuffers() && reachesOut(module.exports[f.index].index);
  });
}

Error ModuleLowering::declare() {
  if (instance.tooLarge)
    return make_error<wasm::WasmError>(wasm::ErrorKind::Limit, 0,
                                       "the instance record would be larger than 2 GiB");
  for (const wasm::Memory &memory : module.memories)
    if (memory.type.shared && traits.threads && !traits.atomicBits)
      return make_error<wasm::WasmError>(
          wasm::ErrorKind::Limit, 0,
          "a shared memory needs atomic accesses, which the target has not");
  if (Error e = checkSignatures())
    return e;
  declareFunctions();
  findGlobalConstants();
  findNeededRecords();
  remarkUnknownStack();
  return Error::success();
}

void ModuleLowering::finish() {
  emitTailWrappers();
  indirectCalls.finish();
  emitAdapters();
  emitEntries();
  emitAccessors();
  emitDescriptor(emitInit());
  limitAdapters();
}

Type *ModuleLowering::type(const wasm::ValType &type) const {
  switch (type.kind) {
  case wasm::ValKind::I32: return i32;
  case wasm::ValKind::I64: return i64;
  case wasm::ValKind::F32: return Type::getFloatTy(context);
  case wasm::ValKind::F64: return Type::getDoubleTy(context);
  case wasm::ValKind::V128: return v128;
  case wasm::ValKind::Ref:
  case wasm::ValKind::Bottom: return i64;
  }
  return nullptr;
}

Type *ModuleLowering::passedType(const wasm::ValType &type) const {
  bool isVector = type.kind == wasm::ValKind::V128;
  return isVector && !traits.vectorRegisters ? IntegerType::get(context, 128) : this->type(type);
}

FunctionType *ModuleLowering::functionType(const wasm::FuncType &type) const {
  SmallVector<Type *> params = {ptr};
  for (const wasm::ValType &t : type.params)
    params.push_back(passedType(t));
  size_t returned = numReturned(type.results);
  if (type.results.size() > returned)
    params.push_back(ptr);
  Type *result = returned ? this->type(type.results[0]) : Type::getVoidTy(context);
  return FunctionType::get(result, params, false);
}

size_t ModuleLowering::numReturned(const wasm::ResultType &results) const {
  // Four registers are more than some back ends return something in, and what they
  // do instead makes tail calls impossible.
  bool inMemory =
      results.empty() || (results[0].kind == wasm::ValKind::V128 && !traits.vectorRegisters);
  return inMemory ? 0 : 1;
}

Value *ModuleLowering::placeOfResults(Function *f, const wasm::FuncType &type) const {
  return type.results.size() > numReturned(type.results) ? f->getArg(f->arg_size() - 1) : nullptr;
}

FunctionType *ModuleLowering::hostType(const wasm::FuncType &type) const {
  SmallVector<Type *> params = {ptr};
  for (const wasm::ValType &t : type.params)
    params.push_back(t.kind == wasm::ValKind::V128 ? ptr : this->type(t));
  params.append(type.results.size(), ptr);
  return FunctionType::get(i32, params, false);
}

void ModuleLowering::addHostAttributes(CallBase &call) const {
  if (!traits.extendI32)
    return;
  for (unsigned i = 0; i != call.arg_size(); ++i)
    if (call.getArgOperand(i)->getType()->isIntegerTy(32))
      call.addParamAttr(i, Attribute::SExt);
}

bool lower::isException(const wasm::ValType &type) {
  wasm::HeapKind heap = type.ref.heap.kind;
  return type.isRef() && (heap == wasm::HeapKind::Exn || heap == wasm::HeapKind::NoExn);
}

unsigned lower::slotCount(const wasm::ResultType &types) {
  unsigned slots = 0;
  for (const wasm::ValType &t : types)
    slots += t.kind == wasm::ValKind::V128 ? 2 : 1;
  return slots;
}

void ModuleLowering::setAttributes(Function &f) const {
  f.addFnAttr(Attribute::NoUnwind);
  // The trace of a trap is walked by frame pointers.
  f.addFnAttr("frame-pointer", "all");
  // A call in tail position stays a call: self-recursion must exhaust the stack,
  // not become a loop.
  f.addFnAttr("disable-tail-calls", "true");
  // A frame of many pages must not step over the stack's guard page.
  if (traits.stackProbes)
    f.addFnAttr("probe-stack", "inline-asm");
  if (options.optLevel == 's' || options.optLevel == 'z')
    f.addFnAttr(Attribute::OptimizeForSize);
  if (options.optLevel == 'z')
    f.addFnAttr(Attribute::MinSize);
  // Not set, ever: mustprogress, willreturn (an infinite loop stays one).
}

Function *ModuleLowering::createFunction(FunctionType *type, const Twine &name,
                                         CallingConv::ID cc) const {
  Function *f = Function::Create(type, GlobalValue::InternalLinkage, name, ir);
  f->setCallingConv(cc);
  setAttributes(*f);
  return f;
}

void ModuleLowering::describeMemory(Argument &self) {
  passes::LinearMemory{&self, instance.size, leastSize(0)}.describe();
  // What a memory's type promises is accessible as long as the instance lives, and no call
  // of it outlives that: a load of a place known to be there may be made where the module
  // would not have made it, and cannot trap. Pages that are a window's may be gone. No more
  // is said than pointers of 32 bits can count.
  if (!memoryCanChange)
    self.addAttr(Attribute::getWithDereferenceableBytes(
        ir.getContext(), instance.size + std::min(leastSize(0), uint64_t(1) << 31)));
}

void ModuleLowering::declareFunctions() {
  for (uint32_t i = 0; i != module.functions.size(); ++i) {
    if (bindingOf(i)) {
      functions.push_back(nullptr);
      tailEntries.push_back(nullptr);
      continue;
    }
    const wasm::FuncType &type = module.funcType(i);
    std::string name;
    if (isImported(i)) {
      name = ".import." + names.imports[*module.functions[i].import];
    } else {
      std::string_view own = module.functionName(i);
      name = "." + abi::escapeIdentifier(own.substr(0, 80)) + "." + std::to_string(i);
    }
    Function *f = createFunction(functionType(type), options.prefix + name, internalCC);
    functions.push_back(f);
    tailEntries.push_back(
        tailCallers[i] ? createFunction(tailType(type), f->getName() + ".tail", internalCC) : nullptr);
    if (!isImported(i) && !module.memories.empty() && !module.memories[0].import)
      describeMemory(*f->getArg(0));
    if (!isImported(i))
      debug.beginFunction(body(i), i);
  }
}

/// Those that segments and linked modules refer to. Operators follow as they are lowered.
void ModuleLowering::findNeededRecords() {
  for (const auto &[import, binding] : zip_equal(module.imports, links.imports))
    if (import.kind == wasm::ExternKind::Func && binding) {
      ModuleLowering &provider = *providers[binding->provider];
      provider.needRecord(provider.module.exports[binding->entry].index);
    }
  for (const wasm::ElementSegment &segment : module.elements) {
    if (segment.mode == wasm::SegmentMode::Declarative)
      continue; // Dropped before anything can read it.
    for (uint32_t f : segment.functions)
      needRecord(f);
    if (hasPlainItems(segment))
      for (const wasm::ConstExpr &e : segment.exprs)
        if (uint32_t item = *plainItem(e))
          needRecord(item - 1);
  }
}

/// Tools that strip names (clang runs a wasm-opt that it finds) take the stack
/// pointer's with them. Linkers make it the first global.
void ModuleLowering::remarkUnknownStack() {
  if (shadowStack || module.memories.empty() || module.globals.empty() ||
      module.globalNames.count(0))
    return;
  const wasm::Global &first = module.globals[0];
  bool is64 = module.memories[0].type.limits.is64;
  wasm::ValType address = is64 ? wasm::ValType::i64() : wasm::ValType::i32();
  if (!first.import && first.type.isMutable && first.type.type == address)
    remarks.push_back({"no global is called '__stack_pointer': if the module is made from C, C++ or "
                       "Rust, its stack is not restored after a trap; keep the module's names, or say "
                       "'stack = global 0' in the interface description"});
}

Error ModuleLowering::lowerBodies() {
  for (uint32_t i = numImported; i != module.functions.size(); ++i) {
    FunctionEmitter emitter(*this, i, body(i));
    if (Error e = emitter.run())
      return e;
  }
  return Error::success();
}

/// A type of helpers.def, by its letter.
static Type *letterType(LLVMContext &context, char letter) {
  switch (letter) {
  case 'p': return PointerType::getUnqual(context);
  case 'i': return Type::getInt32Ty(context);
  case 'l': return Type::getInt64Ty(context);
  case 'f': return Type::getFloatTy(context);
  case 'd': return Type::getDoubleTy(context);
  default: return Type::getVoidTy(context);
  }
}

Function *ModuleLowering::helper(Helper which) {
  struct Row {
    const char *symbol, *result, *params;
  };
  static constexpr Row rows[] = {
#define WASMC_HELPER(Name, Result, Params) \
  {"__wasmc_" #Name "_" #Result "_" #Params, #Result, #Params},
#include "wasmc/abi/helpers.def"
  };
  Function *&f = helpers[static_cast<unsigned>(which)];
  if (f)
    return f;
  const Row &row = rows[static_cast<unsigned>(which)];
  // Another module of the same output may have declared it.
  if ((f = ir.getFunction(row.symbol)))
    return f;
  SmallVector<Type *> params;
  for (char letter : StringRef(row.params))
    if (letter != 'v')
      params.push_back(letterType(context, letter));
  auto *type = FunctionType::get(letterType(context, row.result[0]), params, false);
  f = Function::Create(type, GlobalValue::ExternalLinkage, row.symbol, ir);
  f->setVisibility(GlobalValue::HiddenVisibility);
  if (which != Helper::throw_new && which != Helper::throw_ref && which != Helper::host_failed)
    f->addFnAttr(Attribute::NoUnwind);
  return f;
}

Function *ModuleLowering::trapFunction(Trap which) {
  static constexpr const char *symbols[] = {
#define WASMC_TRAP_KIND(Code, Name, Message) "__wasmc_trap_" #Name,
#include "wasmc/abi/traps.def"
  };
  Function *&f = traps[static_cast<unsigned>(which)];
  if (f || (f = ir.getFunction(symbols[static_cast<unsigned>(which)])))
    return f;
  f = Function::Create(FunctionType::get(Type::getVoidTy(context), false),
                       GlobalValue::ExternalLinkage, symbols[static_cast<unsigned>(which)], ir);
  f->setVisibility(GlobalValue::HiddenVisibility);
  // No memory attribute: stores before a trap stay before it.
  f->addFnAttr(Attribute::NoUnwind);
  f->addFnAttr(Attribute::NoReturn);
  f->addFnAttr(Attribute::Cold);
  return f;
}

GlobalVariable *ModuleLowering::threadVariable() {
  if (thread || (thread = ir.getNamedGlobal("__wasmc_thread")))
    return thread;
  // Initial-exec: the runtime is always in the same link unit, and its few bytes
  // fit the space that loaders keep for shared objects.
  thread = new GlobalVariable(ir, i8, false, GlobalValue::ExternalLinkage, nullptr,
                              "__wasmc_thread", nullptr,
                              traits.threads ? GlobalValue::InitialExecTLSModel
                                             : GlobalValue::NotThreadLocal);
  thread->setVisibility(GlobalValue::HiddenVisibility);
  return thread;
}

GlobalVariable *ModuleLowering::dataSegment(uint32_t index) {
  GlobalVariable *&data = dataSegments[index];
  if (data)
    return data;
  wasm::Bytes bytes = module.data[index].bytes;
  Constant *init = ConstantDataArray::get(context, ArrayRef(bytes.data(), bytes.size()));
  data = new GlobalVariable(ir, init->getType(), true, GlobalValue::PrivateLinkage, init,
                            options.prefix + ".data." + Twine(index));
  data->setAlignment(Align(1));
  return data;
}

bool ModuleLowering::checksBounds(uint32_t memory) const {
  if (options.bounds == BoundsMode::Check || !traits.guardMemory)
    return true;
  const wasm::MemoryType &type = module.memories[memory].type;
  // A guard region covers what a 32-bit index and offset can reach, and its edge
  // must be one that pages can have.
  return type.limits.is64 || type.pageSizeLog2 < 16;
}

uint64_t ModuleLowering::leastSize(uint32_t memory) const {
  const wasm::MemoryType &type = module.memories[memory].type;
  uint64_t most = UINT64_MAX >> type.pageSizeLog2;
  return std::min(type.limits.min, most) << type.pageSizeLog2;
}
