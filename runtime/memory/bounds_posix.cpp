//===- bounds_posix.cpp - Memories whose bounds generated code checks -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Generated code compares each access with the memory's size. What the memory
// may grow to is reserved, so that it never moves, and nothing beyond: a fault
// in here would be an error of the compiler's and is left to the host.
//
//===----------------------------------------------------------------------===//
#include "strategy.h"

using namespace wasmc::rt;

bool wasmc::rt::reserveBounded(wasmc_memory *memory, size_t head, size_t *accessible) {
  if (memory->limit > UINT64_MAX - head)
    return false;
  const size_t bytes = roundToPages(head + memory->limit);
  if (bytes == 0)
    return false;
  void *start = takeReservation(bytes, accessible);
  if (start == nullptr)
    return false;
  memory->reservation = start;
  memory->reserved = bytes;
  memory->base = static_cast<char *>(start) + head;
  return true;
}
