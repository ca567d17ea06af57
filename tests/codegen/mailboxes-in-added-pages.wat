;; Pages for mailboxes are part of the memory, the maximum included.
;; RUN: echo 'export f(in: buffer<64K>) -> i32' > %t.abi
;; RUN: %lower %s --bounds=check --abi=%t.abi | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.f.0
;; CHECK: icmp ugt i64 {{%.*}}, 196608
(module (memory 2 2)
  (func $f (export "f") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))
