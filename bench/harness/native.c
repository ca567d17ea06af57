/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A kernel in native code, which was compiled with KERNEL_PREFIX. */
#include "harness.h"

void OF(VARIANT, OF(KERNEL, init))(void);
uint64_t OF(VARIANT, OF(KERNEL, run))(uint32_t rounds);

static void init(void) { OF(VARIANT, OF(KERNEL, init))(); }
static uint64_t run(uint32_t rounds) { return OF(VARIANT, OF(KERNEL, run))(rounds); }

ADD_VARIANT
