# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scripts whose expected results are computed here, in exact arithmetic.

For operators that WABT's interpreter does not know (wide-arithmetic), or for which
several results are permitted and it has another one than x86 (relaxed-simd). Each is
applied to edge operands twice: to parameters, and to constants, which the optimiser
folds; both must give the one result that docs/architecture.md names.

    python3 models.py Opcodes.def OUTPUT-DIRECTORY [fused]
"""
import itertools
import json
import os
import re
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import wasmformat
from contrived import body, func_type, leb, module, name, section, sleb, vec

I64, V128 = 0x7E, 0x7B
TYPES = {"l": I64, "v": V128}


# Numbers.

def signed(bits, width):
    return bits - (1 << width) if bits >> (width - 1) else bits


def saturated(value, width):
    return max(-(1 << width - 1), min((1 << width - 1) - 1, value))


class Format:
    """A floating-point format; its values are bits."""

    def __init__(self, width, precision):
        self.width, self.precision = width, precision
        self.sign = 1 << width - 1
        self.infinity = self.sign - (1 << precision - 1)
        self.quiet = 1 << precision - 2
        self.least = 3 - (1 << width - precision - 1) - precision  # Exponent of the last bit of all.

    def is_nan(self, bits):
        return bits & ~self.sign > self.infinity

    def is_infinite(self, bits):
        return bits & ~self.sign == self.infinity

    def value(self, bits):
        """Of a number or an infinity that stands for one past all numbers."""
        magnitude = bits & ~self.sign
        exponent = max(magnitude >> self.precision - 1, 1)
        fraction = magnitude - (exponent - 1 << self.precision - 1)
        value = Fraction(fraction) * Fraction(2) ** (exponent - 1 + self.least)
        return -value if bits & self.sign else value

    def rounded(self, value, zero=0):
        """To nearest, ties to even; `zero` are the bits where nothing is left of it."""
        if value == 0:
            return zero
        sign, value = (self.sign if value < 0 else 0), abs(value)
        # Of the last bit; the lengths tell it but for one.
        exponent = value.numerator.bit_length() - value.denominator.bit_length() - self.precision
        exponent += value >= Fraction(2) ** (exponent + self.precision)
        exponent = max(exponent, self.least)
        fraction = round(value / Fraction(2) ** exponent)  # Python's own ties to even.
        bits = fraction + (exponent - self.least << self.precision - 1)
        return sign | min(bits, self.infinity)

    def nan(self, *operands):
        """What the specification promises of a NaN that comes from these (4.3.3)."""
        canonical = all(o & ~self.sign == self.infinity | self.quiet
                        for o in operands if self.is_nan(o))
        return "nan:canonical" if canonical else "nan:arithmetic"

    def product(self, a, b, fused):
        """Bits; an exact Fraction instead where it is to be rounded later."""
        sign = (a ^ b) & self.sign
        if self.is_infinite(a) or self.is_infinite(b):
            return None if 0 in (a & ~self.sign, b & ~self.sign) else sign | self.infinity
        exact = self.value(a) * self.value(b)
        if fused and exact:
            return exact
        return self.rounded(exact, sign) or sign  # Rounded to nothing, it keeps its sign.

    def multiply_add(self, a, b, c, fused):
        if any(map(self.is_nan, (a, b, c))):
            return self.nan(a, b, c)
        product = self.product(a, b, fused)
        if product is None:
            return "nan:canonical"
        if isinstance(product, Fraction):
            if self.is_infinite(c):
                return c
            return self.rounded(product + self.value(c))
        if self.is_infinite(product) or self.is_infinite(c):
            if self.is_infinite(product) and self.is_infinite(c) and product != c:
                return "nan:canonical"
            return product if self.is_infinite(product) else c
        zero = self.sign if product & c & self.sign else 0
        return self.rounded(self.value(product) + self.value(c), zero)

    def truncated(self, bits):
        """Towards zero; None of a NaN."""
        return None if self.is_nan(bits) else int(self.value(bits))


F32, F64 = Format(32, 24), Format(64, 53)


# Relaxed vector operators, as on x86-64. Operands and results are lists of lanes.

def swizzle(a, indices):
    return [0 if i & 0x80 else a[i & 15] for i in indices]


def truncate_signed(form):
    def lane(bits):
        whole = form.truncated(bits)
        fits = whole is not None and -2**31 <= whole < 2**31
        return whole & 0xFFFFFFFF if fits else 0x80000000
    return lambda a: ([lane(x) for x in a] + [0, 0])[:4]


def truncate_unsigned(form):
    def lane(bits):
        return max(0, min(2**32 - 1, form.truncated(bits) or 0))
    return lambda a: ([lane(x) for x in a] + [0, 0])[:4]


def multiply_add(form, fused, negated):
    def lane(a, b, c):
        return form.multiply_add(a ^ (form.sign if negated else 0), b, c, fused)
    return lambda a, b, c: [lane(*lanes) for lanes in zip(a, b, c)]


def extremum(form, is_min):
    def lane(a, b):
        if form.is_nan(a) or form.is_nan(b):
            return b
        x, y = form.value(a), form.value(b)
        return a if (x < y if is_min else x > y) else b
    return lambda a, b: [lane(*lanes) for lanes in zip(a, b)]


def select(a, b, mask):
    return [x & k | y & ~k for x, y, k in zip(a, b, mask)]


def multiply_q15(a, b):
    return [(signed(x, 16) * signed(y, 16) + 0x4000 >> 15) & 0xFFFF for x, y in zip(a, b)]


def dot(a, b):
    products = [signed(x, 8) * y for x, y in zip(a, b)]
    return [saturated(x + y, 16) & 0xFFFF for x, y in zip(products[::2], products[1::2])]


def dot_add(a, b, c):
    sums = [signed(x, 16) for x in dot(a, b)]
    addends = [int.from_bytes(bytes(c[i:i + 4]), "little") for i in range(0, 16, 4)]
    return [(x + y + z) & 0xFFFFFFFF for x, y, z in zip(sums[::2], sums[1::2], addends)]


def relaxed_model(fused):
    """Operator: shape of the operands, width of the result's lanes, function."""
    model = {"i8x16.relaxed_swizzle": ("i8", 8, swizzle),
             "i16x8.relaxed_q15mulr_s": ("i16", 16, multiply_q15),
             "i16x8.relaxed_dot_i8x16_i7x16_s": ("i8", 16, dot),
             "i32x4.relaxed_dot_i8x16_i7x16_add_s": ("i8", 32, dot_add),
             "i32x4.relaxed_trunc_f32x4_s": ("f32", 32, truncate_signed(F32)),
             "i32x4.relaxed_trunc_f32x4_u": ("f32", 32, truncate_unsigned(F32)),
             "i32x4.relaxed_trunc_f64x2_s_zero": ("f64", 32, truncate_signed(F64)),
             "i32x4.relaxed_trunc_f64x2_u_zero": ("f64", 32, truncate_unsigned(F64))}
    for lane, count, form in ("f32", 4, F32), ("f64", 2, F64):
        for op, negated in ("madd", False), ("nmadd", True):
            model[f"{lane}x{count}.relaxed_{op}"] = (lane, lane,
                                                     multiply_add(form, fused, negated))
        for op in "min", "max":
            model[f"{lane}x{count}.relaxed_{op}"] = (lane, lane, extremum(form, op == "min"))
    for lane, width in ("i8x16", 8), ("i16x8", 16), ("i32x4", 32), ("i64x2", 64):
        model[f"{lane}.relaxed_laneselect"] = (f"i{width}", width, select)
    return model


# Operands.

BYTES = [0, 1, 2, 7, 15, 16, 17, 31, 32, 100, 126, 127, 128, 129, 240, 255]
WORDS = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x3FFF, 0x4000, 0x4001, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xC000,
         0xFFFE, 0xFFFF]


def float_edges(form):
    one = form.infinity // 2 + (1 << form.precision - 2) & ~((1 << form.precision - 1) - 1)
    edges = [0, 1, form.quiet * 2 - 1, form.quiet * 2, one, one + 1, one + 2, one + form.quiet,
             form.infinity - 1, form.infinity, form.infinity | form.quiet,
             form.infinity | form.quiet | 5, form.infinity | 3]
    limits = [Fraction(2) ** k for k in (-1, 31, 32)] + [Fraction(2) ** 31 - 1, Fraction(5, 2)]
    for limit in limits:
        bits = form.rounded(limit)
        edges += [bits - 1, bits, bits + 1]
    return [bits ^ sign for bits in edges for sign in (0, form.sign)]


EDGES = {"i8": BYTES, "i16": WORDS, "f32": float_edges(F32), "f64": float_edges(F64),
         "i32": [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x12345678, 0xFFFF0000, 0xAAAAAAAA],
         "i64": [0, 1, 2**63 - 1, 2**63, 2**64 - 1, 0x123456789ABCDEF0, 2**32, 0xAAAAAAAA55555555]}


def vectors(lane, rotation):
    count = 128 // int(lane[1:])
    edges = EDGES[lane][rotation:] + EDGES[lane][:rotation]
    edges += edges[:-len(edges) % count]
    return [edges[i:i + count] for i in range(0, len(edges), count)]


def vector_operands(lane, arity):
    """Of two operands, each edge meets each other one; of three, many meet."""
    step = 1 if arity == 2 else 7
    rotations = [range(1), range(0, len(EDGES[lane]), step), range(0, len(EDGES[lane]), 5)][:arity]
    for places in itertools.product(*rotations):
        yield from zip(*[vectors(lane, r) for r in places])


# Scripts.

def operators(path, feature):
    """Operator: its bytes and its type."""
    return {row.text: (row.encode(), row.params, row.results) for row in wasmformat.read_rows(path)
            if row.feature == feature and row.immediates == "None" and row.params and row.results}


def packed(lanes, width):
    return b"".join(lane.to_bytes(width // 8, "little") for lane in lanes)


def constant(kind, operand, width):
    if kind == "l":
        return b"\x42" + sleb(signed(operand, 64))
    return b"\xfd\x0c" + packed(operand, width)


def described(kind, value, lane):
    if kind == "l":
        return {"type": "i64", "value": str(value)}
    return {"type": "v128", "lane_type": lane, "value": [str(x) for x in value]}


class Script:
    def __init__(self):
        self.types, self.bodies, self.exports, self.commands = [], [], [], []

    def function(self, export, params, results, code):
        kind = func_type([TYPES[k] for k in params], [TYPES[k] for k in results])
        if kind not in self.types:
            self.types.append(kind)
        self.exports.append(name(export) + b"\x00" + leb(len(self.bodies)))
        self.bodies.append((self.types.index(kind), body(code)))

    def expect(self, field, args, expected):
        action = {"type": "invoke", "field": field, "args": args}
        self.commands.append({"type": "assert_return", "line": len(self.commands) + 2,
                              "action": action, "expected": expected})

    def operator(self, op, row, lane, cases):
        """`cases` are operands and what is expected of them, for the script."""
        code, params, results = row
        gets = b"".join(b"\x20" + leb(i) for i in range(len(params)))
        self.function(op, params, results, gets + code)
        width = int(lane[1:])
        for number, (operands, expected) in enumerate(cases):
            self.expect(op, [described(k, o, lane) for k, o in zip(params, operands)], expected)
            if number % 5 == 0:
                constants = b"".join(constant(k, o, width) for k, o in zip(params, operands))
                self.function(f"{op} {number}", "", results, constants + code)
                self.expect(f"{op} {number}", [], expected)

    def module(self):
        functions = section(3, vec([leb(kind) for kind, _ in self.bodies]))
        return module(section(1, vec(self.types)), functions, section(7, vec(self.exports)),
                      section(10, vec([code for _, code in self.bodies])))

    def write(self, directory, stem):
        with open(os.path.join(directory, stem + ".wasm"), "wb") as file:
            file.write(self.module())
        first = {"type": "module", "line": 1, "filename": stem + ".wasm"}
        path = os.path.join(directory, stem + ".json")
        with open(path, "w") as file:
            json.dump({"source_filename": stem + ".wast", "commands": [first] + self.commands}, file)
        return path


def relaxed(opcodes, directory, fused):
    script, model = Script(), relaxed_model(fused)
    rows = operators(opcodes, "RelaxedSIMD")
    assert set(rows) == set(model)
    for op, row in rows.items():
        lane, result, compute = model[op]
        shape = result if isinstance(result, str) else f"i{result}"
        # A byte each: the addend is of another shape.
        cases = [(operands, [described("v", compute(*operands), shape)])
                 for operands in vector_operands(lane, len(row[1]))]
        script.operator(op, row, lane, cases)
    return script.write(directory, "relaxed-simd")


def wide(opcodes, directory, _):
    script, rows = Script(), operators(opcodes, "WideArithmetic")
    model = {"i64.add128": lambda a, b, c, d: (a | b << 64) + (c | d << 64),
             "i64.sub128": lambda a, b, c, d: (a | b << 64) - (c | d << 64),
             "i64.mul_wide_s": lambda a, b: signed(a, 64) * signed(b, 64),
             "i64.mul_wide_u": lambda a, b: a * b}
    assert set(rows) == set(model)
    for op, row in rows.items():
        cases = []
        for operands in itertools.product(EDGES["i64"][:6] if "128" in op else EDGES["i64"],
                                          repeat=len(row[1])):
            result = model[op](*operands) % 2**128
            halves = [result % 2**64, result >> 64]
            cases.append((operands, [described("l", half, "i64") for half in halves]))
        script.operator(op, row, "i64", cases)
    # The runner turns a proposal on that is the prefix of a script's name.
    return script.write(directory, "wide-arithmetic_model")


MODELS = {"relaxed-simd": relaxed, "wide-arithmetic": wide}


def cpu_fuses():
    """Whether --cpu=native has fused multiply-add."""
    with open("/proc/cpuinfo") as file:
        return re.search(r"^flags\s*:.*\bfma\b", file.read(), re.M) is not None


def main():
    os.makedirs(sys.argv[2], exist_ok=True)
    for make in MODELS.values():
        print(make(sys.argv[1], sys.argv[2], "fused" in sys.argv[3:]))


if __name__ == "__main__":
    main()
