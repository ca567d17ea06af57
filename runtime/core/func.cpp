//===- func.cpp - Calls through references --------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "runtime.h"

wasmc_status wasmc_func_call(wasmc_func *func, uint64_t *slots) {
  if (func == nullptr)
    return WASMC_INVALID_ARGUMENT;
  const wasmc_type *type = static_cast<const wasmc_type *>(func->type);
  if (slots == nullptr && type->num_slots != 0)
    return WASMC_INVALID_ARGUMENT;
  return __wasmc_call(static_cast<wasmc_instance *>(func->instance), func, slots, type->call);
}

size_t wasmc_func_slots(const wasmc_func *func) {
  return static_cast<const wasmc_type *>(func->type)->num_slots;
}

const wasmc_type *wasmc_func_type(const wasmc_func *func) {
  return static_cast<const wasmc_type *>(func->type);
}

wasmc_instance *wasmc_func_instance(const wasmc_func *func) {
  return static_cast<wasmc_instance *>(func->instance);
}
