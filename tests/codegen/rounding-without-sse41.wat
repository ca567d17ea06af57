;; Baseline x86-64 rounds through the runtime's helper, x86-64-v3 by an instruction;
;; never through a libm.
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu %s -o - --emit=asm | %FileCheck --check-prefix=BASE %s
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu -mcpu=x86-64-v3 %s -o - --emit=asm | %FileCheck --check-prefix=V3 %s
;; BASE-DAG: __wasmc_f64_floor_d_d
;; BASE-DAG: __wasmc_f32_nearest_f_f
;; BASE-NOT: {{(call|jmp)q?[[:space:]]+(floor|rint|nearbyint|roundeven)}}
;; V3-DAG: vroundsd $9,
;; V3-DAG: vroundss $8,
;; V3-NOT: __wasmc_f64_floor
(module
  (func (export "floor") (param f64) (result f64) (f64.floor (local.get 0)))
  (func (export "nearest") (param f32) (result f32) (f32.nearest (local.get 0))))
