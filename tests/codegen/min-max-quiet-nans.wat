;; min and max add their operands where one is a NaN, which makes it quiet.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal float @m.f.0
;; CHECK: [[SUM:%.*]] = fadd float [[A:%[0-9]+]], [[B:%[0-9]+]]
;; CHECK: [[MIN:%.*]] = call nnan float @llvm.minimum.f32(float [[A]], float [[B]])
;; CHECK: [[NAN:%.*]] = fcmp uno float [[A]], [[B]]
;; CHECK: select i1 [[NAN]], float [[SUM]], float [[MIN]]
(module (func $f (export "f") (param f32 f32) (result f32) (f32.min (local.get 0) (local.get 1))))
