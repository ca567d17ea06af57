;; Atomic accesses are LLVM's, sequentially consistent and aligned, and instructions of the
;; target; where there is one thread, loads and stores.
;; Not every LLVM has these targets. REQUIRES: target-x86, target-aarch64, target-arm
;; RUN: %lower -O2 --bounds=guard %s | %FileCheck %s
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu --emit=asm %s -o - | %FileCheck --check-prefix=X86 %s
;; RUN: %wasmc -O2 --prefix=m --target=aarch64-linux-gnu -mattr=+lse --emit=asm %s -o - | %FileCheck --check-prefix=LSE %s
;; RUN: %wasmc -O2 --prefix=m --target=armv7-linux-gnueabihf --emit=asm %s -o - | %FileCheck --check-prefix=ARM %s
;; RUN: %wasmc -O2 --prefix=m --target=thumbv7m-none-eabi --emit=llvm-ir %s -o - | %FileCheck --check-prefix=NONE %s

;; Not atomic, though the memory is not shared either.
;; NONE-NOT: atomicrmw
;; NONE-NOT: cmpxchg
;; NONE-NOT: load atomic

;; CHECK-LABEL: define internal {{.*}}@m.load.0
;; CHECK: icmp eq i32 {{.*}}, 0
;; CHECK: __wasmc_trap_unaligned_atomic
;; CHECK: load atomic volatile i64, ptr {{.*}} seq_cst, align 8
;; ARM-LABEL: m.load.0:
;; ARM: ldrexd
(module (memory 1)
  (func $load (export "load") (param i32) (result i64) (i64.atomic.load (local.get 0)))
;; A byte is always aligned.
;; CHECK-LABEL: define internal {{.*}}@m.store.1
;; CHECK-NOT: trap
;; CHECK: store atomic volatile i8 {{.*}} seq_cst, align 1
;; X86-LABEL: m.store.1:
;; X86: xchgb
  (func $store (export "store") (param i32 i64) (i64.atomic.store8 (local.get 0) (local.get 1)))
;; CHECK-LABEL: define internal {{.*}}@m.add.2
;; CHECK: [[OLD:%.*]] = atomicrmw volatile add ptr {{.*}}, i16 {{.*}} seq_cst, align 2
;; CHECK: zext i16 [[OLD]] to i64
;; X86-LABEL: m.add.2:
;; X86: lock xaddw
;; LSE-LABEL: m.add.2:
;; LSE: ldaddalh
  (func $add (export "add") (param i32 i64) (result i64)
    (i64.atomic.rmw16.add_u (local.get 0) (local.get 1)))
;; CHECK-LABEL: define internal {{.*}}@m.exchange.3
;; CHECK: [[PAIR:%.*]] = cmpxchg volatile ptr {{.*}}, i32 {{.*}}, i32 {{.*}} seq_cst seq_cst, align 4
;; CHECK: extractvalue { i32, i1 } [[PAIR]], 0
;; X86-LABEL: m.exchange.3:
;; X86: lock cmpxchgl
;; LSE-LABEL: m.exchange.3:
;; LSE: casal
  (func $exchange (export "exchange") (param i32 i32 i32) (result i32)
    (i32.atomic.rmw.cmpxchg (local.get 0) (local.get 1) (local.get 2)))
;; CHECK-LABEL: define internal {{.*}}@m.fence.4
;; CHECK: fence seq_cst
;; X86-LABEL: m.fence.4:
;; X86: {{mfence|lock.orl}}
;; LSE-LABEL: m.fence.4:
;; LSE: dmb ish
  (func $fence (export "fence") (atomic.fence))
;; An access whose value nothing depends on stays, and its trap.
;; CHECK-LABEL: define internal {{.*}}@m.dropped.5
;; CHECK: load atomic volatile
;; CHECK: atomicrmw volatile
;; X86-LABEL: m.dropped.5:
;; X86: movzbl {{[0-9]+}}(%rdi,
;; X86: {{[0-9]+}}(%rdi,
  (func $dropped (export "dropped") (param i32)
    (drop (i32.atomic.load8_u (local.get 0)))
    (drop (i32.atomic.rmw8.or_u (local.get 0) (i32.const 0)))))
