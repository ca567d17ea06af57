;; --bounds=check: an access within the least size of the memory's type is not compared; one past it is.
;; RUN: %lower %s --bounds=check | %FileCheck %s
(module (memory 2)
;; CHECK-LABEL: define internal i32 @m.within.0
;; CHECK-NOT: icmp
;; CHECK: load i32
;; CHECK-NOT: @__wasmc_trap
;; CHECK: ret i32
  (func $within (export "within") (result i32) (i32.load offset=4 (i32.const 131064)))
;; CHECK-LABEL: define internal i32 @m.past.1
;; CHECK: icmp ugt i64
;; CHECK: call void @__wasmc_trap_memory_out_of_bounds
  (func $past (export "past") (result i32) (i32.load offset=5 (i32.const 131064)))
;; CHECK-LABEL: define internal i32 @m.negative.2
;; CHECK: call void @__wasmc_trap_memory_out_of_bounds
  (func $negative (export "negative") (result i32) (i32.load offset=8 (i32.const -4)))
;; CHECK-LABEL: define internal i32 @m.far.3
;; CHECK: call void @__wasmc_trap_memory_out_of_bounds
  (func $far (export "far") (result i32) (i32.load offset=0xffffffff (i32.const 0))))
