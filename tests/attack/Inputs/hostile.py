# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: hostile.py > FILE.wasm

A module whose names try to break out of headers, comments, strings, symbols and
assembly: of exports, imports, functions, locals, globals and the module itself.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools"))
from contrived import body, func_type, leb, module, section, vec

NAMES = [
    "", " ", "*/", "*/ int injected; /*", "\\", "\\\n", "a\\", "\"", "\"); system(\"true\"); (\"",
    "'", "\n", "\r\n", "\n#include \"/etc/passwd\"\n", "#error", "\0", "a\0b", "\x01\x1b[31m\x7f",
    "??/", "??/\n", "//", "/*", "%s%n", "${HOME}", "`id`", "$(id)", ";", "{", "}", "R\"(", "a.b", "a-b",
    "a b", "a_b", "a_x2eb", "a_x2db", "\u00e9", "\u202e", "\U0001f600", "\ufeff", "int", "class",
    "return", "new", "delete", "trap", "imports", "instance", "module", "main", "printf", "malloc",
    "_Static_assert", "_Bool", "NULL", "true", "this", "self", "p0", "r0", "status", "operator",
    "errno", "stdin", "EOF", "linux", "unix", "__LINE__", "__func__", "_start", "__wasmc_enter",
    "wasmc_instance_new", "wasmc", "std", "0", "1a", "a" * 10_000, "a" * 9_999 + "b", "\\x41",
    "_x41", "A", "a_2", "a_3", "a", "set_g", "g", ".text", ".globl main", "@function", "a@plt",
    "\n.globl main\nmain:\n", "define void @main() { ret void }", "!dbg", "\t", "=", ",", "a,b",
    "create", "raw", "get", "owner", "reset", "result", "hostile", "hostile_new", "int32_t", "float_", "_",
    "__", "_A", "std::tuple", "template<class T>", "export", "import", "co_await", "NAN", "INFINITY",
]


def name(text):
    data = text.encode()
    return leb(len(data)) + data


def main():
    kinds = [func_type(), func_type((0x7F,), (0x7F,)), func_type((0x7F, 0x7E), (0x7D, 0x7C))]
    imports = [name(a) + name(b) + b"\x00\x01" for a, b in
               [(n, m) for n in NAMES[:40] for m in ("f", n)] + [("env", n) for n in NAMES]]
    # The pairs a.b + c and a + b.c have one escaped form.
    imports += [name("a_b") + name("c") + b"\x00\x00", name("a") + name("b_c") + b"\x00\x00"] * 2
    imports += [name("g") + name(n) + b"\x03\x7f\x00" for n in NAMES[:30]]
    seen, exports = set(), []
    for i, n in enumerate(NAMES):
        if n not in seen:
            seen.add(n)
            kind = [b"\x00" + leb(len(imports) - 30 + i % 2), b"\x03\x1e", b"\x02\x00", b"\x01\x00"][i % 4]
            exports.append(name(n) + kind)
    functions = [b"\x01", b"\x02"]
    bodies = [body(b"\x20\x00\x00"), body(b"\x43\0\0\0\0\x44" + bytes(8))]
    number = len(imports) - 30
    named = vec([leb(i) + name(n) for i, n in enumerate((NAMES * 3)[:number + 2])])
    names = section(0, name("name") + section(0, name(NAMES[3] + "\n" + NAMES[12])) +
                    section(1, named) +
                    section(2, vec([leb(number) + vec([b"\x00" + name(NAMES[12])])])) +
                    section(7, vec([leb(i) + name(n) for i, n in enumerate(NAMES[:31])])))
    sys.stdout.buffer.write(module(
        section(1, vec(kinds)), section(2, vec(imports)), section(3, vec(functions)),
        section(4, b"\x01\x70\x00\x01"), section(5, b"\x01\x00\x01"),
        section(6, b"\x01\x7f\x01\x41\x05\x0b"), section(7, vec(exports)), section(10, vec(bodies)),
        section(0, name("*/\n#error") + b"hello"), names))


main()
