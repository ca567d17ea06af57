//===- host_failed.cpp - A host function returned a failure ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Exceptions pass this frame: compiled with unwind tables.
//
//===----------------------------------------------------------------------===//
#include "exception.h"

using namespace wasmc::rt;

void __wasmc_host_failed_v_i(wasmc_status status) {
  void *returnAddress = __builtin_return_address(0), *ownFrame = __builtin_frame_address(0);
  // Where there is none, it is a status like any other.
  if (status == WASMC_EXCEPTION && __wasmc_throw_pending != nullptr)
    __wasmc_throw_pending(returnAddress, ownFrame);
  trapFrom(Trap_host_function_failed, status, returnAddress, ownFrame);
}
