# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a module of functions with loops, switches and calls, for several shards."""
print("(module (memory 1)")
for i in range(24):
    print(f"""
  (func $sum_{i} (export "sum_{i}") (param $n i32) (result i32) (local $i i32) (local $s i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const {i}))))
    (loop
      (local.set $s (i32.add (local.get $s)
        (i32.load offset={64 * i} (i32.shl (local.get $i) (i32.const 2)))))
      (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  (func $pick_{i} (export "pick_{i}") (param i32) (result i32)
    (block (block (block (block (block
      (br_table 0 1 2 3 4 (local.get 0)))
      (return (i32.const {11 + i}))) (return (i32.const 7))) (return (i32.const {i * 5})))
      (return (i32.const {i * i})))
    (call $sum_{(i + 5) % 24} (local.get 0)))""")
print(")")
