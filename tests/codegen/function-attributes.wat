;; What every function has, and what none may have.
;; RUN: %lower %s | %FileCheck %s
;; RUN: %wasmc -O3 --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck --check-prefix=NONE %s
;; CHECK: define internal i32 @m.f.0({{.*}}) [[A:#[0-9]+]]
;; CHECK: attributes [[A]] = { {{.*}}nounwind {{.*}}"disable-tail-calls"="true" "frame-pointer"="all"{{.*}}"probe-stack"="inline-asm"
;; CHECK-NOT: mustprogress
;; CHECK-NOT: willreturn }
;; NONE-NOT: mustprogress
(module (func $f (export "f") (param i32) (result i32) (loop (br 0)) (unreachable)))
