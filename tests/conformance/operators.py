# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules that apply each numeric operator to each pair of edge operands.

The operators are the rows of Opcodes.def that take numbers or vectors, have no
immediate and belong to WebAssembly 2.0. Of vectors, each lane is such a pair. Every operator is applied twice: to constants, which
the optimiser folds, and to globals, which it cannot. Results are integers or
vectors, so that the text that an interpreter prints is exact; NaNs that arithmetic makes are reduced
to what the specification promises of them (4.3.3).

    python3 operators.py Opcodes.def OUTPUT-DIRECTORY
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import wasmformat

FEATURES = {"MVP", "SignExtension", "SatFloatToInt", "SIMD"}
TYPES = {"i": "i32", "l": "i64", "f": "f32", "d": "f64", "v": "v128"}
FUNCTIONS_PER_MODULE = 96

# Operands of binary operators.
INT32 = "0 1 -1 2 7 31 32 33 0x7f 0x80 0xffff8000 0x7fffffff 0x80000000 0x80000001 " \
        "0xaaaaaaaa 0x12345678".split()
INT64 = "0 1 -1 2 7 63 64 65 0xff 0xffffffff 0x80000000 0x7fffffffffffffff " \
        "0x8000000000000000 0x8000000000000001 0xaaaaaaaaaaaaaaaa 0x123456789abcdef0".split()
FLOAT32 = "0 -0 0x1p-149 -0x1p-149 0x1.fffffcp-127 0x1p-126 0.5 -1 1 1.5 0x1.000002p+0 " \
          "-0x1p+23 0x1.fffffep+127 inf -inf nan nan:0x200000 -nan:0x123456".split()
FLOAT64 = "0 -0 0x1p-1074 -0x1p-1074 0x1.ffffffffffffep-1023 0x1p-1022 0.5 -1 1 1.5 " \
          "0x1.0000000000001p+0 -0x1p+52 0x1.fffffffffffffp+1023 inf -inf nan " \
          "nan:0x4000000000000 -nan:0x123456789abcd".split()
BINARY = {"i": INT32, "l": INT64, "f": FLOAT32, "d": FLOAT64}

# More of them for unary operators and conversions: on both sides of what an
# integer type holds, and where rounding to nearest has to choose.
ROUNDING = "0.25 -0.25 -0.5 0.75 -0.75 -1.5 2.5 -2.5 3.5 -3.5".split()
LIMITS32 = "-0x1.fffffep-1 0x1p+31 0x1.fffffep+30 -0x1p+31 -0x1.000002p+31 0x1p+32 " \
           "0x1.fffffep+31 0x1p+63 0x1.fffffep+62 -0x1p+63 -0x1.000002p+63 0x1p+64 " \
           "0x1.fffffep+63".split()
LIMITS64 = "-0x1.fffffffffffffp-1 2147483647 2147483647.9 2147483648 -2147483648 " \
           "-2147483648.9 -2147483649 4294967295 4294967295.9 4294967296 0x1p+63 " \
           "0x1.fffffffffffffp+62 -0x1p+63 -0x1.0000000000001p+63 0x1p+64 " \
           "0x1.fffffffffffffp+63 0x1.fffffefffffffp+127 0x1.ffffffp+127 0x1p-150 " \
           "0x1.0000010000001p+0 0x1.000003p+0".split()
INTEGERS32 = "0x1000001 0x1000003 0xff7fffff 0xffffff7f 0xffffff80 0xffff 0x8000".split()
INTEGERS64 = "0x20000000000001 0x20000000000003 0x8000004000000001 0x7fffff4000000001 " \
             "0xfffffffffffff400 0xfffffffffffffc00 0x100000000 0xffff 0x8000".split()
UNARY = {"i": INT32 + INTEGERS32, "l": INT64 + INTEGERS64, "f": FLOAT32 + ROUNDING + LIMITS32,
         "d": FLOAT64 + ROUNDING + LIMITS64}

# Lanes of operands, by their shape.
INT8 = "0 1 -1 2 7 8 0x0f 0x10 0x7e 0x7f 0x80 0x81 0xaa 0x55 100 0xf0".split()
INT16 = "0 1 -1 2 15 16 0x7f 0x80 0xff 0x100 0xff7f 0xff80 0x7fff 0x8000 0x8001 0x5a5a".split()
LANES = {"i8x16": INT8, "i16x8": INT16, "i32x4": INT32, "i64x2": INT64, "f32x4": FLOAT32,
         "f64x2": FLOAT64, "v128": INT32}
UNARY_LANES = LANES | {"i32x4": UNARY["i"], "i64x2": UNARY["l"], "f32x4": UNARY["f"],
                       "f64x2": UNARY["d"]}
SHAPE = re.compile(r"[if]\d+x\d+")
COUNTS = "0 1 7 8 15 16 31 32 33 63 64 65 -1 0x80000003".split()

# These keep or make bits of a NaN as they are.
EXACT = ("abs", "neg", "copysign", "reinterpret", "pmin", "pmax", "splat")

HELPERS = """
  (func $bits-f (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
  (func $bits-d (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
  (func $class-f (param f32) (result i32)
    (select
      (i32.and (i32.reinterpret_f32 (local.get 0)) (i32.const 0x7fc00000))
      (i32.reinterpret_f32 (local.get 0))
      (f32.ne (local.get 0) (local.get 0))))
  (func $class-d (param f64) (result i64)
    (select
      (i64.and (i64.reinterpret_f64 (local.get 0)) (i64.const 0x7ff8000000000000))
      (i64.reinterpret_f64 (local.get 0))
      (f64.ne (local.get 0) (local.get 0))))
"""
VECTOR_HELPERS = """
  (func $class-f32x4 (param v128) (result v128)
    (v128.bitselect
      (v128.and (local.get 0) (v128.const i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000))
      (local.get 0)
      (f32x4.ne (local.get 0) (local.get 0))))
  (func $class-f64x2 (param v128) (result v128)
    (v128.bitselect
      (v128.and (local.get 0) (v128.const i64x2 0x7ff8000000000000 0x7ff8000000000000))
      (local.get 0)
      (f64x2.ne (local.get 0) (local.get 0))))
"""


def read_rows(path):
    for row in wasmformat.read_rows(path):
        numbers = set(row.params + row.results) <= set(TYPES) and row.params
        if numbers and len(row.results) == 1 and row.immediates == "None" and row.feature in FEATURES:
            yield row.text, row.params, row.results


def vectors(op, table, rotation):
    """The edges of the operator's lanes, as vectors of its operands' shape."""
    shapes = SHAPE.findall(op)
    shape = shapes[-1] if shapes else "v128"
    edges = table[shape]
    if shape == "v128":
        shape = "i32x4"
    count = int(shape.split("x")[1])
    edges = edges + edges[:-len(edges) % count]
    edges = edges[rotation:] + edges[:rotation]
    return [f"{shape} " + " ".join(edges[i:i + count]) for i in range(0, len(edges), count)]


def vector_operands(op, kinds):
    """Tuples of operands in which each edge meets each other one."""
    if kinds[0] != "v":
        return [(edge,) for edge in UNARY[kinds]]
    if kinds == "v":
        return [(v,) for v in vectors(op, UNARY_LANES, 0)]
    firsts = vectors(op, LANES, 0)
    if kinds == "vi":
        return [(v, count) for v in firsts for count in COUNTS]
    rotations = [vectors(op, LANES, r) for r in range(len(LANES[(SHAPE.findall(op) or ["v128"])[-1]]))]
    if kinds == "vv":
        return [pair for seconds in rotations for pair in zip(firsts, seconds)]
    return [(a, b, c) for seconds in rotations[::3] for thirds in rotations[::5]
            for a, b, c in zip(firsts, seconds, thirds)]


def may_trap(op, operands):
    if ".div_s" in op or ".rem_s" in op or ".div_u" in op or ".rem_u" in op:
        smallest = "0x80000000" if op.startswith("i32") else "0x8000000000000000"
        return operands[1] == "0" or operands == (smallest, "-1")
    return ".trunc_f" in op


class Writer:
    """Collects functions and cuts them into modules."""

    def __init__(self):
        self.modules = []
        self.name = None
        self.functions = []
        self.globals = {}

    def operand(self, kind, text, is_constant):
        if is_constant:
            return f"({TYPES[kind]}.const {text})"
        name = self.globals.setdefault((kind, text), f"$g{len(self.globals)}")
        return f"(global.get {name})"

    def expression(self, op, kinds, result, operands, is_constant):
        args = " ".join(self.operand(k, o, is_constant) for k, o in zip(kinds, operands))
        text = f"({op} {args})"
        if result == "v" and op[0] == "f" and not any(word in op for word in EXACT):
            if not re.search(r"\.(eq|ne|[lg][te])$", op):
                text = f"(call $class-{op[:5]} {text})"
        if result in "fd":
            exact = any(word in op for word in EXACT)
            text = f"(call ${'bits' if exact else 'class'}-{result} {text})"
        return text

    def function(self, name, result, expressions):
        kind = {"f": "i", "d": "l"}.get(result, result)
        results = " ".join([TYPES[kind]] * len(expressions))
        body = "\n    ".join(expressions)
        self.functions.append(f'  (func (export "{name}") (result {results})\n    {body})\n')
        if len(self.functions) >= FUNCTIONS_PER_MODULE:
            self.flush()

    def flush(self):
        if not self.functions:
            return
        cells = "".join(f"  (global {name} (mut {TYPES[k]}) ({TYPES[k]}.const {text}))\n"
                        for (k, text), name in self.globals.items())
        helpers = HELPERS + (VECTOR_HELPERS if self.name.startswith("v128") else "")
        text = "(module" + helpers + cells + "".join(self.functions) + ")\n"
        number = sum(1 for name, _ in self.modules if name.startswith(self.name + "-"))
        self.modules.append((f"{self.name}-{number}", text))
        self.functions, self.globals = [], {}

    def vector_operator(self, op, kinds, result):
        operands = vector_operands(op, kinds)
        for is_constant in (False, True):
            form = "constants" if is_constant else "globals"
            for i in range(0, len(operands), 16):
                self.function(f"{op} {i} {form}", result,
                              [self.expression(op, kinds, result, row, is_constant)
                               for row in operands[i:i + 16]])

    def operator(self, op, kinds, result):
        edges = [(a, b) for a in BINARY[kinds[0]] for b in BINARY[kinds[1]]] \
            if len(kinds) == 2 else [(a,) for a in UNARY[kinds]]
        for is_constant in (False, True):
            form = "constants" if is_constant else "globals"
            rows = {}
            for operands in edges:
                expression = self.expression(op, kinds, result, operands, is_constant)
                if may_trap(op, operands):
                    self.function(f"{op} {' '.join(operands)} {form}", result, [expression])
                else:
                    rows.setdefault(operands[0] if len(kinds) == 2 else "", []).append(expression)
            for first, expressions in rows.items():
                self.function(f"{op} {first} {form}", result, expressions)


def modules(opcodes):
    """(name, text) of each module."""
    writer = Writer()
    rows = sorted(read_rows(opcodes), key=lambda row: ("v" in row[1] + row[2], len(row[1]) == 1, row[1]))
    for op, kinds, result in rows:
        shape = {1: "unary", 2: "binary", 3: "ternary"}[len(kinds)]
        is_vector = "v" in kinds + result
        name = f"{'v128' if is_vector else TYPES[kinds[0]]}-{shape}"
        if name != writer.name:
            writer.flush()
            writer.name = name
        if is_vector:
            writer.vector_operator(op, kinds, result)
        else:
            writer.operator(op, kinds, result)
    writer.flush()
    return writer.modules


def main():
    os.makedirs(sys.argv[2], exist_ok=True)
    for name, text in modules(sys.argv[1]):
        with open(os.path.join(sys.argv[2], name + ".wat"), "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
