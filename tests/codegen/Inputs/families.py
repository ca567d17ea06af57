# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: families.py FOLDER

Writes a module for each family of operators, FOLDER/FAMILY.wat, and one of them
all, FOLDER/all.wat; of proposals that WABT does not know, FOLDER/PROPOSAL.wasm. Operators of numbers come from compiler/wasm/Opcodes.def,
so that a new one is in here without further work.
"""

import os
import re
import subprocess
import sys

import proposal

here = os.path.dirname(os.path.abspath(__file__))
opcodes = open(os.path.join(here, "../../../compiler/wasm/Opcodes.def")).read()
known = re.findall(r'"((?:i32|i64|f32|f64)\.[a-z0-9_]+)"', opcodes)
# Elsewhere below, of proposals that are not compiled yet, or not known to WABT.
other = re.compile("atomic|128|mul_wide")
plain = sorted({op for op in known if not other.search(op)})

COMPARE = re.compile(r"\.(eqz?|ne|[lg][te](_[su])?)$")
UNARY = re.compile(r"\.(eqz|clz|ctz|popcnt|extend\d+_s|abs|neg|sqrt|ceil|floor|trunc|nearest)$")
CONVERT = re.compile(r"(wrap|extend|trunc|trunc_sat|convert|demote|promote|reinterpret)_([if]\d\d)")


def function(number, params, result, code):
    result = f"(result {result})" if result else ""
    return f'(func (export "f{number}") (param {" ".join(params)}) {result} {code})'


def numeric():
    families = {"integer": [], "float": [], "conversion": [], "memory": [], "memory64": []}
    for number, op in enumerate(plain):
        t = op[:3]
        if ".load" in op or ".store" in op:
            store = ".store" in op
            for offset in (0, 8, 0x10000):
                code = f"(local.get 0) {'(local.get 1)' if store else ''} {op} offset={offset}"
                families["memory"].append(
                    function(f"m{number}_{offset}", ["i32", t], None if store else t, code))
                families["memory64"].append(function(
                    f"w{number}_{offset}", ["i64", t], None if store else t,
                    code.replace(" offset", " $wide offset")))
        elif op.endswith(".const"):
            families["integer" if t[0] == "i" else "float"].append(
                function(f"c{number}", ["i32"], t, f"({op} 7)"))
        elif CONVERT.search(op):
            families["conversion"].append(function(
                f"v{number}", [CONVERT.search(op)[2]], t, f"({op} (local.get 0))"))
        else:
            operands = "(local.get 0)" if UNARY.search(op) else "(local.get 0) (local.get 1)"
            families["integer" if t[0] == "i" else "float"].append(function(
                f"n{number}", [t, t], "i32" if COMPARE.search(op) else t, f"{operands} {op}"))
    return families


ROW = re.compile(r'^WASMC_OP\(\w+, "([^"]+)", [^,]+, [^,]+, (\w+), SIMD, "([^"]*)"', re.MULTILINE)
IMMEDIATES = {"None": "", "MemArg": "offset=8", "MemArgLane": "offset=8 1", "Lane": "1",
              "V128": "i32x4 1 2 3 4", "Shuffle": " ".join(str(5 * i % 32) for i in range(16))}
TYPES = {"a": "i32", "i": "i32", "l": "i64", "f": "f32", "d": "f64", "v": "v128"}


def vectors():
    """All operators of vectors, with operands that are parameters."""
    functions = []
    for number, (op, immediate, signature) in enumerate(ROW.findall(opcodes)):
        params, results = ([TYPES[t] for t in side] for side in signature.split(":"))
        operands = " ".join(f"(local.get {i})" for i in range(len(params)))
        functions.append(function(f"s{number}", params, " ".join(results),
                                  f"{operands} {op} {IMMEDIATES[immediate]}"))
    assert len(functions) == 236
    return functions + [
        function("s_many", ["v128"] * 12, "v128 i32 v128",
                 "(local.get 11) (i32.const 1) (call_indirect (type $vectors) (local.get 7)"
                 " (f64.const 1) (local.get 3) (i32.const 2)) v128.xor"),
        function("s_call", ["v128", "i32"], "i32 v128",
                 "(call $host (local.get 0) (local.get 1))"),
        function("s_global", ["v128"], "v128", "(global.get $v) (global.set $v (local.get 0))")]


ATOMIC = re.compile(r'^WASMC_OP\(\w+, "([^"]+)", [^,]+, [^,]+, \w+, Threads, "([^"]*)"',
                    re.MULTILINE)


def atomics():
    """All operators of the threads proposal."""
    functions = []
    for number, (op, signature) in enumerate(ATOMIC.findall(opcodes)):
        params, results = ([TYPES[t] for t in side] for side in signature.split(":"))
        operands = " ".join(f"(local.get {i})" for i in range(len(params)))
        functions.append(function(f"a{number}", params, " ".join(results),
                                  f"{operands} {op} {'offset=16' if params else ''}"))
    assert len(functions) == 67
    return functions


ATOMIC_FRAME = """(module (memory (export "memory") 1 100 shared) (data "passive")
(func (export "z0") (result i32) (memory.grow (memory.size)))
(func (export "z1") (param i32) (result f64) (f64.load (local.get 0)))
(func (export "z2") (param i32 i32 i32)
  (memory.init 0 (local.get 0) (local.get 1) (local.get 2))
  (memory.copy (local.get 0) (local.get 1) (local.get 2))
  (memory.fill (local.get 0) (local.get 1) (local.get 2)))
"""

VECTOR_FRAME = """(type $vectors (func (param v128 f64 v128) (result v128 v128)))
(import "env" "host" (func $host (param v128 i32) (result i32 v128)))
(global $v (export "v") (mut v128) (v128.const i32x4 1 2 3 4))
"""

OTHERS = {
    "bulk": """
(func (export "b0") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
(func (export "b1") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
(func (export "b2") (param i32 i32 i32) (memory.init 1 (local.get 0) (local.get 1) (local.get 2)))
(func (export "b3") (data.drop 1))
(func (export "b4") (result i32) (memory.grow (memory.size)))
(func (export "b5") (memory.copy (i32.const 0) (i32.const 64) (i32.const 16)))
(func (export "b6") (param i64 i32 i64)
  (memory.fill $wide (local.get 0) (local.get 1) (local.get 2)))
(func (export "b7") (param i64 i64 i64)
  (memory.copy $wide $wide (local.get 0) (local.get 1) (local.get 2)))
(func (export "b8") (param i64 i32 i32)
  (memory.copy $wide 0 (local.get 0) (local.get 1) (local.get 2)))
(func (export "b9") (param i64 i32 i32)
  (memory.init $wide 1 (local.get 0) (local.get 1) (local.get 2)))
(func (export "b10") (result i64) (memory.grow $wide (memory.size $wide)))""",
    "table": """
(func (export "t0") (param i32) (result funcref) (table.get 0 (local.get 0)))
(func (export "t1") (param i32 funcref) (table.set 0 (local.get 0) (local.get 1)))
(func (export "t2") (param funcref i32) (result i32) (table.grow 0 (local.get 0) (local.get 1)))
(func (export "t3") (param i32 funcref i32)
  (table.fill 0 (local.get 0) (local.get 1) (local.get 2)))
(func (export "t4") (param i32 i32 i32) (table.copy 0 0 (local.get 0) (local.get 1) (local.get 2)))
(func (export "t5") (param i32 i32 i32) (table.init 0 1 (local.get 0) (local.get 1) (local.get 2)))
(func (export "t6") (result i32) (elem.drop 1) (table.size 0))
(func (export "t7") (result i32) (ref.is_null (ref.func $callee)))
(func (export "t8") (result externref) (ref.null extern))""",
    "call": """
(func (export "k0") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
  (call $many (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
(func (export "k1") (param i32) (result i32)
  (call_indirect (type $unary) (local.get 0) (local.get 0)))
(func (export "k2") (param i32 f64) (result i64) (call $import (local.get 0) (local.get 1)))
(func (export "k3") (param i64 i64 i64 i64 i64 i64 i64 i64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
  (result f64) (f64.add (local.get 17) (f64.convert_i64_s (local.get 7))))
(func $recursive (export "k4") (param i32) (result i32)
  (if (result i32) (local.get 0)
    (then (i32.add (i32.const 1) (call $recursive (i32.sub (local.get 0) (i32.const 1)))))
    (else (i32.const 0))))""",
    "tail": """
(type $wide (func (param i64 i32 f32 f64 v128 i64 i64 i64 i64 i64 i64 f64 f64 f64 f64 f64 f64 f64
                   v128 v128) (result v128 i64 f64)))
(func $wide (export "w0") (type $wide)
  (if (local.get 1) (then (return_call $few (local.get 18) (local.get 3))))
  (return_call_indirect (type $wide)
    (local.get 5) (i32.const 1) (local.get 2) (local.get 17) (local.get 18) (local.get 0)
    (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 11)
    (local.get 12) (local.get 13) (local.get 14) (local.get 15) (local.get 16) (local.get 3)
    (local.get 4) (local.get 19) (local.get 1)))
(func $few (export "w1") (param v128 f64) (result v128 i64 f64)
  (return_call $few (local.get 0) (f64.add (local.get 1) (f64.const 1))))
(func (export "w2") (param i32 f64) (result i64) (return_call $import (local.get 0) (local.get 1)))
(func (export "w3") (param f32) (result f32) (return_call $float (local.get 0)))
(func $float (export "w4") (param f32) (result f32) (return_call $double (f64.promote_f32 (local.get 0))))
(func $double (param f64) (result f32) (f32.demote_f64 (local.get 0)))
(func (export "w5") (param f64) (return_call $done))
(func $done)
(func (export "w6") (param i64) (result i64) (call $wraps (local.get 0)))
(func $wraps (param i64) (result i64)
  (return_call_indirect (type $unary64) (local.get 0) (i32.const 1)))
(type $unary64 (func (param i64) (result i64)))""",
    "control": """
(func (export "c0") (param i32) (result i32)
  (block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 1))) (return (i32.const 2)))
  (i32.const 3))
(func (export "c1") (param i32) (result i32) (local i32)
  (loop (local.set 1 (i32.add (local.get 1) (local.get 0)))
    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get 1))
(func (export "c2") (param i32 i64 i64) (result i64)
  (select (local.get 1) (local.get 2) (local.get 0)))
(func (export "c3") (param i32) (result i32 i64)
  (if (result i32 i64) (local.get 0) (then (i32.const 1) (i64.const 2))
    (else unreachable)))
(func (export "c4") (param i32) (result i32) (nop)
  (block (result i32) (br_if 0 (i32.const 4) (local.get 0)) (drop) (br 0 (i32.const 5))))""",
    "global": """
(func (export "g0") (param i32) (result i32) (global.set $g (local.get 0)) (global.get $g))
(func (export "g1") (result f64) (global.get $d))
(func (export "g2") (result i64) (global.get $imported))""",
}
FRAME = """(type $unary (func (param i32) (result i32)))
(import "env" "import" (func $import (param i32 f64) (result i64)))
(import "env" "global" (global $imported i64))
IMPORTS(memory (export "memory") 1 100)
(memory $wide (export "wide") i64 1 0x1000000000000)
(table (export "table") 4 100 funcref)
(global $g (export "g") (mut i32) (i32.const 1))
(global $d f64 (f64.const 2))
(func $callee (type $unary) (local.get 0))
(func $many (param i32 i64 f32 f64) (result i32 i64 f32 f64)
  (local.get 0) (local.get 1) (local.get 2) (local.get 3))
(elem (i32.const 0) $callee $callee)
(elem func $callee $callee)
(data (i32.const 0) "active")
(data "passive")
"""


TYPED = """(module
(rec (type $t (sub (func (param i32) (result i64)))) (type $s (struct (field (ref null $t)))))
(type $below (sub final $t (func (param i32) (result i64))))
(import "env" "make" (func $make (result i32 (ref $t))))
(global (export "g") (mut (ref null $t)) (ref.func $f))
(table $table 2 (ref null $t) (ref.func $f))
(elem declare func $f)
(func $f (type $below) (i64.const 1))
(func (export "r0") (param i32 (ref $t)) (result i64) (call_ref $t (local.get 0) (local.get 1)))
(func (export "r1") (param (ref null $s)) (result i32) (ref.is_null (local.get 0)))
(func (export "r2") (param (ref null $t)) (result i64)
  (block $null (call_ref $t (i32.const 1) (br_on_null $null (local.get 0))) (return))
  (i64.const 0))
(func (export "r3") (param (ref null $t)) (result (ref $t))
  (br_on_non_null 0 (local.get 0)) (ref.as_non_null (global.get 0)))
(func (export "r4") (param i32) (result i64)
  (call_indirect $table (type $below) (i32.const 1) (local.get 0)))
(func (export "r5") (param i32) (result i32 (ref $t)) (call $make)))
"""


def write_typed(folder):
    source, output = (os.path.join(folder, "typed." + ending) for ending in ("txt", "wasm"))
    with open(source, "w") as out:
        out.write(TYPED)
    tool = os.path.join(here, "../../tools/assemble.py")
    subprocess.run([sys.executable, tool, source, "-o", output], check=True)
    with open(os.path.join(folder, "typed.exports"), "w") as out:
        out.write(" ".join(re.findall(r'\(func \(export "(\w+)"\)', TYPED)))


def main():
    write_typed(sys.argv[1])
    families = {key: "\n".join(functions) for key, functions in numeric().items()} | OTHERS
    families["simd"] = "\n".join(vectors())
    families["all"] = "\n".join(families.values())
    for family, functions in families.items():
        with open(os.path.join(sys.argv[1], family + ".wat"), "w") as out:
            out.write("(module\n" + FRAME.replace("IMPORTS", VECTOR_FRAME) + functions + ")\n")
    with open(os.path.join(sys.argv[1], "atomic.wat"), "w") as out:
        out.write(ATOMIC_FRAME + "\n".join(atomics()) + ")\n")
    for feature in "RelaxedSIMD", "WideArithmetic":
        code, exports = proposal.operators(feature)
        with open(os.path.join(sys.argv[1], feature + ".wasm"), "wb") as out:
            out.write(code)
        with open(os.path.join(sys.argv[1], feature + ".exports"), "w") as out:
            out.write(" ".join(exports))
    print(" ".join(families), "atomic")


main()
