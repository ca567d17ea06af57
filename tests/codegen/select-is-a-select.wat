;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i64 @m.f.0
;; CHECK: [[C:%.*]] = icmp ne i32 {{%.*}}, 0
;; CHECK-NEXT: select i1 [[C]], i64 {{%.*}}, i64 {{%.*}}
(module (func $f (export "f") (param i32 i64 i64) (result i64)
  (select (local.get 1) (local.get 2) (local.get 0))))
