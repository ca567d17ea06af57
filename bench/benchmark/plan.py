# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How each variant of a kernel is built.

A variant is an engine and, where it takes wasm, the flavour of it: how clang made the wasm
module. All that is native code goes into one program for each kernel, harness/harness.c;
V8 takes the wasm modules as they are.
"""
import pathlib
import re
from dataclasses import dataclass

from .ninja import Ninja
from .toolchain import ROOT

BENCH = ROOT / "bench"
HARNESS = BENCH / "harness"

NATIVE = ("clang", "gcc")
# In guard mode, in check mode, and as bitcode in the link-time optimisation of the host.
WASMC = ("guard", "check", "lto")
FLAVOURS = {
    "O3": ["-O3"],
    "nounroll": ["-O3", "-fno-unroll-loops"],
    "Os": ["-Os"],
    "simd": ["-O3", "-msimd128"],
}
# WABT's wasm2c of 1.0.32 has no vectors.
LACKS = {("wasm2c", "simd")}
TO_WASM = ["--target=wasm32", "-std=c11", "-mbulk-memory", "-nostdlib", "--no-wasm-opt",
           "-Wl,--no-entry"]


@dataclass(frozen=True)
class Variant:
    engine: str
    flavour: str = ""

    @property
    def name(self):
        return f"{self.engine}/{self.flavour}" if self.flavour else self.engine

    @property
    def identifier(self):
        return self.name.replace("/", "_")


REFERENCE = Variant("clang")


def variants(tools, pattern=None):
    """All that the tools at hand can build and whose name matches, and the reference."""
    have = {"gcc": tools.gcc, "wasm2c": tools.wasm2c, "v8": tools.node}
    found = [Variant(engine) for engine in NATIVE] + [
        Variant(engine, flavour)
        for flavour in FLAVOURS
        for engine in (*WASMC, "wasm2c", "v8")
        if (engine, flavour) not in LACKS
    ]
    return [
        v for v in found
        if have.get(v.engine, True)
        and (v == REFERENCE or not pattern or re.fullmatch(pattern, v.name))
    ]


class Plan:
    """Files of the benchmark in a folder, and how they are made."""

    def __init__(self, tools, folder, layouts):
        self.tools = tools
        self.layouts = layouts
        self.folder = pathlib.Path(folder)
        self.ninja = Ninja(folder)
        # FMA contraction is off in wasm: results are equal only if it is off everywhere.
        # Functions are shuffled one by one.
        self.flags = ["-O3", f"-march={tools.cpu}", "-std=gnu11", "-ffp-contract=off",
                      "-ffunction-sections"]
        self.harness = self.compile(HARNESS / "harness.c", self.folder / "harness.o", [],
                                    [BENCH / "measure.h"])
        self.wasm2c_runtime = None

    def compile(self, source, output, options, depends=(), compiler=None):
        compiler = compiler or self.tools.clang
        return self.ninja.edge(
            output, [source, HARNESS / "harness.h", *depends],
            [compiler, *self.flags, *options, "-c", source, "-o", output],
            f"{output.parent.name}: {output.name}")

    def wasm(self, kernel, flavour):
        return self.folder / kernel.name / f"{flavour}.wasm"

    def program(self, kernel, layout):
        return self.folder / kernel.name / f"harness.{layout}"

    def add(self, kernel, chosen):
        """Everything that the variants of a kernel need."""
        objects = [self.harness]
        for flavour in FLAVOURS:
            if any(v.flavour == flavour for v in chosen):
                self.ninja.edge(
                    self.wasm(kernel, flavour), self.sources(kernel),
                    [self.tools.clang, *TO_WASM, *FLAVOURS[flavour], kernel.source, "-o",
                     self.wasm(kernel, flavour)],
                    f"{kernel.name}: {flavour}.wasm")
        for v in chosen:
            if v.engine in NATIVE:
                objects += self.native(kernel, v)
            elif v.engine in WASMC:
                objects += self.by_wasmc(kernel, v)
            elif v.engine == "wasm2c":
                objects += self.by_wasm2c(kernel, v)
        if any(v.engine == "wasm2c" for v in chosen):
            self.wasm2c_runtime = self.wasm2c_runtime or self.compile(
                self.tools.wasm2c_runtime / "wasm-rt-impl.c", self.folder / "wasm-rt-impl.o", ["-w"])
            objects.append(self.wasm2c_runtime)
        for layout in range(self.layouts):
            self.link(kernel, layout, objects, any(v.engine == "lto" for v in chosen))

    def link(self, kernel, layout, objects, lto):
        """Layouts differ in the order of the functions, and so in where each begins."""
        program = self.program(kernel, layout)
        shuffle = [f"-Wl,--shuffle-sections=.text*={layout}"] if layout else []
        self.ninja.edge(
            program, [*objects, self.tools.runtime],
            [self.tools.clang, "-O3", f"-march={self.tools.cpu}", *(["-flto"] if lto else []),
             "-fuse-ld=lld", f"--ld-path={self.tools.lld}", *shuffle, *objects,
             self.tools.runtime, "-lpthread", "-lm", "-o", program],
            f"{kernel.name}: {program.name}")

    @staticmethod
    def sources(kernel):
        return [kernel.source, BENCH / "kernels" / "kernel.h"]

    def adapter(self, kernel, variant, source, options=(), depends=()):
        """What makes a variant known to the harness."""
        folder = self.folder / kernel.name
        return self.compile(
            HARNESS / source, folder / f"{variant.identifier}.adapter.o",
            [f"-DKERNEL={kernel.name}", f"-DVARIANT={variant.identifier}",
             f'-DNAME="{variant.name}"', f'-DHEADER="{variant.identifier}.h"', f"-I{folder}",
             *options],
            depends)

    def native(self, kernel, variant):
        output = self.folder / kernel.name / f"{variant.identifier}.o"
        # gcc's warnings of overflows are wrong where loops are unrolled.
        self.compile(kernel.source, output, ["-w", f"-DKERNEL_PREFIX={variant.identifier}_"],
                     self.sources(kernel), getattr(self.tools, variant.engine))
        return [output, self.adapter(kernel, variant, "native.c")]

    def by_wasmc(self, kernel, variant):
        lto = variant.engine == "lto"
        base = self.folder / kernel.name / variant.identifier
        code, header = base.with_suffix(".bc" if lto else ".o"), base.with_suffix(".h")
        wasm = self.wasm(kernel, variant.flavour)
        bounds = [] if lto else [f"--bounds={variant.engine}"]
        self.ninja.edge(
            [code, header], [wasm, self.tools.wasmc],
            [self.tools.wasmc, "-O3", f"-mcpu={self.tools.cpu}", *bounds,
             f"--prefix={variant.identifier}", wasm, "-o", code, "--header", header],
            f"{kernel.name}: {code.name}")
        options = [f"-I{self.tools.include}"] + (["-flto"] if lto else [])
        return [code, self.adapter(kernel, variant, "wasmc.c", options, [header])]

    def by_wasm2c(self, kernel, variant):
        base = self.folder / kernel.name / variant.identifier
        source, header = base.with_suffix(".c"), base.with_suffix(".h")
        wasm, output = self.wasm(kernel, variant.flavour), base.with_suffix(".o")
        self.ninja.edge(
            [source, header], [wasm],
            [self.tools.wasm2c, "-n", variant.identifier, wasm, "-o", source],
            f"{kernel.name}: {source.name}")
        self.compile(source, output, ["-w"], [header])
        options = ["-w", f"-I{self.tools.wasm2c_runtime}"]
        return [output, self.adapter(kernel, variant, "wasm2c.c", options, [header])]
