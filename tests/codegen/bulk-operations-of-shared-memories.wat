;; What another thread can see is copied and filled as written, whichever end of a
;; copy it is. Memories of one thread leave LLVM its freedom.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-LABEL: define internal {{.*}}@m.copies.0
;; CHECK: call void @llvm.memmove{{.*}}, i1 true)
;; CHECK: call void @llvm.memmove{{.*}}, i1 true)
;; CHECK: call void @llvm.memmove{{.*}}, i1 false)
;; CHECK-LABEL: define internal {{.*}}@m.fills.1
;; CHECK: call void @llvm.memset{{.*}}, i1 true)
;; CHECK: call void @llvm.memset{{.*}}, i1 false)
;; CHECK-LABEL: define internal {{.*}}@m.inits.2
;; CHECK: call void @llvm.memcpy{{.*}}, i1 true)
;; CHECK: call void @llvm.memcpy{{.*}}, i1 false)
(module
  (memory $own 1)
  (memory $shared 1 1 shared)
  (data $d "abcdefghijklmnop")
  (func $copies (export "copies") (param i32 i32)
    (memory.copy $own $shared (local.get 0) (local.get 1) (i32.const 9))
    (memory.copy $shared $own (local.get 0) (local.get 1) (i32.const 9))
    (memory.copy $own $own (local.get 0) (local.get 1) (i32.const 9)))
  (func $fills (export "fills") (param i32)
    (memory.fill $shared (local.get 0) (i32.const 9) (i32.const 9))
    (memory.fill $own (local.get 0) (i32.const 9) (i32.const 9)))
  (func $inits (export "inits") (param i32)
    (memory.init $shared $d (local.get 0) (i32.const 0) (i32.const 9))
    (memory.init $own $d (local.get 0) (i32.const 0) (i32.const 9))))
