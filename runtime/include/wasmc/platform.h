/*===- platform.h - What a host without an operating system supplies -------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * On platforms that the runtime does not know, it calls these functions. They
 * are not called while a module runs.
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_PLATFORM_H
#define WASMC_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Memory of `bytes` at a multiple of `alignment` (a power of two), from a heap
 * or a static arena; NULL if there is none. It need not be zeroed. */
void *wasmc_platform_allocate(size_t bytes, size_t alignment);

/** Takes it back; `bytes` as it was asked for. */
void wasmc_platform_release(void *memory, size_t bytes);

/** Lowest address of the stack in use, and the one past its highest. */
void wasmc_platform_stack(uintptr_t *low, uintptr_t *high);

#ifdef __cplusplus
}
#endif

#endif
