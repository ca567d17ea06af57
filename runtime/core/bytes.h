//===- bytes.h - The functions that compilers presume everywhere ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A freestanding implementation has no string.h, but code generated for it may
// call these four.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_CORE_BYTES_H
#define WASMC_CORE_BYTES_H

#include <stddef.h>

extern "C" {
void *memcpy(void *destination, const void *source, size_t bytes) noexcept;
void *memmove(void *destination, const void *source, size_t bytes) noexcept;
void *memset(void *destination, int value, size_t bytes) noexcept;
int memcmp(const void *a, const void *b, size_t bytes) noexcept;
}

#endif
