;; Only a load whose value is dropped at once is volatile.
;; RUN: %lower %s | %FileCheck %s
;; RUN: %wasmc -O3 --prefix=m %s -o - --emit=llvm-ir | %FileCheck --check-prefix=O3 %s
;; CHECK-LABEL: define internal {{.*}}@m.dropped.0
;; CHECK: load volatile i32
;; CHECK-LABEL: define internal {{.*}}@m.used.1
;; CHECK-NOT: volatile
;; CHECK: ret i32
;; O3: load volatile i32
(module (memory 1)
  (func $dropped (export "dropped") (param i32) (drop (i32.load (local.get 0))))
  (func $used (export "used") (param i32) (result i32) (i32.load (local.get 0))))
