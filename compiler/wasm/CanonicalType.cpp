//===- CanonicalType.cpp - The text that identifies a type across modules --===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Only types before a group, and the group's own members, can be referred to
// from it; so the groups form a graph without cycles, and the text of a group
// can hold the texts of others.
//
//===----------------------------------------------------------------------===//

#include "wasm/Validate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

namespace wasmc::wasm {

namespace {

/// A text longer than this is replaced by its SHA-256.
constexpr size_t maxText = 256;

/// Collects a text, and from `maxText` on only its hash: the texts of others
/// make the text of a large group far larger than its encoding.
class Sink {
public:
  Sink &operator<<(std::string_view piece) {
    text += piece;
    if (text.size() > maxText) {
      hash.update(text);
      isLong = true;
      text.clear();
    }
    return *this;
  }

  std::string take() {
    if (!isLong)
      return std::move(text);
    hash.update(text);
    return "sha256:" + llvm::toHex(hash.final(), /*LowerCase=*/true);
  }

private:
  std::string text;
  llvm::SHA256 hash;
  bool isLong = false;
};

/// Calls `visit` with each type index that the group of `start` refers to.
template <typename Visit> void forEachReference(const Module &module, uint32_t start, Visit visit) {
  auto visitType = [&](ValType type) {
    if (type.isRef() && type.ref.heap.kind == HeapKind::Concrete)
      visit(type.ref.heap.index);
  };
  for (uint32_t i = start; i < start + module.types[start].groupSize; ++i) {
    const SubType &type = module.types[i];
    for (uint32_t super : type.supers)
      visit(super);
    for (ValType t : type.func.params)
      visitType(t);
    for (ValType t : type.func.results)
      visitType(t);
    for (const FieldType &field : type.fields)
      visitType(field.type);
  }
}

/// Writes one group, given the texts of the groups that it refers to.
class GroupWriter {
public:
  GroupWriter(const Module &module, uint32_t start, const std::map<uint32_t, std::string> &texts)
      : module(module), start(start), size(module.types[start].groupSize), texts(texts) {}

  std::string write() {
    const SubType &first = module.types[start];
    bool isRecursive = false;
    forEachReference(module, start, [&](uint32_t i) { isRecursive |= i >= start; });
    if (size == 1 && !isRecursive && first.isFinal && first.supers.empty()) {
      composite(first);
      return out.take();
    }
    out << "(rec";
    for (uint32_t i = start; i < start + size; ++i)
      subType(module.types[i]);
    out << ")";
    return out.take();
  }

private:
  void defined(uint32_t index) {
    if (index >= start) {
      out << "rec." << std::to_string(index - start);
      return;
    }
    const SubType &type = module.types[index];
    out << typeText(texts.at(type.groupStart), type, index);
  }

  void valType(ValType type) {
    if (!type.isRef()) {
      out << toString(type);
      return;
    }
    const HeapType &heap = type.ref.heap;
    out << (type.ref.nullable ? "(ref null " : "(ref ");
    if (heap.kind == HeapKind::Concrete)
      defined(heap.index);
    else
      out << heapName(heap.kind);
    out << ")";
  }

  void list(const char *head, const ResultType &types) {
    if (types.empty())
      return;
    out << " (" << head;
    for (ValType type : types) {
      out << " ";
      valType(type);
    }
    out << ")";
  }

  void field(const FieldType &type) {
    out << (type.isMutable ? " (mut " : " ");
    if (type.packed == PackedKind::None)
      valType(type.type);
    else
      out << (type.packed == PackedKind::I8 ? "i8" : "i16");
    if (type.isMutable)
      out << ")";
  }

  void composite(const SubType &type) {
    out << (type.kind == CompositeKind::Func     ? "(func"
            : type.kind == CompositeKind::Struct ? "(struct"
                                                 : "(array");
    list("param", type.func.params);
    list("result", type.func.results);
    for (const FieldType &f : type.fields)
      field(f);
    out << ")";
  }

  void subType(const SubType &type) {
    out << (type.isFinal ? " (sub final " : " (sub ");
    for (uint32_t super : type.supers) {
      defined(super);
      out << " ";
    }
    composite(type);
    out << ")";
  }

public:
  /// One type of a group: the group's text and the place in it.
  static std::string typeText(const std::string &group, const SubType &type, uint32_t index) {
    return type.groupSize == 1 ? group : group + "." + std::to_string(index - type.groupStart);
  }

private:
  const Module &module;
  uint32_t start;
  uint32_t size;
  const std::map<uint32_t, std::string> &texts;
  Sink out;
};

} // namespace

const std::string &TypeTexts::operator()(uint32_t type) {
  auto [entry, isNew] = types.try_emplace(type);
  if (isNew) {
    const SubType &t = module.types[type];
    entry->second = GroupWriter::typeText(group(t.groupStart), t, type);
  }
  return entry->second;
}

/// Depth first over the groups, with a stack of our own: chains of groups can
/// be as long as the type section.
const std::string &TypeTexts::group(uint32_t wanted) {
  std::vector<uint32_t> pending = {wanted};
  while (!pending.empty()) {
    uint32_t start = pending.back();
    if (groups.count(start)) {
      pending.pop_back();
      continue;
    }
    size_t before = pending.size();
    forEachReference(module, start, [&](uint32_t index) {
      uint32_t other = module.types[index].groupStart;
      if (other != start && !groups.count(other))
        pending.push_back(other);
    });
    if (pending.size() != before)
      continue;
    groups.emplace(start, GroupWriter(module, start, groups).write());
    pending.pop_back();
  }
  return groups.at(wanted);
}

std::string canonicalType(const Module &module, uint32_t type) { return TypeTexts(module)(type); }

} // namespace wasmc::wasm
