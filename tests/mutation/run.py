#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shows how many planted faults the tests notice.

usage: run.py [--count=N | --all | --only=N,N...] [--list] [--jobs=N] FOLDER

Plants faults in a copy of the tree (plant.py says which), builds it once in FOLDER,
sees that all tests pass while every fault sleeps, then wakes one after the other and
runs the suites until a test fails. FOLDER keeps the build and the results: a run
that was interrupted goes on where it was.
The last line is 'N planted, N caught, N survived'. Survivors are listed with the
reasons that explained.txt has for them; one that it does not explain makes the exit
status 1.
"""
import argparse
import collections
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import plant

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPLAINED = pathlib.Path(__file__).with_name("explained.txt")
# Longer than any run of a suite takes: what hangs was noticed.
TIMEOUT = 700

# The scripts that most likely notice a fault in a file run first.
FIRST = {
    "Integer": "operators/i", "Float": "operators/f", "Conversion": "operators/",
    "Simd": "simd", "Memory": "(address|memory|load|store|endianness)", "Bulk": "(memory_|bulk)",
    "Table": "table", "table": "table", "memory": "memory", "Control": "(block|br|if|loop|switch)",
    "Call": "(call|func)", "Adapters": "(imports|call)", "Initializer": "(elem|data|global|start)",
    "link": "(imports|linking)", "StackChecks": "(stack|call|fac)", "Atomic": "atomic",
    "Exception": "(try|throw)", "exception": "(try|throw)", "unwind": "(try|throw)",
    "Unwinding": "(try|throw)", "TailCalls": "return_call", "Wide": "wide",
    "Reference": "(ref|br_on)", "TypeRecords": "(type|linking|call_indirect)", "types": "type",
    "Entries": "(call|func|global)", "func": "(call|imports)", "Variable": "(global|local)",
}
# What takes long, and seldom notices what nothing else does.
SLOW = "(stack-exhausted|address-folding|nesting|self-recursion|pages-of-one-byte|64-bit|" \
       "contrived-|over-budget)"
# Every fault meets the first ones; what they did not notice meets the rest when that is done,
# so that few faults cost the time of all tests. Not optimised, a script takes a fifth of the time.
QUICK = [
    ("conformance", "O0-check/(?!own|operators)"), ("conformance", "O0-check/(own|operators)/"),
    ("regress", f"^(?!.*{SLOW})"), ("threads", ""), ("faults", f"^(?!.*{SLOW})"),
]
REST = [
    ("linking", ""), ("buffers", ""), ("attack", ""), ("codegen", f"^(?!.*{SLOW})"),
    ("conformance", "O3-guard/"), ("conformance", "/O3-(strict|guard-)"),
    ("regress", SLOW), ("faults", SLOW), ("codegen", SLOW), ("cli", ""),
    # Without a C library, there is no environment that would wake a fault.
    ("integration", "^(?!.*bare)"),
]
# Between the two.
QUICKLY_UNNOTICED = "not noticed by the quick tests"
UNIT = ["wasmc_runtime_tests", "wasmc_abi_tests"]


def run(*command, **options):
    return subprocess.run([str(c) for c in command], check=True, **options)


def copy_tree(to):
    """The files that git knows, planted."""
    planter = plant.Planter()
    shutil.rmtree(to, ignore_errors=True)
    names = run("git", "ls-files", "-z", cwd=ROOT, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, names):
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists(): # Else deleted, and not yet committed.
            shutil.copy(ROOT / name, target, follow_symlinks=False)
    for pattern in plant.COMPILER + plant.RUNTIME:
        for name in sorted(glob.glob(pattern, root_dir=to)):
            if os.path.basename(name) not in plant.NOT_SEMANTICS:
                (to / name).write_text(planter.plant(name, (to / name).read_text()))
    builder = to / "compiler/lower/Builder.h"
    text = builder.read_text()
    place = text.index("  Builder(ModuleLowering &module")
    builder.write_text(text[:place] + plant.builder_members() + text[place:])
    (to / "mutant.h").write_text(plant.HEADER)
    return planter.faults


def build(folder, jobs):
    source, tree = folder / "source", folder / "build"
    faults = copy_tree(source)
    (folder / "faults.json").write_text(json.dumps([vars(f) for f in faults], indent=1))
    run("cmake", "--preset", "release", "-B", tree, f"-DCMAKE_CXX_FLAGS=-include {source}/mutant.h",
        "-DWASMC_WERROR=OFF", cwd=source, stdout=subprocess.DEVNULL)
    run("ninja", "-C", tree, "-j", jobs)
    return faults


def environment(number):
    result = dict(os.environ, WASMC_MUTANT=str(number))
    result.setdefault("WASMC_SPEC_DIR", str(ROOT.parent / "shared" / "spec"))
    return result


def lit_stage(tree, suite, pattern, number, jobs):
    """What failed first, or nothing."""
    cache = (tree / "CMakeCache.txt").read_text()
    lit = re.search(r"^WASMC_LIT:[A-Z]+=(.*)$", cache, re.M)[1]
    results = tree / "mutant-results.json"
    results.unlink(missing_ok=True)
    command = [sys.executable, lit, "-q", "--max-failures=1", "-j", str(jobs), "--max-time=600",
               "--output", str(results), "--filter", pattern or ".", "--allow-empty-runs",
               str(tree / "tests" / suite)]
    try:
        subprocess.run(command, env=environment(number), timeout=TIMEOUT, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        tests = json.loads(results.read_text())["tests"]
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return f"{suite}: no result"
    return next((t["name"] for t in tests if t["code"] in ("FAIL", "TIMEOUT", "UNRESOLVED")), None)


def caught_by(tree, fault, stages, jobs):
    for suite, pattern in stages:
        if (name := lit_stage(tree, suite, pattern, fault.number, jobs)) is not None:
            return name
    return None


def quickly_caught_by(tree, fault, jobs):
    stem = pathlib.Path(fault.path).stem
    first = [("conformance", f"O0-check/.*{pattern}") for name, pattern in FIRST.items()
             if stem.startswith(name)]
    if (name := caught_by(tree, fault, first[:1], jobs)) is not None:
        return name
    for program in UNIT:
        path = next(tree.glob(f"**/{program}"), None)
        if path and subprocess.run([path], env=environment(fault.number), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, timeout=TIMEOUT).returncode:
            return program
    return caught_by(tree, fault, QUICK, jobs)


def choose(faults, options):
    if options.only:
        wanted = {int(n) for n in options.only.split(",")}
        return [f for f in faults if f.number in wanted]
    if options.all or options.count >= len(faults):
        return faults
    # Evenly over the tree, each kind of fault in its share: the same ones every time.
    ordered = sorted(faults, key=lambda f: (f.kind, f.path, f.line, f.number))
    return [ordered[i * len(ordered) // options.count] for i in range(options.count)]


def key_of(fault):
    """Names a fault where numbers and lines may have changed."""
    return f"{fault.path}: {fault.kind}: {fault.before} -> {fault.after}"


def explanations():
    if not EXPLAINED.exists():
        return {}
    lines = [l for l in EXPLAINED.read_text().splitlines() if l and not l.startswith("#")]
    return dict(line.split(" | ", 1) for line in lines)


def report(results):
    explained, open_ = explanations(), 0
    kinds = collections.defaultdict(lambda: [0, 0])
    for fault, caught in results:
        kinds[fault.kind][0] += 1
        kinds[fault.kind][1] += caught is not None
    for kind, (planted, caught) in sorted(kinds.items()):
        print(f"{kind}: {planted} planted, {caught} caught")
    for fault, caught in results:
        if caught is None:
            reason = explained.get(key_of(fault))
            open_ += reason is None
            print(f"survived: {fault}\n    {reason or 'not explained'}")
    caught = sum(c is not None for _, c in results)
    print(f"{len(results)} planted, {caught} caught, {len(results) - caught} survived")
    return 1 if open_ else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=200, help="how many faults; default 200")
    parser.add_argument("--all", action="store_true", help="every fault that there is")
    parser.add_argument("--only", help="numbers of faults")
    parser.add_argument("--list", action="store_true", help="list the faults, run nothing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    known = folder / "faults.json"
    if known.exists() and (folder / "build/build.ninja").exists():
        faults = [plant.Fault(**f) for f in json.loads(known.read_text())]
    else:
        faults = build(folder, options.jobs)
    chosen = choose(faults, options)
    if options.list:
        print(*chosen, sep="\n")
        return 0
    kept = folder / "results.json"
    done = json.loads(kept.read_text()) if kept.exists() else {}
    tree = folder / "build"

    def note(fault, caught, position, start):
        done[str(fault.number)] = caught
        kept.write_text(json.dumps(done, indent=1))
        print(f"[{position}/{len(chosen)}] {fault}\n    {caught or 'not noticed'} "
              f"({time.monotonic() - start:.0f} s)", flush=True)

    if "0" not in done:
        print("no fault awake: every test has to pass", flush=True)
        asleep, start = plant.Fault(0, "none", "", 0, "", ""), time.monotonic()
        if (failed := quickly_caught_by(tree, asleep, options.jobs)
                or caught_by(tree, asleep, REST, options.jobs)) is not None:
            sys.exit(f"run.py: without a fault, this fails: {failed}")
        note(asleep, None, 0, start)
    for i, fault in enumerate(chosen, 1):
        start = time.monotonic()
        if str(fault.number) not in done:
            note(fault, quickly_caught_by(tree, fault, options.jobs) or QUICKLY_UNNOTICED, i, start)
    for i, fault in enumerate(chosen, 1):
        start = time.monotonic()
        if done[str(fault.number)] == QUICKLY_UNNOTICED:
            note(fault, caught_by(tree, fault, REST, options.jobs), i, start)
    return report([(f, done[str(f.number)]) for f in chosen])


if __name__ == "__main__":
    sys.exit(main())
