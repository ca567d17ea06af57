# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: tail-signatures.py SEED FUNCTIONS > FILE.wat

Two chains of functions with random parameters, `tail` and `plain`, which are the same but that
one goes on by tail calls, direct ones and through a table by turns, and the other by calls. Each
function mixes all its parameters into a number, of which it makes the operands for the next. The
exports `tail0` and `plain0` return what the last made of it.
"""

import random
import sys

seed, count = map(int, sys.argv[1:])
choose = random.Random(seed)
TYPES = ["i32", "i64", "f32", "f64", "v128", "funcref"]
RESULTS = choose.choice(["i64", "i64 f64", "v128 i64", "f32 v128 i64 i32", "f64 i32 i64"])
# From few, so that all fit registers, to many more than any target has.
signatures = [[]] + [[choose.choice(TYPES) for _ in range(choose.choice([1, 3, 6, 9, 14, 20, 40]))]
                     for _ in range(count - 1)]

# A value of each type as i64, and one made of $h and a number.
BITS = {"i32": "(i64.extend_i32_u {})", "i64": "{}",
        "f32": "(i64.extend_i32_u (i32.reinterpret_f32 {}))", "f64": "(i64.reinterpret_f64 {})",
        "v128": "(i64.add (i64x2.extract_lane 0 {0}) (i64.rotl (i64x2.extract_lane 1 {0}) (i64.const 7)))",
        "funcref": "(i64.extend_i32_u (ref.is_null {}))"}
MADE = {"i32": "(i32.wrap_i64 {})", "i64": "{}",
        # No NaNs, whose bits may change.
        "f32": "(f32.reinterpret_i32 (i32.and (i32.wrap_i64 {}) (i32.const 0x3fffffff)))",
        "f64": "(f64.reinterpret_i64 (i64.and {} (i64.const 0x3fffffffffffffff)))",
        "v128": "(i64x2.replace_lane 1 (i64x2.splat {0}) (i64.mul {0} (i64.const 11)))",
        "funcref": "(ref.null func)"}


def function(chain, index):
    params = signatures[index]
    h = f"(local $h i64) (local.set $h (i64.const {index}))"
    for number, t in enumerate(params):
        bits = BITS[t].format(f"(local.get {number})")
        h += f" (local.set $h (i64.add (i64.mul (local.get $h) (i64.const 31)) {bits}))"
    if index + 1 == count:
        code = " ".join(MADE[t].format("(local.get $h)") for t in RESULTS.split())
    else:
        code = " ".join(MADE[t].format(f"(i64.add (local.get $h) (i64.const {number * 1000003}))")
                        for number, t in enumerate(signatures[index + 1]))
        kind = "return_call" if chain == "tail" else "call"
        if choose.random() < 0.5:
            code += f" {kind} ${chain}{index + 1}"
        else:
            at = index + 1 + (count if chain == "plain" else 0)
            code += f" (i32.const {at}) {kind}_indirect (type $t{index + 1})"
    export = f'(export "{chain}0")' if index == 0 else ""
    print(f"(func ${chain}{index} {export} (type $t{index}) {h} {code})")


print("(module")
for index, params in enumerate(signatures):
    print(f"(type $t{index} (func (param {' '.join(params)}) (result {RESULTS})))")
names = [f"${chain}{index}" for chain in ("tail", "plain") for index in range(count)]
print(f"(table {2 * count} funcref) (elem (i32.const 0) {' '.join(names)})")
for chain in ("tail", "plain"):
    for index in range(count):
        function(chain, index)
print(")")
