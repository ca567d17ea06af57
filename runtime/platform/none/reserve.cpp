//===- reserve.cpp - Memory on platforms without an MMU -------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The host supplies memory (wasmc/platform.h). Addresses cannot be reserved
// without memory behind them: a memory takes what it may ever have at once, so
// that such hosts set wasmc_config.memory_limit to what they can spare.
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "platform/platform.h"
#include "wasmc/platform.h"

using namespace wasmc::rt;

/// Sizes are rounded to this: what a record is aligned to.
size_t wasmc::rt::pageSize() { return 64; }

void *wasmc::rt::reserveAddresses(size_t bytes) {
  if (injectedFailure())
    return nullptr;
  void *start = wasmc_platform_allocate(bytes, pageSize());
  if (start != nullptr)
    memset(start, 0, bytes);
  return start;
}

bool wasmc::rt::commitPages(void *, size_t) { return !injectedFailure(); }

wasmc_status wasmc::rt::mapFile(void *, size_t, int, uint64_t, bool) { return WASMC_UNSUPPORTED; }

void wasmc::rt::clearPages(void *start, size_t bytes, size_t) { memset(start, 0, bytes); }

bool wasmc::rt::decommitPages(void *start, size_t bytes) {
  memset(start, 0, bytes);
  return true;
}

void wasmc::rt::releaseAddresses(void *start, size_t bytes) {
  wasmc_platform_release(start, bytes);
}

/// Keeps its size in front, since deallocate() is not told.
static constexpr size_t sizeRoom = 16;

void *wasmc::rt::allocate(size_t bytes) {
  char *start = bytes > SIZE_MAX - sizeRoom
                    ? nullptr
                    : static_cast<char *>(reserveAddresses(bytes + sizeRoom));
  if (start == nullptr)
    return nullptr;
  *reinterpret_cast<size_t *>(start) = bytes + sizeRoom;
  return start + sizeRoom;
}

void wasmc::rt::deallocate(void *pointer) {
  char *start = static_cast<char *>(pointer) - sizeRoom;
  releaseAddresses(start, *reinterpret_cast<size_t *>(start));
}
