;; LLVM is told what a memory's size can be: no less than its type says, no more than 4 GiB.
;; RUN: %lower %s --bounds=check | %FileCheck %s
;; CHECK-LABEL: define internal i32 @m.f.0
;; CHECK: load i64, ptr {{.*}}, !tbaa [[SIZE:![0-9]+]], !range [[RANGE:![0-9]+]]
;; CHECK: [[SIZE]] = !{[[TYPE:![0-9]+]], [[TYPE]], i64 0}
;; CHECK: [[TYPE]] = !{!"size", [[INSTANCE:![0-9]+]], i64 0}
;; CHECK: [[INSTANCE]] = !{!"instance", {{.*}}}
;; CHECK: [[RANGE]] = !{i64 65536, i64 4294967297}
(module (memory 1) (func $f (export "f") (param i32) (result i32) (i32.load (local.get 0))))
