;; Of a few elements, those that call through a table themselves are called by the array:
;; inlined, they would be the same call again. A single element needs neither.
;; RUN: %lower %s | %FileCheck %s

;; CHECK: @m.code.0 = internal constant [3 x ptr] [ptr @m.leaf.0, ptr @m.inner.1, ptr @m.other.2]

(module
  (memory 1)
  (table 5 funcref)
  (type $node (func (param i32) (result i32)))
  (type $single (func (param i64)))
  (elem (i32.const 1) $leaf $inner $other $alone)
  (func $leaf (type $node) (i32.load offset=4 (local.get 0)))

;; CHECK-LABEL: define internal i32 @m.inner.1
;; CHECK: switch i32 %[[INDEX:.*]], label %[[ARRAY:.*]] [
;; CHECK-NEXT: i32 1, label
;; CHECK-NEXT: ]
;; CHECK: [[ARRAY]]:
;; CHECK-NEXT: %[[PLACE:.*]] = sub i32 %[[INDEX]], 1
;; CHECK-NEXT: icmp ult i32 %[[PLACE]], 3
;; CHECK: call i32 @m.leaf.0(ptr %0,
;; CHECK: getelementptr ptr, ptr @m.code.0
;; CHECK: call i32 %{{.*}}(ptr %0,
  (func $inner (type $node)
    (call_indirect (type $node) (local.get 0) (i32.load (local.get 0))))
  (func $other (type $node)
    (i32.eqz (call_indirect (type $node) (local.get 0) (i32.load (local.get 0)))))

;; CHECK-LABEL: define internal void @m.alone.3
;; CHECK: switch i32
;; CHECK: call void @m.alone.3(ptr %0,
  (func $alone (type $single)
    (call_indirect (type $single) (local.get 0) (i32.const 4))))
