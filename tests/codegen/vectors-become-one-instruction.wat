;; Operators that a target has an instruction for are that instruction, with no branch,
;; call or detour through memory.
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu --emit=asm %s -o - | %FileCheck --check-prefixes=X86,SSE2 %s
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu -mcpu=x86-64-v2 --emit=asm %s -o - | %FileCheck --check-prefixes=X86,V2 %s
;; RUN: %wasmc -O2 --prefix=m --target=aarch64-linux-gnu --emit=asm %s -o - | %FileCheck --check-prefix=ARM %s
;; X86-LABEL: m_dot.body:
;; X86: pmaddwd
;; X86-LABEL: m_narrow.body:
;; X86: packsswb
;; X86-LABEL: m_average.body:
;; X86: pavgb
;; ARM-LABEL: m_average.body:
;; ARM: urhadd v0.16b
;; X86-LABEL: m_saturate.body:
;; X86: paddsw
;; ARM-LABEL: m_saturate.body:
;; ARM: sqadd v0.8h
;; X86-LABEL: m_bitmask.body:
;; X86: pmovmskb
;; X86-LABEL: m_pmin.body:
;; X86: minps
;; V2-LABEL: m_swizzle.body:
;; V2-NOT: (%rsp
;; V2: pshufb
;; ARM-LABEL: m_swizzle.body:
;; ARM: tbl v0.16b
;; X86-LABEL: m_trunc_sat.body:
;; X86: cvttps2dq
;; X86-NOT: cvttss2si
;; X86-LABEL: m_nearest.body:
;; ARM-LABEL: m_trunc_sat.body:
;; ARM: fcvtzs v0.4s
;; V2: roundps $8
;; SSE2: addps
;; SSE2: addps
;; SSE2-NOT: __wasmc_f32_nearest
;; ARM-LABEL: m_nearest.body:
;; ARM: frintn v0.4s
(module
  (func (export "dot") (param v128 v128) (result v128)
    (i32x4.dot_i16x8_s (local.get 0) (local.get 1)))
  (func (export "narrow") (param v128 v128) (result v128)
    (i8x16.narrow_i16x8_s (local.get 0) (local.get 1)))
  (func (export "average") (param v128 v128) (result v128)
    (i8x16.avgr_u (local.get 0) (local.get 1)))
  (func (export "saturate") (param v128 v128) (result v128)
    (i16x8.add_sat_s (local.get 0) (local.get 1)))
  (func (export "bitmask") (param v128) (result i32) (i8x16.bitmask (local.get 0)))
  (func (export "pmin") (param v128 v128) (result v128) (f32x4.pmin (local.get 0) (local.get 1)))
  (func (export "swizzle") (param v128 v128) (result v128)
    (i8x16.swizzle (local.get 0) (local.get 1)))
  (func (export "trunc_sat") (param v128) (result v128) (i32x4.trunc_sat_f32x4_s (local.get 0)))
  (func (export "nearest") (param v128) (result v128) (f32x4.nearest (local.get 0))))
