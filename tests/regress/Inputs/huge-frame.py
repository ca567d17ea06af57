# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A recursive function with 50,000 i64 locals, and one with 140,000 operands."""

LOCALS = 50_000 - 8
OPERANDS = 140_000
print('(module (memory 1)')
print('(func $locals (export "locals") (param i64) (result i64) (local' + " i64" * LOCALS + ")")
for i in range(1, LOCALS + 1):
    print(f"(local.set {i} (i64.mul (local.get 0) (i64.const {i * 2 + 1})))")
print("(call $locals (i64.add (local.get 0) (i64.const 1)))")
for i in range(1, LOCALS + 1):
    print(f"(i64.store offset={i % 8000 * 8} (i32.const 0) (local.get {i}))")
print(")")
print('(func $operands (export "operands") (param i64) (result i64)')
for i in range(OPERANDS):
    print(f"(i64.mul (local.get 0) (i64.const {i * 2 + 1}))")
print("(call $operands (local.get 0))")
for i in range(OPERANDS):
    print("i64.xor")
print("))")
