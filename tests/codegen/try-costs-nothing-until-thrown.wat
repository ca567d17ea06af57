;; A call in a try is a call: nothing is saved, set or compared for the exception that
;; does not come. What catches it is out of the way.
;; RUN: %wasmc -O2 --enable-legacy-exceptions --target=x86_64-linux-gnu --prefix=m --emit=asm %s -o - | %FileCheck %s
;; CHECK-LABEL: m.tries.1:
;; The compare with the stack's limit, which any function that calls out has.
;; CHECK: cmpq %rbp, %fs:8(%rax)
;; CHECK-NEXT: ja
;; CHECK: movq {{[0-9]+}}(%rdi), %rdi
;; CHECK-NEXT: Ltmp
;; CHECK-NEXT: callq *{{[0-9]+}}(%rbx)
;; CHECK-NEXT: Ltmp
;; CHECK-NEXT: LBB
;; CHECK-NEXT: addq $8, %rsp
;; CHECK: popq %rbx
;; CHECK-NEXT: popq %rbp
;; CHECK-NEXT: .cfi_def_cfa
;; CHECK-NEXT: retq
;; CHECK: callq __wasmc_exception_drop
;; CHECK: .section .gcc_except_table
(module
  (import "env" "f" (func $f (result i32)))
  (tag $e (param i32))
  (func $tries (export "tries") (result i32)
    (try (result i32) (do (call $f)) (catch $e))))
