//===- Linking.cpp - Imports of one module, exports of another -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Linking.h"

#include "wasm/Error.h"
#include "wasm/Subtyping.h"
#include "wasm/Validate.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;

namespace wasmc::wasm {

char SourceError::ID;

void SourceError::log(raw_ostream &os) const {
  std::string text = toString(std::move(cause));
  os << text;
  cause = createStringError(text);
}

Error inSource(size_t source, Error error) {
  return error ? make_error<SourceError>(source, std::move(error)) : Error::success();
}

static std::string limitsText(const Limits &limits) {
  std::string text = limits.is64 ? "i64 " : "";
  text += std::to_string(limits.min);
  if (limits.hasMax)
    text += ' ' + std::to_string(limits.max);
  return text;
}

std::string externTypeText(const Module &module, ExternKind kind, uint32_t index) {
  switch (kind) {
  case ExternKind::Func: return toString(module.funcType(index));
  case ExternKind::Table:
    return limitsText(module.tables[index].type.limits) + ' ' +
           toString(module.tables[index].type.element);
  case ExternKind::Memory: {
    const MemoryType &type = module.memories[index].type;
    std::string text = limitsText(type.limits) + (type.shared ? " shared" : "");
    return type.pageSizeLog2 == 16 ? text : text + " (pagesize 1)";
  }
  case ExternKind::Global: {
    const GlobalType &type = module.globals[index].type;
    std::string text = toString(type.type);
    return type.isMutable ? "(mut " + text + ")" : text;
  }
  case ExternKind::Tag: return toString(module.types[module.tags[index].type].func);
  }
  llvm_unreachable("every kind has a type");
}

std::string externText(const Module &module, ExternKind kind, uint32_t index) {
  static constexpr StringRef names[] = {"function", "table", "memory", "global", "tag"};
  std::string text = externTypeText(module, kind, index);
  // Some of what can be a type of a thousand parameters.
  if (text.size() > 200)
    text = text.substr(0, 200) + "...";
  return names[static_cast<size_t>(kind)].str() + ' ' + text;
}

namespace {

/// Types of a provider's export and of the import that is bound to it: defined types
/// of two modules are the same if their texts are.
class Matcher {
public:
  Matcher(const Module &provider, TypeTexts &provided, const Module &importer, TypeTexts &wanted)
      : provider(provider), importer(importer), provided(provided), wanted(wanted) {}

  bool matches(ExternKind kind, uint32_t sub, uint32_t super) {
    switch (kind) {
    case ExternKind::Func:
      return definedMatches(provider.functions[sub].type, importer.functions[super].type);
    case ExternKind::Table: {
      const TableType &s = provider.tables[sub].type, &t = importer.tables[super].type;
      return equal(s.element, t.element) && limitsMatch(s.limits, t.limits);
    }
    case ExternKind::Memory: {
      const MemoryType &s = provider.memories[sub].type, &t = importer.memories[super].type;
      return s.shared == t.shared && s.pageSizeLog2 == t.pageSizeLog2 &&
             limitsMatch(s.limits, t.limits);
    }
    case ExternKind::Global: {
      const GlobalType &s = provider.globals[sub].type, &t = importer.globals[super].type;
      if (s.isMutable != t.isMutable || s.type.kind != t.type.kind)
        return false;
      if (!s.type.isRef())
        return true;
      return s.isMutable ? equal(s.type.ref, t.type.ref) : refMatches(s.type.ref, t.type.ref);
    }
    case ExternKind::Tag:
      return provided(provider.tags[sub].type) == wanted(importer.tags[super].type);
    }
    llvm_unreachable("every kind is matched");
  }

private:
  /// Walks up the declared supertypes, of which validation allows 63.
  bool definedMatches(uint32_t sub, uint32_t super) {
    const std::string &text = wanted(super);
    while (provided(sub) != text) {
      if (provider.types[sub].supers.empty())
        return false;
      sub = provider.types[sub].supers.front();
    }
    return true;
  }

  bool refMatches(RefType sub, RefType super) {
    if (sub.nullable && !super.nullable)
      return false;
    if (super.heap.kind != HeapKind::Concrete)
      return wasm::matches(provider, sub.heap, super.heap);
    if (sub.heap.kind != HeapKind::Concrete)
      return wasm::matches(importer, sub.heap, super.heap);
    return definedMatches(sub.heap.index, super.heap.index);
  }

  bool equal(RefType a, RefType b) {
    if (a.nullable != b.nullable || a.heap.kind != b.heap.kind)
      return false;
    return a.heap.kind != HeapKind::Concrete || provided(a.heap.index) == wanted(b.heap.index);
  }

  /// The size is that of the moment when the importing instance is made, which may
  /// be more than the declared minimum: the runtime compares it.
  static bool limitsMatch(const Limits &sub, const Limits &super) {
    return sub.is64 == super.is64 && (!super.hasMax || (sub.hasMax && sub.max <= super.max));
  }

  const Module &provider, &importer;
  TypeTexts &provided, &wanted;
};

class Linker {
public:
  explicit Linker(ArrayRef<Linkable> modules) : result(modules.size()), modules(modules) {
    for (const Linkable &m : modules) {
      texts.emplace_back(*m.module);
      exports.emplace_back();
      for (uint32_t i = 0; i != m.module->exports.size(); ++i)
        exports.back().try_emplace(m.module->exports[i].name, i);
    }
  }

  Error run() {
    for (uint32_t i = 0; i != modules.size(); ++i)
      if (auto [first, isNew] = byName.try_emplace(modules[i].name, i); !isNew)
        return inSource(i, createStringError("'" + modules[first->second].file +
                                             "' is called '" + modules[i].name +
                                             "', too: name one of them, as in NAME=FILE"));
    for (uint32_t i = 0; i != modules.size(); ++i)
      if (Error e = bind(i))
        return inSource(i, std::move(e));
    return findCycle();
  }

  std::vector<Links> result;

private:
  Error bind(uint32_t importing) {
    const Module &module = *modules[importing].module;
    Links &links = result[importing];
    links.imports.resize(module.imports.size());
    for (uint32_t i = 0; i != module.imports.size(); ++i) {
      auto found = byName.find(module.imports[i].module);
      if (found == byName.end() || found->second == importing)
        continue;
      uint32_t provider = found->second;
      auto entry = exports[provider].find(module.imports[i].name);
      if (entry == exports[provider].end()) {
        links.missing.push_back(i);
        continue;
      }
      if (Error e = checkTypes(importing, i, provider, entry->second))
        return e;
      auto known = find(links.providers, provider);
      links.imports[i] = {static_cast<uint32_t>(known - links.providers.begin()), entry->second};
      if (known == links.providers.end())
        links.providers.push_back(provider);
    }
    return Error::success();
  }

  Error checkTypes(uint32_t importing, uint32_t i, uint32_t from, uint32_t entry) {
    const Module &importer = *modules[importing].module, &provider = *modules[from].module;
    const Import &import = importer.imports[i];
    const Export &e = provider.exports[entry];
    Matcher matcher(provider, texts[from], importer, texts[importing]);
    if (import.kind == e.kind && matcher.matches(e.kind, e.index, import.index))
      return Error::success();
    std::string expected = externText(importer, import.kind, import.index);
    std::string found = externText(provider, e.kind, e.index);
    // Alike as far as they are shown: the difference is in their groups or supertypes.
    if (expected == found && e.kind == ExternKind::Func) {
      expected = "function " + texts[importing](importer.functions[import.index].type);
      found = "function " + texts[from](provider.functions[e.index].type);
    }
    std::string message;
    raw_string_ostream(message) << "import \"" << StringRef(import.module) << "\" \""
                                << StringRef(import.name) << "\": expected " << expected
                                << ", found " << found << " in " << modules[from].file << ":0x"
                                << utohexstr(e.offset, /*LowerCase=*/true);
    return make_error<WasmError>(ErrorKind::Invalid, import.offset, message);
  }

  /// An instance is made after those that it imports from.
  Error findCycle() {
    std::vector<uint32_t> order = providersFirst(result);
    std::vector<uint32_t> place(modules.size());
    for (uint32_t i = 0; i != order.size(); ++i)
      place[order[i]] = i;
    for (uint32_t i = 0; i != modules.size(); ++i)
      for (uint32_t p : result[i].providers)
        if (place[p] >= place[i])
          return inSource(i, cycleError(i, p));
    return Error::success();
  }

  /// `from` imports from `to`, which leads back to it.
  Error cycleError(uint32_t from, uint32_t to) {
    const Links &links = result[from];
    size_t offset = 0;
    for (uint32_t i = 0; i != links.imports.size() && !offset; ++i)
      if (links.imports[i] && links.providers[links.imports[i]->provider] == to)
        offset = modules[from].module->imports[i].offset;
    std::string message = "modules import from each other in a cycle, so that none can be "
                          "instantiated first: '" +
                          modules[from].name + "'";
    for (uint32_t step : pathTo(to, from))
      message += ", '" + modules[step].name + "'";
    return make_error<WasmError>(ErrorKind::Invalid, offset, message);
  }

  std::vector<uint32_t> pathTo(uint32_t from, uint32_t to) {
    std::vector<uint32_t> path = {from};
    std::vector<bool> seen(modules.size());
    while (path.back() != to) {
      seen[path.back()] = true;
      const std::vector<uint32_t> &next = result[path.back()].providers;
      auto step = find_if(next, [&](uint32_t p) { return !seen[p]; });
      if (step == next.end())
        path.pop_back();
      else
        path.push_back(*step);
    }
    return path;
  }

  ArrayRef<Linkable> modules;
  std::vector<TypeTexts> texts;
  std::vector<StringMap<uint32_t>> exports;
  StringMap<uint32_t> byName;
};

} // namespace

Expected<std::vector<Links>> linkModules(ArrayRef<Linkable> modules) {
  Linker linker(modules);
  if (Error e = linker.run())
    return e;
  return std::move(linker.result);
}

std::vector<uint32_t> providersFirst(ArrayRef<Links> links) {
  std::vector<uint32_t> order;
  std::vector<bool> seen(links.size());
  std::vector<std::pair<uint32_t, size_t>> path;
  for (uint32_t root = 0; root != links.size(); ++root) {
    if (seen[root])
      continue;
    seen[root] = true;
    path.push_back({root, 0});
    while (!path.empty()) {
      auto &[module, next] = path.back();
      const std::vector<uint32_t> &providers = links[module].providers;
      if (next == providers.size()) {
        order.push_back(module);
        path.pop_back();
        continue;
      }
      uint32_t provider = providers[next++];
      if (!seen[provider]) {
        seen[provider] = true;
        path.push_back({provider, 0});
      }
    }
  }
  return order;
}

} // namespace wasmc::wasm
