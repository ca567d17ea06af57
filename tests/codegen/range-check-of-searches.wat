;; --bounds=check: where what a loop loads decides when it ends, a range check before it would
;; take as long as several of the one check that it saves, and such loops are often short.
;; With two checks it has a range check all the same.
;; RUN: %wasmc -O2 --bounds=check --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
(module (memory 1)
;; CHECK-LABEL: define {{.*}}@m.find.0
;; CHECK-NOT: .checked:
;; CHECK: @__wasmc_trap_memory_out_of_bounds
;; CHECK-LABEL: define {{.*}}@m.copy.1
;; CHECK: .checked:
;; CHECK: @__wasmc_trap_memory_out_of_bounds
  (func $find (export "find") (param i32 i32) (result i32)
    (loop $more
      (if (i32.ne (i32.load8_u (local.get 0)) (i32.const 47))
        (then
          (br_if $more (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                               (local.get 1))))))
    (local.get 0))
  (func $copy (export "copy") (param i32 i32 i32) (local i32)
    (loop $more
      (local.set 3 (i32.load8_u (local.get 0)))
      (i32.store8 (local.get 2) (local.get 3))
      (local.set 2 (i32.add (local.get 2) (i32.const 1)))
      (br_if $more
        (i32.and (i32.ne (local.get 3) (i32.const 47))
                 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
                         (local.get 1)))))))
