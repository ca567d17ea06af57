;; A global that nothing can write to is its initial value; what differs between
;; instances, and what code or the host can write to, is loaded.
;; RUN: %lower %s | %FileCheck %s
(module
  (import "env" "base" (global $base i32))
  (global $plain i32 (i32.const 11))
  (global $never (mut i64) (i64.const 22))
  (global $same i32 (global.get $plain))
  (global $float (export "float") f64 (f64.const 1.5))
  (global $null funcref (ref.null func))
  (global $vector v128 (v128.const i64x2 3 4))
  (global $set (mut i32) (i32.const 33))
  (global $host (export "host") (mut i32) (i32.const 44))
  (global $other i32 (global.get $base))

;; CHECK-LABEL: define internal i32 @m.constants.0
;; CHECK-NOT: load {{.*}} !tbaa
;; CHECK: store i32 11, ptr
;; CHECK: store i64 22, ptr
;; CHECK: store double 1.5
;; CHECK: store <2 x i64> <i64 3, i64 4>
;; CHECK-NOT: load {{.*}} !tbaa
;; CHECK: ret i32
  (func $constants (export "constants") (result i32)
    (local i32 i64 f64 v128)
    (local.set 0 (global.get $same))
    (local.set 1 (global.get $never))
    (local.set 2 (global.get $float))
    (local.set 3 (global.get $vector))
    (ref.is_null (global.get $null)))

;; CHECK-LABEL: define internal i32 @m.loaded.1
;; CHECK-COUNT-3: load i32, ptr {{.*}} !tbaa
;; CHECK: ret i32
  (func $loaded (export "loaded") (result i32)
    (global.set $set (i32.const 1))
    (i32.add (i32.add (global.get $set) (global.get $host)) (global.get $other))))
