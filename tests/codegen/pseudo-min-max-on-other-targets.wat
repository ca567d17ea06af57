;; pmin and pmax are the second operand's bits unless it is less, or more, than the first: x86
;; has instructions for it, other targets compare and choose.
;; RUN: %wasmc -O0 --target=aarch64-linux-gnu --prefix=m --emit=llvm-ir %s -o - | %FileCheck %s
;; CHECK-LABEL: define internal {{.*}} @m.pmin.0
;; CHECK: [[LESS:%.*]] = fcmp olt <4 x float> [[B:%[0-9]+]], [[A:%[0-9]+]]
;; CHECK: select <4 x i1> [[LESS]], <4 x float> [[B]], <4 x float> [[A]]
;; CHECK-LABEL: define internal {{.*}} @m.pmax.1
;; CHECK: [[MORE:%.*]] = fcmp ogt <2 x double> [[B:%[0-9]+]], [[A:%[0-9]+]]
;; CHECK: select <2 x i1> [[MORE]], <2 x double> [[B]], <2 x double> [[A]]
(module
  (func $pmin (export "pmin") (param v128 v128) (result v128)
    (f32x4.pmin (local.get 0) (local.get 1)))
  (func $pmax (export "pmax") (param v128 v128) (result v128)
    (f64x2.pmax (local.get 0) (local.get 1))))
