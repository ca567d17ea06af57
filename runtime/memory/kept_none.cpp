//===- kept_none.cpp - For platforms without an MMU -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The host supplies memory and knows best what to keep of it.
//
//===----------------------------------------------------------------------===//
#include "strategy.h"

void *wasmc::rt::takeReservation(size_t bytes, size_t *accessible) {
  *accessible = 0;
  return reserveAddresses(bytes);
}

void wasmc::rt::giveReservation(void *start, size_t bytes, size_t) {
  releaseAddresses(start, bytes);
}

void wasmc_keep_memories(uint32_t) {}
