/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The filters in native code, behind calls that nothing inlines. */
#include <stdint.h>
#define FILTER(name) int32_t native_##name
#include "filter.c"
