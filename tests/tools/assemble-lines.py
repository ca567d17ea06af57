#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: assemble-lines.py INPUT OUTPUT.wasm

An assembler for tests of proposals that distributions' WABT does not know. A line is
a definition or an instruction; instructions are those of compiler/wasm/Opcodes.def, in
the order of the binary format, with names or numbers as immediates:

    import func through env.through (i32) -> ()
    import tag e env.e (i32)
    tag e (i32)
    table kept 0 exnref
    global held exnref              # mutable, null or 0
    memory memory 1
    func catches (i32) -> (exnref)
      local exnref
      block (i32) -> (i32 exnref)
      try_table i32 (catch e 0) (catch_all_ref 1)
      ...
      end                           # of blocks; a function's own is added

All that is defined is exported by its name.
"""
import os
import re
import sys

TYPES = {"i32": 0x7f, "i64": 0x7e, "f32": 0x7d, "f64": 0x7c, "v128": 0x7b, "funcref": 0x70,
         "externref": 0x6f, "exnref": 0x69}
HEAPS = {"func": 0x70, "extern": 0x6f, "exn": 0x69}
KINDS = {"func": 0, "table": 1, "memory": 2, "global": 3, "tag": 4}
CATCHES = {"catch": 0, "catch_ref": 1, "catch_all": 2, "catch_all_ref": 3}


def unsigned(value):
    out = bytearray()
    while True:
        out.append(value & 0x7f | (0x80 if value > 0x7f else 0))
        value >>= 7
        if not value:
            return bytes(out)


def signed(value):
    out = bytearray()
    while True:
        byte = value & 0x7f
        value >>= 7
        done = value == (-1 if byte & 0x40 else 0)
        out.append(byte | (0 if done else 0x80))
        if done:
            return bytes(out)


def vector(items):
    return unsigned(len(items)) + b"".join(items)


def name(text):
    return vector([bytes([b]) for b in text.encode()])


def section(number, items):
    body = vector(items)
    return bytes([number]) + unsigned(len(body)) + body if items else b""


def opcodes():
    table = os.path.join(os.path.dirname(__file__), "../../compiler/wasm/Opcodes.def")
    row = re.compile(r'WASMC_OP\(\w+, "([^"]+)", (\w+), (\w+), (\w+),')
    with open(table) as file:
        for match in map(row.match, file):
            if match:
                text, prefix, code, immediates = match.groups()
                prefix, code = int(prefix, 0), int(code, 0)
                yield text, (bytes([prefix]) + unsigned(code) if prefix else bytes([code]),
                             immediates)


class Assembler:
    def __init__(self):
        self.opcodes = dict(reversed(list(opcodes())))
        self.types, self.spaces = [], {kind: [] for kind in KINDS}
        self.imports, self.exports, self.bodies = [], [], []
        self.defined = {kind: [] for kind in KINDS}

    def type(self, text):
        """The index of a function type, `(i32) -> (i32)`; without results for a tag."""
        params, _, results = text.partition("->")
        lists = [re.findall(r"[\w]+", part) for part in (params, results)]
        encoded = b"\x60" + b"".join(vector([bytes([TYPES[t]]) for t in part]) for part in lists)
        if encoded not in self.types:
            self.types.append(encoded)
        return unsigned(self.types.index(encoded))

    def describe(self, kind, rest):
        if kind == "func":
            return self.type(rest)
        if kind == "tag":
            return b"\0" + self.type(rest)
        if kind == "table":
            minimum, element = rest.split()
            return bytes([TYPES[element], 0]) + unsigned(int(minimum))
        if kind == "memory":
            return b"\0" + unsigned(int(rest))
        return bytes([TYPES[rest.strip()], 1])

    def define(self, kind, what, rest, imported=None):
        if imported:
            module, field = imported.split(".")
            self.imports.append(name(module) + name(field) + bytes([KINDS[kind]]) +
                                self.describe(kind, rest))
        else:
            entry = self.describe(kind, rest)
            if kind == "global":
                zero = {"exnref": b"\xd0\x69", "funcref": b"\xd0\x70", "i64": b"\x42\0"}
                entry += zero.get(rest.strip(), b"\x41\0") + b"\x0b"
            self.defined[kind].append(entry)
            self.exports.append(name(what) + bytes([KINDS[kind]]) +
                                unsigned(len(self.spaces[kind])))
        self.spaces[kind].append(what)

    def index(self, kind, word):
        return unsigned(int(word) if word.isdigit() else self.spaces[kind].index(word))

    def block(self, text):
        text = text.strip()
        if "->" in text:
            return self.type(text)
        return bytes([TYPES[text]]) if text else b"\x40"

    def clause(self, words):
        tag = self.index("tag", words[1]) if words[0] in ("catch", "catch_ref") else b""
        return bytes([CATCHES[words[0]]]) + tag + unsigned(int(words[-1]))

    def immediates(self, kind, rest):
        words = rest.split()
        spaces = {"Function": "func", "Tag": "tag", "Global": "global", "Table": "table"}
        if kind in spaces:
            return self.index(spaces[kind], words[0])
        if kind in ("Label", "Local"):
            return unsigned(int(words[0]))
        if kind in ("I32", "I64"):
            return signed(int(words[0], 0))
        if kind == "Block":
            return self.block(rest)
        if kind == "TryTable":
            clauses = re.findall(r"\((catch[^)]*)\)", rest)
            return self.block(re.sub(r"\(catch[^)]*\)", "", rest)) + \
                vector([self.clause(c.split()) for c in clauses])
        if kind == "HeapType":
            return bytes([HEAPS[words[0]]])
        if kind == "TableCopy":
            return self.index("table", words[0]) + self.index("table", words[1])
        if kind == "CallIndirect":
            table, type_ = rest.split(None, 1)
            return self.type(type_) + self.index("table", table)
        if kind == "MemArg":
            return b"\0" + unsigned(int(words[0]) if words else 0)
        assert kind == "None", f"immediates not known: {kind}"
        return b""

    def line(self, text):
        word, _, rest = text.partition(" ")
        if word == "import":
            kind, what, where, rest = rest.split(None, 3)
            self.define(kind, what, rest, where)
        elif word in KINDS:
            what, _, rest = rest.partition(" ")
            self.define(word, what, rest)
            if word == "func":
                self.bodies.append(([], []))
        elif word == "local":
            self.bodies[-1][0].extend(rest.split())
        else:
            self.bodies[-1][1].append((word, rest))

    def body(self, locals_, code):
        out = vector([b"\1" + bytes([TYPES[t]]) for t in locals_])
        for word, rest in code:
            opcode, kind = self.opcodes[word]
            out += opcode + self.immediates(kind, rest)
        out += b"\x0b"
        return unsigned(len(out)) + out

    def write(self):
        bodies = [self.body(*body) for body in self.bodies]  # May add types.
        return b"\0asm\1\0\0\0" + b"".join([
            section(1, self.types), section(2, self.imports), section(3, self.defined["func"]),
            section(4, self.defined["table"]), section(5, self.defined["memory"]),
            section(13, self.defined["tag"]), section(6, self.defined["global"]),
            section(7, self.exports), section(10, bodies)])


def main():
    assembler = Assembler()
    with open(sys.argv[1]) as file:
        for line in file:
            line = line.partition("#")[0].strip()
            if line:
                assembler.line(line)
    with open(sys.argv[2], "wb") as file:
        file.write(assembler.write())


if __name__ == "__main__":
    main()
