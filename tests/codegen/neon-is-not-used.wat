;; 32-bit ARM: NEON flushes subnormal numbers, so vectors of floats are the scalar unit's,
;; also where the command asks for NEON and where LLVM would vectorise.
;; RUN: %wasmc -O3 --prefix=m --target=armv7-linux-gnueabihf -mattr=+neon --emit=asm %s -o - | %FileCheck %s
;; CHECK-LABEL: m_add.body:
;; CHECK-COUNT-4: vadd.f32 s
;; CHECK-NOT: vadd.f32 q
(module
  (func (export "add") (param v128 v128) (result v128) (f32x4.add (local.get 0) (local.get 1))))
