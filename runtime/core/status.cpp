//===- status.cpp - Names of statuses -------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi.h"

const char *wasmc_status_name(wasmc_status status) {
  switch (status) {
  case WASMC_OK: return "ok";
  case WASMC_TRAP: return "trap";
  case WASMC_OUT_OF_MEMORY: return "out of memory";
  case WASMC_NO_ADDRESS_SPACE: return "no address space";
  case WASMC_LIMIT: return "limit";
  case WASMC_UNLINKABLE: return "unlinkable";
  case WASMC_SIGNALS_BLOCKED: return "signals blocked";
  case WASMC_INVALID_ARGUMENT: return "invalid argument";
  case WASMC_FAILED: return "failed";
  case WASMC_TOO_LARGE: return "too large";
  case WASMC_MODULE_ERROR: return "module error";
  case WASMC_BUSY: return "busy";
  case WASMC_UNSUPPORTED: return "unsupported";
  case WASMC_EXCEPTION: return "exception";
  default: return "unknown status";
  }
}
