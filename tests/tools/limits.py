#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: limits.py [--wat2wasm=COMMAND] MODULE.wat OUT.wasm CHANGE...

Converts text to binary, and then changes what Debian's WABT cannot write. A
CHANGE, or a line of a file @CHANGES, is

  table:INDEX=i64      64-bit indices; the text has such operands already
  memory:INDEX=bytes   pages of one byte
  offset:NUMBER=WIDE   the offset of accesses that have NUMBER, of five bytes of
                       LEB128 that nothing else in a function has

Indices are those of the index spaces: imports come first.
"""

import os
import subprocess
import sys

from wasmformat import leb

IMPORTS, TABLES, MEMORIES, CODE = 2, 4, 5, 10
I64, PAGE_SIZE = 4, 8


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value

    def skip(self, count):
        self.at += count


class Rewriter:
    def __init__(self, changes):
        self.changes = dict(change.split("=") for change in changes)
        self.offsets = {leb(int(key[7:])): leb(int(self.changes.pop(key)))
                        for key in list(self.changes) if key.startswith("offset:")}
        self.seen = {"table": 0, "memory": 0}

    def limits(self, reader, kind):
        """One memory's or table's limits, as they shall be."""
        change = self.changes.pop(f"{kind}:{self.seen[kind]}", None)
        self.seen[kind] += 1
        flags = reader.byte()
        numbers = [reader.number() for _ in range(1 + (flags & 1))]
        flags |= {None: 0, "i64": I64, "bytes": PAGE_SIZE}[change]
        tail = b"\0" if change == "bytes" else b""
        return bytes([flags]) + b"".join(map(leb, numbers)) + tail

    def imports(self, reader):
        out = b""
        for _ in range(reader.number()):
            start = reader.at
            for _ in range(2):
                reader.skip(reader.number())
            kind = reader.byte()
            if kind == 1:
                reader.byte()
            elif kind == 0:
                reader.number()
            elif kind == 3:
                reader.skip(2)
            out += reader.data[start:reader.at]
            if kind in (1, 2):
                out += self.limits(reader, "table" if kind == 1 else "memory")
        return out

    def function(self, body):
        for narrow, wide in self.offsets.items():
            body = body.replace(narrow, wide)
        return leb(len(body)) + body

    def functions(self, reader):
        out = b""
        for _ in range(reader.number()):
            size = reader.number()
            out += self.function(reader.data[reader.at:reader.at + size])
            reader.skip(size)
        return out

    def section(self, number, body):
        reader = Reader(body)
        if number == IMPORTS:
            rest = self.imports(reader)
        elif number == TABLES:
            rest = b"".join(bytes([reader.byte()]) + self.limits(reader, "table")
                            for _ in range(reader.number()))
        elif number == MEMORIES:
            rest = b"".join(self.limits(reader, "memory") for _ in range(reader.number()))
        elif number == CODE:
            rest = self.functions(reader)
        else:
            return body
        return leb(Reader(body).number()) + rest

    def module(self, data):
        reader, out = Reader(data), data[:8]
        reader.skip(8)
        while reader.at != len(data):
            number, size = reader.byte(), reader.number()
            body = self.section(number, data[reader.at:reader.at + size])
            reader.skip(size)
            out += bytes([number]) + leb(len(body)) + body
        if self.changes:
            sys.exit(f"no such memory or table: {', '.join(self.changes)}")
        return out


def main():
    words = sys.argv[1:]
    converter = "wat2wasm"
    if words[0].startswith("--wat2wasm="):
        converter = words.pop(0).split("=", 1)[1]
    text, out, *words = words
    changes = []
    for word in words:
        if word.startswith("@"):
            with open(word[1:]) as file:
                changes += file.read().split()
        else:
            changes.append(word)
    # What the text says of a table's operands is right only once it is changed.
    subprocess.run([converter, "--enable-all", "--no-check", "--debug-names", text, "-o",
                    out + ".part"], check=True)
    with open(out + ".part", "rb") as file:
        data = file.read()
    os.remove(out + ".part")
    with open(out, "wb") as file:
        file.write(Rewriter(changes).module(data))


main()
