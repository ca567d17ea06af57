;; The base of a further memory is a plain load from the instance: never invariant (the
;; memory could be thought to be anywhere), but no store to a memory changes it, so that
;; a loop loads it once.
;; RUN: %lower %s --bounds=guard | %FileCheck %s --check-prefix=LOWER
;; RUN: %wasmc -O2 --bounds=guard --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s --check-prefix=LOOP
;; LOWER-LABEL: define internal void @m.f.0
;; LOWER: [[BASE:%.*]] = load ptr, ptr {{.*}}, align 8, {{.*}}!tbaa [[INSTANCE:![0-9]+]]
;; LOWER-NOT: invariant
;; LOWER: getelementptr i8, ptr [[BASE]], i64
;; LOWER: store i32 {{.*}}, align 1, {{.*}}!tbaa [[MEMORY:![0-9]+]]
;; LOOP-LABEL: define internal void @m.f.0
;; LOOP: load ptr
;; LOOP: store <{{.*}} x i32>
;; LOOP-NOT: load ptr
;; LOOP: ret void
(module
  (memory 1)
  (memory $second 1)
  (func $f (export "f") (param $n i32)
    (loop $again
      (i32.store $second (i32.shl (local.get $n) (i32.const 2)) (local.get $n))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
