#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a wasm module of about a given size, of code as clang makes it.

    generate.py build/release 1000000 large.wasm

The module has the kernels of bench/kernels and wide functions (state machines with hundreds of
cases, and as many blocks), again and again under other names and with other constants, called
through a table. Copies share their data, so that what grows is code. It is for compile times
alone: nothing is meant to run. The same arguments make the same module.
"""
import argparse
import functools
import pathlib
import random
import re
import subprocess
import tempfile

from benchmark import kernels
from benchmark.plan import TO_WASM
from benchmark.toolchain import Toolchain

CASES = (32, 128, 512, 1024)  # Of wide functions.
KERNELS_PER_WIDE = 12  # So many kernels between two wide functions.
COPIES_PER_WIDE = 4  # In one copy of so many: about half of the code.
LEAST_BYTES_PER_CASE = 30
BYTES_PER_LINE = 2.2  # Of an instruction, about.
# Those of clang's own default, without which it writes other assembly.
FEATURES = ("+bulk-memory,+bulk-memory-opt,+call-indirect-overlong,+multivalue,+mutable-globals,"
            "+nontrapping-fptoint,+reference-types,+sign-ext")
SYMBOL = re.compile(r"(?<![\w.$@])[A-Za-z_.$][\w.$]*")
TYPE = re.compile(r"^\t\.type\t([\w.$]+),@(function|object)", re.MULTILINE)
LARGE_CONSTANT = re.compile(r"(\ti(?:32|64)\.const\t)(-?\d{6,9})\b")


def wide_function(name, cases):
    """C of a state machine: in each case a few statements on variables and an array."""
    draw = random.Random(cases)
    variables = [f"v{i}" for i in range(24)]

    def statement():
        a, b, c = draw.sample(variables, 3)
        return draw.choice((
            f"{a} = {b} * {draw.randrange(3, 1 << 20)}u + {c};",
            f"{a} ^= data[({b} + {draw.randrange(256)}) & 255];",
            f"data[{a} & 255] += {b} >> {draw.randrange(1, 31)};",
            f"if ({a} < {b}) {c} += {draw.randrange(1, 1 << 16)}; else {c} -= {a};",
            f"{a} = ({b} << {draw.randrange(1, 31)}) | ({c} & {draw.randrange(1, 1 << 24)}u);",
        ))

    body = [f"    case {i}: {' '.join(statement() for _ in range(draw.randrange(3, 7)))} "
            f"state = ({draw.choice(variables)} + {draw.randrange(cases)}u) % {cases}u; break;"
            for i in range(cases)]
    return "\n".join([
        "#include <stdint.h>", "static uint32_t data[256];", "void NAME_init(void) {}",
        "uint64_t NAME_run(uint32_t rounds) {",
        "  uint32_t state = 0, " + ", ".join(f"{v} = rounds + {i}" for i, v in enumerate(variables))
        + ";",
        "  for (uint32_t i = 0; i < rounds; ++i)", "    switch (state) {", *body, "    }",
        f"  return {' + '.join(variables)};", "}", ""]).replace("NAME", name)


class Unit:
    """Assembly of one source file, from which copies under other names are made."""

    def __init__(self, name, text):
        self.name = name
        # The custom sections at the end are for the whole module.
        self.code, _, self.rest = text.partition("\t.section\t.custom_section.")
        self.kinds = dict(TYPE.findall(text))
        self.bytes = BYTES_PER_LINE * sum(
            line.startswith("\t") and not line.startswith("\t.") for line in text.splitlines())

    def renamed(self, symbol, copy):
        """Functions are new in each copy, data are one for all, as globals of other names."""
        kind = self.kinds.get(symbol)
        if kind == "function":
            return f"{self.name}.{symbol}.{copy}"
        if kind == "object":
            return f"data.{self.name}.{symbol.replace('.L', '')}"
        return f"{symbol}.{self.name}.{copy}" if symbol.startswith(".L") else symbol

    def section(self, line, copy):
        """A `.section` line with the renamed symbol; None where it is data of a later copy."""
        kind, _, rest = line.split("\t")[2].lstrip(".").partition(".")
        symbol, _, flags = rest.partition(",")
        if kind != "text" and copy:
            return None
        return f"\t.section\t.{kind}.{self.renamed(symbol, copy)},{flags}"

    def copy(self, copy):
        """The assembly of a copy, a number."""
        lines, keep = [], True
        for line in self.code.splitlines():
            line = line.split("#")[0].rstrip() if '"' not in line else line
            if line.startswith("\t.section"):
                found = self.section(line, copy)
                keep = found is not None
                if keep:
                    lines.append(found)
                continue
            if line.startswith("\t.type"):
                # It stands before its section: data of later copies have none.
                symbol, kind = TYPE.match(line).groups()
                keep = kind == "function" or not copy
                if keep and kind == "object":
                    lines.append(f"\t.globl\t{self.renamed(symbol, copy)}")
            if not keep or not line or line.startswith(("\t.file", "\t.ident", "\t.export_name")):
                continue
            head, tab, operands = line[1:].partition("\t") if line[0] == "\t" else ("", "", line)
            if '"' not in operands:
                operands = SYMBOL.sub(lambda m: self.renamed(m.group(), copy), operands)
            line = f"\t{head}{tab}{operands}" if line[0] == "\t" else operands
            lines.append(LARGE_CONSTANT.sub(
                lambda m: f"{m.group(1)}{int(m.group(2)) + copy}", line) if copy else line)
        return "\n".join(lines)


@functools.cache
def assembly(tools, source):
    """The assembly of a source file, which is kept until the source changes."""
    kept = units_folder(tools) / f"{source.stem}.s"
    if not kept.exists() or kept.stat().st_mtime < source.stat().st_mtime:
        subprocess.run([tools.clang, *TO_WASM[:3], "-O3", "-S", "-o", str(kept), str(source)],
                       check=True)
    return Unit(source.stem, kept.read_text())


def units_folder(tools):
    folder = tools.build / "bench" / "units"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sources(tools):
    """Source files in an order in which a prefix is a mix, each with what its code has at
    least: wide functions take clang long, and small modules have none."""
    narrow = [k.source for k in kernels.all_kernels()]
    random.Random(1).shuffle(narrow)
    found = []
    for i, cases in enumerate(CASES):
        source, text = units_folder(tools) / f"wide{cases}.c", wide_function(f"wide{cases}", cases)
        if not source.exists() or source.read_text() != text:
            source.write_text(text)
        found += [(file, 0) for file in narrow[i * KERNELS_PER_WIDE:(i + 1) * KERNELS_PER_WIDE]]
        found.append((source, cases * LEAST_BYTES_PER_CASE))
    return found


def main_function(entries):
    """C of what calls all entries, so that the linker keeps them."""
    lines = ["#include <stdint.h>"]
    for entry in entries:
        lines.append(f'extern uint64_t run{len(lines)}(uint32_t) __asm__("{entry}");')
    table = ", ".join(f"run{i}" for i in range(1, len(entries) + 1))
    return "\n".join([
        *lines, f"static uint64_t (*const table[])(uint32_t) = {{{table}}};",
        '__attribute__((export_name("run"))) uint64_t run(uint32_t which, uint32_t rounds) {',
        f"  return table[which % {len(entries)}u](rounds);", "}", ""])


def generate(tools, size, output):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        all_sources = sources(tools)
        parts, entries, expected, number = [], [], 0, 0
        while expected < size:
            source, least = all_sources[number % len(all_sources)]
            copy = number // len(all_sources)
            number += 1
            # A function that is larger than all that is missing would make another module of it.
            if expected + least > 1.3 * size or (least and copy % COPIES_PER_WIDE):
                continue
            unit = assembly(tools, source)
            if expected + unit.bytes > 1.3 * size:
                continue
            parts.append(unit.copy(copy))
            entries.append(f"{unit.name}.{unit.name}_run.{copy}")
            expected += unit.bytes
        (folder / "main.c").write_text(main_function(entries))
        (folder / "all.s").write_text("\n".join(parts) + "\n")
        subprocess.run([tools.llvm_mc, "--triple=wasm32", f"-mattr={FEATURES}", "--filetype=obj",
                        str(folder / "all.s"), "-o", str(folder / "all.o")], check=True)
        subprocess.run([tools.clang, *TO_WASM, "-O2", "-Wl,--strip-all", str(folder / "main.c"),
                        str(folder / "all.o"), "-o", str(output)], check=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder of wasmc")
    parser.add_argument("size", type=int, help="bytes that the module should have, about")
    parser.add_argument("output", type=pathlib.Path)
    options = parser.parse_args()
    if options.size < 10000:
        raise SystemExit("a module of kernels has at least 10000 bytes")
    generate(Toolchain(options.build), options.size, options.output)


if __name__ == "__main__":
    main()
