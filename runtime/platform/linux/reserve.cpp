//===- reserve.cpp - Memory and address space on Linux --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "platform/platform.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace wasmc::rt;

size_t wasmc::rt::pageSize() {
  // Constant for the life of the process; a race writes the same value twice.
  static size_t known;
  size_t bytes = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (bytes == 0) {
    bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    __atomic_store_n(&known, bytes, __ATOMIC_RELAXED);
  }
  return bytes;
}

void *wasmc::rt::reserveAddresses(size_t bytes) {
  if (injectedFailure())
    return nullptr;
  void *start = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return start == MAP_FAILED ? nullptr : start;
}

bool wasmc::rt::commitPages(void *start, size_t bytes) {
  if (!injectedFailure() && mprotect(start, bytes, PROT_READ | PROT_WRITE) == 0)
    return true;
  // Whatever the system did of it: no page past a memory's size may be
  // accessible, since guarded memories are checked by nothing else.
  mprotect(start, bytes, PROT_NONE);
  return false;
}

void wasmc::rt::releaseAddresses(void *start, size_t bytes) { munmap(start, bytes); }

void *wasmc::rt::allocate(size_t bytes) { return injectedFailure() ? nullptr : calloc(1, bytes); }

void wasmc::rt::deallocate(void *pointer) { free(pointer); }
