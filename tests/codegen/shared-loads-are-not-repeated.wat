;; What another thread may change is loaded once for each load of the module: the value
;; that was compared is the one that is used, however LLVM would like to load it again.
;; In a memory that is not shared the second load is gone.
;; RUN: %lower -O3 --bounds=check %s | %FileCheck %s
;; RUN: %wasmc -O3 --bounds=check --prefix=m --target=x86_64-linux-gnu --emit=asm %s -o - | %FileCheck --check-prefix=ASM %s
;; RUN: sed 's/ shared//' %s > %t.wat && %wasmc -O3 --bounds=check --prefix=m --emit=llvm-ir --target=x86_64-linux-gnu %t.wat -o - | %FileCheck --check-prefix=OWN %s

;; The index is in memory, and bounds are compared with what was loaded.
;; CHECK-LABEL: define internal {{.*}}@m.indirect.0
;; CHECK: [[INDEX:%.*]] = load volatile i32
;; CHECK: zext i32 [[INDEX]] to i64
;; CHECK-NOT: load volatile i32
;; CHECK: load atomic i64, {{.*}} monotonic, align 8
;; CHECK: load volatile i64
;; ASM-LABEL: m.indirect.0:
;; ASM: movl {{.*}}(%r{{.*}}), %e[[INDEX:[a-z]+]]
;; ASM-NOT: movl {{.*}}(%r
;; ASM: cmpq
;; ASM: movq {{.*}}(%rdi,%r[[INDEX]]), %rax

;; CHECK-LABEL: define internal {{.*}}@m.twice.1
;; CHECK-COUNT-2: load volatile i32
;; OWN-LABEL: define internal {{.*}}@m.twice.1
;; OWN: load i32
;; OWN-NOT: load i32
;; OWN: ret i32
(module (memory 1 4 shared)
  (func $indirect (export "indirect") (param i32) (result i64) (i64.load (i32.load (local.get 0))))
  (func $twice (export "twice") (param i32) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load (local.get 0)))))
