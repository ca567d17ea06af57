/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A kernel compiled by wasmc, whose header is HEADER and whose prefix VARIANT. Under LTO
 * (-flto), the linker sees host and module as one. */
#include "harness.h"

#include HEADER

static VARIANT *self;

static void check(wasmc_status status) {
  if (status != WASMC_OK)
    fail(NAME, wasmc_status_name(status));
}

static void init(void) {
  check(OF(VARIANT, new)(&self, NULL, NULL));
  check(OF(VARIANT, OF(KERNEL, init))(self));
}

static uint64_t run(uint32_t rounds) {
  int64_t sum = 0;
  check(OF(VARIANT, OF(KERNEL, run))(self, (int32_t)rounds, &sum));
  return (uint64_t)sum;
}

ADD_VARIANT
