#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: assemble.py IN.wat... [-o OUT.wasm]

Writes the binary form of modules in the text format, for proposals that Debian's
wat2wasm does not know: IN.wasm beside each input unless one output is named. Opcodes
come from compiler/wasm/Opcodes.def. What is understood is what tests need: one module
a file, instructions folded (or plain ones in a row), names for everything, types of
WebAssembly 3.0. Nothing is validated: tests of errors want invalid modules.
"""

import os
import re
import struct
import sys

from wasmformat import leb, name, read_rows, section, sleb, vector

NUMBERS = {"i32": 0x7f, "i64": 0x7e, "f32": 0x7d, "f64": 0x7c, "v128": 0x7b, "i8": 0x78,
           "i16": 0x77}
HEAPS = {"exn": 0x69, "array": 0x6a, "struct": 0x6b, "i31": 0x6c, "eq": 0x6d, "any": 0x6e,
         "extern": 0x6f, "func": 0x70, "none": 0x71, "noextern": 0x72, "nofunc": 0x73,
         "noexn": 0x74}
SHORT = {name + "ref": code for name, code in HEAPS.items()}
SHORT.update(nullref=0x71, nullexternref=0x72, nullfuncref=0x73, nullexnref=0x74)
KINDS = {"func": 0, "table": 1, "memory": 2, "global": 3, "tag": 4}


def parse(text):
    """Lists, atoms, and strings as bytes."""
    tokens = re.finditer(r'\(;.*?;\)|;;[^\n]*|"((?:[^"\\]|\\.)*)"|[()]|[^\s()";]+', text, re.S)
    stack = [[]]
    for token in tokens:
        word = token.group()
        if word.startswith((";;", "(;")):
            continue
        if word == "(":
            stack.append([])
        elif word == ")":
            done = stack.pop()
            stack[-1].append(done)
        elif word[0] == '"':
            stack[-1].append(re.sub(rb"\\([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]),
                                    token.group(1).encode()))
        else:
            stack[-1].append(word)
    (result,) = stack
    return result


def integer(word, bits):
    value = int(word.replace("_", ""), 0)
    return value - (1 << bits) if value >> (bits - 1) == 1 else value


def is_form(item, *heads):
    return isinstance(item, list) and bool(item) and item[0] in heads


class Space:
    """An index space: what stands in it, by order and by name."""

    def __init__(self):
        self.names, self.items = {}, []

    def add(self, words, item=None):
        """Takes a leading name off `words`."""
        if words and isinstance(words[0], str) and words[0].startswith("$"):
            self.names[words.pop(0)] = len(self.items)
        self.items.append(item)
        return len(self.items) - 1

    def index(self, word):
        return self.names[word] if word.startswith("$") else int(word)


class Module:
    def __init__(self, fields):
        # Of two operators of one name, the plain one.
        self.rows = {row.text: row for row in reversed(read_rows())}
        self.spaces = {kind: Space() for kind in ("type", "elem", "data", *KINDS)}
        self.groups, self.imports, self.exports, self.start = [], [], [], None
        self.implicit = {}
        self.bodies = []
        # Names first, so that what is defined later can be referred to.
        fields = [list(field) for field in fields]
        for field in fields:
            self.declare(field)
        for group in self.groups:
            group[1:] = [self.sub_type(one) for one in group[1:]]
        self.code = [self.body(*one) for one in self.bodies]

    def index(self, space, word):
        return leb(self.spaces[space].index(word))

    # Types.

    def heap(self, word):
        return bytes([HEAPS[word]]) if word in HEAPS else sleb(self.spaces["type"].index(word))

    def value_type(self, item):
        if not isinstance(item, list):
            return bytes([NUMBERS.get(item) or SHORT[item]])
        if item[1] == "null":
            return b"\x63" + self.heap(item[2])
        return b"\x64" + self.heap(item[1])

    def field_type(self, item):
        mutable = is_form(item, "mut")
        return self.value_type(item[1] if mutable else item) + bytes([mutable])

    def composite(self, item):
        if item[0] == "func":
            params, results, _ = self.signature(item[1:])
            return b"\x60" + vector(params) + vector(results)
        fields = [one for part in item[1:] for one in (part[1:] if is_form(part, "field")
                                                       else [part])]
        encoded = [self.field_type(one) for one in fields]
        return b"\x5f" + vector(encoded) if item[0] == "struct" else b"\x5e" + encoded[0]

    def sub_type(self, item):
        if not is_form(item, "sub"):
            return self.composite(item)
        final = item[1] == "final"
        supers = [self.index("type", word) for word in item[1 + final:-1]]
        return (b"\x4f" if final else b"\x50") + vector(supers) + self.composite(item[-1])

    def signature(self, items):
        """Takes leading `param` and `result` forms off: types, and names of parameters."""
        params, results, names = [], [], {}
        while items and is_form(items[0], "param", "result"):
            kind, *rest = items.pop(0)
            if kind == "param" and rest and isinstance(rest[0], str) and rest[0][0] == "$":
                names[rest.pop(0)] = len(params)
            (params if kind == "param" else results).extend(map(self.value_type, rest))
        return params, results, names

    def type_use(self, items):
        if items and is_form(items[0], "type"):
            index = self.spaces["type"].index(items.pop(0)[1])
            params, results, names = self.signature(items)
            return index, names
        params, results, names = self.signature(items)
        encoded = b"\x60" + vector(params) + vector(results)
        if encoded not in self.implicit:
            self.implicit[encoded] = self.spaces["type"].add([])
            self.groups.append(["done", encoded])
        return self.implicit[encoded], names

    # Declarations.

    def declare(self, field):
        kind, *words = field
        if kind == "rec":
            group = ["rec"]
            for one in words:
                self.spaces["type"].add(one[1:])
                group.append(one[-1])
            self.groups.append(group)
        elif kind == "type":
            self.spaces["type"].add(words)
            self.groups.append(["one", field[-1]])
        elif kind == "import":
            kind, *rest = words[2]
            self.spaces[kind].add(rest)
            self.imports.append((words[0], words[1], kind, rest))
        elif kind == "export":
            self.exports.append((words[0], words[1][0], words[1][1]))
        elif kind == "start":
            self.start = words[0]
        else:
            index = self.spaces[kind].add(words, words)
            while words and is_form(words[0], "export"):
                self.exports.append((words.pop(0)[1], kind, str(index)))
            if kind == "func":
                self.bodies.append((words, index))

    def limits(self, words):
        """Takes the numbers off."""
        numbers = []
        while words and isinstance(words[0], str) and words[0].isdigit():
            numbers.append(leb(int(words.pop(0))))
        shared = words[:1] == ["shared"] and words.pop(0)
        return bytes([len(numbers) - 1 | (2 if shared else 0)]) + b"".join(numbers)

    def table_type(self, words):
        limits = self.limits(words)
        return self.value_type(words.pop(0)) + limits

    def global_type(self, item):
        return self.field_type(item)

    def import_(self, module, field, kind, words):
        if kind == "func":
            desc = leb(self.type_use(words)[0])
        elif kind == "tag":
            desc = b"\0" + leb(self.type_use(words)[0])
        else:
            desc = {"table": self.table_type, "memory": self.limits,
                    "global": lambda w: self.global_type(w[0])}[kind](words)
        return name(module) + name(field) + bytes([KINDS[kind]]) + desc

    def table(self, words):
        encoded = self.table_type(words)
        return b"\x40\0" + encoded + self.expression(words) if words else encoded

    def element(self, words):
        table, offset = 0, None
        if is_form(words[0], "table"):
            table = self.spaces["table"].index(words.pop(0)[1])
        if isinstance(words[0], list) and words[0][0] in self.rows:
            offset = self.expression([words.pop(0)])
        mode = 0 if offset is not None else 1
        if words[0] == "declare":
            words.pop(0)
            mode = 3
        head = leb(table) + offset if mode == 0 else b""
        functions = words[0] == "func" or isinstance(words[0], str) and words[0][0] == "$"
        if functions:
            items = [self.index("func", word) for word in words[words[0] == "func":]]
            return leb(2 if mode == 0 else mode) + head + b"\0" + vector(items)
        element = self.value_type(words.pop(0))
        items = [self.expression(w[1:] if is_form(w, "item") else [w]) for w in words]
        return leb(6 if mode == 0 else mode + 4) + head + element + vector(items)

    # Code.

    def expression(self, items):
        return self.instructions(list(items), {}, []) + b"\x0b"

    def body(self, words, index):
        type_index, locals_ = self.type_use(words)
        self.spaces["func"].items[index] = type_index
        count = max(locals_.values(), default=-1) + 1
        count = max(count, self.num_params(type_index))
        runs = []
        while words and is_form(words[0], "local"):
            _, *rest = words.pop(0)
            if rest and isinstance(rest[0], str) and rest[0][0] == "$":
                locals_[rest.pop(0)] = count
            for one in rest:
                runs.append(b"\1" + self.value_type(one))
                count += 1
        return vector(runs) + self.instructions(words, locals_, []) + b"\x0b"

    def num_params(self, index):
        """From the encoded type: its parameters are a vector behind the form's byte."""
        types = [one for group in self.groups for one in group[1:]]
        encoded = types[index]
        return encoded[encoded.index(b"\x60") + 1] if isinstance(encoded, bytes) else 0

    def instructions(self, items, locals_, labels):
        out = b""
        items = list(items)
        while items:
            item = items.pop(0)
            if isinstance(item, list):
                out += self.folded(item, locals_, labels)
            else:
                out += self.plain(item, items, locals_, labels)
        return out

    def folded(self, item, locals_, labels):
        op, *rest = item
        if op in ("block", "loop", "if", "try_table"):
            return self.block(op, rest, locals_, labels)
        # Immediates first, then the operands.
        encoded = self.plain(op, rest, locals_, labels)
        return self.instructions(rest, locals_, labels) + encoded

    def block(self, op, rest, locals_, labels):
        label = rest.pop(0) if rest and isinstance(rest[0], str) and rest[0][0] == "$" else None
        params, results, _ = self.signature(list(rest))
        if is_form(rest[0] if rest else "", "type") or params or len(results) > 1:
            kind = sleb(self.type_use(rest)[0])
        else:
            self.signature(rest)
            kind = results[0] if results else b"\x40"
        out, head = b"", self.rows[op].encode() + kind
        if op == "try_table":
            clauses = []
            while rest and is_form(rest[0], "catch", "catch_ref", "catch_all", "catch_all_ref"):
                clause, *words = rest.pop(0)
                code = ["catch", "catch_ref", "catch_all", "catch_all_ref"].index(clause)
                tag = self.index("tag", words.pop(0)) if code < 2 else b""
                clauses.append(bytes([code]) + tag + self.label(words[0], labels))
            head += vector(clauses)
        inner = [label] + labels
        if op != "if":
            return head + self.instructions(rest, locals_, inner) + b"\x0b"
        while not is_form(rest[0], "then"):
            out += self.folded(rest.pop(0), locals_, labels)
        out += head + self.instructions(rest[0][1:], locals_, inner)
        if len(rest) > 1:
            out += b"\x05" + self.instructions(rest[1][1:], locals_, inner)
        return out + b"\x0b"

    @staticmethod
    def label(word, labels):
        return leb(labels.index(word) if word.startswith("$") else int(word))

    def plain(self, op, rest, locals_, labels):
        if op in ("ref.test", "ref.cast") and rest[0][1] == "null":
            op += " null"
        if op == "select" and rest and is_form(rest[0], "result"):
            return b"\x1c" + vector([self.value_type(one) for one in rest.pop(0)[1:]])
        row = self.rows[op]
        return row.encode() + self.immediates(row.immediates, rest, locals_, labels)

    def optional(self, space, rest):
        given = rest and isinstance(rest[0], str) and (rest[0][0] == "$" or rest[0].isdigit())
        return self.index(space, rest.pop(0) if given else "0")

    def immediates(self, kind, rest, locals_, labels):
        spaces = {"Function": "func", "Type": "type", "Tag": "tag", "Global": "global",
                  "Elem": "elem", "Data": "data"}
        if kind == "None":
            return b""
        if kind in spaces:
            return self.index(spaces[kind], rest.pop(0))
        if kind == "Local":
            word = rest.pop(0)
            return leb(locals_[word] if word.startswith("$") else int(word))
        if kind == "Label":
            return self.label(rest.pop(0), labels)
        if kind == "LabelTable":
            words = []
            while rest and isinstance(rest[0], str):
                words.append(self.label(rest.pop(0), labels))
            return vector(words[:-1]) + words[-1]
        if kind == "HeapType":
            return self.heap(rest.pop(0))
        if kind == "RefTypeCast":
            return self.heap(rest.pop(0)[-1])
        if kind in ("Table", "Memory"):
            return self.optional(kind.lower(), rest)
        if kind == "TableCopy":
            return self.optional("table", rest) + self.optional("table", rest)
        if kind == "TableInit":
            table = self.index("table", rest.pop(0))
            return self.index("elem", rest.pop(0)) + table
        if kind == "CallIndirect":
            table = self.optional("table", rest)
            return leb(self.type_use(rest)[0]) + table
        if kind == "StructField":
            return self.index("type", rest.pop(0)) + leb(int(rest.pop(0)))
        if kind in ("I32", "I64"):
            return sleb(integer(rest.pop(0), int(kind[1:])))
        if kind in ("F32", "F64"):
            return struct.pack("<f" if kind == "F32" else "<d", float(rest.pop(0)))
        if kind == "MemArg":
            given = {"offset": 0, "align": 1}
            named = isinstance(rest[0], str) and rest[0][0] == "$" if rest else False
            memory = self.index("memory", rest.pop(0)) if named else b""
            while rest and isinstance(rest[0], str) and "=" in rest[0]:
                key, value = rest.pop(0).split("=")
                given[key] = int(value, 0)
            alignment = given["align"].bit_length() - 1
            return leb(alignment | 0x40 if memory else alignment) + memory + leb(given["offset"])
        sys.exit(f"assemble.py: immediates {kind} are not known")

    # The file.

    def encode(self):
        imports = [self.import_(*one) for one in self.imports]
        items = {kind: [one for one in self.spaces[kind].items if one is not None]
                 for kind in self.spaces}
        tables = [self.table(one) for one in items["table"]]
        memories = [self.limits(one) for one in items["memory"]]
        tags = [b"\0" + leb(self.type_use(one)[0]) for one in items["tag"]]
        globals_ = [self.global_type(one[0]) + self.expression(one[1:]) for one in items["global"]]
        elements = [self.element(one) for one in items["elem"]]
        functions = [leb(one) for one in items["func"]]
        groups = [b"\x4e" + vector(one[1:]) if one[0] == "rec" else one[1] for one in self.groups]
        exports = [name(text) + bytes([KINDS[kind]]) + self.index(kind, word)
                   for text, kind, word in self.exports]
        code = [leb(len(one)) + one for one in self.code]
        sections = [(1, groups), (2, imports), (3, functions), (4, tables), (5, memories),
                    (13, tags), (6, globals_), (7, exports), (9, elements), (10, code)]
        out = b"\0asm\1\0\0\0"
        for number, rows in sections:
            if number == 9 and self.start:
                start = self.index("func", self.start)
                out += section(8, start)
            if rows:
                out += section(number, vector(rows))
        return out


def main():
    words = sys.argv[1:]
    output = None
    if "-o" in words:
        output = words[words.index("-o") + 1]
        del words[words.index("-o"):words.index("-o") + 2]
    for path in words:
        with open(path) as file:
            (module,) = parse(file.read())
        with open(output or os.path.splitext(path)[0] + ".wasm", "wb") as file:
            file.write(Module(module[1:]).encode())


if __name__ == "__main__":
    main()
