;; Each form of vector access reads or writes as many bytes as it says, at any alignment.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal {{.*}}@m.f.0
;; CHECK: load <2 x i64>, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i8, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i16, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i32, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i64, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i32, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i64, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load <8 x i8>, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load <4 x i16>, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load <2 x i32>, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i8, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: load i64, ptr {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: store i16 {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: store i32 {{.*}}, align 1, {{.*}}!tbaa
;; CHECK: store <2 x i64> {{.*}}, align 1, {{.*}}!tbaa
;; A load that is dropped at once stays.
;; CHECK: load volatile i8, ptr {{.*}}, align 1, {{.*}}!tbaa
;; RUN: %lower --strict-traps %s | %FileCheck --check-prefix=STRICT %s
;; STRICT-LABEL: define internal {{.*}}@m.f.0
;; STRICT-COUNT-12: load volatile
;; STRICT-COUNT-3: store volatile
;; STRICT: load volatile i8
(module (memory 1)
  (func $f (export "f") (param i32 v128) (result v128)
    (v128.load align=16 (local.get 0))
    (v128.xor (v128.load8_splat (local.get 0)))
    (v128.xor (v128.load16_splat align=2 (local.get 0)))
    (v128.xor (v128.load32_splat align=4 (local.get 0)))
    (v128.xor (v128.load64_splat align=8 (local.get 0)))
    (v128.xor (v128.load32_zero align=4 (local.get 0)))
    (v128.xor (v128.load64_zero align=8 (local.get 0)))
    (v128.xor (v128.load8x8_s align=8 (local.get 0)))
    (v128.xor (v128.load16x4_u align=8 (local.get 0)))
    (v128.xor (v128.load32x2_s align=8 (local.get 0)))
    (v128.xor (v128.load8_lane 3 (local.get 0) (local.get 1)))
    (v128.xor (v128.load64_lane align=8 1 (local.get 0) (local.get 1)))
    (v128.store16_lane align=2 7 (local.get 0) (local.get 1))
    (v128.store32_lane align=4 3 (local.get 0) (local.get 1))
    (v128.store align=16 (local.get 0) (local.get 1))
    (drop (v128.load8_splat (local.get 0)))))
