;; Checked ranges, then memmove; a small constant size needs no call.
;; RUN: %lower %s | %FileCheck %s
;; RUN: %wasmc -O2 --target=x86_64-linux-gnu --prefix=m %s -o - --emit=asm | %FileCheck --check-prefix=ASM %s
;; CHECK-LABEL: define internal void @m.copy.0
;; CHECK-COUNT-2: call void @__wasmc_trap_memory_out_of_bounds
;; CHECK: call void @llvm.memmove.p0.p0.i64(ptr align 1 {{.*}}!tbaa
;; ASM-LABEL: m.constant.1:
;; ASM-NOT: memmove
;; ASM: movups {{.*}}(%rdi,%r
;; ASM-LABEL: .Lfunc_end
(module (memory 1)
  (func $copy (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func $constant (export "constant") (param i32 i32)
    (memory.copy (local.get 0) (local.get 1) (i32.const 16)))
  (table 2 funcref) (elem (i32.const 0) $copy $constant))
