;; What a memory's type promises is there: a load in a branch of a loop, of places that are
;; all below its least size, may be made whether it is taken or not, and so the loop is
;; one of vectors. A byte farther, and it may not. Nor may it where the memory is not the
;; module's own.
;; RUN: rm -rf %t && split-file %s %t
;; RUN: %wasmc -O3 --prefix=m --target=x86_64-linux-gnu -mcpu=x86-64-v3 %t/own.wat --bounds=guard --emit=llvm-ir -o - | %FileCheck %s
;; RUN: %wasmc -O3 --prefix=m --target=x86_64-linux-gnu -mcpu=x86-64-v3 %t/imported.wat --bounds=guard --emit=llvm-ir -o - | %FileCheck --check-prefix=IMPORTED %s

;; CHECK: define internal i32 @m.fits.0(ptr {{.*}}dereferenceable({{65[0-9][0-9][0-9]}})
;; CHECK-NOT: define
;; CHECK: load <{{[0-9]+}} x i8>
;; CHECK: define internal i32 @m.past.1(
;; CHECK-NOT: load <
;; CHECK: define
;; IMPORTED-NOT: dereferenceable(65
;; IMPORTED-NOT: load <

;--- own.wat
(module
  (memory 1)
  (func $fits (export "fits") (result i32) (local $i i32) (local $sum i32)
    (loop
      (if (i32.load8_u (local.get $i))
        (then (local.set $sum (i32.add (local.get $sum)
                                       (i32.load8_u offset=61440 (local.get $i))))))
      (br_if 0 (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4096))))
    (local.get $sum))
  (func $past (export "past") (result i32) (local $i i32) (local $sum i32)
    (loop
      (if (i32.load8_u (local.get $i))
        (then (local.set $sum (i32.add (local.get $sum)
                                       (i32.load8_u offset=61441 (local.get $i))))))
      (br_if 0 (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4096))))
    (local.get $sum)))
;--- imported.wat
(module
  (import "env" "memory" (memory 1))
  (func $fits (export "fits") (result i32) (local $i i32) (local $sum i32)
    (loop
      (if (i32.load8_u (local.get $i))
        (then (local.set $sum (i32.add (local.get $sum)
                                       (i32.load8_u offset=61440 (local.get $i))))))
      (br_if 0 (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4096))))
    (local.get $sum)))
