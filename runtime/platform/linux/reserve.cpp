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

wasmc_status wasmc::rt::mapFile(void *start, size_t bytes, int descriptor, uint64_t offset,
                                bool writable) {
  const bool file = descriptor != -1;
  // MAP_FIXED takes the old pages away even where it fails later: what can fail is
  // tried elsewhere first.
  const int access = writable || !file ? PROT_READ | PROT_WRITE : PROT_READ;
  const int flags = file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  if (offset > INT64_MAX || offset % pageSize() != 0)
    return WASMC_INVALID_ARGUMENT;
  const off_t from = file ? static_cast<off_t>(offset) : 0;
  void *trial = injectedFailure() ? MAP_FAILED : mmap(nullptr, bytes, access, flags, descriptor, from);
  if (trial == MAP_FAILED)
    return file ? WASMC_INVALID_ARGUMENT : WASMC_OUT_OF_MEMORY;
  if (mremap(trial, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, start) != MAP_FAILED)
    return WASMC_OK;
  munmap(trial, bytes);
  // The old pages may be gone: nobody else's may come there.
  mmap(start, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  return WASMC_OUT_OF_MEMORY;
}

void wasmc::rt::releaseAddresses(void *start, size_t bytes) { munmap(start, bytes); }

void *wasmc::rt::allocate(size_t bytes) { return injectedFailure() ? nullptr : calloc(1, bytes); }

void wasmc::rt::deallocate(void *pointer) { free(pointer); }
