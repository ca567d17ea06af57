//===- Subtyping.cpp - Matching of types (3.3) -----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Subtyping.h"

namespace wasmc::wasm {

/// 3.3.3 for abstract types.
static bool abstractMatches(HeapKind sub, HeapKind super) {
  if (sub == super || sub == HeapKind::Bottom)
    return true;
  switch (sub) {
  case HeapKind::NoFunc: return super == HeapKind::Func;
  case HeapKind::NoExtern: return super == HeapKind::Extern;
  case HeapKind::NoExn: return super == HeapKind::Exn;
  case HeapKind::None:
    return super == HeapKind::I31 || super == HeapKind::Struct || super == HeapKind::Array ||
           super == HeapKind::Eq || super == HeapKind::Any;
  case HeapKind::I31:
  case HeapKind::Struct:
  case HeapKind::Array: return super == HeapKind::Eq || super == HeapKind::Any;
  case HeapKind::Eq: return super == HeapKind::Any;
  default: return false;
  }
}

/// The abstract type directly above a defined type.
static HeapKind abstractOf(CompositeKind kind) {
  switch (kind) {
  case CompositeKind::Func: return HeapKind::Func;
  case CompositeKind::Struct: return HeapKind::Struct;
  case CompositeKind::Array: return HeapKind::Array;
  }
  return HeapKind::Any;
}

/// Walks up the declared supertypes, of which validation allows 63.
static bool definedMatches(const Module &module, uint32_t sub, uint32_t super) {
  uint32_t wanted = module.types[super].canonical;
  while (true) {
    const SubType &type = module.types[sub];
    if (type.canonical == wanted)
      return true;
    if (type.supers.empty())
      return false;
    sub = type.supers.front();
  }
}

bool matches(const Module &module, HeapType sub, HeapType super) {
  bool isDefined = sub.kind == HeapKind::Concrete;
  if (super.kind != HeapKind::Concrete)
    return abstractMatches(isDefined ? abstractOf(module.types[sub.index].kind) : sub.kind,
                           super.kind);
  if (isDefined)
    return definedMatches(module, sub.index, super.index);
  if (sub.kind == HeapKind::Bottom)
    return true;
  bool isFunc = module.types[super.index].kind == CompositeKind::Func;
  return sub.kind == (isFunc ? HeapKind::NoFunc : HeapKind::None);
}

bool matches(const Module &module, RefType sub, RefType super) {
  return (!sub.nullable || super.nullable) && matches(module, sub.heap, super.heap);
}

bool matches(const Module &module, ValType sub, ValType super) {
  if (sub.kind != ValKind::Ref || super.kind != ValKind::Ref)
    return sub.kind == super.kind || sub.kind == ValKind::Bottom;
  return sub.ref == super.ref || matches(module, sub.ref, super.ref);
}

bool matches(const Module &module, TypeList sub, TypeList super) {
  if (sub.size() != super.size())
    return false;
  if (sub.data() == super.data())
    return true;
  for (size_t i = 0; i < sub.size(); ++i)
    if (!matches(module, sub[i], super[i]))
      return false;
  return true;
}

bool matches(const Module &module, const FieldType &sub, const FieldType &super) {
  if (sub.isMutable != super.isMutable || sub.packed != super.packed)
    return false;
  return matches(module, sub.type, super.type) &&
         (!sub.isMutable || matches(module, super.type, sub.type));
}

bool matchesComposite(const Module &module, const SubType &sub, const SubType &super) {
  if (sub.kind != super.kind)
    return false;
  if (sub.kind == CompositeKind::Func)
    return matches(module, super.func.params, sub.func.params) &&
           matches(module, sub.func.results, super.func.results);
  if (sub.fields.size() < super.fields.size())
    return false;
  for (size_t i = 0; i < super.fields.size(); ++i)
    if (!matches(module, sub.fields[i], super.fields[i]))
      return false;
  return true;
}

HeapKind topOf(const Module &module, HeapType type) {
  switch (type.kind) {
  case HeapKind::Func:
  case HeapKind::NoFunc: return HeapKind::Func;
  case HeapKind::Extern:
  case HeapKind::NoExtern: return HeapKind::Extern;
  case HeapKind::Exn:
  case HeapKind::NoExn: return HeapKind::Exn;
  case HeapKind::Concrete:
    return module.types[type.index].kind == CompositeKind::Func ? HeapKind::Func : HeapKind::Any;
  default: return HeapKind::Any;
  }
}

} // namespace wasmc::wasm
