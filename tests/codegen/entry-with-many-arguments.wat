;; Arguments that do not fit registers travel in memory: the call is no jump.
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu %s -o - --emit=asm | %FileCheck %s
;; CHECK-LABEL: m_f:
;; CHECK: callq __wasmc_enter
(module (func $f (export "f") (param i32 i64 i32 i64 i32 i64 i32) (result i64) (local.get 5)))
