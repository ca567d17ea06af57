;; --bounds=check: the checks of a loop become one range check before it, and the loop is
;; vectorised; the loop as it was follows for what would trap.
;; RUN: %wasmc -O2 --bounds=check -mcpu=x86-64-v3 --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
(module (memory 1)
;; CHECK-LABEL: define {{.*}}@m.sum.0
;; CHECK: [[ALL:%.*]] = icmp {{.*}}le i64
;; CHECK-NEXT: [[FROZEN:%.*]] = freeze i1 [[ALL]]
;; CHECK-NEXT: br i1 [[FROZEN]], label %{{.*}}, label %{{.*}}.checked, {{.*}}!prof
;; CHECK: add <8 x i32>
;; CHECK: .checked:
;; CHECK: [[OUT:%.*]] = icmp ult i32
;; CHECK-NEXT: br i1 [[OUT]], label %[[TRAP:.*]], label
;; CHECK: [[TRAP]]:
;; CHECK-NEXT: call void @__wasmc_trap_memory_out_of_bounds
;; CHECK-NOT: @__wasmc_trap_memory_out_of_bounds
;; CHECK: }
  (func $sum (export "sum") (param i32 i32) (result i32) (local i32 i32)
    (loop
      (local.set 3 (i32.add (local.get 3)
        (i32.load (i32.add (local.get 0) (i32.shl (local.get 2) (i32.const 2))))))
      (br_if 0 (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (local.get 1))))
    (local.get 3))
;; Where the least size is enough, nothing is checked.
;; CHECK-LABEL: define {{.*}}@m.table.1
;; CHECK-NOT: @__wasmc_trap_memory_out_of_bounds
;; CHECK: }
  (func $table (export "table") (result i32) (local i32 i32)
    (loop
      (local.set 1 (i32.add (local.get 1) (i32.load offset=4096 (local.get 0))))
      (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 4))) (i32.const 4096))))
    (local.get 1)))
