;; A sum over memory becomes vector code at -O3, also when it counts up to zero.
;; RUN: %wasmc -O3 -mcpu=x86-64-v3 --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
;; CHECK-LABEL: define {{.*}}@m.sum.0
;; CHECK: add <8 x i32>
(module (memory 1)
  (func $sum (export "sum") (param i32 i32) (result i32) (local i32 i32)
    (loop
      (local.set 3 (i32.add (local.get 3)
        (i32.load (i32.add (local.get 0) (i32.shl (local.get 2) (i32.const 2))))))
      (br_if 0 (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (local.get 1))))
    (local.get 3)))
