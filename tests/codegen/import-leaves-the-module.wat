;; Around a host function: in_module is 0, by volatile stores; a failure status
;; leaves the module.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.import.env_host(ptr %0, i32 %1)
;; CHECK: store volatile i32 0, ptr {{%.*}}, align 4
;; CHECK: [[STATUS:%.*]] = call i32 {{%.*}}(ptr {{%.*}}, i32 %1, ptr
;; CHECK: store volatile i32 1, ptr {{%.*}}, align 4
;; CHECK: icmp ne i32 [[STATUS]], 0
;; CHECK: call void @__wasmc_host_failed_v_i(i32 [[STATUS]])
;; CHECK-NEXT: unreachable
(module (import "env" "host" (func $host (param i32) (result i32)))
  (func (export "f") (result i32) (call $host (i32.const 1))))
