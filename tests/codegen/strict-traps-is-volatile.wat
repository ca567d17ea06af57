;; --strict-traps: every access of linear memory, also bulk.
;; RUN: %lower --strict-traps %s | %FileCheck %s
;; CHECK-LABEL: define internal {{.*}}@m.f.0
;; CHECK: load volatile i64
;; CHECK: store volatile i64
;; CHECK: call void @llvm.memmove{{.*}}, i1 true)
;; CHECK: call void @llvm.memset{{.*}}, i1 true)
(module (memory 1) (func $f (export "f") (param i32)
  (i64.store (local.get 0) (i64.load (local.get 0)))
  (memory.copy (i32.const 0) (local.get 0) (i32.const 9))
  (memory.fill (i32.const 0) (local.get 0) (i32.const 9))))
