//===- Types.cpp - Types as text ------------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Types.h"

namespace wasmc::wasm {

std::string_view heapName(HeapKind kind) {
  switch (kind) {
  case HeapKind::Func: return "func";
  case HeapKind::NoFunc: return "nofunc";
  case HeapKind::Extern: return "extern";
  case HeapKind::NoExtern: return "noextern";
  case HeapKind::Any: return "any";
  case HeapKind::Eq: return "eq";
  case HeapKind::I31: return "i31";
  case HeapKind::Struct: return "struct";
  case HeapKind::Array: return "array";
  case HeapKind::None: return "none";
  case HeapKind::Exn: return "exn";
  case HeapKind::NoExn: return "noexn";
  case HeapKind::Concrete: return "concrete";
  case HeapKind::Bottom: return "bottom";
  }
  return "";
}

std::string toString(HeapType type) {
  if (type.kind == HeapKind::Concrete)
    return std::to_string(type.index);
  return std::string(heapName(type.kind));
}

std::string toString(RefType type) {
  if (type == RefType{true, {HeapKind::Func, 0}})
    return "funcref";
  if (type == RefType{true, {HeapKind::Extern, 0}})
    return "externref";
  return std::string(type.nullable ? "(ref null " : "(ref ") + toString(type.heap) + ")";
}

std::string toString(ValType type) {
  switch (type.kind) {
  case ValKind::I32: return "i32";
  case ValKind::I64: return "i64";
  case ValKind::F32: return "f32";
  case ValKind::F64: return "f64";
  case ValKind::V128: return "v128";
  case ValKind::Ref: return toString(type.ref);
  case ValKind::Bottom: return "any value";
  }
  return "";
}

std::string toString(const ResultType &types) {
  std::string text = "[";
  for (const ValType &type : types) {
    if (text.size() > 1)
      text += ' ';
    text += toString(type);
  }
  return text + "]";
}

std::string toString(const FuncType &type) {
  return toString(type.params) + " -> " + toString(type.results);
}

} // namespace wasmc::wasm
