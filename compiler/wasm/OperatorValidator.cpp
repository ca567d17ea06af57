//===- OperatorValidator.cpp - The validation algorithm (appendix A.3) -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/OperatorValidator.h"

#include "wasm/Limits.h"

namespace wasmc::wasm {

void OperatorValidator::begin(TypeList results) {
  operands.clear();
  frames.clear();
  frames.emplace_back().resultList = results;
}

bool OperatorValidator::fail(const llvm::Twine &message, ErrorKind kind) {
  // Before the first operator: the local declarations, which begin the body.
  size_t at = current ? current->offset : function ? module.functions[*function].body.offset : 0;
  failure = std::make_unique<WasmError>(kind, at, message.str(), function);
  return false;
}

/// Most operators need nothing new, which is one comparison of bits.
void OperatorValidator::note(const Instruction &inst) {
  FeatureSet fresh = inst.needs.without(seen);
  if (fresh.none())
    return;
  seen |= fresh;
  for (unsigned i = 0; i < static_cast<unsigned>(Feature::Count); ++i)
    if (fresh.has(static_cast<Feature>(i)))
      required.try_emplace(static_cast<Feature>(i), inst.offset);
}

ValType OperatorValidator::operand(size_t depth) const {
  if (frames.empty() || depth >= operands.size() - frames.back().height)
    return ValType::bottom();
  return operands[operands.size() - 1 - depth];
}

//===----------------------------------------------------------------------===//
// Operand stack
//===----------------------------------------------------------------------===//

bool OperatorValidator::push(ValType type) {
  if (operands.size() >= limits::operands)
    return fail("more operands on the stack than the limit of " + llvm::Twine(limits::operands),
                ErrorKind::Limit);
  operands.push_back(type);
  return true;
}

bool OperatorValidator::push(TypeList types) {
  if (operands.size() + types.size() > limits::operands)
    return fail("more operands on the stack than the limit of " + llvm::Twine(limits::operands),
                ErrorKind::Limit);
  operands.insert(operands.end(), types.begin(), types.end());
  return true;
}

bool OperatorValidator::mismatch(const llvm::Twine &expected, ValType found) {
  return fail("expected " + expected + " on the stack, found " + toString(found));
}

bool OperatorValidator::mismatchNothing(const llvm::Twine &expected) {
  return fail("expected " + expected + " on the stack, found nothing");
}

bool OperatorValidator::pop(ValType &out) {
  const ControlFrame &frame = frames.back();
  if (operands.size() > frame.height) {
    out = operands.back();
    operands.pop_back();
    return true;
  }
  out = ValType::bottom();
  return frame.unreachable || mismatchNothing("an operand");
}

bool OperatorValidator::expect(ValType type, ValType &found) {
  const ControlFrame &frame = frames.back();
  if (operands.size() == frame.height) {
    found = ValType::bottom();
    return frame.unreachable || mismatchNothing(toString(type));
  }
  found = operands.back();
  operands.pop_back();
  return matches(module, found, type) || mismatch(toString(type), found);
}

bool OperatorValidator::expect(ValType type) {
  ValType found;
  return expect(type, found);
}

bool OperatorValidator::expect(TypeList types) {
  for (size_t i = types.size(); i-- > 0;)
    if (!expect(types[i]))
      return false;
  return true;
}

bool OperatorValidator::expectOnTop(TypeList types) {
  const ControlFrame &frame = frames.back();
  size_t available = operands.size() - frame.height;
  for (size_t i = 0; i < types.size(); ++i) {
    ValType expected = types[types.size() - 1 - i];
    if (i >= available)
      return frame.unreachable || mismatchNothing(toString(expected));
    ValType found = operands[operands.size() - 1 - i];
    if (!matches(module, found, expected))
      return mismatch(toString(expected), found);
  }
  return true;
}

/// An unknown operand of unreachable code becomes a reference to the bottom.
bool OperatorValidator::expectRef(ValType &out) {
  if (operands.size() == frames.back().height && !frames.back().unreachable)
    return mismatchNothing("a reference");
  if (!pop(out))
    return false;
  if (out.kind == ValKind::Bottom)
    out = ValType::reference({false, {HeapKind::Bottom, 0}});
  return out.isRef() || mismatch("a reference", out);
}

void OperatorValidator::setUnreachable() {
  operands.resize(frames.back().height);
  frames.back().unreachable = true;
}

//===----------------------------------------------------------------------===//
// Index spaces
//===----------------------------------------------------------------------===//

bool OperatorValidator::functionType(uint32_t index, const FuncType *&out) {
  if (index >= module.types.size())
    return fail("unknown type " + llvm::Twine(index));
  if (module.types[index].kind != CompositeKind::Func)
    return fail("expected a function type, type " + llvm::Twine(index) + " is none");
  out = &module.types[index].func;
  return true;
}

bool OperatorValidator::aggregate(uint32_t index, CompositeKind kind, const SubType *&out) {
  if (index >= module.types.size())
    return fail("unknown type " + llvm::Twine(index));
  out = &module.types[index];
  const char *name = kind == CompositeKind::Struct ? "a structure" : "an array";
  return out->kind == kind ||
         fail("expected " + llvm::Twine(name) + " type, type " + llvm::Twine(index) + " is none");
}

bool OperatorValidator::inRange(ValType type) {
  return isInRange(type, module.types.size()) ||
         fail("unknown type " + llvm::Twine(type.ref.heap.index));
}

bool OperatorValidator::table(uint32_t index, const Table *&out) {
  if (index >= module.tables.size())
    return fail("unknown table " + llvm::Twine(index));
  out = &module.tables[index];
  return true;
}

bool OperatorValidator::memory(uint32_t index, ValType &address) {
  if (index >= module.memories.size())
    return fail("unknown memory " + llvm::Twine(index));
  address = module.memories[index].type.limits.is64 ? ValType::i64() : ValType::i32();
  return true;
}

bool OperatorValidator::label(uint32_t index, const ControlFrame *&out) {
  if (index >= frames.size())
    return fail("unknown label " + llvm::Twine(index));
  out = &frames[frames.size() - 1 - index];
  return true;
}

bool OperatorValidator::elementSegment(uint32_t index, const ElementSegment *&out) {
  if (index >= module.elements.size())
    return fail("unknown elem segment " + llvm::Twine(index));
  out = &module.elements[index];
  return true;
}

/// The code section comes before the data section, so that the number of
/// segments must have been declared (5.5.16).
bool OperatorValidator::dataSegment(uint32_t index) {
  if (!module.dataCount)
    return fail("data count section required", ErrorKind::Malformed);
  return index < *module.dataCount || fail("unknown data segment " + llvm::Twine(index));
}

//===----------------------------------------------------------------------===//
// Operators with a signature
//===----------------------------------------------------------------------===//

bool OperatorValidator::checkMemArg(const Instruction &inst) {
  ValType address;
  if (!memory(inst.memory, address))
    return false;
  const OpcodeInfo &op = info(inst.op);
  if (inst.alignLog2 > 4 || (1u << inst.alignLog2) > op.bytes)
    return fail("alignment must not be larger than natural: 2^" + llvm::Twine(inst.alignLog2) +
                " for an access of " + llvm::Twine(unsigned(op.bytes)) + " bytes");
  if (op.feature == Feature::Threads && (1u << inst.alignLog2) != op.bytes)
    return fail("atomic alignment must be natural: 2^" + llvm::Twine(inst.alignLog2) +
                " for an access of " + llvm::Twine(unsigned(op.bytes)) + " bytes");
  if (address == ValType::i32() && inst.value > UINT32_MAX)
    return fail("offset out of range of a 32-bit memory");
  return true;
}

/// The number of lanes stands in the operator's name: `i16x8.…`.
bool OperatorValidator::checkLane(const Instruction &inst) {
  const OpcodeInfo &op = info(inst.op);
  unsigned lanes = 0;
  if (op.immediates == Immediates::MemArgLane)
    lanes = 16 / op.bytes;
  else
    for (char c : op.text.substr(op.text.find('x') + 1, op.text.find('.') - op.text.find('x') - 1))
      lanes = lanes * 10 + (c - '0');
  return inst.lane < lanes || fail("invalid lane index " + llvm::Twine(unsigned(inst.lane)) +
                                   " of " + llvm::Twine(lanes) + " lanes");
}

bool OperatorValidator::checkImmediates(const Instruction &inst) {
  ValType address;
  switch (info(inst.op).immediates) {
  case Immediates::MemArg: return checkMemArg(inst);
  case Immediates::MemArgLane: return checkMemArg(inst) && checkLane(inst);
  case Immediates::Lane: return checkLane(inst);
  case Immediates::Memory: return memory(inst.memory, address);
  case Immediates::Shuffle:
    for (uint8_t lane : inst.bytes)
      if (lane >= 32)
        return fail("invalid lane index " + llvm::Twine(unsigned(lane)) + " of 32 lanes");
    return true;
  default: return true;
  }
}

static ValType typeOf(char letter, ValType address) {
  switch (letter) {
  case 'i': return ValType::i32();
  case 'l': return ValType::i64();
  case 'f': return ValType::f32();
  case 'd': return ValType::f64();
  case 'v': return ValType::v128();
  default: return address;
  }
}

bool OperatorValidator::simple(const Instruction &inst) {
  if (!checkImmediates(inst))
    return false;
  std::string_view signature = info(inst.op).signature;
  ValType address = ValType::i32();
  if (signature.find('a') != signature.npos && !memory(inst.memory, address))
    return false;
  size_t colon = signature.find(':');
  for (size_t i = colon; i-- > 0;)
    if (!expect(typeOf(signature[i], address)))
      return false;
  for (char result : signature.substr(colon + 1))
    if (!push(typeOf(result, address)))
      return false;
  return true;
}

bool OperatorValidator::step(const Instruction &inst) {
  current = &inst;
  if (frames.empty())
    return fail("unexpected operator after the end of the expression", ErrorKind::Malformed);
  note(inst);
  const OpcodeInfo &op = info(inst.op);
  if (op.feature == Feature::GC && !objects)
    objects = inst.offset;
  if (op.signature != "*")
    return simple(inst);
  switch (op.prefix) {
  case 0xfb: return gc(inst);
  case 0xfc: return bulk(inst);
  }
  if (op.code < 0x1a || op.code == 0x1f)
    return control(inst);
  return op.code < 0xd0 ? variable(inst) : reference(inst);
}

} // namespace wasmc::wasm
