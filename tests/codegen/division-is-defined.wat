;; Division traps where LLVM's is undefined; the remainder of the least integer by
;; minus one is 0.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.div.0
;; CHECK: call void @__wasmc_trap_integer_divide_by_zero
;; CHECK: icmp eq i32 {{%.*}}, -2147483648
;; CHECK: call void @__wasmc_trap_integer_overflow
;; CHECK: sdiv i32
;; CHECK-LABEL: define internal i32 @m.rem.1
;; CHECK: [[D:%.*]] = select i1 {{%.*}}, i32 1, i32
;; CHECK: srem i32 {{%.*}}, [[D]]
(module
  (func $div (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $rem (export "rem") (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1))))
