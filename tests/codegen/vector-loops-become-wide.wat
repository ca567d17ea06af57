;; A loop over vectors of 128 bits does two iterations at once where the processor has
;; 256, after it has asked what could overlap. The loop as it was does what is left.
;; RUN: %wasmc -O3 --prefix=m --target=x86_64-linux-gnu -mcpu=x86-64-v3 --emit=llvm-ir %s -o - | %FileCheck %s
;; RUN: %wasmc -O3 --prefix=m --target=x86_64-linux-gnu -mcpu=x86-64-v3 --emit=asm %s -o - | %FileCheck --check-prefix=ASM %s
;; RUN: %wasmc -O3 --prefix=m --target=x86_64-linux-gnu --emit=llvm-ir %s -o - | %FileCheck --check-prefix=NARROW %s
;; RUN: %wasmc -O3 --prefix=m --target=aarch64-linux-gnu --emit=llvm-ir %s -o - | %FileCheck --check-prefix=NARROW %s
;; RUN: %wasmc -O3 --strict-traps --prefix=m --target=x86_64-linux-gnu -mcpu=x86-64-v3 --emit=llvm-ir %s -o - | %FileCheck --check-prefix=NARROW %s
;; NARROW-NOT: <8 x i32>
;; NARROW-NOT: <8 x float>

;; CHECK-LABEL: define internal {{.*}}@m.scale.0
;; CHECK: wide:
;; CHECK: load <8 x i32>
;; CHECK: load <8 x i32>
;; CHECK: mul <8 x i32> %{{.*}}, splat (i32 3)
;; CHECK: store <8 x i32>
;; CHECK: load <4 x i32>
;; ASM-LABEL: m.scale.0:
;; ASM: vpaddd {{.*}}%ymm
;; CHECK-LABEL: define internal {{.*}}@m.sum.1
;; CHECK: wide:
;; CHECK: phi <8 x i32>
;; CHECK: wide.exit:
;; CHECK: add <4 x i32>

;; Another order would give another sum.
;; CHECK-LABEL: define internal {{.*}}@m.sum_of_floats.2
;; CHECK-NOT: <8 x float>
(module
  (memory 1)
  (func $scale (export "scale") (param i32 i32 i32)
    (loop $next
      (v128.store (local.get 0) (i32x4.add (v128.load (local.get 0))
        (i32x4.mul (v128.load (local.get 1)) (v128.const i32x4 3 3 3 3))))
      (local.set 0 (i32.add (local.get 0) (i32.const 16)))
      (local.set 1 (i32.add (local.get 1) (i32.const 16)))
      (br_if $next (local.tee 2 (i32.sub (local.get 2) (i32.const 1))))))
  (func $sum (export "sum") (param i32 i32) (result i32) (local $sum v128)
    (loop $next
      (local.set $sum (i32x4.add (local.get $sum) (v128.load (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 16)))
      (br_if $next (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (i32x4.extract_lane 0 (local.get $sum)))
  (func $sum_of_floats (export "sum_of_floats") (param i32 i32) (result f32) (local $sum v128)
    (loop $next
      (local.set $sum (f32x4.add (local.get $sum) (v128.load (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 16)))
      (br_if $next (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (f32x4.extract_lane 0 (local.get $sum))))
