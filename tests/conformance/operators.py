# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules that apply each numeric operator to each pair of edge operands.

The operators are the rows of Opcodes.def that take numbers, have no immediate
and belong to WebAssembly 2.0. Every operator is applied twice: to constants, which
the optimiser folds, and to globals, which it cannot. Results are integers, so that
the text that an interpreter prints is exact; NaNs that arithmetic makes are reduced
to what the specification promises of them (4.3.3).

    python3 operators.py Opcodes.def OUTPUT-DIRECTORY
"""
import os
import re
import sys

ROW = re.compile(r'^WASMC_OP\(\w+, "([\w.]+)", [^,]+, [^,]+, None, (\w+), "([ilfd]+):([ilfd])"')
FEATURES = {"MVP", "SignExtension", "SatFloatToInt"}
TYPES = {"i": "i32", "l": "i64", "f": "f32", "d": "f64"}
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

# These keep or make bits of a NaN as they are.
EXACT = ("abs", "neg", "copysign", "reinterpret")

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


def read_rows(path):
    with open(path) as file:
        for line in file:
            match = ROW.match(line)
            if match and match.group(2) in FEATURES:
                yield match.group(1), match.group(3), match.group(4)


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
        text = "(module" + HELPERS + cells + "".join(self.functions) + ")\n"
        number = sum(1 for name, _ in self.modules if name.startswith(self.name + "-"))
        self.modules.append((f"{self.name}-{number}", text))
        self.functions, self.globals = [], {}

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
    rows = sorted(read_rows(opcodes), key=lambda row: (len(row[1]) == 1, row[1]))
    for op, kinds, result in rows:
        shape = "binary" if len(kinds) == 2 else "unary"
        name = f"{TYPES[kinds[0]]}-{shape}"
        if name != writer.name:
            writer.flush()
            writer.name = name
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
