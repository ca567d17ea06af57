;; A memory that cannot change its size is compared with a constant.
;; RUN: %lower %s --bounds=check | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.f.0
;; CHECK: icmp ugt i64 {{%.*}}, 131072
;; CHECK-LABEL: define internal i32 @m.size.1
;; CHECK-NOT: load i64
;; CHECK: ret i32
(module (memory 2 2)
  (func $f (export "f") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func $size (export "size") (result i32) (memory.size)))
