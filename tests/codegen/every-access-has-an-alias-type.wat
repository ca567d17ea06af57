;; Linear memory, instance, tables and functions never alias: each access is tagged.
;; RUN: %lower %s > %t.ll && %FileCheck %s --input-file=%t.ll
;; CHECK-LABEL: define internal {{.*}}@m.f.1
;; CHECK: load i32, ptr {{.*}}!tbaa [[MEMORY:![0-9]+]]
;; CHECK: load i32, ptr {{.*}}!tbaa [[INSTANCE:![0-9]+]]
;; CHECK: load i64, ptr {{.*}}!tbaa [[INSTANCE]]
;; CHECK: load i64, ptr {{.*}}!tbaa [[TABLE:![0-9]+]]
;; CHECK: load ptr, ptr {{.*}}!tbaa [[FUNC:![0-9]+]]
;; CHECK-DAG: [[MEMORY]] = !{[[M:![0-9]+]], [[M]], i64 0}
;; CHECK-DAG: [[M]] = !{!"memory",
;; CHECK-DAG: [[INSTANCE]] = !{[[I:![0-9]+]], [[I]], i64 0}
;; CHECK-DAG: [[I]] = !{!"instance",
;; CHECK-DAG: [[TABLE]] = !{[[T:![0-9]+]], [[T]], i64 0}
;; CHECK-DAG: [[T]] = !{!"table",
;; CHECK-DAG: [[FUNC]] = !{[[F:![0-9]+]], [[F]], i64 0}
;; CHECK-DAG: [[F]] = !{!"func",
(module (memory 1) (table (export "table") 4 funcref) (global (export "global") (mut i32) (i32.const 1)) (type $t (func))
  (func $callee)
  (elem (i32.const 0) $callee)
  (func $f (export "f") (param i32) (result i32)
    (i32.load (local.get 0))
    (global.get 0)
    (call_indirect (type $t) (local.get 0))
    i32.add))
