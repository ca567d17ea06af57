/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A kernel compiled by wasm2c and a C compiler, as the manual of wasm2c says. HEADER is
 * what wasm2c has written, the module's name VARIANT. */
#include "harness.h"

#include HEADER
#include "wasm-rt-impl.h"

/* Z_VARIANT_suffix and Z_VARIANTZ_KERNEL_suffix. */
#define MODULE(suffix) OF(JOIN(Z_, VARIANT), suffix)
#define EXPORTED(suffix) JOIN(JOIN(JOIN(Z_, VARIANT), Z_), OF(KERNEL, suffix))

static MODULE(instance_t) self;

static void init(void) {
  static int initialized;
  if (!initialized)
    wasm_rt_init();
  initialized = 1;
  MODULE(init_module)();
  MODULE(instantiate)(&self);
  EXPORTED(init)(&self);
}

static uint64_t run(uint32_t rounds) { return EXPORTED(run)(&self, rounds); }

ADD_VARIANT
