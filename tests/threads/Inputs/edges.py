# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: edges.py FOLDER

Writes modules own.wat, shared.wat, imported.wat and wide.wat, which apply each operator
of the threads proposal with several offsets to a memory of one page that is their own,
their own and shared, imported and shared, or shared with 64-bit indices; and edges.h,
tables of their exports. All operands leave a memory of zeros as it is. `x` drops what the
operator leaves, `y` returns it.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from wasmformat import read_rows

ROWS = [row for row in read_rows() if row.immediates == "MemArg" and row.feature == "Threads"]
OFFSETS = (0, 4, 65535, 65528, 0x80000000, 0xfffffff8, 0xffffffff)
MEMORIES = {"own": '(memory (export "memory") 1)',
            "shared": '(memory (export "memory") 1 1 shared)',
            "imported": '(import "env" "memory" (memory 1 1 shared))',
            "wide": '(memory (export "memory") i64 1 2 shared)'}
TYPES = {"i": "i32", "l": "i64"}


def functions():
    for number, row in enumerate(ROWS):
        op, operands, result, width = row.text, row.params[1:], row.results, row.bytes
        # Waiting for another value than 0 ends at once.
        values = [1 if "wait" in op and i == 0 else 0 for i in range(len(operands))]
        code = " ".join(f"({TYPES[t]}.const {v})" for t, v in zip(operands, values))
        for offset in OFFSETS:
            name = f"{number}_{offset:x}"
            access = f"({op} offset={offset} (local.get 0) {code})"
            dropped = f"(drop {access})" if result else access
            used = {"": f"{access} (i64.const 0)", "l": access,
                    "i": f"(i64.extend_i32_u {access})"}[result]
            yield name, op, offset, width, dropped, used


def main():
    for module, memory in MEMORIES.items():
        with open(os.path.join(sys.argv[1], module + ".wat"), "w") as out:
            out.write(f"(module {memory}\n")
            index = "i64" if module == "wide" else "i32"
            for name, _, _, _, dropped, used in functions():
                out.write(f'(func (export "x{name}") (param {index}) {dropped})\n'
                          f'(func (export "y{name}") (param {index}) (result i64) {used})\n')
            out.write(")\n")
    with open(os.path.join(sys.argv[1], "edges.h"), "w") as out:
        for module in MEMORIES:
            out.write(f"static const struct edge {module}_edges[] = {{\n")
            for name, op, offset, width, _, _ in functions():
                out.write(f'  {{"{op}", (void (*)(void)){module}_x{name}, '
                          f'(void (*)(void)){module}_y{name}, {offset}u, {width}}},\n')
            out.write("};\n")
    print(len(ROWS), "operators")


main()
