//===- InterfaceBinding.cpp - A description meets its module ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names become indices, and types are compared.
//
//===----------------------------------------------------------------------===//
#include "abi/ModuleExports.h"

#include "llvm/ADT/DenseMap.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;
using wasm::ExternKind;
using wasm::ValType;

ModuleExports::ModuleExports(const wasm::Module &module, StringRef fileName)
    : module(module), fileName(fileName) {
  for (uint32_t i = 0; i != module.exports.size(); ++i)
    byName.try_emplace(module.exports[i].name, i);
}

Expected<uint32_t> ModuleExports::find(StringRef name, TextPosition at) const {
  auto found = byName.find(name);
  if (found != byName.end())
    return found->second;
  // For a slip of the keyboard; not for names and modules that are made to take time.
  StringRef nearest;
  unsigned distance = 3;
  if (name.size() <= 64 && module.exports.size() <= 1000)
    for (const wasm::Export &e : module.exports)
      if (StringRef other(e.name); other.size() <= 64)
        if (unsigned d = name.edit_distance(other, true, distance); d < distance) {
          distance = d;
          nearest = other;
        }
  return make_error<InterfaceError>(fileName, at,
                                    ("the module has no export " + quoted(name) +
                                     (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"))
                                        .str());
}

std::optional<uint32_t> ModuleExports::function(StringRef name, const wasm::FuncType &type) const {
  auto found = byName.find(name);
  if (found == byName.end())
    return std::nullopt;
  const wasm::Export &e = module.exports[found->second];
  if (e.kind != ExternKind::Func || module.funcType(e.index) != type)
    return std::nullopt;
  return e.index;
}

StringRef abi::kindName(ExternKind kind) {
  static constexpr StringRef names[] = {"a function", "a table", "a memory", "a global", "a tag"};
  return names[static_cast<size_t>(kind)];
}

std::string abi::typeText(const wasm::FuncType &type) {
  std::string text = wasm::toString(type);
  if (text.size() <= 120)
    return text;
  return text.substr(0, 120) + "... (" + std::to_string(type.params.size()) + " parameters)";
}

namespace {

class Binder {
public:
  Binder(Interface &interface, const wasm::Module &module, StringRef fileName)
      : interface(interface), module(module), fileName(fileName), exports(module, fileName) {}
  Error run();

private:
  Error bindExports();
  Error bindExport(uint32_t index);
  Error bindImports();
  Error bindImport(uint32_t index);
  Error bindStack();
  Error checkMemory() const;
  Error checkType(const InterfaceFunction &f, uint32_t function) const;
  Error error(TextPosition at, const Twine &message) const {
    return make_error<InterfaceError>(fileName, at, message.str());
  }

  Interface &interface;
  const wasm::Module &module;
  const StringRef fileName;
  const ModuleExports exports;
  /// Of described functions, by function index: into interface.exports.
  DenseMap<uint32_t, uint32_t> byFunction;
  /// By module and field: the first import of these names, and how many there are.
  StringMap<StringMap<std::pair<uint32_t, uint32_t>>> importsByName;
};

} // namespace

Error Binder::run() {
  if (Error e = bindExports())
    return e;
  if (Error e = bindImports())
    return e;
  if (Error e = bindStack())
    return e;
  if (Error e = checkInterfaceNames(interface, module, fileName))
    return e;
  if (Error e = checkMemory())
    return e;
  interface.initialize = exports.function("_initialize", {});
  return placeMailboxes(interface, module, exports, fileName);
}

/// The type that a function must have in the module.
static wasm::FuncType wasmType(const InterfaceFunction &f) {
  wasm::FuncType type;
  for (const Parameter &p : f.params) {
    if (p.isBuffer())
      type.params.insert(type.params.end(), 2, ValType::i32());
    else
      type.params.push_back({p.scalar, {}});
  }
  if (f.result == ResultKind::Size)
    type.results.push_back(ValType::i32());
  if (f.result == ResultKind::Scalar)
    type.results.push_back({f.scalar, {}});
  return type;
}

Error Binder::checkType(const InterfaceFunction &f, uint32_t function) const {
  wasm::FuncType expected = wasmType(f);
  const wasm::FuncType &found = module.funcType(function);
  if (expected == found)
    return Error::success();
  return error(f.at, "expected " + quoted(f.field) + " to have the type " + typeText(expected) +
                         ", as it is described, found " + typeText(found));
}

Error Binder::bindExports() {
  for (uint32_t i = 0; i != interface.exports.size(); ++i)
    if (Error e = bindExport(i))
      return e;
  return Error::success();
}

Error Binder::bindExport(uint32_t index) {
  InterfaceFunction &f = interface.exports[index];
  Expected<uint32_t> found = exports.find(f.field, f.fieldAt);
  if (!found)
    return found.takeError();
  f.index = *found;
  const wasm::Export &e = exports[f.index];
  if (e.kind != ExternKind::Func)
    return error(f.fieldAt, "the export " + quoted(f.field) + " is " + kindName(e.kind) +
                                ", and only functions can be described");
  if (auto [first, isNew] = interface.byExport.try_emplace(f.index, index); !isNew)
    return error(f.fieldAt, "the export " + quoted(f.field) + " is described already, in line " +
                                Twine(interface.exports[first->second].at.line));
  if (auto [first, isNew] = byFunction.try_emplace(e.index, index); !isNew) {
    const InterfaceFunction &other = interface.exports[first->second];
    return error(f.fieldAt, "the exports " + quoted(other.field) + " and " + quoted(f.field) +
                                " are one function, which is described already, in line " +
                                Twine(other.at.line) + ": describe one of them");
  }
  return checkType(f, e.index);
}

Error Binder::bindImports() {
  if (interface.imports.empty())
    return Error::success();
  for (uint32_t i = 0; i != module.imports.size(); ++i) {
    const wasm::Import &import = module.imports[i];
    auto [entry, isNew] = importsByName[import.module].try_emplace(import.name, i, 0);
    ++entry->second.second;
  }
  for (uint32_t i = 0; i != interface.imports.size(); ++i)
    if (Error e = bindImport(i))
      return e;
  return Error::success();
}

Error Binder::bindImport(uint32_t index) {
  InterfaceFunction &f = interface.imports[index];
  std::string name = quoted(f.module) + " " + quoted(f.field);
  auto fields = importsByName.find(f.module);
  if (fields == importsByName.end() || !fields->second.contains(f.field))
    return error(f.fieldAt, "the module has no import " + name);
  auto [found, count] = fields->second.lookup(f.field);
  // All have the same name for the host, and a type and a place of their own.
  if (count > 1)
    return error(f.fieldAt, "the module imports " + name + " " + Twine(count) +
                                " times, and what is meant by one name cannot be described");
  f.index = found;
  const wasm::Import &import = module.imports[found];
  if (import.kind != ExternKind::Func)
    return error(f.fieldAt, "the import " + name + " is " + kindName(import.kind) +
                                ", and only functions can be described");
  if (auto [first, isNew] = interface.byImport.try_emplace(f.index, index); !isNew)
    return error(f.fieldAt, "the import " + name + " is described already, in line " +
                                Twine(interface.imports[first->second].at.line));
  return checkType(f, import.index);
}

Error Binder::bindStack() {
  if (!interface.stackGlobal)
    return Error::success();
  uint32_t index = *interface.stackGlobal;
  if (index >= module.globals.size())
    return error(interface.stackAt,
                 "there is no such global: the module has " + Twine(module.globals.size()));
  const wasm::Global &global = module.globals[index];
  if (global.import)
    return error(interface.stackAt,
                 "this global is imported, and a stack pointer is the module's own");
  const bool is64 = !module.memories.empty() && module.memories[0].type.limits.is64;
  const ValType address = is64 ? ValType::i64() : ValType::i32();
  if (!global.type.isMutable || global.type.type != address)
    return error(interface.stackAt,
                 "this global is a " + Twine(global.type.isMutable ? "mutable " : "constant ") +
                     wasm::toString(global.type.type) + ", and a stack pointer is a mutable " +
                     wasm::toString(address));
  return Error::success();
}

/// Addresses and lengths are i32, of memory 0.
Error Binder::checkMemory() const {
  for (const auto *list : {&interface.exports, &interface.imports})
    for (const InterfaceFunction &f : *list)
      for (const Parameter &p : f.params) {
        if (!p.isBuffer())
          continue;
        if (module.memories.empty())
          return error(p.at, "a buffer is in the module's memory, and this module has none");
        if (module.memories[0].type.limits.is64)
          return error(p.at, "a buffer is in a memory with 32-bit addresses, and this module's "
                             "has 64-bit ones");
        return Error::success();
      }
  return Error::success();
}

Error abi::bindInterface(Interface &interface, const wasm::Module &module, StringRef fileName) {
  return Binder(interface, module, fileName).run();
}
