# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares loops over memory, made at random, between levels of optimisation.

    random_loops.py RUNNER FOLDER [--seed=N] [--modules=N] [--modes=MODE,...]

Each module (loop_modules.py) has four functions of one or two loops. Counters have 32 or 64
bits, go up or down in several steps, and are counted to zero or compared with an end, signed
or unsigned, before or after an iteration; starts and ends of inner loops may depend on outer
counters; there are more exits, some of them in one branch only. Indices are sums, multiples,
parts, quotients, shifts and extensions of counters and of operands; accesses of 1 to 16 bytes
have many offsets, some are conditional, several share a pointer, and some memories grow in
between. The functions are called with operands for which the last byte of an access is at the
edge of the memory or up to three bytes on either side of it, and with ones at the edges of
2^31, 2^32, 2^63 and 2^64, through a table, so that nothing is known of them when they are
compiled. Results and traps of each mode must be those of O0-check; with --strict-traps also
what is left in memory. A module that differs is kept.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import sys

import loop_modules


def outcome(runner, wasm, *options):
    command = [runner, f"--run-all-exports={wasm}", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            return process.communicate(timeout=200)[0].splitlines()
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL) # Calls are in a process of their own.
            return ["no end"]


def differences(runner, wasm, modes):
    expected = outcome(runner, wasm, "--opt=0", "--bounds=check", "--strict-traps")
    calls = [line for line in expected if line.startswith("call")]
    if len(calls) != loop_modules.CALLS:
        yield f"{len(calls)} of {loop_modules.CALLS} calls", ""
    for mode in modes:
        level, bounds = mode.split("-")
        options = f"--opt={level[1:]}", f"--bounds={bounds}"
        strict = outcome(runner, wasm, *options, "--strict-traps")
        # What is in memory after a trap is not the same where accesses may be left out.
        fast = [line for line in outcome(runner, wasm, *options, "--cpu=native") if line.startswith("call")]
        for kind, wanted, found in (("strict", expected, strict), ("fast", calls, fast)):
            if wanted != found:
                first = next((pair for pair in zip(wanted, found) if pair[0] != pair[1]), "lines")
                yield f"{mode}, {kind}", first


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runner")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", type=int, default=8)
    parser.add_argument("--modes", default="O3-check,O3-guard", help="such as O2-check")
    options = parser.parse_args()
    bad = 0
    for seed in range(options.seed, options.seed + options.modules):
        wat, wasm = (options.folder / f"{seed}.{ending}" for ending in ("wat", "wasm"))
        wat.write_text(loop_modules.Maker(seed).module())
        subprocess.run(["wat2wasm", "--enable-memory64", wat, "-o", wasm], check=True)
        found = list(differences(options.runner, wasm, options.modes.split(",")))
        for mode, what in found:
            print(f"{wat}: {mode}: {what}")
        bad += bool(found)
        if not found:
            wat.unlink()
            wasm.unlink()
    print(f"{options.modules} modules, {options.modules * loop_modules.CALLS} calls, {bad} modules differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
