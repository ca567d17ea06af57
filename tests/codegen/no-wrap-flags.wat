;; Nothing is claimed about overflow, nor about addresses being in bounds.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-NOT: {{ (nuw|nsw|exact|inbounds|nusw) }}
(module (memory 1)
  (func (export "f") (param i32 i32) (result i32)
    (i32.add (i32.shl (local.get 0) (local.get 1))
      (i32.sub (i32.mul (local.get 0) (local.get 1))
        (i32.div_u (local.get 0) (i32.shr_s (i32.load offset=4 (local.get 1)) (i32.const 1)))))))
