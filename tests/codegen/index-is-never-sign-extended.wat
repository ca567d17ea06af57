;; No sign extension comes near an address, at any level.
;; RUN: %wasmc -O0 --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
;; RUN: %wasmc -O3 --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
;; RUN: %wasmc -O3 --prefix=m --target=aarch64-linux-gnu %s -o - --emit=llvm-ir | %FileCheck %s
;; CHECK-NOT: sext
;; CHECK-NOT: getelementptr {{.*}} i32 %
;; CHECK-NOT: sext
(module (memory 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.load offset=8 (i32.add (local.get 0) (i32.mul (local.get 1) (i32.const -4)))))
  (func (export "loop") (param i32 i32) (result i32) (local i32)
    (loop
      (local.set 2 (i32.add (local.get 2) (i32.load (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 4)))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (local.get 2)))
