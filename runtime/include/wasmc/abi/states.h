/*===- states.h - Bits of an activation's state ----------------------------===*
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Shared by compiler, runtime and assembly: macros alone.
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_ABI_STATES_H
#define WASMC_ABI_STATES_H

/* Faults are the module's. Clear while a host function runs. */
#define WASMC_STATE_IN_MODULE 1
/* `shadow` holds the shadow stack pointer to restore after a trap. */
#define WASMC_STATE_SHADOW 2
/* The body is a buffer function: its mailboxes are in use. */
#define WASMC_STATE_BUFFER 4
/* A region that the host opened by wasmc_protect(): code of the module that is
 * inlined into the host's function runs in it, without an entry of its own. */
#define WASMC_STATE_REGION 8
/* The shadow stack pointers of linked instances were kept, too (linked.cpp). */
#define WASMC_STATE_LINKED 16

#endif
