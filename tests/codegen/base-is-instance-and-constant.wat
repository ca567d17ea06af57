;; Own memory 0, guarded: the base is the instance plus a constant, no load.
;; RUN: %lower %s --bounds=guard | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.f.0(ptr {{.*}}%0, i32 %1)
;; CHECK: [[WIDE:%.*]] = zext i32 {{%.*}} to i64
;; CHECK-NEXT: [[BASE:%.*]] = getelementptr i8, ptr %0, i64 [[#]]
;; CHECK-NEXT: [[INDEX:%.*]] = getelementptr i8, ptr [[BASE]], i64 [[WIDE]]
;; CHECK-NEXT: [[ADDRESS:%.*]] = getelementptr i8, ptr [[INDEX]], i64 12
;; CHECK-NEXT: load i32, ptr [[ADDRESS]], align 1, {{.*}}!tbaa [[TAG:![0-9]+]]
;; CHECK-NOT: icmp
;; CHECK: ret i32
;; CHECK-DAG: [[TAG]] = !{[[TYPE:![0-9]+]], [[TYPE]], i64 0}
;; CHECK-DAG: [[TYPE]] = !{!"memory", [[HOST:![0-9]+]], i64 0}
;; CHECK-DAG: [[HOST]] = !{!"host", [[ROOT:![0-9]+]], i64 0}
;; CHECK-DAG: [[ROOT]] = !{!"wasmc"}
(module (memory 1) (func $f (export "f") (param i32) (result i32) (i32.load offset=12 (local.get 0))))
