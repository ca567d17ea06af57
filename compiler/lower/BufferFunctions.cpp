//===- BufferFunctions.cpp - The ways of passing buffers ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For each described export a C function per way (abi/BufferSignature.h). Lengths
// that the host gives are compared before the module is entered; the body copies
// or does not, calls the function and compares what it returns. The only addresses
// formed here are a mailbox and the end of a range that was compared with its
// capacity.
//
//===----------------------------------------------------------------------===//
#include "lower/BufferFunctions.h"
#include "abi/BufferSignature.h"
#include "lower/EntryBuilder.h"
#include "wasmc/wasmc.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::CParameter;
using abi::Field;
using abi::Parameter;
using abi::ResultKind;
using abi::Way;
using Kind = CParameter::Kind;

namespace {

/// What one call needs, however it came: by described parameter.
struct Arguments {
  Value *value = nullptr;    ///< Scalar; pointer of an input or output of the host's.
  Value *length = nullptr;   ///< Bytes of an input, or capacity of an output: size_t.
  Value *at = nullptr;       ///< Offset in a window, or null.
};

/// What came back, before it reaches the host.
struct Outcome {
  Value *raw = nullptr;      ///< The function's result, or null.
  Value *written = nullptr;  ///< size_t, of `-> size`.
};

class BufferFunction {
public:
  BufferFunction(ModuleLowering &m, const abi::InterfaceFunction &f)
      : m(m), f(f), function(m.module.exports[f.index].index),
        word(Type::getIntNTy(m.context, m.traits.pointerBytes * 8)) {}

  void emit() {
    for (Way way : abi::waysOf(f)) {
      if (way == Way::Batch)
        emitBatch();
      else
        emitWay(way);
    }
    for (uint32_t i = 0; i != f.params.size(); ++i)
      if (f.params[i].isBuffer())
        emitMailboxFunctions(i);
  }

private:
  std::string name(const std::string &own) const { return m.options.prefix + "_" + own; }
  Type *typeOf(wasm::ValKind kind) const { return m.type(wasm::ValType{kind, {}}); }
  FunctionType *functionType(ArrayRef<CParameter> params) const;
  Type *cType(const CParameter &p) const;
  SmallVector<EntryBuilder::Result> results(ArrayRef<CParameter> params) const;
  Value *tooLarge(Builder &b, ArrayRef<Arguments> args);
  void refuseTooLarge(EntryBuilder &e, ArrayRef<Arguments> args);
  std::vector<Arguments> gather(ArrayRef<CParameter> params, ArrayRef<Value *> values) const;

  Value *place(Builder &b, Value *self, uint32_t param, const Arguments &a);
  Outcome call(Builder &b, Value *self, ArrayRef<Arguments> args, bool copies,
               function_ref<void(Value *code)> onError);
  Function *rangeTrap();
  void copy(Builder &b, Value *to, Value *from, Value *bytes);
  Function *copyFunction();

  void emitWay(Way way);
  void emitBatch();
  void emitMailboxFunctions(uint32_t param);

  ModuleLowering &m;
  const abi::InterfaceFunction &f;
  const uint32_t function; ///< In the module's index space.
  Type *const word;        ///< size_t
  Function *range = nullptr;
};

} // namespace

Type *BufferFunction::cType(const CParameter &p) const {
  if (p.isPointer())
    return m.ptr;
  if (p.isSize())
    return word;
  return p.kind == Kind::Scalar || p.kind == Kind::Value ? typeOf(p.scalar) : m.i32;
}

FunctionType *BufferFunction::functionType(ArrayRef<CParameter> params) const {
  SmallVector<Type *> types;
  for (const CParameter &p : params)
    types.push_back(cType(p));
  return FunctionType::get(m.i32, types, false);
}

std::vector<Arguments> BufferFunction::gather(ArrayRef<CParameter> params,
                                              ArrayRef<Value *> values) const {
  std::vector<Arguments> result(f.params.size());
  for (auto [p, value] : zip(params, values)) {
    if (p.index == CParameter::none)
      continue;
    switch (p.kind) {
    case Kind::Scalar:
    case Kind::InPointer:
    case Kind::OutPointer: result[p.index].value = value; break;
    case Kind::InLength:
    case Kind::OutCapacity: result[p.index].length = value; break;
    case Kind::At: result[p.index].at = value; break;
    default: break;
    }
  }
  return result;
}

SmallVector<EntryBuilder::Result> BufferFunction::results(ArrayRef<CParameter> params) const {
  SmallVector<EntryBuilder::Result> list;
  for (unsigned i = 0; i != params.size(); ++i) {
    switch (params[i].kind) {
    case Kind::OutPointerResult: list.push_back({i, m.ptr}); break;
    case Kind::OutLengthResult: list.push_back({i, word}); break;
    case Kind::ResultPointer: list.push_back({i, typeOf(params[i].scalar)}); break;
    default: break;
    }
  }
  return list;
}

/// Whether a message does not fit: i1, or null if nothing can be too large.
Value *BufferFunction::tooLarge(Builder &b, ArrayRef<Arguments> args) {
  Value *any = nullptr;
  auto add = [&](Value *condition) { any = any ? b.CreateOr(any, condition) : condition; };
  for (auto [p, a] : zip(f.params, args)) {
    if (!p.isBuffer())
      continue;
    Value *capacity = ConstantInt::get(word, p.capacity);
    if (a.at)
      add(b.CreateICmpUGT(a.at, capacity));
    if (p.output || !a.length)
      continue;
    // Where `at` is past the end, the difference wraps around, but `any` is true.
    Value *room = a.at ? b.CreateSub(capacity, a.at) : capacity;
    add(b.CreateICmpUGT(a.length, room));
  }
  return any;
}

void BufferFunction::refuseTooLarge(EntryBuilder &e, ArrayRef<Arguments> args) {
  Value *condition = tooLarge(e.outer, args);
  if (!condition)
    return;
  BasicBlock *next = e.outer.enterCold(condition, "too.large");
  e.outer.CreateRet(e.outer.getInt32(WASMC_TOO_LARGE));
  e.outer.SetInsertPoint(next);
}

/// Tells loops over a message, together with where the mailbox lies, that their
/// addresses do not wrap around 2^32 and need not be formed anew in each round. True
/// since a body is entered behind the comparison of refuseTooLarge() alone; a batch
/// compares for itself, with a value that is no argument.
static void limitLength(Value *length, uint64_t capacity) {
  auto *argument = dyn_cast<Argument>(length);
  if (!argument)
    return;
  unsigned bits = length->getType()->getIntegerBitWidth();
  ConstantRange range(APInt(bits, 0), APInt(bits, capacity + 1));
  argument->addAttr(Attribute::get(length->getContext(), Attribute::Range, range));
}

/// Address in linear memory of where a buffer's bytes lie, i32.
Value *BufferFunction::place(Builder &b, Value *self, uint32_t param, const Arguments &a) {
  Value *address = mailboxAddress(b, self, f.params[param].mailbox);
  return a.at ? b.CreateAdd(address, b.CreateZExtOrTrunc(a.at, m.i32)) : address;
}

/// A function of its own, which lies in the described one as far as traces know.
Function *BufferFunction::rangeTrap() {
  if (range)
    return range;
  range = m.createFunction(FunctionType::get(Type::getVoidTy(m.context), false),
                           name(f.name) + ".range");
  range->addFnAttr(Attribute::NoInline);
  range->addFnAttr(Attribute::NoReturn);
  range->addFnAttr(Attribute::Cold);
  Builder b(m, range);
  if (!m.isImported(function)) {
    m.debug.beginFunction(range, function);
    b.SetCurrentDebugLocation(m.debug.location(range, m.module.functions[function].body.offset));
  }
  b.trap(Trap::buffer_out_of_range);
  return range;
}

/// For 64-bit targets, which have vectors. Loads the whole of a small message before
/// it stores any of it, so that ranges may overlap: memmove without a call. A message
/// of 16 to 64 bytes is two to four vectors, the last of which overlap.
Function *BufferFunction::copyFunction() {
  std::string symbol = m.options.prefix + ".copy";
  if (Function *known = m.ir.getFunction(symbol))
    return known;
  Function *result = m.createFunction(
      FunctionType::get(Type::getVoidTy(m.context), {m.ptr, m.ptr, word}, false), symbol);
  result->addFnAttr(Attribute::AlwaysInline);
  Value *to = result->getArg(0), *from = result->getArg(1), *bytes = result->getArg(2);
  Builder b(m, result);
  auto constant = [&](uint64_t n) { return ConstantInt::get(word, n); };
  auto block = [&](const char *label) { return BasicBlock::Create(m.context, label, result); };
  Type *vector = FixedVectorType::get(m.i64, 2);
  auto load = [&](Value *offset) {
    return b.load(Access::Host, vector, b.CreateGEP(m.i8, from, offset), 1);
  };
  auto store = [&](Value *value, Value *offset) {
    b.store(Access::Host, value, b.CreateGEP(m.i8, to, offset), 1);
  };
  BasicBlock *small = block("small"), *four = block("four"), *two = block("two"),
             *other = block("other");
  b.CreateCondBr(b.CreateICmpULE(b.CreateSub(bytes, constant(16)), constant(48)), small, other);
  b.SetInsertPoint(small);
  Value *first = load(constant(0)), *lastAt = b.CreateSub(bytes, constant(16));
  Value *last = load(lastAt);
  b.CreateCondBr(b.CreateICmpUGT(bytes, constant(32)), four, two);
  b.SetInsertPoint(four);
  Value *thirdAt = b.CreateSub(bytes, constant(32));
  Value *second = load(constant(16)), *third = load(thirdAt);
  store(second, constant(16));
  store(third, thirdAt);
  b.CreateBr(two);
  b.SetInsertPoint(two);
  store(first, constant(0));
  store(last, lastAt);
  b.CreateRetVoid();
  b.SetInsertPoint(other);
  CallInst *move = b.CreateMemMove(to, Align(1), from, Align(1), bytes);
  move->setMetadata(LLVMContext::MD_tbaa, m.tbaa(Access::Host));
  b.CreateRetVoid();
  return result;
}

void BufferFunction::copy(Builder &b, Value *to, Value *from, Value *bytes) {
  if (m.traits.pointerBytes == 8) {
    b.CreateCall(copyFunction(), {to, from, bytes});
    return;
  }
  CallInst *move = b.CreateMemMove(to, Align(1), from, Align(1), bytes);
  move->setMetadata(LLVMContext::MD_tbaa, m.tbaa(Access::Host));
}

/// Calls the function with messages in its mailboxes, where `copies` says so by
/// copying them there and back. Where it returns an error code of its own,
/// `onError` goes on in a block of its own.
Outcome BufferFunction::call(Builder &b, Value *self, ArrayRef<Arguments> args, bool copies,
                             function_ref<void(Value *code)> onError) {
  // A module that takes scalars alone may have no memory.
  Value *base = f.hasBuffers() ? b.memoryBase(self, 0) : nullptr;
  auto pointer = [&](Value *address) {
    return b.CreateGEP(m.i8, base, b.CreateZExt(address, m.i64));
  };
  SmallVector<Value *> operands;
  Value *outAddress = nullptr, *outCapacity = nullptr, *outPointer = nullptr;
  for (uint32_t i = 0; i != f.params.size(); ++i) {
    const Parameter &p = f.params[i];
    if (!p.isBuffer()) {
      operands.push_back(args[i].value);
      continue;
    }
    // A guarded memory traps by itself.
    if (m.checksBounds(0))
      b.trapIf(isMailboxMissing(b, self, p.mailbox), Trap::buffer_out_of_range);
    Value *address = place(b, self, i, args[i]);
    operands.push_back(address);
    if (!p.output) {
      if (copies)
        copy(b, pointer(address), args[i].value, args[i].length);
      limitLength(args[i].length, p.capacity);
      operands.push_back(b.CreateZExtOrTrunc(args[i].length, m.i32));
      continue;
    }
    outAddress = address;
    outPointer = args[i].value;
    outCapacity = ConstantInt::get(word, p.capacity);
    if (copies)
      outCapacity = b.CreateBinaryIntrinsic(Intrinsic::umin, args[i].length, outCapacity);
    else if (args[i].at)
      outCapacity = b.CreateSub(outCapacity, args[i].at);
    operands.push_back(b.CreateZExtOrTrunc(outCapacity, m.i32));
  }
  std::vector<Value *> results = b.callFunction(function, self, operands);
  Outcome outcome;
  if (!results.empty())
    outcome.raw = results[0];
  if (f.result != ResultKind::Size)
    return outcome;
  BasicBlock *next = b.enterCold(b.CreateICmpSLT(outcome.raw, b.getInt32(0)), "error");
  b.storeField(self, Field::instance_error, outcome.raw);
  onError(outcome.raw);
  b.SetInsertPoint(next);
  // Not negative: zero-extension keeps the value.
  outcome.written = b.CreateZExtOrTrunc(outcome.raw, word);
  next = b.enterCold(b.CreateICmpUGT(outcome.written, outCapacity), "range");
  b.CreateCall(rangeTrap())->setDoesNotReturn();
  b.CreateUnreachable();
  b.SetInsertPoint(next);
  if (copies)
    copy(b, outPointer, pointer(outAddress), outcome.written);
  return outcome;
}

void BufferFunction::emitWay(Way way) {
  std::vector<CParameter> params = abi::signatureOf(f, way);
  EntryBuilder e(m, functionType(params), name(abi::wayName(f, way)), function);
  if (f.hasBuffers())
    e.useMailboxes(results(params));
  refuseTooLarge(e, gather(params, e.outerArgs));

  Builder &b = e.inner;
  std::vector<Arguments> args = gather(params, e.args);
  Value *self = e.args[0];
  Outcome outcome = call(b, self, args, way == Way::Copy, [&](Value *) {
    b.CreateRet(b.getInt32(WASMC_MODULE_ERROR));
  });
  for (auto [p, pointer] : zip(params, e.args)) {
    switch (p.kind) {
    case Kind::OutPointerResult: {
      Value *address = b.CreateZExt(place(b, self, p.index, args[p.index]), m.i64);
      b.store(Access::Host, b.CreateGEP(m.i8, b.memoryBase(self, 0), address), pointer, 1);
      break;
    }
    case Kind::OutLengthResult: b.store(Access::Host, outcome.written, pointer, 1); break;
    case Kind::ResultPointer: b.store(Access::Host, outcome.raw, pointer, 1); break;
    default: break;
    }
  }
  b.CreateRet(b.getInt32(WASMC_OK));
  e.finish();
}

/// One entry for all messages. How far it came, and what became of each message,
/// is stored as it happens (volatile): a trap ends the batch and shows it.
void BufferFunction::emitBatch() {
  const abi::CStruct message = abi::messageStruct(f, m.traits.pointerBytes);
  const abi::CStruct result = abi::resultStruct(f, m.traits.pointerBytes);
  std::vector<CParameter> params = abi::signatureOf(f, Way::Batch);
  EntryBuilder e(m, functionType(params), name(abi::wayName(f, Way::Batch)), function);
  e.useMailboxes({});
  Builder &b = e.inner;
  Value *self = e.args[0], *messages = e.args[1], *count = e.args[2], *results = e.args[3],
        *done = e.args[4];
  auto block = [&](const char *label) { return BasicBlock::Create(m.context, label, b.function); };
  BasicBlock *entry = b.GetInsertBlock(), *head = block("head"), *one = block("message"),
             *latch = block("latch"), *end = block("end");
  b.CreateBr(head);
  b.SetInsertPoint(head);
  PHINode *i = b.CreatePHI(word, 2);
  i->addIncoming(ConstantInt::get(word, 0), entry);
  b.store(Access::Host, i, done, m.traits.pointerBytes)->setVolatile(true);
  b.CreateCondBr(b.CreateICmpULT(i, count), one, end);

  b.SetInsertPoint(one);
  Value *from = b.CreateGEP(m.i8, messages, b.CreateMul(i, ConstantInt::get(word, message.size)));
  Value *to = b.CreateGEP(m.i8, results, b.CreateMul(i, ConstantInt::get(word, result.size)));
  SmallVector<CParameter> fields(message.fields.begin(), message.fields.end());
  SmallVector<Value *> values;
  for (const abi::CField &field : message.fields)
    values.push_back(b.load(Access::Host, cType(field), b.at(from, field.offset),
                            abi::alignmentOf(field, m.traits.pointerBytes)));
  std::vector<Arguments> args = gather(fields, values);
  auto finish = [&](wasmc_status status, Value *error, const Outcome &outcome) {
    for (const abi::CField &field : result.fields) {
      Value *value = Constant::getNullValue(cType(field));
      if (field.kind == Kind::Status)
        value = b.getInt32(status);
      else if (field.kind == Kind::Error)
        value = error;
      else if (status == WASMC_OK)
        value = field.kind == Kind::Written ? outcome.written : outcome.raw;
      b.store(Access::Host, value, b.at(to, field.offset),
              abi::alignmentOf(field, m.traits.pointerBytes))
          ->setVolatile(true);
    }
    b.CreateBr(latch);
  };
  if (Value *condition = tooLarge(b, args)) {
    BasicBlock *next = b.enterCold(condition, "too.large");
    finish(WASMC_TOO_LARGE, b.getInt32(0), {});
    b.SetInsertPoint(next);
  }
  Outcome outcome = call(b, self, args, /*copies=*/true, [&](Value *code) {
    finish(WASMC_MODULE_ERROR, code, {});
  });
  finish(WASMC_OK, b.getInt32(0), outcome);

  b.SetInsertPoint(latch);
  i->addIncoming(b.CreateAdd(i, ConstantInt::get(word, 1)), latch);
  b.CreateBr(head);
  b.SetInsertPoint(end);
  b.CreateRet(b.getInt32(WASMC_OK));
  e.finish();
}

/// Accessor of an input's mailbox, and what maps pages over a window. None of them
/// runs code of the module.
void BufferFunction::emitMailboxFunctions(uint32_t param) {
  const Parameter &p = f.params[param];
  auto begin = [&](Type *result, ArrayRef<Type *> types, const char *suffix) {
    Function *made = m.createFunction(FunctionType::get(result, types, false),
                                      name(abi::bufferName(f, param)) + suffix);
    made->setLinkage(GlobalValue::ExternalLinkage);
    return made;
  };
  if (!p.output) {
    Function *accessor = begin(m.ptr, {m.ptr}, "");
    Builder b(m, accessor);
    Value *self = accessor->getArg(0);
    Value *address = b.CreateZExt(mailboxAddress(b, self, p.mailbox), m.i64);
    Value *pointer = b.CreateGEP(m.i8, b.memoryBase(self, 0), address);
    b.CreateRet(b.CreateSelect(isMailboxMissing(b, self, p.mailbox),
                               ConstantPointerNull::get(m.ptr), pointer));
  }
  if (!p.window)
    return;
  auto map = [&](Function *made, Value *descriptor, Value *offset) {
    Builder b(m, made);
    Value *self = made->getArg(0);
    Value *address = b.CreateZExt(mailboxAddress(b, self, p.mailbox), m.i64);
    Value *args[] = {b.memoryObject(self, 0), descriptor, offset, address,
                     b.getInt64(p.capacity), b.getInt32(p.output)};
    b.CreateRet(b.CreateCall(m.helper(Helper::window_map), args));
  };
  Function *mapped = begin(m.i32, {m.ptr, m.i32, m.i64}, "_map");
  map(mapped, mapped->getArg(1), mapped->getArg(2));
  map(begin(m.i32, {m.ptr}, "_unmap"), ConstantInt::getSigned(m.i32, -1),
      ConstantInt::get(m.i64, 0));
}

void ModuleLowering::emitBufferFunction(const abi::InterfaceFunction &function) {
  BufferFunction(*this, function).emit();
}
