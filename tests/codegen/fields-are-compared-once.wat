;; --bounds=check: fields of a pointer are behind one compare, of the end of the farthest;
;; their own compares, in their order, are in cold blocks.
;; RUN: %wasmc -O2 --bounds=check --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
(module (memory 1)
;; CHECK-LABEL: define {{.*}}@m.fields.0
;; CHECK: [[END:%.*]] = add {{.*}}i64 %{{.*}}, 20
;; CHECK: [[PAST:%.*]] = icmp {{.*}}ugt i64 [[END]], %
;; CHECK: br i1 [[PAST]], label %each, label %{{.*}}!prof
;; CHECK: add {{.*}}i64 %{{.*}}, 4
;; CHECK: add {{.*}}i64 %{{.*}}, 8
  (func $fields (export "fields") (param $p i32) (result i32)
    (i32.add (i32.load (local.get $p))
             (i32.add (i32.load offset=4 (local.get $p)) (i32.load offset=16 (local.get $p)))))
;; A store that a trap would have hidden stays before the other's check.
;; CHECK-LABEL: define {{.*}}@m.stores.1
;; CHECK-NOT: label %each
;; CHECK: }
  (func $stores (export "stores") (param $p i32)
    (i32.store (local.get $p) (i32.const 1))
    (i32.store offset=4 (local.get $p) (i32.const 2)))
;; Downwards, the first check covers the second.
;; CHECK-LABEL: define {{.*}}@m.covered.2
;; CHECK: icmp {{.*}}ugt
;; CHECK-NOT: icmp
;; CHECK: }
  (func $covered (export "covered") (param $p i32)
    (i32.store offset=4 (local.get $p) (i32.const 1))
    (i32.store (local.get $p) (i32.const 2))))
