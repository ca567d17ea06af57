;; An export is a jump to the trampoline, with the body's address in r10.
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu %s -o - --emit=asm | %FileCheck %s
;; CHECK-LABEL: m_f:
;; CHECK: leaq {{.*body.*}}(%rip), %r10
;; CHECK: jmp __wasmc_enter
(module (func $f (export "f") (param i32 i64 f32) (result i32) (local.get 0)))
