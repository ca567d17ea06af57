;; --bounds=check: index + offset + width in 64 bits against the size, then a cold trap.
;; RUN: %lower %s --bounds=check | %FileCheck %s
;; CHECK-LABEL: define internal i64 @m.f.0
;; CHECK: [[WIDE:%.*]] = zext i32 {{%.*}} to i64
;; CHECK-NEXT: [[END:%.*]] = add i64 [[WIDE]], 4294967303
;; CHECK: [[SIZE:%.*]] = load i64, ptr {{.*}}, align 8, {{.*}}!tbaa
;; CHECK: [[OUT:%.*]] = icmp ugt i64 [[END]], [[SIZE]]
;; CHECK: br i1 [[OUT]], label %[[TRAP:.*]], label %{{.*}}, {{.*}}!prof
;; CHECK: [[TRAP]]:
;; CHECK-NEXT: call void @__wasmc_trap_memory_out_of_bounds() [[COLD:#[0-9]+]]
;; CHECK-NEXT: unreachable
;; CHECK-DAG: attributes [[COLD]] = { {{.*}}nomerge
(module (memory 1) (func $f (export "f") (param i32) (result i64) (i64.load offset=0xffffffff (local.get 0))))
