;; Each trap keeps its own call, whose return address names the source.
;; RUN: %wasmc -O3 --prefix=m --target=x86_64-linux-gnu %s -o - --emit=llvm-ir | %FileCheck %s
;; CHECK-LABEL: define {{.*}}@m.f.0
;; CHECK-COUNT-3: call void @__wasmc_trap_integer_divide_by_zero()
;; CHECK: declare hidden void @__wasmc_trap_integer_divide_by_zero() {{.*}}[[COLD:#[0-9]+]]
;; CHECK-DAG: attributes [[COLD]] = { {{.*}}cold {{.*}}noreturn
(module (table 1 funcref) (elem (i32.const 0) $f)
  (func $f (export "f") (param i32 i32 i32) (result i32)
    (i32.add (i32.div_u (i32.const 100) (local.get 0))
      (i32.add (i32.div_u (i32.const 101) (local.get 1)) (i32.div_u (i32.const 102) (local.get 2))))))
