/*===- enter_x86_64.S - Entry into modules on x86-64, System V ABI ---------===*
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * __wasmc_enter is called as if it were the body: rdi is the instance, the other
 * argument registers (rsi rdx rcx r8 r9 xmm0-7) are the body's and must reach
 * it unchanged, r10 (LLVM's `nest`) is the body's address. No arguments travel
 * on the stack. What is free to use: rax, r11.
 *
 * The frame, from rbp downwards:
 *
 *     rbp+8   return address        rbp-40  r15
 *     rbp     rbp                   rbp-80  the activation (32 bytes); rsp
 *     rbp-8   rbx ... r14
 *
 * A trap returns here through __wasmc_resume, which finds the frame by the
 * activation's address. The body keeps callee-saved registers on the
 * normal way; after a trap they come from the frame. The x87 control word is
 * not touched: generated code uses SSE alone.
 *
 *===----------------------------------------------------------------------===*/
#if !defined(__x86_64__) || defined(__ILP32__) || defined(_WIN32)
#error "enter_x86_64.S is for 64-bit x86 with the System V ABI"
#endif
#include "enter_offsets.h"

/* All exceptions masked, round to nearest, no flushing of denormals. */
#define DEFAULT_FP 0x1f80
/* The sticky exception flags are the result of computations, not a mode. */
#define FP_FLAGS 0x3f

/* 8 more than is used keep the stack aligned. */
#define FRAME_SIZE (WASMC_ACTIVATION_SIZE + 48)
#define SAVED_R15 (FRAME_SIZE - 40)
#define SAVED_R14 (FRAME_SIZE - 32)
#define SAVED_R13 (FRAME_SIZE - 24)
#define SAVED_R12 (FRAME_SIZE - 16)
#define SAVED_RBX (FRAME_SIZE - 8)
#define SAVED_RBP FRAME_SIZE

.macro ENTRY name, floats, shadow
    .set state\@, WASMC_STATE_IN_MODULE
    .p2align 5
    .globl \name
    .hidden \name
    .type \name, @function
\name:
    .cfi_startproc
    .cfi_personality 0x1b, __wasmc_entry_personality
    endbr64
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register %rbp
    /* Stores at known offsets rather than pushes: measured, a nanosecond less. */
    subq $FRAME_SIZE, %rsp
    movq %rbx, SAVED_RBX(%rsp)
    .cfi_offset %rbx, -24
    movq %r12, SAVED_R12(%rsp)
    .cfi_offset %r12, -32
    movq %r13, SAVED_R13(%rsp)
    .cfi_offset %r13, -40
    movq %r14, SAVED_R14(%rsp)
    .cfi_offset %r14, -48
    movq %r15, SAVED_R15(%rsp)
    .cfi_offset %r15, -56
    movq __wasmc_thread@gottpoff(%rip), %r11
    /* The limit of a thread that is not known yet is the highest address. */
    cmpq %fs:WASMC_THREAD_STACK_LIMIT(%r11), %rsp
    jb .Lslow\@
.Lactivate\@:
    movq %fs:WASMC_THREAD_TOP(%r11), %rax
    movq %rax, WASMC_ACTIVATION_PREVIOUS(%rsp)
    movq %rdi, WASMC_ACTIVATION_INSTANCE(%rsp)
.if \shadow
    .set state\@, WASMC_STATE_IN_MODULE | WASMC_STATE_SHADOW
    movq WASMC_INSTANCE_SHADOW_STACK(%rdi), %rax
    movq (%rax), %rax
    movq %rax, WASMC_ACTIVATION_SHADOW(%rsp)
.endif
.if \floats
    stmxcsr WASMC_ACTIVATION_HOST_FP(%rsp)
    movl WASMC_ACTIVATION_HOST_FP(%rsp), %eax
    andl $~FP_FLAGS, %eax
    cmpl $DEFAULT_FP, %eax
    jne .Lother_fp\@
.endif
    movq $state\@, WASMC_ACTIVATION_STATE(%rsp)   /* and host_fp = 0 */
.Lcall\@:
    movq %rsp, %fs:WASMC_THREAD_TOP(%r11)
    callq *%r10
    movq __wasmc_thread@gottpoff(%rip), %r11
    movq WASMC_ACTIVATION_PREVIOUS(%rsp), %rcx
.if \floats
    cmpl $0, WASMC_ACTIVATION_HOST_FP(%rsp)
    movq %rcx, %fs:WASMC_THREAD_TOP(%r11)
    jne .Lrestore_fp\@
.else
    movq %rcx, %fs:WASMC_THREAD_TOP(%r11)
.endif
.Lreturn\@:
    /* The body kept the other callee-saved registers. */
    leave
    .cfi_remember_state
    .cfi_def_cfa %rsp, 8
    retq
    .cfi_restore_state

.if \floats
.Lother_fp\@:
    /* The host runs with another floating-point control: keep it, marked so
     * that it is not 0, and load the default. */
    orl $WASMC_HOST_FP_SAVED, WASMC_ACTIVATION_HOST_FP(%rsp)
    movl $DEFAULT_FP, WASMC_ACTIVATION_STATE(%rsp)
    ldmxcsr WASMC_ACTIVATION_STATE(%rsp)
    movl $state\@, WASMC_ACTIVATION_STATE(%rsp)
    jmp .Lcall\@
.Lrestore_fp\@:
    andl $~WASMC_HOST_FP_SAVED, WASMC_ACTIVATION_HOST_FP(%rsp)
    ldmxcsr WASMC_ACTIVATION_HOST_FP(%rsp)
    jmp .Lreturn\@
.endif

    /* Below the limit, or the first entry of the thread: ask, with all
     * arguments kept. 7 words and 8 vectors, 192 bytes, keep the alignment. */
.Lslow\@:
    subq $192, %rsp
    movq %rdi, 0(%rsp)
    movq %rsi, 8(%rsp)
    movq %rdx, 16(%rsp)
    movq %rcx, 24(%rsp)
    movq %r8, 32(%rsp)
    movq %r9, 40(%rsp)
    movq %r10, 48(%rsp)
    movaps %xmm0, 64(%rsp)
    movaps %xmm1, 80(%rsp)
    movaps %xmm2, 96(%rsp)
    movaps %xmm3, 112(%rsp)
    movaps %xmm4, 128(%rsp)
    movaps %xmm5, 144(%rsp)
    movaps %xmm6, 160(%rsp)
    movaps %xmm7, 176(%rsp)
    leaq 192(%rsp), %rsi
    callq __wasmc_enter_slow
    movq 0(%rsp), %rdi
    movq 8(%rsp), %rsi
    movq 16(%rsp), %rdx
    movq 24(%rsp), %rcx
    movq 32(%rsp), %r8
    movq 40(%rsp), %r9
    movq 48(%rsp), %r10
    movaps 64(%rsp), %xmm0
    movaps 80(%rsp), %xmm1
    movaps 96(%rsp), %xmm2
    movaps 112(%rsp), %xmm3
    movaps 128(%rsp), %xmm4
    movaps 144(%rsp), %xmm5
    movaps 160(%rsp), %xmm6
    movaps 176(%rsp), %xmm7
    addq $192, %rsp
    movq __wasmc_thread@gottpoff(%rip), %r11
    testl %eax, %eax
    je .Lactivate\@
    jmp .Lreturn\@
    .cfi_endproc
    .size \name, . - \name
.endm

    .text
    ENTRY __wasmc_enter, 1, 1
    /* For bodies that can reach no floating-point instruction, no host function
     * and no reference: stmxcsr takes longer than all the rest on some processors. */
    ENTRY __wasmc_enter_integer, 0, 1
    /* For bodies that, likewise, cannot reach a change of the shadow stack pointer. */
    ENTRY __wasmc_enter_flat, 1, 0
    ENTRY __wasmc_enter_integer_flat, 0, 0

    /* rdi: the activation. Its frame is intact, whatever the body did. */
    .p2align 4
    .globl __wasmc_resume
    .hidden __wasmc_resume
    .type __wasmc_resume, @function
__wasmc_resume:
    .cfi_startproc
    endbr64
    movl $WASMC_STATUS_TRAP, %esi
    .cfi_endproc
    .size __wasmc_resume, . - __wasmc_resume
    /* esi: the status. */
    .globl __wasmc_resume_status
    .hidden __wasmc_resume_status
    .type __wasmc_resume_status, @function
__wasmc_resume_status:
    .cfi_startproc
    movq %rdi, %rsp
    .cfi_def_cfa %rsp, SAVED_RBP + 16
    .cfi_offset %rbp, -16
    .cfi_offset %rbx, -24
    .cfi_offset %r12, -32
    .cfi_offset %r13, -40
    .cfi_offset %r14, -48
    .cfi_offset %r15, -56
    movq __wasmc_thread@gottpoff(%rip), %r11
    movq WASMC_ACTIVATION_PREVIOUS(%rsp), %rcx
    movq %rcx, %fs:WASMC_THREAD_TOP(%r11)
    cmpl $0, WASMC_ACTIVATION_HOST_FP(%rsp)
    je 1f
    andl $~WASMC_HOST_FP_SAVED, WASMC_ACTIVATION_HOST_FP(%rsp)
    ldmxcsr WASMC_ACTIVATION_HOST_FP(%rsp)
1:  movl %esi, %eax
    movq SAVED_R15(%rsp), %r15
    movq SAVED_R14(%rsp), %r14
    movq SAVED_R13(%rsp), %r13
    movq SAVED_R12(%rsp), %r12
    movq SAVED_RBX(%rsp), %rbx
    movq SAVED_RBP(%rsp), %rbp
    .cfi_restore %r15
    .cfi_restore %r14
    .cfi_restore %r13
    .cfi_restore %r12
    .cfi_restore %rbx
    .cfi_restore %rbp
    addq $(SAVED_RBP + 8), %rsp
    .cfi_def_cfa_offset 8
    retq
    .cfi_endproc
    .size __wasmc_resume_status, . - __wasmc_resume_status

    /* status __wasmc_call(instance, a, b, body): body(instance, a, b), entered. */
    .p2align 4
    .globl __wasmc_call
    .hidden __wasmc_call
    .type __wasmc_call, @function
__wasmc_call:
    .cfi_startproc
    endbr64
    movq %rcx, %r10
    jmp __wasmc_enter
    .cfi_endproc
    .size __wasmc_call, . - __wasmc_call

    /* void __wasmc_fp_leave_v_v(): a host function follows; it finds the control
     * that the host had before the entry. */
    .p2align 4
    .globl __wasmc_fp_leave_v_v
    .hidden __wasmc_fp_leave_v_v
    .type __wasmc_fp_leave_v_v, @function
__wasmc_fp_leave_v_v:
    .cfi_startproc
    endbr64
    movq __wasmc_thread@gottpoff(%rip), %r11
    movq %fs:WASMC_THREAD_TOP(%r11), %rax
    movl WASMC_ACTIVATION_HOST_FP(%rax), %ecx
    andl $~WASMC_HOST_FP_SAVED, %ecx
    cmpl %ecx, WASMC_ACTIVATION_HOST_FP(%rax)
    je 1f
    movl %ecx, -8(%rsp)
    ldmxcsr -8(%rsp)
1:  retq
    .cfi_endproc
    .size __wasmc_fp_leave_v_v, . - __wasmc_fp_leave_v_v

    /* void __wasmc_fp_enter_v_v(): a host function came back. Whatever control it
     * left is the host's from now on; the module goes on with the default. */
    .p2align 4
    .globl __wasmc_fp_enter_v_v
    .hidden __wasmc_fp_enter_v_v
    .type __wasmc_fp_enter_v_v, @function
__wasmc_fp_enter_v_v:
    .cfi_startproc
    endbr64
    movq __wasmc_thread@gottpoff(%rip), %r11
    movq %fs:WASMC_THREAD_TOP(%r11), %rax
    stmxcsr -8(%rsp)
    movl -8(%rsp), %ecx
    movl %ecx, %edx
    andl $~FP_FLAGS, %edx
    cmpl $DEFAULT_FP, %edx
    je 1f
    orl $WASMC_HOST_FP_SAVED, %ecx
    movl %ecx, WASMC_ACTIVATION_HOST_FP(%rax)
    movl $DEFAULT_FP, -8(%rsp)
    ldmxcsr -8(%rsp)
    retq
1:  movl $0, WASMC_ACTIVATION_HOST_FP(%rax)
    retq
    .cfi_endproc
    .size __wasmc_fp_enter_v_v, . - __wasmc_fp_enter_v_v

    .section .note.GNU-stack, "", @progbits
