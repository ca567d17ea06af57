# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: targets.py WASMC FOLDER TRIPLE MACHINE CLASS

Compiles each family of operators for a target at -O0 and -O2, also in shards of one function, and sees that the
object is one of that machine, with code in it and the symbols of its exports,
and that it needs nothing but the runtime and the memcpy family.
"""

import glob
import os
import re
import subprocess
import sys

wasmc, folder, triple, machine, elf_class = sys.argv[1:]
# The runtime, what the linker defines, the memcpy family that compilers presume
# everywhere, and what the compiler library of each target has (compiler-rt, libgcc).
OUTSIDE = re.compile(
    r"(__wasmc_\w+|wasmc_\w+|__(start|stop)_wasmc_sites|mem(cpy|move|set)|_GLOBAL_OFFSET_TABLE_"
    r"|__aeabi_\w+|__tls_get_addr"
    r"|__(u?div|u?mod|u?divmod|mul|add|sub)[sdt][if][34]?|__(clz|ctz|popcount)[sd]i2"
    r"|__(ash[lr]|lshr)di3|__(fix|fixuns)[sd]f[sd]i|__(float|floatun)[sd]i[sd]f"
    r"|__(unord|eq|ne|lt|le|gt|ge|trunc|extend)[sd]f([sd]f)?2)$")
failed = 0


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(command)}: exit status {result.returncode}\n{result.stderr[:2000]}")
    return result.stdout


def exports_of(source):
    if source.endswith(".wasm"):
        return open(source[:-len("wasm")] + "exports").read().split()
    return re.findall(r'\(func(?: \$\w+)? \(export "(\w+)"\)', open(source).read())


for source in sorted(glob.glob(os.path.join(folder, "*.wa[ts]*"))):
    for level in ("-O0", "-O2", "-O2 --debug-shard-size=1"):
        output = os.path.join(folder, "m.o")
        run(wasmc, "--lint-ir", "--prefix=m", "--enable-wide-arithmetic", f"--target={triple}", *level.split(), source, "-o", output)
        header = run("llvm-readelf", "-h", output)
        code = run("llvm-objdump", "-d", "--no-show-raw-insn", output)
        symbols = run("llvm-nm", "--defined-only", output)
        needed = run("llvm-nm", "--undefined-only", "--format=just-symbols", output).split()
        exports = exports_of(source)
        problems = [f"no {m}" for m in (machine, elf_class) if m not in header]
        problems += [f"no code of m_{e}" for e in exports if f"<m_{e}>:" not in code]
        problems += ["unknown instruction"] * ("<unknown>" in code)
        problems += ["no m_module"] * (" m_module" not in symbols)
        problems += [f"needs {n}" for n in needed if not OUTSIDE.match(n)]
        for problem in problems:
            failed += 1
            print(f"{os.path.basename(source)} {level}: {problem}")
print("failed" if failed else "all good")
sys.exit(failed != 0)
