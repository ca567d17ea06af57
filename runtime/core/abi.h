//===- abi.h - The structures of layout.def in C++ ------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expands layout.def to `wasmc_NAME` structures, asserts that they lie as the
// compiler computes them, and declares what generated code calls.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_CORE_ABI_H
#define WASMC_CORE_ABI_H

#ifndef WASMC_FREESTANDING
#define WASMC_FREESTANDING
#endif
// Exported from a shared object that holds the runtime, and yet bound within it:
// each of two runtimes in a process keeps to its own.
#pragma GCC visibility push(protected)
#include "wasmc/wasmc.h"
#pragma GCC visibility pop

#include "wasmc/abi/hash.h"
#include "wasmc/abi/layout.h"
#include "wasmc/abi/sites.h"
#include "wasmc/abi/states.h"

#define WASMC_KIND_PTR void *
#define WASMC_KIND_I32 uint32_t
#define WASMC_KIND_I64 alignas(8) uint64_t
#define WASMC_KIND_WORD uintptr_t

extern "C" {
#define WASMC_STRUCT(S) struct alignas(8) wasmc_##S {
#define WASMC_FIELD(S, K, N) WASMC_KIND_##K N;
#define WASMC_STRUCT_END(S)                                                                        \
  }                                                                                                \
  ;
#include "wasmc/abi/layout.def"
}

#define WASMC_STRUCT(S)                                                                            \
  static_assert(sizeof(wasmc_##S) == wasmc::layout::size(wasmc::layout::Struct::S, sizeof(void *)));
#define WASMC_FIELD(S, K, N)                                                                       \
  static_assert(offsetof(wasmc_##S, N) ==                                                          \
                wasmc::layout::offset(wasmc::layout::Field::S##_##N, sizeof(void *)));
#define WASMC_STRUCT_END(S)
#include "wasmc/abi/layout.def"

#undef WASMC_KIND_PTR
#undef WASMC_KIND_I32
#undef WASMC_KIND_I64
#undef WASMC_KIND_WORD

// What generated code refers to. Hidden: two link units that each hold a
// runtime never share one by accident of symbol resolution.
#pragma GCC visibility push(hidden)
extern "C" {

extern const char WASMC_ABI_SYMBOL;

#define WASMC_TRAP_KIND(C, N, M) [[noreturn]] void __wasmc_trap_##N(void);
#include "wasmc/abi/traps.def"

// The rows of helpers.def.
int64_t __wasmc_memory_grow_l_pl(wasmc_memory *memory, uint64_t delta);
int32_t __wasmc_memory_wait32_i_ppil(wasmc_memory *memory, const uint32_t *address,
                                     uint32_t expected, int64_t timeout);
int32_t __wasmc_memory_wait64_i_ppll(wasmc_memory *memory, const uint64_t *address,
                                     uint64_t expected, int64_t timeout);
int32_t __wasmc_memory_notify_i_ppi(wasmc_memory *memory, const void *address, uint32_t count);
int64_t __wasmc_table_grow_l_pll(wasmc_table *table, uint64_t delta, wasmc_ref value);
void __wasmc_table_fill_v_plll(wasmc_table *table, uint64_t start, wasmc_ref value, uint64_t n);
void __wasmc_table_copy_v_pplll(wasmc_table *destination, wasmc_table *source, uint64_t d,
                                uint64_t s, uint64_t n);
void __wasmc_table_init_v_ppilll(wasmc_instance *instance, wasmc_table *table, uint32_t segment,
                                 uint64_t d, uint64_t s, uint64_t n);
int32_t __wasmc_type_matches_i_pp(const wasmc_type *actual, const wasmc_type *expected);
int32_t __wasmc_ref_fits_i_lip(wasmc_ref value, uint32_t type, const wasmc_type *heapType);
[[noreturn]] void __wasmc_host_failed_v_i(wasmc_status status);
[[noreturn]] void __wasmc_throw_new_v_ppp(wasmc_instance *instance, const wasmc_tag *tag,
                                      const uint64_t *slots);
[[noreturn]] void __wasmc_throw_ref_v_l(wasmc_ref exception);
void __wasmc_exception_keep_v_l(wasmc_ref exception);
void __wasmc_exception_drop_v_l(wasmc_ref exception);
/// Weak: null where no exceptions can be.
void __wasmc_exception_store_v_pl(wasmc_ref *cell, wasmc_ref exception) __attribute__((weak));
void __wasmc_exception_retain_v_l(wasmc_ref exception);
[[noreturn]] void __wasmc_exception_uncaught_v_l(wasmc_ref exception);
int32_t __wasmc_busy_i_p(void *instance);
void __wasmc_keep_linked_v_p(void *linked);
int32_t __wasmc_window_map_i_pillli(void *memory, int32_t descriptor, uint64_t offset,
                                    uint64_t address, uint64_t bytes, int32_t writable);
void __wasmc_fp_leave_v_v(void);
void __wasmc_fp_enter_v_v(void);
float __wasmc_f32_ceil_f_f(float value);
float __wasmc_f32_floor_f_f(float value);
float __wasmc_f32_trunc_f_f(float value);
float __wasmc_f32_nearest_f_f(float value);
float __wasmc_f32_sqrt_f_f(float value);
double __wasmc_f64_sqrt_d_d(double value);
double __wasmc_f64_ceil_d_d(double value);
double __wasmc_f64_floor_d_d(double value);
double __wasmc_f64_trunc_d_d(double value);
double __wasmc_f64_nearest_d_d(double value);

} // extern "C"
#pragma GCC visibility pop

#endif
