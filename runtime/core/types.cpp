//===- types.cpp - Types at run time --------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler has validated all that a module does with references of its own.
// What is compared here is what no compiler sees at once: the types of two
// modules, and the references that a host gives.
//
//===----------------------------------------------------------------------===//
#include "types.h"

#include "bytes.h"

using namespace wasmc::rt;

bool wasmc::rt::equal(const wasmc_type *a, const wasmc_type *b) {
  return a == b || (a->length == b->length && memcmp(a->text, b->text, a->length) == 0);
}

int32_t __wasmc_type_matches_i_pp(const wasmc_type *actual, const wasmc_type *expected) {
  // Validation allows 63 supertypes above a type.
  for (; actual != nullptr; actual = static_cast<const wasmc_type *>(actual->super))
    if (equal(actual, expected))
      return 1;
  return 0;
}

int wasmc_type_matches(const wasmc_type *type, const wasmc_type *super) {
  return __wasmc_type_matches_i_pp(type, super);
}

bool wasmc::rt::equal(const ValueType &a, const ValueType &b) {
  return a.code == b.code && (a.kind() != WASMC_VAL_TYPEDREF || equal(a.heapType, b.heapType));
}

/// 3.3.3 for abstract types, each by its nullable reference.
static bool abstractMatches(uint32_t sub, uint32_t super) {
  if (sub == super)
    return true;
  switch (sub) {
  case WASMC_VAL_NULLFUNCREF: return super == WASMC_VAL_FUNCREF;
  case WASMC_VAL_NULLEXTERNREF: return super == WASMC_VAL_EXTERNREF;
  case WASMC_VAL_NULLEXNREF: return super == WASMC_VAL_EXNREF;
  case WASMC_VAL_NULLREF: return super >= WASMC_VAL_ANYREF && super <= WASMC_VAL_ARRAYREF;
  case WASMC_VAL_I31REF:
  case WASMC_VAL_STRUCTREF:
  case WASMC_VAL_ARRAYREF: return super == WASMC_VAL_EQREF || super == WASMC_VAL_ANYREF;
  case WASMC_VAL_EQREF: return super == WASMC_VAL_ANYREF;
  default: return false;
  }
}

static bool heapMatches(const ValueType &sub, const ValueType &super) {
  if (super.kind() != WASMC_VAL_TYPEDREF)
    return abstractMatches(sub.kind() == WASMC_VAL_TYPEDREF ? sub.heapType->kind : sub.kind(),
                           super.kind());
  if (sub.kind() == WASMC_VAL_TYPEDREF)
    return __wasmc_type_matches_i_pp(sub.heapType, super.heapType);
  const bool isFunction = super.heapType->kind == WASMC_VAL_FUNCREF;
  return sub.kind() == uint32_t(isFunction ? WASMC_VAL_NULLFUNCREF : WASMC_VAL_NULLREF);
}

bool wasmc::rt::matches(const ValueType &sub, const ValueType &super) {
  if (!sub.isReference() || !super.isReference())
    return sub.code == super.code;
  return (super.isNullable() || !sub.isNullable()) && heapMatches(sub, super);
}

bool wasmc::rt::fits(wasmc_ref value, const ValueType &type) {
  if (value == 0)
    return type.isNullable();
  switch (type.kind()) {
  case WASMC_VAL_FUNCREF:
  case WASMC_VAL_EXTERNREF:
  case WASMC_VAL_EXNREF: return true;
  case WASMC_VAL_TYPEDREF:
    return type.heapType->kind == WASMC_VAL_FUNCREF &&
           __wasmc_type_matches_i_pp(static_cast<const wasmc_type *>(functionOf(value)->type),
                                     type.heapType);
  // There is no other value of these types than null.
  default: return false;
  }
}

int32_t __wasmc_ref_fits_i_lip(wasmc_ref value, uint32_t code, const wasmc_type *heapType) {
  return fits(value, {code, heapType});
}

wasmc_status wasmc_global_set(const wasmc_global *global, wasmc_ref value) {
  const ValueType type = valueTypeOf(*global);
  if (!type.isReference() || !global->is_mutable || !fits(value, type))
    return WASMC_INVALID_ARGUMENT;
  wasmc_ref *cell = static_cast<wasmc_ref *>(global->cell);
  // Exceptions are counted, where there can be any.
  if (type.kind() == WASMC_VAL_EXNREF && __wasmc_exception_store_v_pl != nullptr)
    __wasmc_exception_store_v_pl(cell, value);
  else
    *cell = value;
  return WASMC_OK;
}

//===----------------------------------------------------------------------===//
// As text
//===----------------------------------------------------------------------===//

Text &wasmc::rt::operator<<(Text &text, const wasmc_type *type) {
  return text.put(static_cast<const char *>(type->text), type->length);
}

Text &wasmc::rt::operator<<(Text &text, const ValueType &type) {
  static const char *const names[] = {"i32", "i64", "f32", "f64", "v128", "funcref", "externref",
                                      "anyref", "eqref", "i31ref", "structref", "arrayref",
                                      "exnref", "nullref", "nullfuncref", "nullexternref",
                                      "nullexnref"};
  static const char *const heapNames[] = {"func", "extern", "any", "eq", "i31", "struct", "array",
                                          "exn", "none", "nofunc", "noextern", "noexn"};
  static_assert(sizeof(names) / sizeof(names[0]) == WASMC_VAL_TYPEDREF);
  static_assert(sizeof(heapNames) / sizeof(heapNames[0]) == WASMC_VAL_TYPEDREF - WASMC_VAL_FUNCREF);
  const uint32_t kind = type.kind();
  if (kind < WASMC_VAL_TYPEDREF && (type.isNullable() || !type.isReference()))
    return text << names[kind];
  if (!type.isReference())
    return text << "unknown type";
  text << (type.isNullable() ? "(ref null " : "(ref ");
  if (kind == WASMC_VAL_TYPEDREF)
    text << type.heapType;
  else
    text << heapNames[kind - WASMC_VAL_FUNCREF];
  return text << ")";
}
