# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: custom-section.py MODULE NAME FILE: the module with one more custom section."""

import sys


def leb(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


module, name, contents = sys.argv[1:]
name = name.encode()
section = leb(len(name)) + name + open(contents, "rb").read()
sys.stdout.buffer.write(open(module, "rb").read() + b"\0" + leb(len(section)) + section)
