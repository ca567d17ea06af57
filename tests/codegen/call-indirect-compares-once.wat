;; Bounds, null, one compare of types; all others only out of line.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.f.0
;; CHECK: icmp uge i64
;; CHECK: call void @__wasmc_trap_undefined_element
;; CHECK: load i64, ptr {{.*}}, align 8
;; CHECK: icmp eq i64 {{.*}}, 0
;; CHECK: call void @__wasmc_trap_uninitialized_element
;; CHECK: icmp ne ptr {{%.*}}, @__wasmc_type_
;; CHECK: call i32 @__wasmc_type_matches_i_pp
;; CHECK: call void @__wasmc_trap_indirect_call_type_mismatch
;; CHECK: call i32 {{%.*}}(ptr {{%.*}}, i32
(module (table 4 funcref) (type $t (func (param i32) (result i32)))
  (func $f (export "f") (param i32) (result i32)
    (call_indirect (type $t) (i32.const 1) (local.get 0))))
