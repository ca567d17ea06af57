//===- Types.h - WebAssembly 3.0 types ------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Value, reference, composite and external types in the shape of WebAssembly
// 3.0 (specification, section 2.3). Earlier versions are restrictions of it:
// `funcref` is `(ref null func)`, a plain function type is a final subtype
// without supertypes in a recursive group of one.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_TYPES_H
#define WASMC_COMPILER_WASM_TYPES_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasmc::wasm {

/// Abstract heap types, and `Concrete` for one given by a type index (2.3.3).
enum class HeapKind : uint8_t {
  Func, NoFunc, Extern, NoExtern, Any, Eq, I31, Struct, Array, None, Exn, NoExn,
  Concrete,
  Bottom, ///< Only during validation: the heap type of an unknown reference.
};

struct HeapType {
  HeapKind kind = HeapKind::Func;
  uint32_t index = 0; ///< Type index; meaningful for `Concrete` only.

  friend bool operator==(const HeapType &a, const HeapType &b) {
    return a.kind == b.kind && (a.kind != HeapKind::Concrete || a.index == b.index);
  }
};

struct RefType {
  bool nullable = true;
  HeapType heap;
  friend bool operator==(const RefType &, const RefType &) = default;
};

enum class ValKind : uint8_t {
  I32, I64, F32, F64, V128, Ref,
  Bottom, ///< Only during validation: the type of an operand in unreachable code.
};

/// A value type (2.3.4).
struct ValType {
  ValKind kind = ValKind::I32;
  RefType ref; ///< Meaningful for `Ref` only.

  static constexpr ValType i32() { return {ValKind::I32, {}}; }
  static constexpr ValType i64() { return {ValKind::I64, {}}; }
  static constexpr ValType f32() { return {ValKind::F32, {}}; }
  static constexpr ValType f64() { return {ValKind::F64, {}}; }
  static constexpr ValType v128() { return {ValKind::V128, {}}; }
  static constexpr ValType bottom() { return {ValKind::Bottom, {}}; }
  static constexpr ValType reference(RefType ref) { return {ValKind::Ref, ref}; }
  static constexpr ValType funcref() { return reference({true, {HeapKind::Func, 0}}); }
  static constexpr ValType externref() { return reference({true, {HeapKind::Extern, 0}}); }

  bool isRef() const { return kind == ValKind::Ref; }
  bool isNumeric() const { return kind <= ValKind::F64; }
  friend bool operator==(const ValType &a, const ValType &b) {
    return a.kind == b.kind && (a.kind != ValKind::Ref || a.ref == b.ref);
  }
};

using ResultType = std::vector<ValType>;

struct FuncType {
  ResultType params;
  ResultType results;
  friend bool operator==(const FuncType &, const FuncType &) = default;
};

enum class PackedKind : uint8_t { None, I8, I16 };

/// A field of a structure or the element of an array (2.3.7).
struct FieldType {
  ValType type;                          ///< `i32` where packed.
  PackedKind packed = PackedKind::None;
  bool isMutable = false;
  friend bool operator==(const FieldType &, const FieldType &) = default;
};

enum class CompositeKind : uint8_t { Func, Struct, Array };

/// A sub type (2.3.9) and its place in its recursive group.
struct SubType {
  bool isFinal = true;
  std::vector<uint32_t> supers;          ///< At most one in 3.0.
  CompositeKind kind = CompositeKind::Func;
  FuncType func;                         ///< `Func`.
  std::vector<FieldType> fields;         ///< `Struct`: all; `Array`: exactly one.
  uint32_t groupStart = 0;               ///< Type index of the first member of the group.
  uint32_t groupSize = 1;
  size_t offset = 0;                     ///< From the start of the module.
  /// Equal numbers mean equal types within this module (iso-recursive
  /// equivalence, 3.3.2): the index of the first type that is equal to this one.
  uint32_t canonical = 0;
};

/// Limits (2.3.12), in pages for memories and in elements for tables.
struct Limits {
  uint64_t min = 0;
  uint64_t max = 0;                      ///< Meaningful if `hasMax`.
  bool hasMax = false;
  bool is64 = false;                     ///< Address type: i64 instead of i32.
};

struct MemoryType {
  Limits limits;
  bool shared = false;
  uint8_t pageSizeLog2 = 16;             ///< 16, or 0 with custom-page-sizes.
};

struct TableType {
  RefType element;
  Limits limits;
};

struct GlobalType {
  ValType type;
  bool isMutable = false;
};

/// Whether a host cannot give a reference that is none of this type: each that is null
/// or not is one, and nothing more can be seen of it.
inline bool isAnyHostValue(ValType type) {
  return !type.isRef() || type == ValType::funcref() || type == ValType::externref();
}

/// `func`, `noextern` …, as in the text format.
std::string_view heapName(HeapKind kind);
/// The name of an abstract heap type, or the type index.
std::string toString(HeapType type);
/// `i32`, `(ref null func)` written as in the text format; `funcref` and
/// `externref` by their short names. Concrete types are printed as `(ref 3)`.
std::string toString(ValType type);
std::string toString(RefType type);
/// `[i32 i64] -> [f32]`, as in the specification.
std::string toString(const FuncType &type);
std::string toString(const ResultType &types);

} // namespace wasmc::wasm

#endif
