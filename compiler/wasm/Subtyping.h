//===- Subtyping.h - Matching of types (3.3) -------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All functions demand that type indices are in range and that `canonical` is
// set for the types that they reach.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_SUBTYPING_H
#define WASMC_COMPILER_WASM_SUBTYPING_H

#include "Module.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace wasmc::wasm {

using TypeList = llvm::ArrayRef<ValType>;

bool matches(const Module &module, HeapType sub, HeapType super);
bool matches(const Module &module, RefType sub, RefType super);
bool matches(const Module &module, ValType sub, ValType super);
bool matches(const Module &module, TypeList sub, TypeList super);
bool matches(const Module &module, const FieldType &sub, const FieldType &super);
/// Composite types, without regard to declared supertypes (3.3.9).
bool matchesComposite(const Module &module, const SubType &sub, const SubType &super);

/// The greatest type of the hierarchy: `any`, `func`, `extern` or `exn`.
HeapKind topOf(const Module &module, HeapType type);
/// Has a default value (3.1.2): not a reference that cannot be null.
inline bool isDefaultable(ValType type) { return !type.isRef() || type.ref.nullable; }
/// Type indices in `type` are below `bound`.
inline bool isInRange(ValType type, size_t bound) {
  return !type.isRef() || type.ref.heap.kind != HeapKind::Concrete || type.ref.heap.index < bound;
}

/// Validates the type section (3.2) and sets `canonical` of each type.
llvm::Error validateTypes(Module &module);

} // namespace wasmc::wasm

#endif
