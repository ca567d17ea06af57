//===- Mailboxes.cpp - Where buffers lie in linear memory ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The three rules of docs/buffers.md, in their order. Here only what can be known
// before the module runs is decided: addresses are the module's own answers at
// instantiation, and are checked there.
//
//===----------------------------------------------------------------------===//
#include "abi/ModuleExports.h"
#include "wasm/Decode.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;
using wasm::ExternKind;
using wasm::ValType;

/// A load waits for a store before it whose address has the same low 12 bits: processors
/// compare no more of them at first. If an input and an output began at the same place of
/// such a page, the next message would wait for the result of the one before. So in added
/// pages each mailbox begins this much further into a page than the one before; a
/// multiple of what any type of C can be aligned to.
static constexpr uint64_t stagger = 256, comparedBytes = 4096;
/// Pages of a 32-bit memory.
static constexpr uint64_t memoryPages = 65536, pageBytes = 65536;

namespace {

class MailboxPlacer {
public:
  MailboxPlacer(Interface &interface, const wasm::Module &module, const ModuleExports &exports,
                StringRef fileName)
      : interface(interface), module(module), exports(exports), fileName(fileName) {}
  Error run();

private:
  Error place(Parameter &p);
  Error placeAtExport(Parameter &p);
  Error placeElsewhere(Parameter &p);
  Error findRule(const Parameter &p);
  void add(Parameter &p, Mailbox mailbox);
  Error checkInputs(const InterfaceFunction &f) const;
  Error checkSizes();

  Error bindAllocator();
  Error findAllocator(TextPosition at);
  Expected<bool> setAllocator(uint32_t exportIndex, TextPosition at);

  Error error(TextPosition at, const Twine &message) const {
    return make_error<InterfaceError>(fileName, at, message.str());
  }

  Interface &interface;
  const wasm::Module &module;
  const ModuleExports &exports;
  const StringRef fileName;
  /// By kind and index of what is exported: one entity can have two names.
  DenseMap<std::pair<unsigned, uint32_t>, uint32_t> byEntity;
  /// Of buffers that do not say where they lie: for all the same.
  std::optional<Mailbox::Placement> rule;
  /// Of the parameter that makes each mailbox as large as it is.
  std::vector<TextPosition> positions;
};

} // namespace

Error MailboxPlacer::run() {
  if (Error e = bindAllocator())
    return e;
  for (InterfaceFunction &f : interface.exports) {
    for (Parameter &p : f.params)
      if (Error e = p.isBuffer() ? place(p) : Error::success())
        return e;
    if (Error e = checkInputs(f))
      return e;
  }
  if (rule != Mailbox::Placement::Allocated)
    interface.allocator.reset();
  return checkSizes();
}

Error MailboxPlacer::place(Parameter &p) {
  return p.place.empty() ? placeElsewhere(p) : placeAtExport(p);
}

void MailboxPlacer::add(Parameter &p, Mailbox mailbox) {
  mailbox.capacity = p.capacity;
  mailbox.window = p.window;
  p.mailbox = interface.mailboxes.size();
  interface.mailboxes.push_back(mailbox);
  positions.push_back(p.at);
}

Error MailboxPlacer::placeAtExport(Parameter &p) {
  Expected<uint32_t> index = exports.find(p.place, p.placeAt);
  if (!index)
    return index.takeError();
  const wasm::Export &e = exports[*index];
  static const wasm::FuncType noneToAddress = {{}, {ValType::i32()}};
  std::string found = kindName(e.kind).str();
  bool fits = false;
  if (e.kind == ExternKind::Func) {
    fits = module.funcType(e.index) == noneToAddress;
    found = "a function of the type " + typeText(module.funcType(e.index));
  } else if (e.kind == ExternKind::Global) {
    const wasm::GlobalType &type = module.globals[e.index].type;
    fits = !type.isMutable && type.type == ValType::i32();
    found = (type.isMutable ? "a mutable " : "a constant ") + wasm::toString(type.type);
  }
  if (!fits)
    return error(p.placeAt,
                 "the export " + quoted(p.place) + " is " + found +
                     ": a place is a function of the type [] -> [i32] or a constant i32");
  p.placeExport = *index;
  auto [shared, isNew] =
      byEntity.try_emplace({static_cast<unsigned>(e.kind), e.index}, interface.mailboxes.size());
  if (isNew) {
    Mailbox mailbox;
    mailbox.placement = Mailbox::Placement::Export;
    mailbox.exportIndex = *index;
    add(p, mailbox);
    return Error::success();
  }
  p.mailbox = shared->second;
  Mailbox &mailbox = interface.mailboxes[p.mailbox];
  mailbox.window |= p.window;
  if (p.capacity > mailbox.capacity) {
    mailbox.capacity = p.capacity;
    positions[p.mailbox] = p.at;
  }
  return Error::success();
}

Error MailboxPlacer::placeElsewhere(Parameter &p) {
  if (!rule)
    if (Error e = findRule(p))
      return e;
  Mailbox mailbox;
  mailbox.placement = *rule;
  add(p, mailbox);
  return Error::success();
}

/// Whether an operator of the module sees or changes the size of memory 0. What a
/// body that cannot be decoded would say does not matter: it is refused later.
static const char *sizeOperator(const wasm::Module &module) {
  wasm::Instruction inst;
  for (const wasm::Function &f : module.functions) {
    if (f.import)
      continue;
    wasm::OperatorReader reader(f.body, wasm::FeatureSet::all());
    auto locals = reader.readLocals();
    Error failure = locals ? Error::success() : locals.takeError();
    while (!failure && !reader.atEnd()) {
      failure = reader.next(inst);
      if (!failure && inst.memory == 0 &&
          (inst.op == wasm::Opcode::MemorySize || inst.op == wasm::Opcode::MemoryGrow))
        return inst.op == wasm::Opcode::MemorySize ? "memory.size" : "memory.grow";
    }
    consumeError(std::move(failure));
  }
  return nullptr;
}

/// Why pages cannot be added to memory 0, or nothing. An allocator takes all memory
/// below `memory.size` for its own, and would write over the mailbox.
static std::string whyNoPages(const wasm::Module &module) {
  const wasm::Memory &memory = module.memories[0];
  if (memory.import)
    return "imports its memory";
  if (memory.type.shared)
    return "has a shared memory";
  if (memory.type.pageSizeLog2 != 16)
    return "has a memory with pages of another size";
  if (const char *name = sizeOperator(module))
    return std::string("uses ") + name;
  return {};
}

Error MailboxPlacer::findRule(const Parameter &p) {
  if (!interface.allocator)
    if (Error e = findAllocator(p.at))
      return e;
  if (interface.allocator) {
    rule = Mailbox::Placement::Allocated;
    return Error::success();
  }
  std::string why = whyNoPages(module);
  if (!why.empty())
    return error(p.at,
                 "there is no place for '" + p.name +
                     "' in the module: export an array's "
                     "address and name it ('at EXPORT'), or export an allocator (malloc, "
                     "cabi_realloc, __new, or 'alloc = EXPORT'); pages cannot be added, since "
                     "the module " +
                     why);
  rule = Mailbox::Placement::AddedPages;
  return Error::success();
}

/// Takes an export as the allocator if its type is that of one.
Expected<bool> MailboxPlacer::setAllocator(uint32_t exportIndex, TextPosition at) {
  const wasm::Export &e = exports[exportIndex];
  if (e.kind != ExternKind::Func)
    return false;
  const wasm::FuncType &type = module.funcType(e.index);
  auto isI32 = [](const ValType &t) { return t == ValType::i32(); };
  if (type.results.size() != 1 || !isI32(type.results[0]) || !all_of(type.params, isI32))
    return false;
  Allocator allocator;
  allocator.function = e.index;
  switch (type.params.size()) {
  case 1: allocator.kind = Allocator::Kind::Malloc; break;
  case 2: allocator.kind = Allocator::Kind::AssemblyScript; break;
  case 4: allocator.kind = Allocator::Kind::CabiRealloc; break;
  default: return false;
  }
  // Without its pin, a collector of garbage would take the mailbox back.
  if (allocator.kind == Allocator::Kind::AssemblyScript && exports.contains("__pin")) {
    allocator.pin = exports.function("__pin", {{ValType::i32()}, {ValType::i32()}});
    if (!allocator.pin)
      return error(at, "the export '__pin', which belongs to the allocator, is no function of the "
                       "type [i32] -> [i32]");
  }
  interface.allocator = allocator;
  return true;
}

/// The one that the description names: it must be one even if nothing needs it.
Error MailboxPlacer::bindAllocator() {
  if (!interface.allocName)
    return Error::success();
  Expected<uint32_t> index = exports.find(*interface.allocName, interface.allocAt);
  if (!index)
    return index.takeError();
  Expected<bool> isSet = setAllocator(*index, interface.allocAt);
  if (!isSet)
    return isSet.takeError();
  if (*isSet)
    return Error::success();
  const wasm::Export &e = exports[*index];
  std::string found = kindName(e.kind).str();
  if (e.kind == ExternKind::Func)
    found += " of the type " + typeText(module.funcType(e.index));
  return error(interface.allocAt,
               "the export " + quoted(*interface.allocName) + " is " + found +
                   ": an allocator is a function of the type [i32] -> [i32], as malloc, "
                   "[i32 i32 i32 i32] -> [i32], as cabi_realloc, or [i32 i32] -> [i32], as __new");
}

/// One that has a known name and the type that belongs to it: under this name, a
/// function of another type is something else.
Error MailboxPlacer::findAllocator(TextPosition at) {
  const ValType i32 = ValType::i32();
  const std::pair<StringRef, wasm::FuncType> known[] = {
      {"malloc", {{i32}, {i32}}},
      {"cabi_realloc", {{i32, i32, i32, i32}, {i32}}},
      {"__new", {{i32, i32}, {i32}}}};
  for (const auto &[name, type] : known) {
    if (!exports.function(name, type))
      continue;
    Expected<uint32_t> index = exports.find(name, at);
    return index ? setAllocator(*index, at).takeError() : index.takeError();
  }
  return Error::success();
}

/// An output may lie where an input lay; of two inputs, the second would be written
/// over the first.
Error MailboxPlacer::checkInputs(const InterfaceFunction &f) const {
  DenseMap<uint32_t, const Parameter *> inputs;
  for (const Parameter &p : f.params) {
    if (!p.isBuffer() || p.output)
      continue;
    auto [other, isNew] = inputs.try_emplace(p.mailbox, &p);
    if (!isNew)
      return error(p.placeAt, "'" + p.name + "' would be written over '" + other->second->name +
                                  "', which is at the same place: each input needs its own");
  }
  return Error::success();
}

/// All mailboxes fit into the memory side by side. Those in added pages get their
/// offsets.
Error MailboxPlacer::checkSizes() {
  const wasm::MemoryType *memory = module.memories.empty() ? nullptr : &module.memories[0].type;
  uint64_t inside = 0, added = 0;
  for (size_t i = 0; i != interface.mailboxes.size(); ++i) {
    Mailbox &mailbox = interface.mailboxes[i];
    if (mailbox.window && mailbox.capacity % windowPage != 0)
      return error(positions[i], "this buffer shares its mailbox with a window: its size must be a "
                                 "multiple of " +
                                     Twine(windowPage));
    uint64_t needed = 0, most = memoryPages * pageBytes;
    if (mailbox.placement == Mailbox::Placement::AddedPages) {
      // Windows take whole pages.
      mailbox.addedOffset = mailbox.window
                                ? alignTo(added, windowPage)
                                : alignTo(added, comparedBytes, i * stagger % comparedBytes);
      added = mailbox.addedOffset + mailbox.capacity;
      interface.addedPages = divideCeil(added, pageBytes);
      needed = (memory->limits.min + interface.addedPages) * pageBytes;
    } else {
      needed = inside += mailbox.capacity;
      if (memory->limits.hasMax)
        most = memory->limits.max << memory->pageSizeLog2;
    }
    if (needed > most)
      return error(positions[i], "the mailboxes up to this one need a memory of " + Twine(needed) +
                                     " bytes, and the module's has at most " + Twine(most));
  }
  return Error::success();
}

Error abi::placeMailboxes(Interface &interface, const wasm::Module &module,
                          const ModuleExports &exports, StringRef fileName) {
  return MailboxPlacer(interface, module, exports, fileName).run();
}
