;; Cases that go where the default goes are left out.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.f.0
;; CHECK: switch i32 {{%.*}}, label %[[DEFAULT:.*]] [
;; CHECK-NEXT: i32 0, label %[[ZERO:.*]]
;; CHECK-NEXT: i32 3, label %[[ZERO]]
;; CHECK-NEXT: ]
(module (func $f (export "f") (param i32) (result i32)
  (block (block (br_table 0 1 1 0 1 (local.get 0))) (return (i32.const 7)))
  (i32.const 9)))
