;; Objects compiled for different CPUs call each other: where vector registers depend on a
;; feature, a v128 travels as an integer, since a place for further results that is looked
;; for in another register would be an escape.
;; RUN: %wasmc -O1 --prefix=m --target=x86_64-linux-gnu --emit=llvm-ir %s -o - | %FileCheck --check-prefix=VECTOR %s
;; RUN: %wasmc -O1 --prefix=m --target=aarch64-linux-gnu --emit=llvm-ir %s -o - | %FileCheck --check-prefix=VECTOR %s
;; RUN: %wasmc -O1 --prefix=m --target=riscv64-linux-gnu --emit=llvm-ir %s -o - | %FileCheck --check-prefix=INTEGER %s
;; RUN: %wasmc -O1 --prefix=m --target=armv7-linux-gnueabihf --emit=llvm-ir %s -o - | %FileCheck --check-prefix=INTEGER %s
;; VECTOR: define internal <2 x i64> @m.f.0(ptr {{.*}}, <2 x i64> {{.*}}, <2 x i64> {{.*}}, ptr
;; The results go where the caller says there.
;; INTEGER: define internal void @m.f.0(ptr {{.*}}, i128 {{.*}}, i128 {{.*}}, ptr
;; The host's side is pointers everywhere.
;; VECTOR: define {{.*}}i32 @m_f(ptr {{.*}}, ptr {{.*}}, ptr {{.*}}, ptr {{.*}}, ptr {{.*}})
;; INTEGER: define {{.*}}i32 @m_f(ptr {{.*}}, ptr {{.*}}, ptr {{.*}}, ptr {{.*}}, ptr {{.*}})
(module
  (table 1 funcref)
  (elem (i32.const 0) $f)
  (func $f (export "f") (param v128 v128) (result v128 v128)
    (i32x4.add (local.get 0) (local.get 1)) (local.get 0)))
