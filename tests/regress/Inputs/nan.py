# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: nan.py FOLDER [propagated|lanes]

Writes m.wat, functions from bits to bits that apply an operator to a float, and
host.c, which feeds them signalling and quiet NaNs and some numbers. With `lanes`,
the operators are those of vectors, and one lane is looked at.
"""

import os
import re
import sys

QUIET = {  # arithmetic: a NaN comes out quiet
    "mul_one": "x (K 1) mul", "one_mul": "(K 1) x mul", "mul_minus_one": "x (K -1) mul",
    "div_one": "x (K 1) div", "div_minus_one": "x (K -1) div", "sub_zero": "x (K 0) sub",
    "sub_minus_zero": "x (K -0) sub", "add_zero": "x (K 0) add", "add_minus_zero": "x (K -0) add",
    "minus_zero_add": "(K -0) x add", "zero_sub": "(K 0) x sub", "minus_zero_sub": "(K -0) x sub",
    "min_self": "x x min", "max_self": "x x max", "min_inf": "x (K inf) min",
    "inf_max": "(K inf) x max", "min_zero": "x (K 0) min", "zero_max": "(K 0) x max",
    "sqrt": "x sqrt", "ceil": "x ceil", "floor": "x floor", "trunc": "x trunc",
    "nearest": "x nearest", "add_self": "x x add", "sub_self": "x x sub", "mul_two": "x (K 2) mul",
    "neg_mul_minus_one": "x neg (K -1) mul", "mul_one_twice": "x (K 1) mul (K 1) mul",
    "div_mul_one": "x (K 1) div (K 1) mul",
}
QUIET_LANES = {  # which are sums or nothing to LLVM, once it knows the product
    "madd_one": "x (K 1) (K -0) relaxed_madd", "one_madd": "(K 1) x (K -0) relaxed_madd",
    "madd_minus_one": "x (K -1) (K -0) relaxed_madd", "nmadd_one": "x (K 1) (K -0) relaxed_nmadd",
    "one_madd_zero": "(K 1) x (K 0) relaxed_madd", "zero_madd": "(K 1) (K -0) x relaxed_madd",
    "madd_zero": "(K -0) (K 1) x relaxed_madd", "zero_nmadd": "(K 0) (K 1) x relaxed_nmadd",
    "zeros_madd": "(K 2) (K -0) x relaxed_madd", "madd_self": "x x x relaxed_madd",
}
PROPAGATED = {  # the constant shows only to the optimiser
    "local_one": "x (local.get $one) mul", "one_local": "(local.get $one) x mul",
    "div_local": "x (local.get $one) div", "select_one": "x (select (K 1) (K 1) (i32.const 1)) mul",
    "sum_zero": "x (local.get $one) (K 1) sub sub",
}
KEPT = {  # bits stay but for the sign
    "neg": ("x neg", "^ SIGN"), "abs": ("x abs", "& ~SIGN"), "copysign": ("x (K 1) copysign",
    "& ~SIGN"), "move": ("x", ""), "neg_neg": ("x neg neg", ""), "select": (
    "(select x (K 1) (i32.const 1))", ""), "local": ("x local.set $l local.get $l", ""),
    "memory": ("(T.store (i32.const 0) x) (T.load (i32.const 0))", ""),
    "negative_copysign": ("x (K -1) copysign", "| SIGN"),
}
KEPT_LANES = {  # a choice of bits, which a NaN as the first operand wins
    "pmin": ("x (K 1) pmin", ""), "pmax": ("x (K 1) pmax", ""), "pmin_self": ("x x pmin", ""),
}
OPERATORS = ("mul", "div", "sub", "add", "min", "max", "sqrt", "ceil", "floor", "trunc", "nearest",
             "neg", "abs", "copysign", "pmin", "pmax", "relaxed_madd", "relaxed_nmadd")


def code(text, t, bits):
    x = f"({t}.reinterpret_{bits} (local.get 0))"
    out = []
    for word in text.replace("T.", t + ".").split(" "):
        bare = word.strip("()")
        if bare == "x" or bare in OPERATORS:
            word = word.replace(bare, x if bare == "x" else f"{t}.{bare}", 1)
        out.append(word.replace("(K", f"({t}.const"))
    return " ".join(out)


def lanes():
    """The same for vectors, with a constant in all lanes, and in one of them."""
    wat, rows = [], []
    for t, bits, shape, one in (("f32", "i32", "f32x4", "3 {} 5 7"), ("f64", "i64", "f64x2", "3 {}")):
        sign = "0x80000000u" if t == "f32" else "0x8000000000000000ull"
        x = f"({shape}.splat ({t}.reinterpret_{bits} (local.get 0)))"
        vectors = {"all": "v128.const " + shape + " {0}" * int(shape[4]),
                   "one": f"v128.const {shape} {one}"}
        for kind, vector in vectors.items():
            cases = [(n, text, None) for n, text in (QUIET | QUIET_LANES).items()]
            cases += [(n, text, change) for n, (text, change) in (KEPT | KEPT_LANES).items()
                      if "copysign" not in n]
            for name, text, change in cases:
                text = re.sub(r"\b(" + "|".join(OPERATORS) + r")\b", shape + r".\1", text)
                text = re.sub(r"\bx\b", x, text).replace("T.", "v128.")
                text = re.sub(r"\(K (-?\w+)\)", lambda m: f"({vector.format(m[1])})", text)
                wat.append(f'(func (export "{shape}_{name}_{kind}") (param {bits}) (result {bits}) '
                           f'(local $l v128) {text} {shape}.extract_lane 1 {bits}.reinterpret_{t})')
                rows.append((f"{shape}_{name}_{kind}", bits, bits,
                             None if change is None else change.replace("SIGN", sign)))
    splat = "(f32x4.splat (f32.reinterpret_i32 (local.get 0)))"
    low = "f32x4.extract_lane 1 i32.reinterpret_f32"
    wat += [f'(func (export "promote") (param i32) (result i64) {splat} f64x2.promote_low_f32x4 '
            'f64x2.extract_lane 1 i64.reinterpret_f64)',
            '(func (export "demote") (param i64) (result i32) (f64x2.splat '
            f'(f64.reinterpret_i64 (local.get 0))) f32x4.demote_f64x2_zero {low})',
            f'(func (export "promote_demote") (param i32) (result i32) {splat} '
            f'f64x2.promote_low_f32x4 f32x4.demote_f64x2_zero {low})']
    rows += [("promote", "i32", "i64", None), ("demote", "i64", "i32", None),
             ("promote_demote", "i32", "i32", None)]
    return wat, rows


def main():
    folder, propagated = sys.argv[1], "propagated" in sys.argv
    os.makedirs(folder)
    if "lanes" in sys.argv:
        return write(folder, *lanes())
    wat, rows = [], []

    def add(name, t, bits, text, check, result=None):
        result = result or (t, bits)
        wat.append(f'(func (export "{name}") (param {bits}) (result {result[1]}) '
                   f'(local $one {t}) (local $l {t}) (local.set $one ({t}.const 1)) {text} '
                   f'{result[1]}.reinterpret_{result[0]})')
        rows.append((name, bits, result[1], check))

    for t, bits in (("f32", "i32"), ("f64", "i64")):
        for name, text in (PROPAGATED if propagated else QUIET).items():
            add(f"{t}_{name}", t, bits, code(text, t, bits), None)
        for name, (text, change) in ({} if propagated else KEPT).items():
            add(f"{t}_{name}", t, bits, code(text, t, bits),
                change.replace("SIGN", "0x80000000u" if t == "f32" else "0x8000000000000000ull"))
    if propagated:
        return write(folder, wat, rows)
    add("promote", "f32", "i32", "(f64.promote_f32 (f32.reinterpret_i32 (local.get 0)))", None,
        ("f64", "i64"))
    add("demote", "f64", "i64", "(f32.demote_f64 (f64.reinterpret_i64 (local.get 0)))", None,
        ("f32", "i32"))
    add("promote_demote", "f32", "i32",
        "(f32.demote_f64 (f64.promote_f32 (f32.reinterpret_i32 (local.get 0))))", None)
    return write(folder, wat, rows)


def write(folder, wat, rows):
    with open(folder + "/m.wat", "w") as out:
        out.write("(module (memory 1)\n" + "\n".join(wat) + ")\n")
    with open(folder + "/host.c", "w") as out:
        out.write(HOST)
        for name, bits, result, check in rows:
            n, r = bits[1:], result[1:]
            out.write(f"  for (size_t i = 0; i != sizeof nans{n} / sizeof *nans{n}; ++i) {{\n"
                      f"    int{r}_t r;\n    OK(m_{name}(self, (int{n}_t)nans{n}[i], &r));\n")
            if check is None:
                out.write(f"    check_quiet{r}(\"{name}\", nans{n}[i], (uint{r}_t)r);\n  }}\n")
            else:
                out.write(f"    CHECK_EQ((uint{r}_t)r, nans{n}[i] {check});\n  }}\n")
        out.write("  m_delete(self);\n  return 0;\n}\n")


HOST = r"""#include "m.h"

#include "check.h"

static const uint32_t nans32[] = {0x7f800001, 0xff800001, 0x7fa00000, 0xffbfffff, 0x7fc00000,
                                  0xffc00000, 0x7fffffff, 0x7fe12345};
static const uint64_t nans64[] = {0x7ff0000000000001, 0xfff0000000000001, 0x7ff4000000000000,
                                  0xfff7ffffffffffff, 0x7ff8000000000000, 0xfff8000000000000,
                                  0x7fffffffffffffff, 0x7ff0000020000000};

static void check_quiet32(const char *name, unsigned long long from, uint32_t bits) {
  if ((bits & 0x7fc00000) != 0x7fc00000) {
    fprintf(stderr, "%s(0x%llx) is 0x%x\n", name, from, bits);
    exit(1);
  }
}

static void check_quiet64(const char *name, unsigned long long from, uint64_t bits) {
  if ((bits & 0x7ff8000000000000) != 0x7ff8000000000000) {
    fprintf(stderr, "%s(0x%llx) is 0x%llx\n", name, from, (unsigned long long)bits);
    exit(1);
  }
}

int main(void) {
  m *self;
  OK(m_new(&self, NULL, NULL));
"""

main()
