;; A 64-bit memory is compared in both modes, and nothing is added to the index. An
;; offset that is always within the memory takes one compare, any other two.
;; RUN: %lower %s --bounds=guard | %FileCheck %s
;; RUN: %lower %s --bounds=check | %FileCheck %s
;; CHECK-LABEL: define internal i64 @m.near.0
;; CHECK: [[SIZE:%.*]] = load i64, ptr {{.*}}, align 8, {{.*}}!tbaa
;; CHECK-NEXT: [[LAST:%.*]] = sub i64 [[SIZE]], 65536
;; CHECK-NEXT: [[OUT:%.*]] = icmp ugt i64 [[INDEX:%.*]], [[LAST]]
;; CHECK-NEXT: br i1 [[OUT]], label %[[TRAP:.*]], label %{{.*}}, {{.*}}!prof
;; CHECK: [[TRAP]]:
;; CHECK-NEXT: call void @__wasmc_trap_memory_out_of_bounds()
;; CHECK: getelementptr i8, ptr {{%.*}}, i64 [[INDEX]]
;; CHECK-NEXT: getelementptr i8, ptr {{%.*}}, i64 65528
;; CHECK-LABEL: define internal i64 @m.far.1
;; CHECK: [[LAST:%.*]] = sub i64 [[SIZE:%.*]], 65537
;; CHECK-NEXT: [[OUT:%.*]] = icmp ugt i64 {{%.*}}, [[LAST]]
;; CHECK-NEXT: [[NONE:%.*]] = icmp ult i64 [[SIZE]], 65537
;; CHECK-NEXT: [[ANY:%.*]] = or i1 [[NONE]], [[OUT]]
;; CHECK-NEXT: br i1 [[ANY]]
;; CHECK-LABEL: define internal i64 @m.grow.2
;; CHECK: call i64 @__wasmc_memory_grow_l_pl(ptr {{%.*}}, i64 {{%.*}})
;; CHECK-NOT: zext
;; CHECK: ret i64
(module (memory i64 1)
  (func $near (export "near") (param i64) (result i64) (i64.load offset=65528 (local.get 0)))
  (func $far (export "far") (param i64) (result i64) (i64.load offset=65529 (local.get 0)))
  (func $grow (export "grow") (param i64) (result i64) (memory.grow (local.get 0))))
