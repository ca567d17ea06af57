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
};

static bool isHalf(ValType type) { return type.kind == ValKind::I32 || type.kind == ValKind::F32; }

static Cell toCell(const Value &value) {
  Cell cell = {};
  if (isHalf(value.type))
    cell.half = uint32_t(value.bits);
  else
    cell.whole = value.bits;
  return cell;
}

static Value fromCell(Cell cell, ValType type) {
  return {type, isHalf(type) ? cell.half : cell.whole};
}

static ffi_type *ffiType(ValType type) {
  switch (type.kind) {
  case ValKind::I32: return &ffi_type_sint32;
  case ValKind::I64: return &ffi_type_sint64;
  case ValKind::F32: return &ffi_type_float;
  case ValKind::F64: return &ffi_type_double;
  case ValKind::Ref: return &ffi_type_uint64;
  default: return nullptr;
  }
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
  for (size_t i = 0; i < args.size(); ++i) {
    types.push_back(ffiType(type.params[i]));
    values.push_back(&cells[i]);
  }
  // Results are written where the callee is told; a pattern that no result is
  // likely to have shows where it was not.
  std::vector<Cell> results(type.results.size(), Cell{.whole = 0xdeadbeefdeadbeef});
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
  size_t wanted = std::max(type.params.size(), type.results.size());
  size_t numSlots = runtime.wasmc_func_slots(func);
  if (numSlots < wanted)
    return createStringError("wasmc_func_slots gives " + std::to_string(numSlots) + " for " +
                             toString(type));
  std::vector<uint64_t> slots(numSlots, 0);
  for (size_t i = 0; i < args.size(); ++i)
    slots[i] = args[i].bits;
  CallResult outcome;
  outcome.status = runtime.wasmc_func_call(func, slots.data());
  if (outcome.status == WASMC_OK)
    for (size_t i = 0; i < type.results.size(); ++i)
      outcome.results.push_back(
          {type.results[i], isHalf(type.results[i]) ? uint32_t(slots[i]) : slots[i]});
  return outcome;
}

} // namespace wasmc::spec
