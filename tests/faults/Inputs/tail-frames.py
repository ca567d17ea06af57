# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: tail-frames.py LOCALS... > FILE.wat

Functions whose frames hold this many i64 locals, which are computed before a call and
stored behind it, and that go on by a tail call: `d0`, `d1` ... of themselves, `i0` ...
through a table, `n0` ... by an ordinary call, which nests.
"""

import sys

print("(module (memory 1) (type $t (func (param i64) (result i64)))")
print("(func $leaf (param i64) (result i64) (i64.load8_u (i32.and (i32.const 65535)"
      " (i32.wrap_i64 (local.get 0)))))")
names = []
for number, count in enumerate(map(int, sys.argv[1:])):
    before = "".join(
        f"(local.set {i} (i64.mul (local.get 0) (i64.const {i * 2 + 1})))" for i in range(1, count + 1))
    after = "".join(
        f"(i64.store offset={i % 8000 * 8} (i32.const 0) (local.get {i}))" for i in range(1, count + 1))
    less = "(i64.sub (local.get 0) (i64.const 1))"

    def function(name, nested, last):
        names.append(name)
        print(f'(func ${name} (export "{name}") (type $t) (local {"i64 " * count}) {before}'
              f" (drop {nested}) {after}"
              f" (if (i64.eqz (local.get 0)) (then (return (i64.const 7)))) {last})")

    leaf = "(call $leaf (local.get 0))"
    function(f"d{number}", leaf, f"(return_call $d{number} {less})")
    function(f"i{number}", leaf,
             f"(return_call_indirect (type $t) {less} (i32.const {len(names)}))")
    # By turns a call and a tail call.
    function(f"n{number}", f"(call $m{number} {less})", f"(return_call $leaf {less})")
    function(f"m{number}", leaf, f"(return_call $n{number} {less})")
print(f"(table {len(names)} funcref) (elem (i32.const 0) {' '.join('$' + n for n in names)}))")
