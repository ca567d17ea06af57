;; Where the target has no minimum, it is the lesser, and of equal ones, which differ at most
;; in the signs of zeros, all bits of both; of max, the bits that are in both.
;; RUN: %wasmc -O0 --target=armv7-linux-gnueabihf --prefix=m --emit=llvm-ir %s -o - | %FileCheck %s
;; CHECK-LABEL: define internal float @m.min.0
;; CHECK: [[SUM:%.*]] = fadd float [[A:%[0-9]+]], [[B:%[0-9]+]]
;; CHECK: [[NAN:%.*]] = fcmp uno float [[A]], [[B]]
;; CHECK: [[BOTH:%.*]] = or i32
;; CHECK: [[EQUAL:%.*]] = bitcast i32 [[BOTH]] to float
;; CHECK: [[LESS:%.*]] = fcmp olt float [[A]], [[B]]
;; CHECK: [[GREATER:%.*]] = fcmp ogt float [[A]], [[B]]
;; CHECK: [[NOTLESS:%.*]] = select i1 [[GREATER]], float [[B]], float [[EQUAL]]
;; CHECK: [[MIN:%.*]] = select i1 [[LESS]], float [[A]], float [[NOTLESS]]
;; CHECK: select i1 [[NAN]], float [[SUM]], float [[MIN]]
;; CHECK-LABEL: define internal double @m.max.1
;; CHECK: [[BOTH:%.*]] = and i64
;; CHECK: [[EQUAL:%.*]] = bitcast i64 [[BOTH]] to double
;; CHECK: [[LESS:%.*]] = fcmp olt double [[A:%[0-9]+]], [[B:%[0-9]+]]
;; CHECK: [[GREATER:%.*]] = fcmp ogt double [[A]], [[B]]
;; CHECK: [[NOTGREATER:%.*]] = select i1 [[LESS]], double [[B]], double [[EQUAL]]
;; CHECK: select i1 [[GREATER]], double [[A]], double [[NOTGREATER]]
(module
  (func $min (export "min") (param f32 f32) (result f32) (f32.min (local.get 0) (local.get 1)))
  (func $max (export "max") (param f64 f64) (result f64) (f64.max (local.get 0) (local.get 1))))
