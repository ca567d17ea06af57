//===- Symbols.cpp - Names of symbols and of C entities -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/Symbols.h"
#include "abi/BufferSignature.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

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

/// Symbols of imports and the macros that stand for them; where an export's entry
/// had such a symbol, the module's own call of the import would reach it.
static bool isImportName(StringRef name) { return name.starts_with("import_"); }

bool abi::isOwnName(StringRef name) {
  return isImportName(name) ||
         is_contained({"trap", "error", "imports", "import", "module", "instance", "create", "raw",
                       "get", "init", "self", "owner", "reset"},
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
  void reserve(StringRef name) { taken.insert(name); }
  std::string take(std::string wanted) {
    if (isImportName(wanted))
      wanted = '_' + wanted;
    else if (abi::isOwnName(wanted) || abi::isReservedWord(wanted))
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
  bool operand =
      name.size() > 1 && (name[0] == 'p' || name[0] == 'r') && all_of(name.drop_front(), isDigit);
  return operand || name == prefix || name == "status" || name == "made" || name.ends_with("_t") ||
         name.starts_with("wasmc_");
}

abi::MemberNames abi::memberNames(const Names &names, StringRef prefix,
                                  const Interface &interface) {
  NameTable table;
  MemberNames members;
  auto take = [&](const std::string &name) {
    return table.take(mayBeMacro(name) || isMembersOwn(name, prefix) ? name + "_" : name);
  };
  for (const InterfaceFunction &f : interface.exports)
    for (const std::string &name : generatedNames(f))
      members.described[name] = take(name);
  for (const std::string &setter : names.setters)
    if (!setter.empty())
      table.take(setter);
  for (size_t i = 0; i != names.exports.size(); ++i)
    members.exports.push_back(interface.ofExport(i) ? members.described[names.exports[i]]
                                                    : take(names.exports[i]));
  return members;
}

abi::Names abi::makeNames(const wasm::Module &module, const Interface *interface) {
  static const Interface nothing;
  const Interface &described = interface ? *interface : nothing;
  Names names;
  NameTable exports, imports;
  for (const InterfaceFunction &f : described.exports)
    for (const std::string &name : generatedNames(f))
      exports.reserve(name);
  for (const InterfaceFunction &f : described.imports)
    imports.reserve(f.name);
  for (size_t i = 0; i != module.exports.size(); ++i) {
    const InterfaceFunction *f = described.ofExport(i);
    names.exports.push_back(f ? f->name : exports.take(escapeIdentifier(module.exports[i].name)));
  }
  for (size_t i = 0; i != module.exports.size(); ++i) {
    const wasm::Export &e = module.exports[i];
    bool hasSetter = e.kind == wasm::ExternKind::Global && module.globals[e.index].type.isMutable;
    names.setters.push_back(hasSetter ? exports.take("set_" + names.exports[i]) : "");
  }
  for (size_t i = 0; i != module.imports.size(); ++i) {
    const InterfaceFunction *f = described.ofImport(i);
    // Fields of a structure: without a prefix, too.
    std::string name =
        escapeIdentifier(module.imports[i].module) + "_" + escapeIdentifier(module.imports[i].name);
    names.imports.push_back(f ? f->name : imports.take(mayBeMacro(name) ? name + "_" : name));
  }
  return names;
}

bool abi::mayBegin(const Names &names, const Interface *interface, StringRef start) {
  auto begins = [&](StringRef name) {
    return name.consume_front(start) && (name.empty() || name.starts_with("_"));
  };
  auto anyBegins = [&](const std::vector<std::string> &list) { return any_of(list, begins); };
  // The first word is one of ours: `imports`, a type; `import_...`, macros.
  StringRef first = start.split('_').first;
  if (isOwnName(start) || isOwnName(first) || first == "new" || first == "delete")
    return true;
  if (anyBegins(names.exports) || anyBegins(names.setters))
    return true;
  return interface && any_of(interface->exports, [&](const InterfaceFunction &f) {
           return anyBegins(generatedNames(f));
         });
}

static char letter(wasm::ValKind kind) {
  switch (kind) {
  case wasm::ValKind::I32: return 'i';
  case wasm::ValKind::I64: return 'l';
  case wasm::ValKind::F32: return 'f';
  case wasm::ValKind::F64: return 'd';
  case wasm::ValKind::V128: return 'v';
  default: return 'r';
  }
}

/// One for each described parameter.
static char letter(const abi::Parameter &p) {
  if (p.isBuffer())
    return p.output ? 'o' : 'b';
  return letter(p.scalar);
}

std::string abi::importSymbol(StringRef prefix, const wasm::Module &module, uint32_t import,
                              const InterfaceFunction *described) {
  const wasm::Import &i = module.imports[import];
  std::string params, results;
  if (described) {
    for (const Parameter &p : described->params)
      params += letter(p);
    if (described->result != ResultKind::None)
      results = described->result == ResultKind::Size ? 'z' : letter(described->scalar);
  } else {
    const wasm::FuncType &type = module.funcType(i.index);
    for (const wasm::ValType &t : type.params)
      params += letter(t.kind);
    for (const wasm::ValType &t : type.results)
      results += letter(t.kind);
  }
  return (prefix + "_import_" + escapeIdentifier(i.module) + "__" + escapeIdentifier(i.name) +
          "__" + params + "_" + results)
      .str();
}

std::string abi::typeSymbol(StringRef text) {
  // The name decides what the linker merges, and a module must not be able to make
  // two types meet: each text has a name of its own. Texts have no capitals.
  std::string name = "__wasmc_type_";
  for (char c : text)
    switch (c) {
    case '(': name += 'L'; break;
    case ')': name += 'J'; break;
    case ' ': name += '_'; break;
    case '.': name += 'D'; break;
    case ':': name += 'C'; break;
    default:
      assert((isLower(c) || isDigit(c)) && "a character that no text of a type has");
      name += c;
    }
  return name;
}
