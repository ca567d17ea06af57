# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Takes samples: builds of a kernel in turns, in an order that is new in each round."""
import contextlib
import random
import subprocess

from .plan import HARNESS, REFERENCE


class Mismatch(Exception):
    """A variant that has come to another checksum than the reference."""


class Runner:
    """A process that runs variants on demand and says how long each took."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def run(self, name, rounds):
        """Nanoseconds and checksum."""
        self.process.stdin.write(f"{name} {rounds}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) != 2:
            self.process.wait()
            raise Mismatch(f"ended with status {self.process.returncode}")
        return float(answer[0]), answer[1]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Runners:
    """The processes of a kernel in one layout: one for all native code, one for V8."""

    def __init__(self, plan, kernel, variants, layout):
        self.native = Runner([str(plan.program(kernel, layout))])
        self.v8 = None
        flavours = [v.flavour for v in variants if v.engine == "v8"]
        if flavours:
            self.v8 = Runner([
                plan.tools.node, "--no-liftoff", "--no-wasm-lazy-compilation",
                str(HARNESS / "v8.js"), kernel.name,
                *(f"v8/{flavour}={plan.wasm(kernel, flavour)}" for flavour in flavours)])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for runner in (self.native, self.v8):
            if runner:
                runner.close()

    def run(self, variant, rounds):
        runner = self.v8 if variant.engine == "v8" else self.native
        return runner.run(variant.name, rounds)


def measure(plan, kernel, variants, samples, scale=1.0, seed=1, layouts=1):
    """Yields the layout and a list of (variant, nanoseconds) for each of `samples` turns, all of
    the same work: the kernel's rounds times `scale`. Layouts take turns, too. Before them, two
    short runs and one whole one in each are not counted: first calls, caches, and tiers are
    behind. Mismatch ends it."""
    order = random.Random(f"{seed} {kernel.name}")
    rounds = max(1, round(kernel.rounds * scale))
    with contextlib.ExitStack() as stack:
        runners = [stack.enter_context(Runners(plan, kernel, variants, layout))
                   for layout in range(layouts)]
        for turn in range(-3 * layouts, samples):
            shuffled = order.sample(variants, len(variants))
            size = rounds if turn >= -layouts else 1
            layout = turn % layouts
            results = {}
            for variant in shuffled:
                try:
                    results[variant] = runners[layout].run(variant, size)
                except Mismatch as error:
                    raise Mismatch(f"{kernel.name}, {variant.name}: {error}") from None
            expected = results[REFERENCE][1]
            for variant, (_, checksum) in results.items():
                if checksum != expected:
                    raise Mismatch(f"{kernel.name}, {variant.name}: checksum {checksum}, "
                                   f"expected {expected} as of {REFERENCE.name}")
            if turn >= 0:
                yield layout, [(variant, results[variant][0]) for variant in shuffled]
