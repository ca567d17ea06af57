# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: descriptions.py NAME > FILE: descriptions made to cost much; MODULE is a module
that has what EXPORTS describes."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from wasmformat import leb, section

MEGABYTE = 1 << 20


def module(n):
    """One with the exports f0, f1, ..., each a function of its own, without parameters."""
    names = [b"f%d" % i for i in range(n)]
    exports = b"".join(leb(len(x)) + x + b"\0" + leb(i) for i, x in enumerate(names))
    return (b"\0asm\1\0\0\0" + section(1, b"\1\x60\0\0") + section(3, leb(n) + b"\0" * n)
            + section(7, leb(n) + exports) + section(10, leb(n) + b"\2\0\x0b" * n))


TEXTS = {
    "LINES": lambda: b"#\n" * 100_000,
    "EXPORTS": lambda: b"".join(b"export f%d()\n" % i for i in range(65_000)),
    "PARAMETERS": lambda: b"export f(" + b",".join(b"p%d: i32" % i for i in range(80_000)) + b")",
    "OPEN-LIST": lambda: b"export f(" + b"\n" * (MEGABYTE - 9),
    "NAME": lambda: b"export " + b"n" * (MEGABYTE - 7),
    "QUOTED": lambda: b'export f = "' + b"\\0a" * 300_000 + b'" ()',
    "NUMBER": lambda: b"export f(a: buffer<" + b"9" * (MEGABYTE - 19),
    "COMMENT": lambda: b"#" + b"\xff" * (MEGABYTE - 1),
    "SPACES": lambda: b" " * (MEGABYTE - 1) + b"x",
    "NUL": lambda: b"\0" * MEGABYTE,
    "TOO-LONG": lambda: b"\n" * (MEGABYTE + 1),
    "FAR-TOO-LONG": lambda: b"export f()\n" * (8 * MEGABYTE),
    "MODULE": lambda: module(65_000),
}

sys.stdout.buffer.write(TEXTS[sys.argv[1]]())
