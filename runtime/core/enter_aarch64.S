/*===- enter_aarch64.S - Entry into modules on AArch64, AAPCS64, ELF -------===*
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * __wasmc_enter is called as if it were the body: x0 is the instance, the other
 * argument registers (x1-x7, v0-v7) are the body's and must reach it unchanged,
 * x15 (LLVM's `nest`) is the body's address. What is free to use: x9-x14, x16,
 * x17.
 *
 * The frame record is at the frame's top, so that frame pointers of the body
 * lead to an address above the activation:
 *
 *     sp+0    the activation (32 bytes)
 *     sp+32   d8-d15
 *     sp+96   x19-x28
 *     sp+176  x29, x30; x29 points here
 *
 * d8-d15 are callee-saved in their low halves and have to come back after a
 * trap as the general registers do.
 *
 *===----------------------------------------------------------------------===*/
#if !defined(__aarch64__) || !defined(__LP64__) || !defined(__ELF__)
#error "enter_aarch64.S is for 64-bit Arm with AAPCS64 and ELF"
#endif
#include "enter_offsets.h"

#define SAVED_D8 WASMC_ACTIVATION_SIZE
#define SAVED_X19 (SAVED_D8 + 64)
#define SAVED_FP (SAVED_X19 + 80)
#define FRAME_SIZE (SAVED_FP + 16)

/* bti c: the function may be called through a register. */
#define LANDING hint #34
/* bti jc: also reached by a signal return. */
#define LANDING_ANY hint #38

    .macro thread_address reg, scratch
    mrs \reg, tpidr_el0
    adrp \scratch, :gottprel:__wasmc_thread
    ldr \scratch, [\scratch, #:gottprel_lo12:__wasmc_thread]
    add \reg, \reg, \scratch
    .endm

    .macro saved_registers_cfi
    .cfi_offset x30, -8
    .cfi_offset x29, -16
    .cfi_offset x28, -24
    .cfi_offset x27, -32
    .cfi_offset x26, -40
    .cfi_offset x25, -48
    .cfi_offset x24, -56
    .cfi_offset x23, -64
    .cfi_offset x22, -72
    .cfi_offset x21, -80
    .cfi_offset x20, -88
    .cfi_offset x19, -96
    .cfi_offset d15, -104
    .cfi_offset d14, -112
    .cfi_offset d13, -120
    .cfi_offset d12, -128
    .cfi_offset d11, -136
    .cfi_offset d10, -144
    .cfi_offset d9, -152
    .cfi_offset d8, -160
    .endm

    .macro restored_registers_cfi
    .cfi_def_cfa sp, 0
    .cfi_restore x30
    .cfi_restore x29
    .cfi_restore x28
    .cfi_restore x27
    .cfi_restore x26
    .cfi_restore x25
    .cfi_restore x24
    .cfi_restore x23
    .cfi_restore x22
    .cfi_restore x21
    .cfi_restore x20
    .cfi_restore x19
    .cfi_restore d15
    .cfi_restore d14
    .cfi_restore d13
    .cfi_restore d12
    .cfi_restore d11
    .cfi_restore d10
    .cfi_restore d9
    .cfi_restore d8
    .endm

    .text
    .p2align 5
    .globl __wasmc_enter
    .hidden __wasmc_enter
    .type __wasmc_enter, %function
    /* Reading FPCR and the shadow stack pointer is cheap: one trampoline serves
     * all kinds of entries. */
    .irp name, __wasmc_enter_integer, __wasmc_enter_flat, __wasmc_enter_integer_flat
    .globl \name
    .hidden \name
    .set \name, __wasmc_enter
    .endr
__wasmc_enter:
    .cfi_startproc
    .cfi_personality 0x1b, __wasmc_entry_personality
    LANDING
    sub sp, sp, #FRAME_SIZE
    .cfi_def_cfa_offset FRAME_SIZE
    stp x29, x30, [sp, #SAVED_FP]
    add x29, sp, #SAVED_FP
    .cfi_def_cfa x29, 16
    stp x19, x20, [sp, #SAVED_X19]
    stp x21, x22, [sp, #SAVED_X19 + 16]
    stp x23, x24, [sp, #SAVED_X19 + 32]
    stp x25, x26, [sp, #SAVED_X19 + 48]
    stp x27, x28, [sp, #SAVED_X19 + 64]
    stp d8, d9, [sp, #SAVED_D8]
    stp d10, d11, [sp, #SAVED_D8 + 16]
    stp d12, d13, [sp, #SAVED_D8 + 32]
    stp d14, d15, [sp, #SAVED_D8 + 48]
    saved_registers_cfi
    thread_address x9, x10
    ldr x10, [x9, #WASMC_THREAD_STACK_LIMIT]
    mov x11, sp
    /* The limit of a thread that is not known yet is the highest address. */
    cmp x11, x10
    b.lo .Lslow
.Lactivate:
    mov x11, sp
    ldr x10, [x9, #WASMC_THREAD_TOP]
    stp x10, x0, [sp, #WASMC_ACTIVATION_PREVIOUS]
    ldr x10, [x0, #WASMC_INSTANCE_SHADOW_STACK]
    ldr x10, [x10]
    str x10, [sp, #WASMC_ACTIVATION_SHADOW]
    mov w12, #(WASMC_STATE_IN_MODULE | WASMC_STATE_SHADOW)
    mrs x13, fpcr
    cbnz x13, .Lhost_fp
    stp w12, wzr, [sp, #WASMC_ACTIVATION_STATE]   /* and host_fp = 0 */
.Lcall:
    str x11, [x9, #WASMC_THREAD_TOP]
    blr x15
    thread_address x9, x10
    ldr x10, [sp, #WASMC_ACTIVATION_PREVIOUS]
    ldr w13, [sp, #WASMC_ACTIVATION_HOST_FP]
    str x10, [x9, #WASMC_THREAD_TOP]
    cbnz w13, .Lrestore_fp
.Lreturn:
    /* The body kept x19-x28 and d8-d15. */
    ldp x29, x30, [sp, #SAVED_FP]
    add sp, sp, #FRAME_SIZE
    .cfi_remember_state
    restored_registers_cfi
    ret
    .cfi_restore_state

    /* The host runs with another floating-point control: keep it, marked so
     * that it is not 0, and load the default, 0. */
.Lhost_fp:
    orr w13, w13, #WASMC_HOST_FP_SAVED
    stp w12, w13, [sp, #WASMC_ACTIVATION_STATE]
    msr fpcr, xzr
    b .Lcall
.Lrestore_fp:
    and x13, x13, #0x7fffffff
    msr fpcr, x13
    b .Lreturn

    /* Below the limit, or the first entry of the thread: ask, with all
     * arguments kept. */
.Lslow:
    sub sp, sp, #208
    stp x0, x1, [sp, #0]
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    str x15, [sp, #64]
    stp q0, q1, [sp, #80]
    stp q2, q3, [sp, #112]
    stp q4, q5, [sp, #144]
    stp q6, q7, [sp, #176]
    add x1, sp, #208
    bl __wasmc_enter_slow
    mov w16, w0
    ldp x0, x1, [sp, #0]
    ldp x2, x3, [sp, #16]
    ldp x4, x5, [sp, #32]
    ldp x6, x7, [sp, #48]
    ldr x15, [sp, #64]
    ldp q0, q1, [sp, #80]
    ldp q2, q3, [sp, #112]
    ldp q4, q5, [sp, #144]
    ldp q6, q7, [sp, #176]
    add sp, sp, #208
    thread_address x9, x10
    cbz w16, .Lactivate
    mov w0, w16
    b .Lreturn
    .cfi_endproc
    .size __wasmc_enter, . - __wasmc_enter

    /* x0: the activation. Its frame is intact, whatever the body did. */
    .p2align 4
    .globl __wasmc_resume
    .hidden __wasmc_resume
    .type __wasmc_resume, %function
__wasmc_resume:
    .cfi_startproc
    LANDING_ANY
    mov w1, #WASMC_STATUS_TRAP
    .cfi_endproc
    .size __wasmc_resume, . - __wasmc_resume
    /* w1: the status. */
    .globl __wasmc_resume_status
    .hidden __wasmc_resume_status
    .type __wasmc_resume_status, %function
__wasmc_resume_status:
    .cfi_startproc
    mov sp, x0
    .cfi_def_cfa sp, FRAME_SIZE
    saved_registers_cfi
    thread_address x9, x10
    ldr x10, [sp, #WASMC_ACTIVATION_PREVIOUS]
    str x10, [x9, #WASMC_THREAD_TOP]
    ldr w13, [sp, #WASMC_ACTIVATION_HOST_FP]
    cbz w13, 1f
    and x13, x13, #0x7fffffff
    msr fpcr, x13
1:  mov w0, w1
    ldp d8, d9, [sp, #SAVED_D8]
    ldp d10, d11, [sp, #SAVED_D8 + 16]
    ldp d12, d13, [sp, #SAVED_D8 + 32]
    ldp d14, d15, [sp, #SAVED_D8 + 48]
    ldp x19, x20, [sp, #SAVED_X19]
    ldp x21, x22, [sp, #SAVED_X19 + 16]
    ldp x23, x24, [sp, #SAVED_X19 + 32]
    ldp x25, x26, [sp, #SAVED_X19 + 48]
    ldp x27, x28, [sp, #SAVED_X19 + 64]
    ldp x29, x30, [sp, #SAVED_FP]
    add sp, sp, #FRAME_SIZE
    restored_registers_cfi
    ret
    .cfi_endproc
    .size __wasmc_resume_status, . - __wasmc_resume_status

    /* status __wasmc_call(instance, a, b, body): body(instance, a, b), entered. */
    .p2align 4
    .globl __wasmc_call
    .hidden __wasmc_call
    .type __wasmc_call, %function
__wasmc_call:
    .cfi_startproc
    LANDING
    mov x15, x3
    b __wasmc_enter
    .cfi_endproc
    .size __wasmc_call, . - __wasmc_call

    /* void __wasmc_fp_leave_v_v(): a host function follows; it finds the control
     * that the host had before the entry. */
    .p2align 4
    .globl __wasmc_fp_leave_v_v
    .hidden __wasmc_fp_leave_v_v
    .type __wasmc_fp_leave_v_v, %function
__wasmc_fp_leave_v_v:
    .cfi_startproc
    LANDING
    thread_address x9, x10
    ldr x9, [x9, #WASMC_THREAD_TOP]
    ldr w10, [x9, #WASMC_ACTIVATION_HOST_FP]
    cbz w10, 1f
    and x10, x10, #0x7fffffff
    msr fpcr, x10
1:  ret
    .cfi_endproc
    .size __wasmc_fp_leave_v_v, . - __wasmc_fp_leave_v_v

    /* void __wasmc_fp_enter_v_v(): a host function came back. Whatever control it
     * left is the host's from now on; the module goes on with the default. */
    .p2align 4
    .globl __wasmc_fp_enter_v_v
    .hidden __wasmc_fp_enter_v_v
    .type __wasmc_fp_enter_v_v, %function
__wasmc_fp_enter_v_v:
    .cfi_startproc
    LANDING
    thread_address x9, x10
    ldr x9, [x9, #WASMC_THREAD_TOP]
    mrs x10, fpcr
    cbz x10, 1f
    orr w10, w10, #WASMC_HOST_FP_SAVED
    msr fpcr, xzr
1:  str w10, [x9, #WASMC_ACTIVATION_HOST_FP]
    ret
    .cfi_endproc
    .size __wasmc_fp_enter_v_v, . - __wasmc_fp_enter_v_v

    .section .note.GNU-stack, "", %progbits
