;; RUN: %wasmc -O3 --target=x86_64-linux-gnu --prefix=m %s -o - --emit=asm | %FileCheck %s
;; CHECK-LABEL: m.f.0:
;; CHECK: callq m.f.0
(module (func $f (export "f") (param i32) (result i32) (call $f (local.get 0))))
