# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: frames.py LOCALS... > FILE.wat

Recursive functions whose frames hold this many i64 locals: they are computed
before the call and stored behind it, so that none can be left out. `r0`, `r1`
... recurse directly, `i0` ... through a table, `m0` ... by turns; `leaf0` ...
does not recurse at all, and is called by `top0` at the end of a recursion.
"""

import sys

print('(module (memory 1) (type $t (func (param i64) (result i64)))')
names = []
for number, count in enumerate(map(int, sys.argv[1:])):
    before = "".join(
        f"(local.set {i} (i64.mul (local.get 0) (i64.const {i * 2 + 1})))" for i in range(1, count + 1))
    after = "".join(
        f"(i64.store offset={i % 8000 * 8} (i32.const 0) (local.get {i}))" for i in range(1, count + 1))
    next_ = "(i64.add (local.get 0) (i64.const 1))"
    locals_ = "(local" + " i64" * count + ")"

    def function(name, call):
        names.append(name)
        print(f'(func ${name} (export "{name}") (type $t) {locals_} {before} '
              f'{call} {after})')

    function(f"r{number}", f"(call $r{number} {next_})")
    function(f"i{number}", f"(call_indirect (type $t) {next_} (i32.const {len(names)}))")
    function(f"m{number}", f"(call $n{number} {next_})")
    function(f"n{number}", f"(call $m{number} {next_})")
    function(f"leaf{number}", f"(i64.load8_u (i32.and (i32.const 65535) (i32.wrap_i64 (local.get 0))))")
    # To where the stack is almost gone, then one frame of a function that is
    # no part of the recursion.
    print(f'(func $top{number} (export "top{number}") (type $t) '
          f'(if (i64.eqz (i64.and (local.get 0) (i64.const 63))) (then (drop (call $leaf{number} (local.get 0))))) (i64.add (i64.const 1) '
          f'(call $top{number} {next_})))')
print(f"(table {len(names)} funcref) (elem (i32.const 0) {' '.join('$' + n for n in names)}))")
