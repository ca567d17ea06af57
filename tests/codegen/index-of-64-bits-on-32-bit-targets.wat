;; Where pointers have 32 bits, all 64 bits of an index are compared before it loses
;; the upper ones: r2 and r3 are the index.
;; Not every LLVM has the target. REQUIRES: target-arm
;; RUN: %wasmc -O2 --target=armv7-linux-gnueabihf --prefix=m --emit=asm %s -o - | %FileCheck %s
;; CHECK-LABEL: m.f.0:
;; CHECK: ldr{{d?}} {{r[0-9]+}}, {{(r[0-9]+, )?}}[r0
;; CHECK: subs [[LOW:r[0-9]+]], {{r[0-9]+}}, r2
;; CHECK-NEXT: sbcs {{r[0-9]+}}, {{r[0-9]+}}, r3
;; CHECK-NEXT: addhs r0, r0, r2
;; CHECK: bl __wasmc_trap_memory_out_of_bounds
(module (memory i64 1)
  (func $f (export "f") (param i64) (result i32) (i32.load (local.get 0))))
