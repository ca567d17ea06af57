//===- guard_none.cpp - For platforms without an MMU ----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// There is no address space to reserve: a module that was compiled for guarded
// memories gets WASMC_NO_ADDRESS_SPACE.
//
//===----------------------------------------------------------------------===//
#include "strategy.h"

bool wasmc::rt::reserveGuarded(wasmc_memory *, size_t, size_t *) { return false; }
void wasmc::rt::publishGuarded(wasmc_memory *) {}
void wasmc::rt::withdrawGuarded(wasmc_memory *) {}
