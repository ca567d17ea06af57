# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a module of switches whose cases change four neighbours in the memory each."""


def case(number):
    return "".join(f"(i32.store offset={4 * i} (local.get 1) (i32.xor (local.get 2)"
                   f" (i32.load offset={4 * i} (local.get 1))))" for i in range(4)) + \
        f"(local.set 1 (local.get 2)) (local.set 2 (i32.add (local.get 2) (i32.const {number * 77}))) (br $again)"


def function(name, cases, first=""):
    labels = " ".join(str(i) for i in range(cases + 1))
    opened = "(block " * (cases + 1)
    closed = "".join(f") {case(i)}" for i in range(cases))
    return f"""(func (export "{name}") (param i32 i32 i32) {first}
  (loop $again {opened}
    (br_table {labels} (i32.and (local.get 2) (i32.const 1023))){closed})))"""


print("(module (memory 1)")
print(function("small", 8))
print(function("large", 200))
print(function("floats", 200, "(f64.store (i32.const 8) (f64.sqrt (f64.load (i32.const 16))))"))
print(")")
