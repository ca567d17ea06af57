;; The trampoline of an export keeps the floating-point control and the shadow
;; stack pointer only where something behind the export may change them.
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu %s -o - --emit=asm | %FileCheck %s
;; CHECK-LABEL: m_plain:
;; CHECK: jmp __wasmc_enter_integer_flat
;; CHECK-LABEL: m_floats:
;; CHECK: jmp __wasmc_enter_flat
;; CHECK-LABEL: m_lowers:
;; CHECK: jmp __wasmc_enter_integer{{$}}
;; CHECK-LABEL: m_both_by_calls:
;; CHECK: jmp __wasmc_enter{{$}}
;; CHECK-LABEL: m_another_global:
;; CHECK: jmp __wasmc_enter_integer_flat
;; CHECK-LABEL: m_calls_out:
;; CHECK: jmp __wasmc_enter{{$}}
(module
  (import "env" "host" (func $host))
  (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 1024))
  (global $other (mut i32) (i32.const 0))
  (func (export "plain") (param i32) (result i32) (local.get 0))
  (func $floats (export "floats") (param f64) (result f64)
    (f64.add (local.get 0) (local.get 0)))
  (func $lowers (export "lowers")
    (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16))))
  (func $middle (param f64) (result f64) (call $lowers) (call $floats (local.get 0)))
  (func (export "both_by_calls") (param f64) (result f64) (call $middle (local.get 0)))
  (func (export "another_global") (global.set $other (global.get $__stack_pointer)))
  (func (export "calls_out") (call $host)))
