/*===- enter_offsets.h - Offsets that the entry trampolines use ------------===*
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * For assembly, 64-bit targets only. trap.cpp asserts that they are those of
 * layout.def.
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_CORE_ENTER_OFFSETS_H
#define WASMC_CORE_ENTER_OFFSETS_H

#include "wasmc/abi/states.h"

#define WASMC_INSTANCE_SHADOW_STACK 16

#define WASMC_ACTIVATION_PREVIOUS 0
#define WASMC_ACTIVATION_INSTANCE 8
#define WASMC_ACTIVATION_STATE 16
#define WASMC_ACTIVATION_HOST_FP 20
#define WASMC_ACTIVATION_SHADOW 24
#define WASMC_ACTIVATION_SIZE 32

#define WASMC_THREAD_TOP 0
#define WASMC_THREAD_STACK_LIMIT 8

/* Marks a saved floating-point control in activation.host_fp, of which 0 means
 * "none": a bit that is reserved in MXCSR and FPCR. */
#define WASMC_HOST_FP_SAVED 0x80000000

/* Status that the trampoline returns after a trap. */
#define WASMC_STATUS_TRAP 1

#endif
