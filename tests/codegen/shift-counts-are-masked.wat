;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i64 @m.f.0
;; CHECK: [[N:%.*]] = and i64 {{%.*}}, 63
;; CHECK-NEXT: shl i64 {{%.*}}, [[N]]
(module (func $f (export "f") (param i64 i64) (result i64) (i64.shl (local.get 0) (local.get 1))))
