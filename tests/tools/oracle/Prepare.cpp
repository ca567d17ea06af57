//===- Prepare.cpp - Makes a module comparable ---------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Prepare.h"

#include "Encoder.h"
#include "wasm/Validate.h"

using namespace llvm;
using namespace wasmc::wasm;

namespace wasmc::oracle {

namespace {

/// How much of a memory is hashed: generated modules seldom have more.
constexpr int64_t HashedBytes = 64 << 10;
constexpr int32_t HashedElements = 64;

constexpr uint8_t I32 = 0x7f, I64 = 0x7e, F32 = 0x7d, F64 = 0x7c, V128 = 0x7b;

/// Code that puts a zero or null of the type on the stack. False where the type
/// has no such value that we know how to write.
bool zero(Encoder &code, ValType type) {
  switch (type.kind) {
  case ValKind::I32: code.i32Const(0); return true;
  case ValKind::I64: code.i64Const(0); return true;
  case ValKind::F32: code.byte(0x43).bytes({0, 0, 0, 0}); return true;
  case ValKind::F64: code.byte(0x44).bytes({0, 0, 0, 0, 0, 0, 0, 0}); return true;
  case ValKind::V128: code.bytes({0xfd, 12}).append(Encoder().bytes(std::array<uint8_t, 16>{})); return true;
  default: break;
  }
  if (!type.ref.nullable)
    return false;
  switch (type.ref.heap.kind) {
  case HeapKind::Func: code.bytes({0xd0, 0x70}); return true;
  case HeapKind::Extern: code.bytes({0xd0, 0x6f}); return true;
  case HeapKind::Exn: code.bytes({0xd0, 0x69}); return true;
  case HeapKind::Concrete: code.byte(0xd0).s64(type.ref.heap.index); return true;
  default: return false;
  }
}

/// Numbers that do not depend on the library's version (splitmix64).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

private:
  uint64_t state;
};

class Preparer {
public:
  Preparer(const Module &module, const Options &options)
      : module(module), sections(module.bytes), options(options), random(options.seed) {}

  Error run();
  /// Before `run`: replaces the bodies by ones with canonical NaNs, where that is wanted,
  /// and, with `operators`, by ones that count.
  Error rewriteBodies(std::string *operators);
  /// After `run`: what they count in.
  void addCounters();
  std::string encode() const { return sections.encode(); }

private:
  uint32_t addType(std::initializer_list<uint8_t> params, const std::vector<uint8_t> &results);
  uint32_t addFunction(uint32_t type, const std::vector<uint8_t> &locals, const Encoder &code);
  Encoder body(const std::vector<uint8_t> &locals, const Encoder &code) const;
  Error replaceImports();
  void addCanonicalNaNs();
  void addBits();
  uint32_t addMemoryHash(uint32_t memory);
  void mix(Encoder &code) const;
  bool mixTop(Encoder &code, ValType type) const;
  void addState();
  bool addCall(size_t number, const Export &exported);

  const Module &module;
  Sections sections;
  const Options &options;
  Random random;
  uint32_t numTypes = 0, numFunctions = 0, numCounters = 0;
  uint32_t log = 0;                          ///< Index of the global.
  uint32_t bits32 = 0, bits64 = 0, bits128 = 0; ///< Functions: a value's bits.
  uint32_t mixer = 0;                        ///< Function: an i64 into the log.
  uint32_t state = 0;                        ///< Function: all state as i64s.
  std::optional<uint32_t> hangLimit;         ///< Function that Binaryen's modules have.
};

uint32_t Preparer::addType(std::initializer_list<uint8_t> params,
                           const std::vector<uint8_t> &results) {
  Encoder entry;
  entry.byte(0x60).u32(params.size()).bytes(params).u32(results.size()).bytes(Bytes(results));
  sections.append(TypeSection, entry);
  return numTypes++;
}

Encoder Preparer::body(const std::vector<uint8_t> &locals, const Encoder &code) const {
  Encoder inner, entry;
  inner.u32(locals.size());
  for (uint8_t type : locals)
    inner.u32(1).byte(type);
  inner.append(code).byte(0x0b);
  entry.sized(inner);
  return entry;
}

uint32_t Preparer::addFunction(uint32_t type, const std::vector<uint8_t> &locals,
                               const Encoder &code) {
  sections.append(FunctionSection, Encoder().u32(type));
  sections.append(CodeSection, body(locals, code));
  return numFunctions++;
}

/// Code: the i64 on the stack becomes part of the log.
void Preparer::mix(Encoder &code) const { code.byte(0x10).u32(mixer); }

/// Code: the value on the stack becomes part of the log.
bool Preparer::mixTop(Encoder &code, ValType type) const {
  switch (type.kind) {
  case ValKind::I32: code.byte(0xad); break; // i64.extend_i32_u
  case ValKind::I64: break;
  case ValKind::F32: code.byte(0x10).u32(bits32).byte(0xad); break;
  case ValKind::F64: code.byte(0x10).u32(bits64); break;
  case ValKind::V128: code.byte(0x10).u32(bits128); break;
  case ValKind::Ref: code.bytes({0xd1, 0xad}); break; // ref.is_null
  default: return false;
  }
  mix(code);
  return true;
}

/// Functions that engines are asked through: bits of floats with canonical NaNs,
/// halves of vectors, and the log.
void Preparer::addBits() {
  log = module.globals.size();
  sections.append(GlobalSection, Encoder().bytes({I64, 1}).i64Const(0).byte(0x0b));
  // local.get 0, local.get 0, f32.eq, if: the bits, else the canonical NaN.
  Encoder code32, code64, halves, codeMix;
  code32.bytes({0x20, 0, 0x20, 0, 0x5b, 0x04, I32, 0x20, 0, 0xbc, 0x05}).i32Const(0x7fc00000).byte(0x0b);
  bits32 = addFunction(addType({F32}, {I32}), {}, code32);
  code64.bytes({0x20, 0, 0x20, 0, 0x61, 0x04, I64, 0x20, 0, 0xbd, 0x05})
      .i64Const(0x7ff8000000000000)
      .byte(0x0b);
  bits64 = addFunction(addType({F64}, {I64}), {}, code64);
  // log = (rotl(log, 5) ^ value) * an odd number
  codeMix.byte(0x23).u32(log).i64Const(5).bytes({0x89, 0x20, 0, 0x85});
  codeMix.i64Const(int64_t(0x9e3779b97f4a7c15)).byte(0x7e).byte(0x24).u32(log);
  mixer = addFunction(addType({I64}, {}), {}, codeMix);
  // Only modules that have vectors: engines without them run the others.
  if (!module.required.count(Feature::SIMD))
    return;
  // The low half into the log, the high one returned.
  halves.bytes({0x20, 0, 0xfd, 0x1d, 0, 0x10}).u32(mixer).bytes({0x20, 0, 0xfd, 0x1d, 1});
  bits128 = addFunction(addType({V128}, {I64}), {}, halves);
}

/// The hash of the beginning of a memory, eight bytes at a time.
uint32_t Preparer::addMemoryHash(uint32_t memory) {
  const MemoryType &type = module.memories[memory].type;
  bool is64 = type.limits.is64;
  Encoder code; // locals: 0 the address, 1 the end, 2 the hash
  code.byte(0x3f).u32(memory);
  if (!is64)
    code.byte(0xad);
  code.i64Const(type.pageSizeLog2).byte(0x86).bytes({0x22, 1}).i64Const(HashedBytes);
  code.bytes({0x20, 1}).i64Const(HashedBytes).bytes({0x54, 0x1b}); // i64.lt_u, select: the less
  code.bytes({0x21, 1});
  code.bytes({0x02, 0x40, 0x03, 0x40});
  code.bytes({0x20, 0}).i64Const(8).bytes({0x7c, 0x20, 1, 0x56, 0x0d, 1}); // past the end: out
  code.bytes({0x20, 2}).i64Const(5).byte(0x89).bytes({0x20, 0});
  if (!is64)
    code.byte(0xa7);
  code.byte(0x29);
  if (memory)
    code.u32(0x40).u32(memory).u32(0);
  else
    code.u32(0).u32(0);
  code.byte(0x85).i64Const(int64_t(0x9e3779b97f4a7c15)).bytes({0x7e, 0x21, 2});
  code.bytes({0x20, 0}).i64Const(8).bytes({0x7c, 0x21, 0, 0x0c, 0, 0x0b, 0x0b});
  code.byte(0x3f).u32(memory);
  if (!is64)
    code.byte(0xad);
  code.bytes({0x20, 2, 0x85}); // the size counts too
  return addFunction(addType({}, {I64}), {I64, I64, I64}, code);
}

void Preparer::addState() {
  std::vector<uint8_t> results(1 + module.memories.size(), I64);
  std::vector<uint32_t> hashes;
  for (uint32_t i = 0; i < module.memories.size(); ++i)
    hashes.push_back(addMemoryHash(i));
  Encoder code;
  for (uint32_t i = 0; i < module.globals.size(); ++i) {
    code.byte(0x23).u32(i);
    mixTop(code, module.globals[i].type.type);
  }
  // Whether the first elements of the tables are null. Before reference-types, a
  // module could not change a table.
  if (module.required.count(Feature::ReferenceTypes))
    for (uint32_t i = 0; i < module.tables.size(); ++i) {
      bool is64 = module.tables[i].type.limits.is64;
      uint8_t extend = 0xad, wrap = 0xa7;
      code.bytes({0xfc, 16}).u32(i);
      if (!is64)
        code.byte(extend);
      mix(code);
      code.i32Const(0).bytes({0x21, 0, 0x02, 0x40, 0x03, 0x40});
      // local 0 is the index; out at the end of the table or after the last hashed one
      code.bytes({0x20, 0}).i32Const(HashedElements).bytes({0x4f, 0x0d, 1, 0x20, 0, 0xfc, 16}).u32(i);
      if (is64)
        code.byte(wrap);
      code.bytes({0x4f, 0x0d, 1, 0x20, 0});
      if (is64)
        code.byte(extend);
      code.byte(0x25).u32(i).bytes({0xd1, extend});
      mix(code);
      code.bytes({0x20, 0}).i32Const(1).bytes({0x6a, 0x21, 0, 0x0c, 0, 0x0b, 0x0b});
    }
  code.byte(0x23).u32(log);
  for (uint32_t hash : hashes)
    code.byte(0x10).u32(hash);
  state = addFunction(addType({}, results), {I32}, code);
}

/// Defines what was imported, at the same indices.
Error Preparer::replaceImports() {
  for (const Import &import : module.imports)
    if (import.kind != ExternKind::Func && import.kind != ExternKind::Tag)
      return createStringError("imports something other than a function");
  sections.erase(ImportSection);
  // Each goes before those that are there, so the last one first.
  for (size_t i = module.tags.size(); i-- > 0;)
    if (module.tags[i].import)
      sections.prepend(TagSection, Encoder().byte(0).u32(module.tags[i].type));
  for (size_t i = module.functions.size(); i-- > 0;) {
    if (!module.functions[i].import)
      continue;
    const FuncType &type = module.funcType(i);
    Encoder code;
    for (size_t p = 0; p < type.params.size(); ++p) {
      code.byte(0x20).u32(p);
      if (!mixTop(code, type.params[p]))
        return createStringError("an import takes what cannot be logged");
    }
    for (ValType result : type.results)
      if (!zero(code, result))
        return createStringError("an import returns a reference that cannot be null");
    sections.prepend(FunctionSection, Encoder().u32(module.functions[i].type));
    sections.prepend(CodeSection, body({}, code));
  }
  return Error::success();
}

/// The exports `fN` and `sN`. False where an operand cannot be made.
bool Preparer::addCall(size_t number, const Export &exported) {
  const FuncType &type = module.funcType(exported.index);
  Encoder code;
  if (hangLimit)
    code.byte(0x10).u32(*hangLimit);
  for (ValType param : type.params) {
    uint64_t value = random.next();
    // Small numbers are addresses and indices that exist.
    if (value & 1)
      value = (value >> 8) & 255;
    else
      value = random.next();
    if (param.kind == ValKind::I32)
      code.i32Const(int32_t(value));
    else if (param.kind == ValKind::I64)
      code.i64Const(int64_t(value));
    else if (param.kind == ValKind::F32)
      code.i64Const(int64_t(value)).byte(0xb4); // f32.convert_i64_s: never a NaN
    else if (param.kind == ValKind::F64)
      code.i64Const(int64_t(value)).byte(0xb9);
    else if (param.kind == ValKind::V128)
      code.i64Const(int64_t(value)).bytes({0xfd, 18}); // i64x2.splat
    else if (!zero(code, param))
      return false;
  }
  code.byte(0x10).u32(exported.index);
  std::vector<uint8_t> results, locals;
  for (size_t i = type.results.size(); i-- > 0;) {
    ValType one = type.results[i];
    uint8_t shown = I64;
    if (one.kind == ValKind::I32 || one.isRef())
      shown = I32;
    if (one.isRef())
      code.byte(0xd1);
    else if (one.kind == ValKind::F32)
      code.byte(0x10).u32(bits32), shown = I32;
    else if (one.kind == ValKind::F64)
      code.byte(0x10).u32(bits64);
    else if (one.kind == ValKind::V128)
      code.byte(0x10).u32(bits128);
    code.byte(0x21).u32(locals.size());
    locals.push_back(shown);
  }
  for (size_t i = locals.size(); i-- > 0;) {
    code.byte(0x20).u32(i);
    results.push_back(locals[i]);
  }
  uint32_t function = addFunction(addType({}, results), locals, code);
  sections.append(ExportSection,
                  Encoder().name("f" + std::to_string(number)).byte(0).u32(function));
  sections.append(ExportSection, Encoder().name("s" + std::to_string(number)).byte(0).u32(state));
  return true;
}

Error Preparer::run() {
  numTypes = module.types.size();
  numFunctions = module.functions.size();
  // First, so that rewriteBodies knows their indices.
  if (options.canonicalNaNs)
    addCanonicalNaNs();
  // What replaces the imports calls these.
  addBits();
  if (Error error = replaceImports())
    return error;
  addState();
  sections.erase(ExportSection);
  for (const Export &exported : module.exports) {
    if (exported.kind == ExternKind::Func && exported.name == "hangLimitInitializer")
      hangLimit = exported.index;
    // Memories and the rest stay exported: others than the module may change them.
    if (exported.kind != ExternKind::Func)
      sections.append(ExportSection, Encoder()
                                         .name("x" + std::string(exported.name))
                                         .byte(uint8_t(exported.kind))
                                         .u32(exported.index));
  }
  size_t number = 0;
  for (const Export &exported : module.exports)
    if (exported.kind == ExternKind::Func && exported.index != hangLimit)
      addCall(number++, exported);
  return Error::success();
}

/// Whether what follows may not be executed although this was begun.
bool endsStretch(const OpcodeInfo &op) {
  switch (op.immediates) {
  case Immediates::None:
    return op.text.find(".div") != op.text.npos || op.text.find(".rem") != op.text.npos ||
           (op.text.find(".trunc_f") != op.text.npos) || op.text == "unreachable" ||
           op.text == "else" || op.text == "end" || op.text == "return" || op.text == "throw_ref" ||
           op.text == "catch_all" || op.text == "ref.as_non_null";
  case Immediates::Local:
  case Immediates::Global:
  case Immediates::Lane:
  case Immediates::Shuffle:
  case Immediates::I32:
  case Immediates::I64:
  case Immediates::F32:
  case Immediates::F64:
  case Immediates::V128:
  case Immediates::SelectTypes:
  case Immediates::HeapType: return false;
  default: return true;
  }
}

/// Functions from f32x4 or f64x2 to the same with canonical NaNs: a choice, by lanes,
/// between the operand and NaNs, as it is equal to itself or not.
void Preparer::addCanonicalNaNs() {
  uint32_t type = addType({V128}, {V128});
  for (bool isDouble : {false, true}) {
    Encoder code;
    code.byte(0x20).u32(0).byte(0xfd).u32(12); // local.get 0, v128.const
    for (int i = 0; i < (isDouble ? 2 : 4); ++i)
      if (isDouble)
        code.bytes({0, 0, 0, 0, 0, 0, 0xf8, 0x7f});
      else
        code.bytes({0, 0, 0xc0, 0x7f});
    code.byte(0x20).u32(0).byte(0x20).u32(0);
    code.byte(0xfd).u32(isDouble ? 71 : 65).byte(0xfd).u32(82); // fNxM.eq, v128.bitselect
    addFunction(type, {}, code);
  }
}

/// Whether the operator's result may have one of several NaNs (4.3.3), in lanes of floats.
bool makesNaNLanes(const OpcodeInfo &op) {
  static constexpr StringRef exact[] = {"abs", "neg", "pmin", "pmax", "splat", "eq", "ne", "lt",
                                        "gt", "le", "ge", "replace_lane"};
  StringRef text(op.text.data(), op.text.size());
  auto [shape, name] = text.split('.');
  return (shape == "f32x4" || shape == "f64x2") && !is_contained(exact, name) &&
         !name.starts_with("extract_lane") && !name.starts_with("convert_");
}

Error Preparer::rewriteBodies(std::string *operators) {
  sections.erase(CodeSection);
  FeatureSet features = FeatureSet::all();
  // The log comes before the counters, see addBits.
  uint32_t first = module.globals.size() + 1;
  for (uint32_t f = 0; f < module.functions.size(); ++f) {
    if (module.functions[f].import)
      continue;
    const Section &section = module.functions[f].body;
    OperatorReader reader(section, features, f);
    if (auto locals = reader.readLocals(); !locals)
      return locals.takeError();
    Encoder code;
    code.bytes(section.bytes.subspan(0, reader.offset() - section.offset));
    std::string names; // Of the stretch that has been begun; empty between two.
    while (!reader.atEnd()) {
      Instruction inst;
      if (Error error = reader.next(inst))
        return error;
      const OpcodeInfo &op = info(inst.op);
      // The counter leaves the stack as it is, so it may stand anywhere, also
      // before an `else` or an `end`. What it counts is what follows it.
      if (operators && names.empty() && !reader.atEnd()) {
        uint32_t counter = first + numCounters++;
        code.byte(0x23).u32(counter).i64Const(1).bytes({0x7c, 0x24}).u32(counter);
      }
      if (operators && (!names.empty() || !reader.atEnd())) {
        if (!names.empty())
          names += ' ';
        names += op.text;
      }
      code.bytes(module.bytes.subspan(inst.offset, reader.offset() - inst.offset));
      if (options.canonicalNaNs && makesNaNLanes(op))
        code.byte(0x10).u32(module.functions.size() + op.text.starts_with("f64x2"));
      if (!names.empty() && (endsStretch(op) || reader.atEnd())) {
        *operators += names + "\n";
        names.clear();
      }
    }
    sections.append(CodeSection, Encoder().sized(code));
  }
  return Error::success();
}

void Preparer::addCounters() {
  uint32_t first = module.globals.size() + 1;
  for (uint32_t i = 0; i < numCounters; ++i) {
    sections.append(GlobalSection, Encoder().bytes({I64, 1}).i64Const(0).byte(0x0b));
    sections.append(ExportSection,
                    Encoder().name("c" + std::to_string(i)).byte(3).u32(first + i));
  }
}

} // namespace

Expected<Prepared> prepare(Bytes bytes, const Options &options) {
  FeatureSet features = FeatureSet::all();
  Expected<Module> module = decodeModule(bytes, features);
  if (!module)
    return module.takeError();
  if (Error error = validateAll(*module, features))
    return error;
  Prepared prepared;
  Preparer plain(*module, options), counting(*module, options);
  if (options.canonicalNaNs)
    if (Error error = plain.rewriteBodies(nullptr))
      return error;
  if (Error error = plain.run())
    return error;
  prepared.module = plain.encode();
  if (Error error = counting.rewriteBodies(&prepared.operators))
    return error;
  if (Error error = counting.run())
    return error;
  counting.addCounters();
  prepared.counting = counting.encode();
  return prepared;
}

} // namespace wasmc::oracle
