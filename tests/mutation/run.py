#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shows how many planted faults the tests notice.

usage: run.py [--count=N | --all | --only=N,N...] [--tests=REGEX] [--list] [--jobs=N] FOLDER

Plants faults in a copy of the tree (plant.py says which) and builds it once in FOLDER.
With every fault asleep, all tests have to pass, and leave which faults they came by.
Then one after the other is awake, and the tests that come by it run, the shortest
first, until one fails. FOLDER keeps the build and the results: a run that was
interrupted goes on where it was.
The last line is 'N planted, N caught, N survived'. Survivors are listed with the
reasons that explained.txt has for them; one that it does not explain makes the exit
status 1. A change of which it says that it is no fault, since what is compiled stays
the same, is not planted.
"""
import argparse
import collections
import glob
import json
import multiprocessing
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import plant
import testsuites

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPLAINED = pathlib.Path(__file__).with_name("explained.txt")


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
    for pattern in plant.COMPILER + plant.CHECK_PASSES + plant.RUNTIME:
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


# Each process has its own of these, made when it begins.
_suites = None


def begin(folder):
    global _suites
    _suites = testsuites.Suites(folder / "build", folder / "scratch" / str(os.getpid()))


def observe(work):
    """Runs a test with every fault asleep: whether it failed, its time, the faults it came by."""
    name, seen = work
    shutil.rmtree(seen, ignore_errors=True)
    seen.mkdir(parents=True)
    failed, seconds = _suites.run(name, {"WASMC_MUTANT_SEEN": str(seen)}, 1200)
    numbers = sorted(int(one) for one in os.listdir(seen))
    shutil.rmtree(seen)
    return name, {"failed": failed, "seconds": seconds, "faults": numbers}


def observe_all(folder, pool, wanted):
    """What every test came by that is wanted, kept in the folder."""
    kept = folder / "tests.json"
    observed = json.loads(kept.read_text()) if kept.exists() else {}
    names = [name for name in testsuites.Suites(folder / "build", folder / "scratch").tests
             if wanted.search(name)]
    # What failed may have been mended.
    work = [(name, folder / "seen" / str(i)) for i, name in enumerate(names)
            if name not in observed or observed[name]["failed"]]
    for i, (name, result) in enumerate(pool.imap_unordered(observe, work), 1):
        observed[name] = result
        if i % 50 == 0 or i == len(work):
            print(f"[{i}/{len(work)}] tests run with every fault asleep", flush=True)
            kept.write_text(json.dumps(observed))
    failed = sorted(name for name in names if observed[name]["failed"])
    if failed:
        sys.exit("run.py: without a fault, these fail: " + ", ".join(failed))
    return {name: observed[name] for name in names}


def ask(work):
    """The first of the tests that fails with the fault awake, or None."""
    number, tests = work
    start = time.monotonic()
    for name, seconds in tests:
        # What hangs was noticed.
        if _suites.run(name, {"WASMC_MUTANT": str(number)}, 20 + 5 * seconds)[0]:
            return number, name, time.monotonic() - start
    return number, None, time.monotonic() - start


def key_of(fault):
    """Names a fault where numbers and lines may have changed."""
    return f"{fault.path}: {fault.before} -> {fault.after}: {fault.text}"


def explanations():
    if not EXPLAINED.exists():
        return {}
    lines = [l for l in EXPLAINED.read_text().splitlines() if l and not l.startswith("#")]
    return dict(line.split(" | ", 1) for line in lines)


def choose(faults, options):
    reasons = explanations()
    faults = [f for f in faults if not reasons.get(key_of(f), "").startswith("no fault: ")]
    if options.only:
        wanted = {int(n) for n in options.only.split(",")}
        return [f for f in faults if f.number in wanted]
    if options.all or options.count >= len(faults):
        return faults
    # Evenly over the tree, each kind of fault in its share: the same ones every time.
    ordered = sorted(faults, key=lambda f: (f.kind, f.path, f.line, f.number))
    return [ordered[i * len(ordered) // options.count] for i in range(options.count)]


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
    parser.add_argument("--tests", type=re.compile, default=re.compile(""), metavar="REGEX",
                        help="ask only these; what they do not notice stays open")
    parser.add_argument("--list", action="store_true", help="list the faults, run nothing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    os.environ.setdefault("WASMC_SPEC_DIR", str(ROOT.parent / "shared" / "spec"))
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
    with multiprocessing.Pool(options.jobs, begin, [folder]) as pool:
        observed = observe_all(folder, pool, options.tests)
        work = []
        for fault in (f for f in chosen if str(f.number) not in done):
            tests = [(result["seconds"], name) for name, result in observed.items()
                     if fault.number in result["faults"]]
            work.append((fault.number, [(name, s) for s, name in sorted(tests)]))
        # The fewest tests first: the time that is left is then best known.
        work.sort(key=lambda one: len(one[1]))
        by_number = {fault.number: fault for fault in faults}
        for i, (number, caught, seconds) in enumerate(pool.imap_unordered(ask, work), 1):
            if caught or not options.tests.pattern:
                done[str(number)] = caught
            kept.write_text(json.dumps(done, indent=1))
            print(f"[{i}/{len(work)}] {by_number[number]}\n    {caught or 'not noticed'} ({seconds:.0f} s)",
                  flush=True)
    open_ = [f for f in chosen if str(f.number) not in done]
    if open_:
        print(*(f"open: {fault}" for fault in open_), sep="\n")
        return 1
    return report([(f, done[str(f.number)]) for f in chosen])


if __name__ == "__main__":
    sys.exit(main())
