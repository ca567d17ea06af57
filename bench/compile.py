#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures how long wasmc takes to compile, how much memory, and how large the outcome is.

    compile.py build/release --json compile.json

The same modules, of 10 KB to 10 MB (generate.py), go through wasmc -O3 and through wasm2c and
clang -O3. Printed are processor time, time by the clock (wasmc takes all processors) and peak
memory of each, time per megabyte of wasm, the exponent with which processor time grows with the
module (a line through the logarithms), and the bytes of objects and headers. All of it takes most
of an hour, almost all of it in the largest modules; --max-bytes leaves them out, --short is for a
look whether it runs.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from benchmark.report import table
from benchmark.toolchain import Toolchain, processor

HERE = pathlib.Path(__file__).resolve().parent
SIZES = (10_000, 32_000, 100_000, 320_000, 1_000_000, 3_200_000, 10_000_000)
# So many times for modules of up to so many bytes; the median counts.
REPEATS = ((100_000, 5), (1_000_000, 3), (math.inf, 1))


@dataclass
class Cost:
    """Of one or several commands after each other."""
    seconds: float = 0.0  # Of the processor, by all threads.
    wall: float = 0.0
    peak_mib: float = 0.0

    def __add__(self, other):
        return Cost(self.seconds + other.seconds, self.wall + other.wall,
                    max(self.peak_mib, other.peak_mib))


@dataclass
class Outcome:
    engine: str
    wasm: int
    cost: Cost
    object_bytes: int
    text_bytes: int
    header_bytes: int

    @property
    def per_megabyte(self):
        return self.cost.seconds / (self.wasm / 1e6)


def run(*command):
    """The cost of a command. The peak is at least this process's own size, since a process
    begins as a copy of it: that is why modules are generated elsewhere."""
    start = time.monotonic()
    process = subprocess.Popen([str(part) for part in command])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - start,
                usage.ru_maxrss / 1024)


def by_wasmc(tools, wasm, base):
    return run(tools.wasmc, "-O3", f"-mcpu={tools.cpu}", "--prefix=module", wasm, "-o",
               base.with_suffix(".o"), "--header", base.with_suffix(".h"))


def by_wasm2c(tools, wasm, base):
    return (run(tools.wasm2c, "-n", "module", wasm, "-o", base.with_suffix(".c"))
            + run(tools.clang, "-O3", f"-march={tools.cpu}", "-w", "-c", base.with_suffix(".c"),
                  "-o", base.with_suffix(".o")))


def text_bytes(file):
    """What of an object is code and constants, as `size` counts."""
    done = subprocess.run(["size", str(file)], capture_output=True, text=True, check=False)
    return int(done.stdout.splitlines()[1].split()[0]) if done.returncode == 0 else 0


def measure(tools, engine, compile_once, wasm, repeats):
    base = wasm.with_name(f"{wasm.stem}-{engine}")
    costs = [compile_once(tools, wasm, base) for _ in range(repeats)]
    return Outcome(
        engine, wasm.stat().st_size,
        Cost(statistics.median(c.seconds for c in costs), statistics.median(c.wall for c in costs),
             statistics.median(c.peak_mib for c in costs)),
        base.with_suffix(".o").stat().st_size, text_bytes(base.with_suffix(".o")),
        base.with_suffix(".h").stat().st_size)


def exponent(outcomes):
    """The slope of the line through the logarithms of size and time."""
    if len(outcomes) < 2:
        return None
    x = [math.log(o.wasm) for o in outcomes]
    y = [math.log(max(o.cost.seconds, 1e-3)) for o in outcomes]
    return statistics.linear_regression(x, y).slope


def ratios(outcomes):
    """Of wasmc to the other, by size: processor time, time by the clock, peak memory."""
    by_size = {}
    for o in outcomes:
        by_size.setdefault(o.wasm, {})[o.engine] = o.cost
    return {size: {what: getattr(costs["wasmc"], what) / getattr(costs["wasm2c+clang"], what)
                   for what in ("seconds", "wall", "peak_mib")}
            for size, costs in by_size.items() if len(costs) == 2}


def report(outcomes, engines):
    rows = [["wasm", "by", "CPU s", "s per MB", "wall s", "peak MiB", "object", "text", "header"]]
    for o in outcomes:
        rows.append([f"{o.wasm:,}", o.engine, f"{o.cost.seconds:.2f}", f"{o.per_megabyte:.2f}",
                     f"{o.cost.wall:.2f}", f"{o.cost.peak_mib:.0f}", f"{o.object_bytes:,}",
                     f"{o.text_bytes:,}", f"{o.header_bytes:,}"])
    lines = [table(rows), ""]
    for engine in engines:
        slope = exponent([o for o in outcomes if o.engine == engine])
        if slope is not None:
            lines.append(f"{engine}: processor time grows with the size of the module to the "
                         f"{slope:.2f}")
    for size, of in ratios(outcomes).items():
        lines.append(f"{size:,} bytes: {of['seconds']:.2f} of the processor time of wasm2c and clang, "
                     f"{of['wall']:.2f} of the time by the clock, {of['peak_mib']:.2f} of the memory")
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder of wasmc")
    parser.add_argument("--max-bytes", type=int, default=SIZES[-1], metavar="N",
                        help="leave larger modules out")
    parser.add_argument("--short", action="store_true", help="the two smallest modules, once")
    parser.add_argument("--cpu", help="-march; default: x86-64-v3 or x86-64")
    parser.add_argument("--output", metavar="FOLDER", type=pathlib.Path,
                        help="where modules go; default BUILD/bench/compile")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write all figures")
    return parser.parse_args()


def main():
    options = arguments()
    tools = Toolchain(options.build, options.cpu)
    engines = {"wasmc": by_wasmc}
    if tools.wasm2c:
        engines["wasm2c+clang"] = by_wasm2c
    folder = options.output or tools.build / "bench" / "compile"
    folder.mkdir(parents=True, exist_ok=True)
    sizes = SIZES[:2] if options.short else [s for s in SIZES if s <= options.max_bytes]
    outcomes = []
    for size in sizes:
        wasm = folder / f"module-{size}.wasm"
        run(sys.executable, HERE / "generate.py", options.build, size, wasm)
        repeats = 1 if options.short else next(n for limit, n in REPEATS if size <= limit)
        for engine, compile_once in engines.items():
            print(f"{size} bytes by {engine}", file=sys.stderr)
            outcomes.append(measure(tools, engine, compile_once, wasm, repeats))
    print(report(outcomes, engines))
    print(f"runtime: {tools.runtime.stat().st_size:,} bytes of archive; what a host needs of it, "
          "`ninja bench` prints")
    if options.json:
        figures = {
            "processor": processor(), "cpu": tools.cpu, "versions": tools.versions(),
            "runtime_archive_bytes": tools.runtime.stat().st_size,
            "outcomes": [asdict(o) for o in outcomes],
            "threads": os.cpu_count(), "ratios": ratios(outcomes),
            "exponent": {e: exponent([o for o in outcomes if o.engine == e]) for e in engines},
        }
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
