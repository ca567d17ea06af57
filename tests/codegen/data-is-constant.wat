;; Data segments are constants of the object, not code.
;; RUN: %lower %s | %FileCheck %s
;; CHECK: private {{.*}}constant [11 x i8] c"hello world"
;; RUN: %wasmc -O2 --target=x86_64-linux-gnu %s -o - --emit=asm | %FileCheck --check-prefix=ASM %s
;; ASM: .section{{[[:space:]]}}.rodata
;; ASM: .asci{{i|z}}{{[[:space:]]}}"hello world"
(module (memory 1) (data (i32.const 3) "hello world"))
