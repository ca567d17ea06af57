//===- Call.cpp - Calls into compiled modules ----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Call.h"

#include <ffi.h>

using namespace llvm;
using namespace wasmc::wasm;

namespace wasmc::spec {

/// What a C function takes or leaves for one value.
union Cell {
  uint32_t half;
  uint64_t whole;
  uint64_t vector[2];
};

static bool isHalf(ValType type) { return type.kind == ValKind::I32 || type.kind == ValKind::F32; }

static Cell toCell(const Value &value) {
  Cell cell = {};
  if (isHalf(value.type))
    cell.half = uint32_t(value.bits);
  else
    cell = {.vector = {value.bits, value.high}};
  return cell;
}

static Value fromCell(Cell cell, ValType type) {
  if (type.kind == ValKind::V128)
    return {type, cell.vector[0], cell.vector[1]};
  return {type, isHalf(type) ? cell.half : cell.whole};
}

static ffi_type *ffiType(ValType type) {
  switch (type.kind) {
  case ValKind::I32: return &ffi_type_sint32;
  case ValKind::I64: return &ffi_type_sint64;
  case ValKind::F32: return &ffi_type_float;
  case ValKind::F64: return &ffi_type_double;
  case ValKind::V128: return &ffi_type_pointer;
  case ValKind::Ref: return &ffi_type_uint64;
  default: return nullptr;
  }
}

/// Slots of 8 bytes that wasmc_func_call has for these.
static size_t slotsOf(const ResultType &types) {
  size_t slots = 0;
  for (ValType one : types)
    slots += one.kind == ValKind::V128 ? 2 : 1;
  return slots;
}

static Error checkTypes(const FuncType &type) {
  for (const ResultType *types : {&type.params, &type.results})
    for (ValType one : *types)
      if (!ffiType(one))
        return createStringError("the runner cannot pass values of type " + toString(one));
  return Error::success();
}

Expected<CallResult> callEntry(void *entry, wasmc_instance *instance, const FuncType &type,
                               const std::vector<Value> &args) {
  if (Error error = checkTypes(type))
    return error;
  std::vector<ffi_type *> types = {&ffi_type_pointer};
  std::vector<void *> values = {&instance};
  std::vector<Cell> cells;
  for (const Value &arg : args)
    cells.push_back(toCell(arg));
  // A vector is passed by its address.
  std::vector<Cell *> addresses;
  for (Cell &cell : cells)
    addresses.push_back(&cell);
  for (size_t i = 0; i < args.size(); ++i) {
    types.push_back(ffiType(type.params[i]));
    bool isVector = type.params[i].kind == ValKind::V128;
    values.push_back(isVector ? static_cast<void *>(&addresses[i]) : &cells[i]);
  }
  // Results are written where the callee is told; a pattern that no result is
  // likely to have shows where it was not.
  std::vector<Cell> results(type.results.size(),
                            Cell{.vector = {0xdeadbeefdeadbeef, 0xdeadbeefdeadbeef}});
  std::vector<Cell *> pointers;
  for (Cell &result : results)
    pointers.push_back(&result);
  for (Cell *&pointer : pointers) {
    types.push_back(&ffi_type_pointer);
    values.push_back(&pointer);
  }
  ffi_cif cif;
  if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, types.size(), &ffi_type_sint32, types.data()) != FFI_OK)
    return createStringError("libffi does not know this signature: " + toString(type));
  ffi_arg status = 0;
  ffi_call(&cif, FFI_FN(entry), &status, values.data());

  CallResult outcome{.status = wasmc_status(status), .results = {}};
  if (outcome.status == WASMC_OK)
    for (size_t i = 0; i < results.size(); ++i)
      outcome.results.push_back(fromCell(results[i], type.results[i]));
  return outcome;
}

Expected<CallResult> callReference(const Runtime &runtime, wasmc_func *func, const FuncType &type,
                                   const std::vector<Value> &args) {
  if (Error error = checkTypes(type))
    return error;
  size_t wanted = std::max(slotsOf(type.params), slotsOf(type.results));
  size_t numSlots = runtime.wasmc_func_slots(func);
  if (numSlots < wanted)
    return createStringError("wasmc_func_slots gives " + std::to_string(numSlots) + " for " +
                             toString(type));
  std::vector<uint64_t> slots(numSlots, 0);
  size_t next = 0;
  for (const Value &arg : args) {
    slots[next++] = arg.bits;
    if (arg.type.kind == ValKind::V128)
      slots[next++] = arg.high;
  }
  CallResult outcome;
  outcome.status = runtime.wasmc_func_call(func, slots.data());
  if (outcome.status != WASMC_OK)
    return outcome;
  next = 0;
  for (ValType one : type.results) {
    uint64_t bits = slots[next++];
    uint64_t high = one.kind == ValKind::V128 ? slots[next++] : 0;
    outcome.results.push_back({one, isHalf(one) ? uint32_t(bits) : bits, high});
  }
  return outcome;
}

} // namespace wasmc::spec
