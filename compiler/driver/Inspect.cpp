//===- Inspect.cpp - wasmc inspect -----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inspect.h"

#include "Diagnostics.h"
#include "wasm/Features.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace wasmc::driver {

using wasm::ExternKind;

static StringRef kindName(ExternKind kind) {
  static constexpr StringRef names[] = {"func", "table", "memory", "global", "tag"};
  return names[static_cast<size_t>(kind)];
}

/// What of a proposal that the module needs cannot be compiled; empty if nothing.
static std::string whatIsMissing(const wasm::Module &module, wasm::Feature feature) {
  if (!wasm::FeatureSet::lowered().has(feature))
    return ", cannot be compiled yet";
  if (feature == wasm::Feature::GC && module.objects)
    return formatv(", of which objects (first at {0:x}) cannot be compiled yet", *module.objects);
  return "";
}

static json::Array toJson(const wasm::ResultType &types) {
  json::Array array;
  for (const wasm::ValType &type : types)
    array.push_back(wasm::toString(type));
  return array;
}

static json::Object toJson(const wasm::Limits &limits) {
  json::Object object{{"min", limits.min}, {"address", limits.is64 ? "i64" : "i32"}};
  if (limits.hasMax)
    object["max"] = limits.max;
  return object;
}

/// Kind and type of an entity.
static json::Object describe(const wasm::Module &module, ExternKind kind, uint32_t index) {
  json::Object object{{"kind", kindName(kind)}, {"index", index}};
  switch (kind) {
  case ExternKind::Func:
    object["params"] = toJson(module.funcType(index).params);
    object["results"] = toJson(module.funcType(index).results);
    break;
  case ExternKind::Table:
    object["limits"] = toJson(module.tables[index].type.limits);
    object["element"] = wasm::toString(module.tables[index].type.element);
    break;
  case ExternKind::Memory: {
    const wasm::MemoryType &type = module.memories[index].type;
    object["limits"] = toJson(type.limits);
    object["pageSize"] = uint64_t(1) << type.pageSizeLog2;
    object["shared"] = type.shared;
    break;
  }
  case ExternKind::Global:
    object["type"] = wasm::toString(module.globals[index].type.type);
    object["mutable"] = module.globals[index].type.isMutable;
    break;
  case ExternKind::Tag:
    object["params"] = toJson(module.types[module.tags[index].type].func.params);
    break;
  }
  return object;
}

/// JSON must be UTF-8, and names are: the decoder has seen to it (5.2.4), but for
/// those of the name section, which it leaves as they are.
static std::string utf8(std::string_view name) { return json::fixUTF8(StringRef(name)); }

template <typename Entities>
static json::Array describeAll(const wasm::Module &module, ExternKind kind,
                               const Entities &entities) {
  json::Array array;
  for (uint32_t i = 0; i < entities.size(); ++i) {
    json::Object object = describe(module, kind, i);
    object["imported"] = entities[i].import.has_value();
    array.push_back(std::move(object));
  }
  return array;
}

json::Object inspect(const wasm::Module &module, const abi::Interface *interface,
                     const InspectedLinks &linked) {
  json::Array imports, exports, features, customs;
  for (size_t i = 0; i != module.imports.size(); ++i) {
    const wasm::Import &import = module.imports[i];
    json::Object object = describe(module, import.kind, import.index);
    object["module"] = utf8(import.module);
    object["name"] = utf8(import.name);
    if (StringRef provider = linked.providerOf(i); !provider.empty())
      object["provider"] = utf8(provider);
    imports.push_back(std::move(object));
  }
  for (const wasm::Export &entry : module.exports) {
    json::Object object = describe(module, entry.kind, entry.index);
    object["name"] = utf8(entry.name);
    exports.push_back(std::move(object));
  }
  for (const auto &[feature, offset] : module.required)
    features.push_back(json::Object{{"name", StringRef(wasm::featureName(feature))},
                                    {"offset", offset},
                                    {"supported", whatIsMissing(module, feature).empty()}});
  for (const wasm::CustomSection &custom : module.customs)
    customs.push_back(json::Object{{"name", utf8(custom.name)}, {"size", custom.bytes.size()}});
  json::Object result{{"size", module.bytes.size()},
                      {"functions", module.functions.size() - module.numImportedFunctions()},
                      {"imports", std::move(imports)},
                      {"exports", std::move(exports)},
                      {"memories", describeAll(module, ExternKind::Memory, module.memories)},
                      {"tables", describeAll(module, ExternKind::Table, module.tables)},
                      {"features", std::move(features)},
                      {"customSections", std::move(customs)}};
  if (!module.name.empty())
    result["name"] = utf8(module.name);
  if (module.start)
    result["start"] = *module.start;
  if (interface)
    result["interface"] = inspectInterface(module, *interface);
  return result;
}

template <typename Entities>
static void printAll(raw_ostream &os, StringRef title, const wasm::Module &module, ExternKind kind,
                     const Entities &entities) {
  if (entities.empty())
    return;
  os << title << ":\n";
  for (uint32_t i = 0; i < entities.size(); ++i)
    os << "  " << i << ": " << wasm::externTypeText(module, kind, i)
       << (entities[i].import ? " (imported)" : "") << '\n';
}

void printInspection(raw_ostream &os, const wasm::Module &module,
                     const abi::Interface *interface, const InspectedLinks &linked) {
  auto quoted = [](std::string_view name) { return '\'' + printable(StringRef(name)) + '\''; };
  if (!module.name.empty())
    os << "module " << quoted(module.name) << '\n';
  os << module.bytes.size() << " bytes, " << module.functions.size() - module.numImportedFunctions()
     << " functions\n";
  if (!module.imports.empty())
    os << "imports:\n";
  for (size_t i = 0; i != module.imports.size(); ++i) {
    const wasm::Import &import = module.imports[i];
    os << "  " << kindName(import.kind) << ' ' << quoted(import.module) << ' '
       << quoted(import.name) << ": "
       << wasm::externTypeText(module, import.kind, import.index)
       << (linked.providerOf(i).empty() ? "" : " (linked)") << '\n';
  }
  if (!module.exports.empty())
    os << "exports:\n";
  for (const wasm::Export &entry : module.exports)
    os << "  " << kindName(entry.kind) << ' ' << quoted(entry.name) << ": "
       << wasm::externTypeText(module, entry.kind, entry.index) << '\n';
  printAll(os, "memories (pages of 64 KiB unless said)", module, ExternKind::Memory, module.memories);
  printAll(os, "tables", module, ExternKind::Table, module.tables);
  if (module.start)
    os << "start: function " << *module.start << ' ' << quoted(module.functionName(*module.start))
       << '\n';
  if (interface)
    printInterface(os, module, *interface);
  if (!module.required.empty())
    os << "features:\n";
  for (const auto &[feature, offset] : module.required)
    os << formatv("  {0} (first at {1:x}){2}\n", StringRef(wasm::featureName(feature)), offset,
                  whatIsMissing(module, feature));
  if (!module.customs.empty())
    os << "custom sections:\n";
  for (const wasm::CustomSection &custom : module.customs)
    os << "  " << quoted(custom.name) << ": " << custom.bytes.size() << " bytes\n";
}

} // namespace wasmc::driver
