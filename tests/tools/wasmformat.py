# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What all tools that write modules share: LEB128, vectors and sections of the binary
format, and the rows of compiler/wasm/Opcodes.def."""

import os
import re

OPCODES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "compiler", "wasm",
                       "Opcodes.def")
ROW = re.compile(r'^WASMC_OP\((\w+), "([^"]+)", (\w+), (\w+), (\w+), (\w+), "([^"]*)", (\d+)\)')


def leb(value):
    out = bytearray()
    while True:
        low, value = value & 0x7f, value >> 7
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def sleb(value):
    out = bytearray()
    while True:
        low, value = value & 0x7f, value >> 7
        done = value == (-1 if low & 0x40 else 0)
        out.append(low | (0 if done else 0x80))
        if done:
            return bytes(out)


def vector(items):
    return leb(len(items)) + b"".join(items)


def name(text):
    data = text if isinstance(text, bytes) else text.encode()
    return leb(len(data)) + data


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


class Row:
    """An operator: `text` is its name, `params` and `results` are letters of types where
    they do not depend on context, else `signature` is "*"."""

    def __init__(self, match):
        self.enum, self.text, prefix, code, self.immediates, self.feature, signature, size = \
            match.groups()
        self.prefix, self.code, self.bytes = int(prefix, 0), int(code, 0), int(size)
        self.signature = signature
        self.params, _, self.results = signature.partition(":")

    def encode(self):
        return bytes([self.prefix]) + leb(self.code) if self.prefix else bytes([self.code])


def read_rows(path=OPCODES, make=Row):
    with open(path) as file:
        return [make(match) for match in map(ROW.match, file) if match]
