# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Valid modules that use all operators of compiler/wasm/Opcodes.def alike.

Operators whose type is in the table are used from the table alone; an operator that
is added there is generated without further work. Those whose type depends on context
have a template in `templates.py`.

What the specification leaves open does not show: results of float arithmetic have their
NaNs replaced by the canonical one, operands of relaxed operators are such that all
permitted results are the same.
"""
import os
import random
import re
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import templates
from wasmformat import leb, name, read_rows, section, sleb, vector

FEATURE = re.compile(r'^WASMC_FEATURE\((\w+), "([^"]+)", (\w+), (\w+),')
CODES = {"i": 0x7f, "l": 0x7e, "f": 0x7d, "d": 0x7c, "v": 0x7b}

EDGES = {
    "i": [0, 1, -1, 2, 7, 31, 32, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fffffff,
          -0x80000000, -0x7fffffff, 0x12345678],
    "l": [0, 1, -1, 2, 63, 64, 255, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
          (1 << 63) - 1, -(1 << 63), -(1 << 63) + 1, 0x123456789abcdef0, 1 << 53],
    "f": [0x00000000, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x3f000000, 0x3f800000,
          0xbf800000, 0x3fc00000, 0x4b000000, 0x4f000000, 0xcf000000, 0x4f800000, 0x5f000000,
          0xdf000000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x42f6e979],
    "d": [0, 1 << 63, 1, 0x000fffffffffffff, 0x0010000000000000, 0x3fe0000000000000,
          0x3ff0000000000000, 0xbff0000000000000, 0x3ff8000000000000, 0x4330000000000000,
          0x41e0000000000000, 0xc1e0000000000000, 0x41f0000000000000, 0x43e0000000000000,
          0xc3e0000000000000, 0x7fefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000,
          0x7ff8000000000000, 0x40c81cd6e631f8a1],
}
ZERO = {"i": b"\x41\0", "l": b"\x42\0", "f": b"\x43" + bytes(4), "d": b"\x44" + bytes(8),
        "v": b"\xfd\x0c" + bytes(16)}
# These keep the bits of a NaN as they are, by the specification.
EXACT = re.compile(r"\.(abs|neg|copysign|pmin|pmax|splat|eq|ne|lt|gt|le|ge|replace_lane)$|"
                   r"\.(load|convert_|reinterpret_)")


def read_features(path):
    """Enum to (name, on by default, lowered)."""
    with open(path) as file:
        found = [match.groups() for match in map(FEATURE.match, file) if match]
    return {enum: (name, default == "true", lowered == "true")
            for enum, name, default, lowered in found}


class Memory:
    def __init__(self, is64, shared, pages, maximum):
        self.is64, self.shared, self.pages, self.maximum = is64, shared, pages, maximum

    def encode(self):
        flags = 1 | (2 if self.shared else 0) | (4 if self.is64 else 0)
        return bytes([flags]) + leb(self.pages) + leb(self.maximum)


class Function:
    """Parameters, results and further locals are strings of type letters."""

    def __init__(self, params, results):
        self.params, self.results, self.locals = params, results, ""
        self.body = b""


class Generator:
    """Makes one module; the same seed and table make the same bytes."""

    def __init__(self, rows, features, seed, size=None):
        self.random = random.Random(f"wasmc oracle {seed}")
        self.rows = {row.text if row.enum != "SelectTyped" else "select t": row for row in rows}
        self.features = features
        usable = [row for row in rows if row.feature in features and row.signature != "*"
                  and row.immediates != "Memory" and row.text not in templates.WAITS]
        # Not every module has them: more often where it does.
        usable += 2 * [row for row in usable if row.feature in ("RelaxedSIMD", "WideArithmetic")]
        # Vectors in half of the modules: more than half of all operators are theirs.
        self.has_vectors = "SIMD" in features and self.random.random() < 0.6
        self.usable = [row for row in usable
                       if self.has_vectors or "v" not in row.signature]
        self.kinds = "ilfdv" if self.has_vectors else "ilfd"
        self.by_result = {kind: [row for row in self.usable if row.results == kind]
                          for kind in "ilfdv"}
        self.by_result["v"] = self.by_result["v"] if self.has_vectors else []
        self.effects = [row for row in self.usable if not row.results]
        self.pairs = [row for row in self.usable if len(row.results) > 1]
        self.size = size or self.random.choice([4, 8, 16, 30])
        self.types, self.functions, self.memories = [], [], []
        self.function = None
        self.depth = 0

    def chance(self, probability):
        return self.random.random() < probability

    # Types and indices.

    def type_index(self, params, results):
        entry = (params, results)
        if entry not in self.types:
            self.types.append(entry)
        return self.types.index(entry)

    def new_local(self, kind):
        self.function.locals += kind
        return len(self.function.params) + len(self.function.locals) - 1

    def local_of(self, kind):
        all_locals = self.function.params + self.function.locals
        found = [i for i, one in enumerate(all_locals) if one == kind]
        return self.random.choice(found) if found else self.new_local(kind)

    def global_of(self, kind):
        return self.kinds.index(kind) * 2 + self.random.randrange(2)

    # Expressions. Each returns code that leaves one value of the kind.

    def const(self, kind):
        pick = self.random
        if kind == "v":
            lanes = b""
            while len(lanes) < 16:
                one = pick.choice("ilfd")
                lanes += struct.pack("<Q" if one in "ld" else "<I",
                                     pick.choice(EDGES[one]) % (1 << (64 if one in "ld" else 32)))
            return self.op("v128.const") + lanes[:16]
        value = pick.choice(EDGES[kind])
        if kind == "i":
            return b"\x41" + sleb(value if self.chance(0.7) else pick.randrange(-1 << 31, 1 << 31))
        if kind == "l":
            return b"\x42" + sleb(value if self.chance(0.7) else pick.randrange(-1 << 63, 1 << 63))
        if kind == "f":
            return b"\x43" + struct.pack("<I", value)
        return b"\x44" + struct.pack("<Q", value)

    def op(self, text):
        return self.rows[text].encode()

    def leaf(self, kind):
        choice = self.random.random()
        if choice < 0.4:
            return self.const(kind)
        if choice < 0.8:
            return b"\x20" + leb(self.local_of(kind))
        return b"\x23" + leb(self.global_of(kind))

    def expr(self, kind, depth=None):
        depth = self.random.randrange(4) if depth is None else depth
        if depth <= 0:
            return self.leaf(kind)
        rows = self.by_result[kind]
        if self.chance(0.12) or not rows:
            return templates.value(self, kind, depth - 1)
        return self.apply(self.random.choice(rows), depth - 1)

    def apply(self, row, depth):
        """The operator on operands, with what the specification leaves open removed."""
        memory, code = None, b""
        if "a" in row.params or row.immediates in ("MemArg", "MemArgLane"):
            memory = self.random.randrange(len(self.memories))
        at_end = memory is not None and self.chance(0.05)
        operands = [self.address(memory, row, depth, at_end) if kind == "a"
                    else self.expr(kind, depth) for kind in row.params]
        operands = templates.tamed(self, row, templates.decided(self, row, operands))
        code = b"".join(operands) + row.encode() + self.immediates(row, memory, at_end)
        if row.results in ("f", "d") and not EXACT.search(row.text):
            code += b"\x10" + leb("fd".index(row.results))
        if row.results == "v" and row.text[:3] in ("f32", "f64") and not EXACT.search(row.text):
            code += b"\x10" + leb(2 if row.text.startswith("f32") else 3)
        return code

    def address(self, memory, row, depth, at_end):
        """Mostly inside, often at the very end, now and then anywhere."""
        is64 = self.memories[memory].is64
        const, kind = (b"\x42", "l") if is64 else (b"\x41", "i")
        both = b"\x83" if is64 else b"\x71"
        atomic = row.prefix == 0xfe
        mask = 0xff8 if atomic and self.chance(0.997) else 0xfff
        if at_end:
            end = self.memories[memory].pages << 16
            return const + sleb(end - row.bytes + (0 if self.chance(0.97) else 1))
        choice = self.random.random()
        if choice < 0.5:
            return const + sleb(self.random.randrange(0, 512) * (8 if atomic else 1))
        if choice < 0.997:
            return self.expr(kind, depth) + const + sleb(mask) + both
        return self.expr(kind, depth)

    def immediates(self, row, memory, at_end):
        if row.immediates in ("MemArg", "MemArgLane"):
            natural = row.bytes.bit_length() - 1
            align = natural if row.prefix == 0xfe else self.random.randint(0, natural)
            offset = 0 if at_end else self.random.choice([0, 0, 0, 8, 16, 64])
            if self.chance(0.002):
                offset = 0xffffffff if row.prefix != 0xfe else 0xfffffff8
            code = leb(align) if not memory else leb(align | 0x40) + leb(memory)
            code += leb(offset)
            return code + self.lane(row) if row.immediates == "MemArgLane" else code
        if row.immediates == "Lane":
            return self.lane(row)
        if row.immediates == "Shuffle":
            return bytes(self.random.randrange(32) for _ in range(16))
        if row.immediates == "Fence":
            return b"\0"
        if row.immediates == "V128":
            return self.const("v")[len(row.encode()):]
        if row.immediates in ("I32", "I64", "F32", "F64"):
            kind = {"I32": "i", "I64": "l", "F32": "f", "F64": "d"}[row.immediates]
            return self.const(kind)[1:]
        if row.immediates == "None":
            return b""
        raise ValueError(f"{row.text}: immediates {row.immediates}")

    def lane(self, row):
        if row.immediates == "MemArgLane":
            return bytes([self.random.randrange(16 // row.bytes)])
        return bytes([self.random.randrange(int(re.search(r"x(\d+)", row.text).group(1)))])

    # Statements. Each returns code that leaves the stack as it was.

    def store(self, row):
        return self.apply(row, 2)

    def statement(self):
        choice = self.random.random()
        if choice < 0.35:
            kind = self.random.choice(self.kinds)
            if self.chance(0.7):
                return self.expr(kind, 3) + b"\x21" + leb(self.local_of(kind))
            return self.expr(kind, 3) + b"\x24" + leb(self.global_of(kind))
        if choice < 0.55 and self.effects:
            return self.store(self.random.choice(self.effects))
        if choice < 0.6 and self.pairs:
            row = self.random.choice(self.pairs)
            return self.apply(row, 2) + b"".join(
                b"\x24" + leb(self.global_of(kind)) for kind in reversed(row.results))
        return templates.statement(self)

    def statements(self, count):
        self.depth += 1
        code = b"".join(self.statement() for _ in range(count if self.depth < 4 else 1))
        self.depth -= 1
        return code

    # The module.

    def helpers(self):
        """Functions 0 to 3: floats and vectors of them with canonical NaNs."""
        x = b"\x20\0"
        f32, f64 = struct.pack("<I", 0x7fc00000), struct.pack("<Q", 0x7ff8000000000000)
        bodies = [("f", x + b"\x43" + f32 + x + x + b"\x5b\x1b"),
                  ("d", x + b"\x44" + f64 + x + x + b"\x61\x1b")]
        if self.has_vectors:
            for shape, nan in (("f32x4", f32 * 4), ("f64x2", f64 * 2)):
                bodies.append(("v", x + self.op("v128.const") + nan + x + x +
                               self.op(f"{shape}.eq") + self.op("v128.bitselect")))
        for kind, body in bodies:
            function = Function(kind, kind)
            function.body = body
            self.type_index(kind, kind)
            self.functions.append(function)

    def add_function(self):
        pick = self.random
        params = "".join(pick.choice(self.kinds) for _ in range(pick.randrange(4)))
        results = "".join(pick.choice(self.kinds) for _ in range(pick.choice([0, 1, 1, 1, 2, 4])))
        if len(self.functions) > self.first and self.chance(0.6):
            other = pick.choice(self.functions[self.first:])
            results = other.results
            params = other.params if self.chance(0.5) else params
        self.function = Function(params, results)
        self.type_index(params, results)
        self.depth = 0
        zeros = b"".join(ZERO[kind] for kind in results)
        fuel = leb(2 * len(self.kinds))
        code = (b"\x23" + fuel + b"\x45\x04\x40" + zeros + b"\x0f\x0b" +
                b"\x23" + fuel + b"\x41\x01\x6b\x24" + fuel)
        code += self.statements(self.size)
        code += templates.tail(self)
        code += b"".join(self.expr(kind, 2) for kind in results)
        self.function.body = code
        self.functions.append(self.function)

    def generate(self):
        pick = self.random
        is64 = "Memory64" in self.features
        count = pick.choice([1, 1, 2, 3]) if "MultiMemory" in self.features else 1
        for _ in range(count):
            shared = "Threads" in self.features and self.chance(0.3)
            pages = pick.choice([1, 1, 2])
            self.memories.append(Memory(is64 and self.chance(0.4), shared, pages, pages + 2))
        self.helpers()
        self.first = len(self.functions)
        for _ in range(pick.randint(2, 6)):
            self.add_function()
        fuel = Function("", "")
        self.type_index("", "")
        # Each call takes one; the harness fills it up before it calls an export.
        fuel.body = b"\x41" + sleb(60) + b"\x24" + leb(2 * len(self.kinds))
        self.functions.append(fuel)
        return self.encode()

    def encode(self):
        sections = []

        def add(number, contents):
            sections.append(section(number, contents))

        def encode_type(entry):
            return b"\x60" + b"".join(vector([bytes([CODES[k]]) for k in part]) for part in entry)

        tags = [self.type_index("i", ""), self.type_index("lf", "")]
        add(1, vector([encode_type(entry) for entry in self.types]))
        add(3, vector([leb(self.type_index(f.params, f.results)) for f in self.functions]))
        # Table 0 holds the functions, with holes; the others are played with.
        count = len(self.functions) + 4
        tables = [b"\x70\x00" + leb(count), b"\x70\x01" + leb(8) + leb(40),
                  b"\x6f\x01" + leb(5) + leb(20)]
        add(4, vector(tables))
        add(5, vector([memory.encode() for memory in self.memories]))
        if "Exceptions" in self.features or "LegacyExceptions" in self.features:
            add(13, vector([b"\0" + leb(tag) for tag in tags]))
        add(6, vector([bytes([CODES[kind]]) + b"\x01" + self.const(kind) + b"\x0b"
                       for kind in self.kinds for _ in range(2)] + [b"\x7f\x01\x41\0\x0b"]))
        add(7, vector([name(f"f{i}") + b"\0" + leb(i)
                       for i in range(self.first, len(self.functions) - 1)] +
                      [name("hangLimitInitializer") + b"\0" + leb(len(self.functions) - 1)]))
        indices = vector([leb(i) for i in range(len(self.functions))])
        add(9, vector([b"\0\x41\x02\x0b" + indices, b"\x01\0" + indices, b"\x03\0" + indices]))
        add(12, leb(2))
        bodies = []
        for function in self.functions:
            code = vector([b"\x01" + bytes([CODES[kind]]) for kind in function.locals])
            code += function.body + b"\x0b"
            bodies.append(leb(len(code)) + code)
        add(10, vector(bodies))
        offset = b"\x42\x10\x0b" if self.memories[0].is64 else b"\x41\x10\x0b"
        data = bytes(self.random.randrange(256) for _ in range(96))
        add(11, vector([b"\0" + offset + leb(96) + data, b"\x01" + leb(40) + data[:40]]))
        return b"\0asm\x01\0\0\0" + b"".join(sections)


def generate(rows, features, seed):
    return Generator(rows, features, seed).generate()
