# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: division.py FOLDER

Writes m.wat, one function for each operator and constant operand, and host.c
with what each must give, computed here with Python's integers.
"""

import os
import sys


def signed(n, bits):
    n &= 2**bits - 1
    return n - 2**bits if n >> (bits - 1) else n


def apply(op, a, c, bits):
    """The result, modulo 2^bits, or the trap."""
    mask = 2**bits - 1
    sa, sc = signed(a, bits), signed(c, bits)
    a, c = a & mask, c & mask
    if op[:3] in ("div", "rem") and c == 0:
        return "integer_divide_by_zero"
    if op == "div_s":
        quotient = abs(sa) // abs(sc) * (1 if (sa < 0) == (sc < 0) else -1)
        return "integer_overflow" if quotient == 2**(bits - 1) else quotient & mask
    if op == "rem_s":
        return (abs(sa) % abs(sc) * (-1 if sa < 0 else 1)) & mask
    if op == "div_u":
        return a // c
    if op == "rem_u":
        return a % c
    k = c % bits
    return {"shl": a << k, "shr_u": a >> k, "shr_s": sa >> k,
            "rotl": a << k | a >> (bits - k), "rotr": a >> k | a << (bits - k)}[op] & mask


def main():
    folder = sys.argv[1]
    os.makedirs(folder)
    wat, checks = [], []
    for bits in (32, 64):
        least, t = 2**(bits - 1), f"i{bits}"
        constants = [0, 1, 2, 3, 5, 7, 10, 16, 31, 33, 641, 1000, 65535, 65536, 2**bits // 3,
                     least - 1, least, least + 1, 2**bits - 1, 2**bits - 2, 2**bits - 3,
                     2**bits - 7, 2**bits - 10]
        counts = [0, 1, bits - 1, bits, bits + 1, 2 * bits, 2**bits - 1, least]
        values = [0, 1, 2, 6, 7, 9, 10, 100, 640, 641, 65535, 2**bits // 3, least - 1, least,
                  least + 1, 2**bits - 1, 2**bits - 2, 2**bits - 8, 0x123456789abcdef % 2**bits]
        for op in ("div_s", "div_u", "rem_s", "rem_u", "shl", "shr_s", "shr_u", "rotl", "rotr"):
            for c in constants if op[:3] in ("div", "rem") else counts:
                name = f"f{len(wat)}"
                wat.append(f'(func (export "{name}") (param {t}) (result {t}) '
                           f'({t}.{op} (local.get 0) ({t}.const {signed(c, bits)})))')
                for a in values:
                    wanted = apply(op, a, c, bits)
                    call = f"m_{name}(self, (int{bits}_t){a}ull, &r{bits})"
                    if isinstance(wanted, str):
                        checks.append(f"TRAPS(self, {wanted}, {call});")
                    else:
                        checks.append(f"EXPECT({call}, (uint{bits}_t)r{bits}, {wanted}ull);")
    with open(folder + "/m.wat", "w") as out:
        out.write("(module\n" + "\n".join(wat) + ")\n")
    with open(folder + "/host.c", "w") as out:
        out.write('#include "m.h"\n\n#include "check.h"\n\n'
                  "static int bad(const char *call) { return fprintf(stderr, \"%s\\n\", call); }\n"
                  "#define EXPECT(call, got, wanted) "
                  "if ((call) != WASMC_OK || (got) != (wanted)) failed += !!bad(#call \" not \" #wanted)\n"
                  "static int failed;\n"
                  "static int32_t r32;\nstatic int64_t r64;\n")
        parts = [checks[i:i + 200] for i in range(0, len(checks), 200)]
        for i, part in enumerate(parts):
            out.write(f"static void part{i}(m *self) {{\n" + "\n".join(part) + "\n}\n")
        out.write("int main(void) {\n  m *self;\n  OK(m_new(&self, NULL, NULL));\n")
        out.write("".join(f"  part{i}(self);\n" for i in range(len(parts))))
        out.write("  m_delete(self);\n  return failed != 0;\n}\n")


main()
