//===- InterfaceNames.cpp - No C name of a header is there twice --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names that a module gives are made to differ (makeNames). What a description
// gives is what a host's source says, so it stays or is an error; and so do the
// names that exports have without it, for these, too, are in a host's source.
//
//===----------------------------------------------------------------------===//
#include "abi/BufferSignature.h"
#include "abi/Symbols.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;

namespace {

/// Who has a name.
struct Owner {
  enum Kind : uint8_t { Export, Setter, Import, Described } kind;
  uint32_t index; ///< Into Module::exports, Module::imports or Interface::exports.
};

class NameCheck {
public:
  NameCheck(const Interface &interface, const wasm::Module &module, StringRef fileName)
      : interface(interface), module(module), fileName(fileName), names(makeNames(module)) {}

  Error exports();
  Error imports();

private:
  std::string describe(Owner owner) const;
  Error clash(const InterfaceFunction &f, StringRef name, Owner owner) const;

  const Interface &interface;
  const wasm::Module &module;
  const StringRef fileName;
  const Names names;
};

} // namespace

std::string NameCheck::describe(Owner owner) const {
  switch (owner.kind) {
  case Owner::Export: return "the export " + quoted(module.exports[owner.index].name);
  case Owner::Setter: return "the setter of the export " + quoted(module.exports[owner.index].name);
  case Owner::Import: return "the import " + quoted(module.imports[owner.index].name);
  case Owner::Described: break;
  }
  const InterfaceFunction &f = interface.exports[owner.index];
  return ("'" + Twine(f.name) + "' in line " + Twine(f.at.line)).str();
}

/// The buffer that a generated name is for, or null where it is for all.
static const Parameter *bufferOf(const InterfaceFunction &f, StringRef generated) {
  for (uint32_t i = 0; i != f.params.size(); ++i) {
    StringRef rest = generated;
    if (f.params[i].isBuffer() && rest.consume_front(bufferName(f, i)) &&
        (rest.empty() || rest == "_capacity" || rest == "_map" || rest == "_unmap"))
      return &f.params[i];
  }
  return nullptr;
}

Error NameCheck::clash(const InterfaceFunction &f, StringRef name, Owner owner) const {
  const Parameter *buffer = bufferOf(f, name);
  std::string message = "'" + name.str() + "'", what = buffer ? "buffer" : "function";
  if (name == f.name) {
    message += " is the name in C of " + describe(owner) +
               ": give the function another, and its own in quotes: export NAME = \"...\"";
  } else if (owner.kind == Owner::Described && &interface.exports[owner.index] == &f) {
    message += " would be generated twice for '" + f.name + "': give the buffer another name";
  } else {
    message += ", which is generated" + (buffer ? " for the buffer '" + buffer->name + "'" : "") +
               ", is the name in C of " + describe(owner) + ": give the " + what + " another name";
  }
  return make_error<InterfaceError>(fileName, buffer ? buffer->at : f.at, std::move(message));
}

Error NameCheck::exports() {
  // An export that only says where a mailbox lies is not for the host, and may be
  // called as what is generated for the buffer: makeNames() gives it another name.
  StringSet<> places;
  for (const InterfaceFunction &f : interface.exports)
    for (const Parameter &p : f.params)
      places.insert(p.place);
  StringMap<Owner> taken;
  for (uint32_t i = 0; i != module.exports.size(); ++i) {
    if (!interface.ofExport(i) && !places.contains(module.exports[i].name))
      taken.try_emplace(names.exports[i], Owner{Owner::Export, i});
    if (!names.setters[i].empty())
      taken.try_emplace(names.setters[i], Owner{Owner::Setter, i});
  }
  for (uint32_t i = 0; i != interface.exports.size(); ++i)
    for (const std::string &name : generatedNames(interface.exports[i]))
      if (auto [other, isNew] = taken.try_emplace(name, Owner{Owner::Described, i}); !isNew)
        return clash(interface.exports[i], name, other->second);
  return Error::success();
}

/// Fields of the structure of imports.
Error NameCheck::imports() {
  StringMap<Owner> taken;
  for (uint32_t i = 0; i != module.imports.size(); ++i)
    if (!interface.ofImport(i))
      taken.try_emplace(names.imports[i], Owner{Owner::Import, i});
  for (const InterfaceFunction &f : interface.imports)
    if (auto other = taken.find(f.name); other != taken.end())
      return make_error<InterfaceError>(
          fileName, f.at,
          "'" + f.name + "' is the name in C of " + describe(other->second) +
              ": give the function another, and its own in quotes: import NAME = \"...\" \"...\"");
  return Error::success();
}

Error abi::checkInterfaceNames(const Interface &interface, const wasm::Module &module,
                               StringRef fileName) {
  NameCheck check(interface, module, fileName);
  if (Error e = check.exports())
    return e;
  return check.imports();
}
