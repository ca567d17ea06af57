;; --bounds=check: loops within loops are taken together, rows and columns of a matrix; a
;; triangle, too; and what is indexed by some bits of a loaded value.
;; RUN: %wasmc -O2 --bounds=check --target=x86_64-linux-gnu --prefix=m %s -o - --emit=llvm-ir | %FileCheck %s
(module (memory 1)
;; CHECK-LABEL: define {{.*}}@m.plane.0
;; CHECK: entry:
;; CHECK: br i1 {{.*}}, label %{{.*}}.checked{{.*}}!prof
;; CHECK: call void @__wasmc_trap_memory_out_of_bounds
;; CHECK-NOT: @__wasmc_trap_memory_out_of_bounds
;; CHECK: }
  (func $plane (export "plane") (param $at i32) (param $stride i32) (param $rows i32) (param $columns i32)
    (local $i i32) (local $j i32)
    (loop $row
      (local.set $j (i32.const 0))
      (loop $column
        (i32.store8 (i32.add (i32.add (local.get $at) (i32.mul (local.get $i) (local.get $stride)))
                             (local.get $j))
                    (local.get $i))
        (br_if $column (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1)))
                                 (local.get $columns))))
      (br_if $row (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                            (local.get $rows)))))
;; CHECK-LABEL: define {{.*}}@m.lookup.1
;; CHECK: entry:
;; CHECK: br i1 {{.*}}, label %{{.*}}.checked{{.*}}!prof
  (func $lookup (export "lookup") (param $at i32) (param $table i32) (param $count i32)
    (loop
      (i32.store8 (local.get $at)
        (i32.load8_u (i32.add (local.get $table)
          (i32.shl (i32.load8_u (local.get $at)) (i32.const 2)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if 0 (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))
