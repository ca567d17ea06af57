# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A function with three locals, whose frame is of 25 KiB: LLVM takes 3,200 products out of its
loop, and has to keep them somewhere."""

PRODUCTS = 3200  # More, and the function would be over the budget for optimisation.
print("""(module (memory 1)
(func (export "sum") (param i64 i32) (result i64) (local i64)
  ;; Writes to the end of the frame, and to nothing else of it.
  (if (i32.eqz (local.get 1)) (then (return (i64.extend_i32_u (memory.grow (i32.const 0))))))
  (loop""")
for i in range(PRODUCTS):
    print("(local.set 2 (i64.xor (i64.rotl (local.get 2) (i64.const 1)) "
          f"(i64.mul (local.get 0) (i64.const {2 * i + 1000003}))))")
print("(br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))) (local.get 2)))")
