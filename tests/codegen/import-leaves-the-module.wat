;; Around a host function: the activation's state says so, by volatile stores; a failure status
;; leaves the module.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.import.env_host(ptr %0, i32 %1)
;; CHECK: [[STATE:%.*]] = load i32, ptr {{%.*}}, align 4
;; CHECK: [[OUT:%.*]] = and i32 [[STATE]], -2
;; CHECK: store volatile i32 [[OUT]], ptr {{%.*}}, align 4
;; CHECK: [[STATUS:%.*]] = call i32 {{%.*}}(ptr {{%.*}}, i32 %1, ptr
;; CHECK: store volatile i32 [[STATE]], ptr {{%.*}}, align 4
;; CHECK: icmp ne i32 [[STATUS]], 0
;; CHECK: call void @__wasmc_host_failed_v_i(i32 [[STATUS]])
;; CHECK-NEXT: unreachable
(module (import "env" "host" (func $host (param i32) (result i32)))
  (func (export "f") (result i32) (call $host (i32.const 1))))
