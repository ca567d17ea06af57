;; LLVM finds all checks of this loop to hold before it looks at loops for vectors. What the
;; producer has unrolled is rolled up all the same, once no check stands between.
;; RUN: %wasmc -O3 --bounds=check --target=x86_64-linux-gnu -mcpu=x86-64-v3 --prefix=m %s --emit=llvm-ir -o - \
;; RUN:   | %FileCheck %s
;; RUN: %wasmc -O3 --bounds=check --target=x86_64-linux-gnu -mcpu=x86-64-v3 --prefix=m %s --emit=llvm-ir -o - \
;; RUN:   | %FileCheck --check-prefix=MARK %s
;; CHECK-LABEL: define internal {{.*}}@m.sum.
;; CHECK-NOT: trap_memory
;; CHECK: vector.body:
;; CHECK-NOT: strided
;; CHECK-NOT: trap_memory
;; CHECK: ret i32
;; MARK-NOT: wasmc.bounds_checks
(module
  (memory (export "memory") 1 1)
  (func $sum (export "sum") (result i32)
    (local $i i32) (local $sum i32)
    (loop $next
      (local.set $sum
        (i32.add (i32.mul (i32.load8_s offset=1024 (local.get $i)) (i32.load8_s offset=8192 (local.get $i)))
          (i32.add (i32.mul (i32.load8_s offset=1025 (local.get $i)) (i32.load8_s offset=8193 (local.get $i)))
            (i32.add (i32.mul (i32.load8_s offset=1026 (local.get $i)) (i32.load8_s offset=8194 (local.get $i)))
              (i32.add (i32.mul (i32.load8_s offset=1027 (local.get $i)) (i32.load8_s offset=8195 (local.get $i)))
                (local.get $sum))))))
      (br_if $next
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 1024))))
    (local.get $sum)))
