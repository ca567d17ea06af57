;; What copies and fills is the target's memmove and memset, not a loop of bytes,
;; at every level.
;; RUN: %wasmc -O0 --target=x86_64-linux-gnu %s -o - --emit=asm | %FileCheck %s
;; RUN: %wasmc -O3 --target=x86_64-linux-gnu %s -o - --emit=asm | %FileCheck %s
;; RUN: %wasmc -O2 --target=aarch64-linux-gnu %s -o - --emit=asm | %FileCheck %s
;; RUN: %wasmc -O2 --target=thumbv7m-none-eabi %s -o - --emit=asm | %FileCheck %s
;; CHECK-LABEL: copy.0:
;; CHECK: {{memmove}}
;; CHECK-LABEL: fill.1:
;; CHECK: {{memset}}
;; CHECK-LABEL: init.2:
;; CHECK: {{memcpy}}
(module
  (memory 1)
  (data $d "abcdefghijklmnopqrstuvwxyz")
  (func $copy (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func $fill (export "fill") (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func $init (export "init") (param i32 i32 i32)
    (memory.init $d (local.get 0) (local.get 1) (local.get 2))))
