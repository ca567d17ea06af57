;; --bounds=check: where a call or another thread might make the memory larger, the range
;; check compares with the size of before the loop, and the checks go all the same.
;; RUN: %wasmc -O2 --bounds=check --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
(module (import "h" "f" (func $f)) (memory 1) (memory $shared 1 9 shared) (memory $large i64 1)
;; CHECK-LABEL: define {{.*}}@m.calls.1
;; CHECK: load i64, {{.*}}!range
;; CHECK: br i1 {{.*}}, label %{{.*}}.checked{{.*}}!prof
  (func $calls (export "calls") (param $at i32) (param $count i32)
    (loop
      (call $f)
      (i32.store8 (local.get $at) (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if 0 (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
;; CHECK-LABEL: define {{.*}}@m.shared.2
;; CHECK: load atomic i64, {{.*}} monotonic
;; CHECK: br i1 {{.*}}, label %{{.*}}.checked{{.*}}!prof
;; In the loop as it was; the other one reads no size.
;; CHECK: load atomic i64
;; CHECK-NOT: load atomic i64
;; CHECK: }
  (func $shared (export "shared") (param $at i32) (param $count i32)
    (loop
      (i32.store8 $shared (local.get $at) (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if 0 (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
;; CHECK-LABEL: define {{.*}}@m.large.3
;; CHECK: br i1 {{.*}}, label %{{.*}}.checked{{.*}}!prof
  (func $large (export "large") (param $at i64) (param $count i64)
    (loop
      (i32.store8 $large (local.get $at) (i32.const 1))
      (local.set $at (i64.add (local.get $at) (i64.const 1)))
      (br_if 0 (i64.ne (local.tee $count (i64.sub (local.get $count) (i64.const 1)))
                       (i64.const 0))))))
