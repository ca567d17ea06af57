//===- ValidateTypes.cpp - Type section and equivalence of types (3.2, 3.3.2) ===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Limits.h"
#include "wasm/Subtyping.h"
#include "wasm/Validate.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/Twine.h"

namespace wasmc::wasm {

namespace {

/// Goes through the groups in order. A group is equal to an earlier one if
/// both have the same key: their types written down with the references within
/// the group as offsets and all others by their canonical index.
class TypeValidator {
public:
  explicit TypeValidator(Module &module) : module(module), depths(module.types.size()) {}

  llvm::Error run() {
    for (uint32_t i = 0; i < module.types.size(); i += module.types[i].groupSize)
      if (!group(i))
        return llvm::Error(std::move(failure));
    return llvm::Error::success();
  }

private:
  bool group(uint32_t start);
  bool checkIndices(uint32_t index, uint32_t groupEnd);
  bool checkDepth(uint32_t index, uint32_t super);
  bool checkSuper(uint32_t index);
  void canonicalize(uint32_t start, uint32_t size);

  void put(uint32_t value);
  void put(HeapType type, uint32_t start, uint32_t size);
  void put(ValType type, uint32_t start, uint32_t size);
  void put(const SubType &type, uint32_t start, uint32_t size);

  bool invalid(uint32_t index, const llvm::Twine &message) {
    failure =
        std::make_unique<WasmError>(ErrorKind::Invalid, module.types[index].offset, message.str());
    return false;
  }

  Module &module;
  std::vector<uint8_t> depths; ///< Number of supertypes above each type.
  llvm::StringMap<uint32_t> groups;
  std::string key;
  std::unique_ptr<WasmError> failure;
};

bool TypeValidator::group(uint32_t start) {
  uint32_t size = module.types[start].groupSize;
  for (uint32_t i = start; i < start + size; ++i)
    if (!checkIndices(i, start + size))
      return false;
  canonicalize(start, size);
  for (uint32_t i = start; i < start + size; ++i)
    if (!checkSuper(i))
      return false;
  return true;
}

/// A type may refer to the types before its group and to those in it.
bool TypeValidator::checkIndices(uint32_t index, uint32_t groupEnd) {
  const SubType &type = module.types[index];
  auto check = [&](ValType t) {
    return isInRange(t, groupEnd) ||
           invalid(index, "unknown type " + llvm::Twine(t.ref.heap.index));
  };
  for (ValType t : type.func.params)
    if (!check(t))
      return false;
  for (ValType t : type.func.results)
    if (!check(t))
      return false;
  for (const FieldType &field : type.fields)
    if (!check(field.type))
      return false;
  if (type.supers.size() > 1)
    return invalid(index, "sub type " + llvm::Twine(index) + " has more than one supertype");
  for (uint32_t super : type.supers)
    if (super >= index)
      return invalid(index, "unknown type " + llvm::Twine(super) +
                                ": a supertype comes before its sub types");
  return type.supers.empty() || checkDepth(index, type.supers.front());
}

/// Keeps short the chains that matching walks up.
bool TypeValidator::checkDepth(uint32_t index, uint32_t super) {
  if (depths[super] >= limits::subtypingDepth) {
    failure = std::make_unique<WasmError>(ErrorKind::Limit, module.types[index].offset,
                                          "more than 63 supertypes above a type");
    return false;
  }
  depths[index] = depths[super] + 1;
  return true;
}

bool TypeValidator::checkSuper(uint32_t index) {
  const SubType &type = module.types[index];
  if (type.supers.empty())
    return true;
  uint32_t super = type.supers.front();
  if (module.types[super].isFinal)
    return invalid(index, "sub type " + llvm::Twine(index) + " has the final supertype " +
                              llvm::Twine(super));
  if (!matchesComposite(module, type, module.types[super]))
    return invalid(index, "sub type " + llvm::Twine(index) + " does not match its supertype " +
                              llvm::Twine(super));
  return true;
}

void TypeValidator::canonicalize(uint32_t start, uint32_t size) {
  key.clear();
  for (uint32_t i = start; i < start + size; ++i)
    put(module.types[i], start, size);
  uint32_t first = groups.try_emplace(key, start).first->second;
  for (uint32_t i = 0; i < size; ++i)
    module.types[start + i].canonical = first + i;
}

void TypeValidator::put(uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    key.push_back(static_cast<char>(value >> shift));
}

void TypeValidator::put(HeapType type, uint32_t start, uint32_t size) {
  key.push_back(static_cast<char>(type.kind));
  if (type.kind != HeapKind::Concrete)
    return;
  bool isWithin = type.index >= start && type.index < start + size;
  key.push_back(isWithin);
  put(isWithin ? type.index - start : module.types[type.index].canonical);
}

void TypeValidator::put(ValType type, uint32_t start, uint32_t size) {
  key.push_back(static_cast<char>(type.kind));
  if (!type.isRef())
    return;
  key.push_back(type.ref.nullable);
  put(type.ref.heap, start, size);
}

void TypeValidator::put(const SubType &type, uint32_t start, uint32_t size) {
  key.push_back(static_cast<char>(type.kind));
  key.push_back(type.isFinal);
  put(type.supers.size());
  for (uint32_t super : type.supers)
    put(HeapType{HeapKind::Concrete, super}, start, size);
  for (const ResultType *list : {&type.func.params, &type.func.results}) {
    put(list->size());
    for (ValType t : *list)
      put(t, start, size);
  }
  put(type.fields.size());
  for (const FieldType &field : type.fields) {
    key.push_back(static_cast<char>(field.packed));
    key.push_back(field.isMutable);
    put(field.type, start, size);
  }
}

} // namespace

llvm::Error validateTypes(Module &module) { return TypeValidator(module).run(); }

} // namespace wasmc::wasm
