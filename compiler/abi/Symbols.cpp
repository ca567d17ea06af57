//===- Symbols.cpp - Names of symbols and of C entities -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/Symbols.h"
#include "abi/Interface.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace wasmc;

static std::string hexByte(unsigned char c) { return toHex(StringRef((const char *)&c, 1), true); }

std::string abi::escapeIdentifier(StringRef text) {
  std::string result;
  if (text.empty() || isDigit(text[0]))
    result = "_";
  for (char c : text) {
    if (isAlnum(c) || c == '_')
      result += c;
    else
      result += "_x" + hexByte(c);
  }
  return result;
}

std::string abi::escapeText(StringRef text) {
  std::string result;
  for (char c : text) {
    if (isPrint(c) && !StringRef("\"\\*?/").contains(c))
      result += c;
    else
      result += "\\x" + hexByte(c);
  }
  return result;
}

bool abi::isOwnName(StringRef name) {
  return is_contained({"trap", "error", "imports", "import", "module", "instance", "create", "raw",
                       "get", "init", "self", "owner"},
                      name);
}

bool abi::isReservedWord(StringRef word) {
  static const StringSet<> names = {
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
      "case", "catch", "char", "char8_t", "char16_t", "char32_t", "class", "compl", "concept",
      "const", "consteval", "constexpr", "constinit", "const_cast", "continue", "co_await",
      "co_return", "co_yield", "decltype", "default", "do", "double", "dynamic_cast", "else",
      "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if",
      "inline", "int", "long", "mutable", "namespace", "noexcept", "not", "not_eq", "nullptr",
      "operator", "or", "or_eq", "private", "protected", "public", "register",
      "reinterpret_cast", "requires", "return", "short", "signed", "sizeof", "static",
      "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local",
      "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
      "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq", "new", "delete", "main",
      "restrict", "wasmc", "std"};
  return names.contains(word);
}

namespace {
/// Hands out names, each once. The counter of a wanted name is kept, so that a
/// module which wants one name 100,000 times costs no more than another.
class NameTable {
public:
  std::string take(std::string wanted) {
    if (abi::isOwnName(wanted) || abi::isReservedWord(wanted))
      wanted += '_';
    std::string name = wanted;
    unsigned &count = counts[wanted];
    while (!taken.insert(name).second) {
      count = std::max(count, 1u) + 1;
      name = wanted + "_" + std::to_string(count);
    }
    return name;
  }

private:
  StringSet<> taken;
  StringMap<unsigned> counts;
};
} // namespace

bool abi::mayBeMacro(StringRef name) {
  return name.starts_with("_") || none_of(name, isLower) ||
         is_contained({"errno", "stdin", "stdout", "stderr", "linux", "unix", "i386", "assert",
                       "offsetof", "signals", "slots", "emit", "major", "minor", "makedev"},
                      name);
}

/// Whether it means something where the class's members are declared.
static bool isMembersOwn(StringRef name, StringRef prefix) {
  bool operand = name.size() > 1 && (name[0] == 'p' || name[0] == 'r') &&
                 all_of(name.drop_front(), isDigit);
  return operand || name == prefix || name == "status" || name == "made" ||
         name.ends_with("_t") || name.starts_with("wasmc_");
}

std::vector<std::string> abi::memberNames(const Names &names, StringRef prefix) {
  NameTable table;
  std::vector<std::string> members;
  for (const std::string &setter : names.setters)
    if (!setter.empty())
      table.take(setter);
  for (const std::string &name : names.exports)
    members.push_back(
        table.take(mayBeMacro(name) || isMembersOwn(name, prefix) ? name + "_" : name));
  return members;
}

abi::Names abi::makeNames(const wasm::Module &module, const Interface *interface) {
  Names names;
  NameTable exports, imports;
  for (const wasm::Export &e : module.exports)
    names.exports.push_back(exports.take(escapeIdentifier(e.name)));
  for (size_t i = 0; i != module.exports.size(); ++i) {
    const wasm::Export &e = module.exports[i];
    bool hasSetter =
        e.kind == wasm::ExternKind::Global && module.globals[e.index].type.isMutable;
    names.setters.push_back(hasSetter ? exports.take("set_" + names.exports[i]) : "");
  }
  for (const wasm::Import &i : module.imports) {
    // Fields of a structure: without a prefix, too.
    std::string name = escapeIdentifier(i.module) + "_" + escapeIdentifier(i.name);
    names.imports.push_back(imports.take(mayBeMacro(name) ? name + "_" : name));
  }
  if (!interface)
    return names;
  // checkInterfaceNames() has seen to it that none of these is there already.
  for (const InterfaceFunction &f : interface->exports)
    names.exports[f.index] = f.name;
  for (const InterfaceFunction &f : interface->imports)
    names.imports[f.index] = f.name;
  return names;
}

static char letter(const wasm::ValType &type) {
  switch (type.kind) {
  case wasm::ValKind::I32: return 'i';
  case wasm::ValKind::I64: return 'l';
  case wasm::ValKind::F32: return 'f';
  case wasm::ValKind::F64: return 'd';
  case wasm::ValKind::V128: return 'v';
  default: return 'r';
  }
}

std::string abi::importSymbol(StringRef prefix, const wasm::Module &module, uint32_t import) {
  const wasm::Import &i = module.imports[import];
  const wasm::FuncType &type = module.funcType(i.index);
  std::string params, results;
  for (const wasm::ValType &t : type.params)
    params += letter(t);
  for (const wasm::ValType &t : type.results)
    results += letter(t);
  return (prefix + "_import_" + escapeIdentifier(i.module) + "__" + escapeIdentifier(i.name) +
          "__" + params + "_" + results)
      .str();
}

std::string abi::typeSymbol(StringRef text) {
  auto plain = [](char c) { return isAlnum(c) || c == '_'; };
  if (text.size() <= 64 && all_of(text, plain))
    return ("__wasmc_type_" + text).str();
  // A cryptographic hash: the name decides what the linker merges, and a module
  // must not be able to make two types meet.
  auto digest = SHA256::hash(arrayRefFromStringRef(text));
  return "__wasmc_type_x" + toHex(ArrayRef(digest), true);
}
