;; The stack is compared with its limit in recursive, out-calling and deep
;; functions, and in no others. A small frame is not counted.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.leaf.1
;; CHECK-NOT: frameaddress
;; CHECK-LABEL: define internal i32 @m.caller.2
;; CHECK-NOT: frameaddress
;; CHECK-LABEL: define internal i32 @m.recursive.3
;; CHECK: call ptr @llvm.frameaddress
;; CHECK: %[[LIMIT:.*]] = load i64
;; CHECK-NEXT: icmp ult i64 %{{.*}}, %[[LIMIT]]
;; CHECK: call void @__wasmc_trap_call_stack_exhausted
;; CHECK-LABEL: define internal i32 @m.even.4
;; CHECK: call ptr @llvm.frameaddress
;; CHECK-LABEL: define internal i32 @m.odd.5
;; CHECK: call ptr @llvm.frameaddress
;; CHECK-LABEL: define internal void @m.out.6
;; CHECK: call ptr @llvm.frameaddress
;; CHECK-LABEL: define internal i32 @m.indirect.7
;; CHECK: call ptr @llvm.frameaddress
(module (import "env" "host" (func $host)) (type $t (func (param i32) (result i32)))
  (table 1 funcref)
  (func $leaf (type $t) (i32.add (local.get 0) (i32.const 1)))
  (func $caller (export "caller") (type $t) (call $leaf (local.get 0)))
  (func $recursive (export "recursive") (type $t) (call $recursive (local.get 0)))
  (func $even (export "even") (type $t) (call $odd (local.get 0)))
  (func $odd (type $t) (call $even (local.get 0)))
  (func $out (export "out") (call $host))
  (func $indirect (export "indirect") (type $t)
    (call_indirect (type $t) (local.get 0) (local.get 0))))
