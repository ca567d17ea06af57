# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Integer expressions of generated modules, with what they are in the model of a run."""
import dataclasses
import functools


def unsigned(value, bits):
    return value % (1 << bits)


def signed(value, bits):
    """As a literal of the text format has it."""
    return (value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


@dataclasses.dataclass
class Value:
    """An expression: its text, and the same in Python, of `locals_`, never negative."""
    text: str
    bits: int
    python: str
    known: bool = True

    def __str__(self):
        return self.text

    @functools.cached_property
    def of(self):
        return eval(f"lambda locals_: {self.python}")


def as_signed(python, bits):
    return f"((({python} + {1 << bits - 1}) & {(1 << bits) - 1}) - {1 << bits - 1})"


# Of {a} and {b} or, where they are signed, {a_s} and {b_s}.
OPERATORS = {
    "add": "{a} + {b}", "sub": "{a} - {b}", "mul": "{a} * {b}", "and": "{a} & {b}", "or": "{a} | {b}",
    "xor": "{a} ^ {b}", "shl": "{a} << {b} % {bits}", "shr_u": "{a} >> {b} % {bits}",
    "shr_s": "{a_s} >> {b} % {bits}", "div_u": "{a} // {b}", "rem_u": "{a} % {b}",
}
COMPARES = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def const(bits, value):
    return Value(f"(i{bits}.const {signed(value, bits)})", bits, str(unsigned(value, bits)))


def local(name, bits, known=True):
    return Value(f"(local.get {name})", bits, f"locals_['{name}']", known)


def binary(operator, a, b):
    if isinstance(b, int):
        b = const(a.bits, b)
    computed = OPERATORS[operator].format(a=a.python, b=b.python, a_s=as_signed(a.python, a.bits), bits=a.bits)
    return Value(f"(i{a.bits}.{operator} {a} {b})", a.bits, f"(({computed}) & {(1 << a.bits) - 1})",
                 a.known and b.known)


def compare(operator, a, b):
    sides = [as_signed(v.python, v.bits) if operator.endswith("_s") else v.python for v in (a, b)]
    return Value(f"(i{a.bits}.{operator} {a} {b})", 32, f" {COMPARES[operator[:2]]} ".join(sides),
                 a.known and b.known)


def extend(a, bits, sign):
    """To 64 bits, from 64 bits, or nothing."""
    if a.bits == bits:
        return a
    if bits < a.bits:
        return Value(f"(i32.wrap_i64 {a})", 32, f"({a.python} & {(1 << 32) - 1})", a.known)
    python = f"({as_signed(a.python, 32)} & {(1 << 64) - 1})" if sign == "s" else a.python
    return Value(f"(i64.extend_i32_{sign} {a})", 64, python, a.known)


def extend_in_place(a, of_bits):
    return Value(f"(i{a.bits}.extend{of_bits}_s {a})", a.bits,
                 f"({as_signed(a.python, of_bits)} & {(1 << a.bits) - 1})", a.known)
