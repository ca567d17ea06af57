# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares loops over memory, made at random, between levels of optimisation.

    random_loops.py RUNNER FOLDER [--seed=N] [--modules=N]

Each module has four functions of one or two loops, with counters of 32 or 64 bits that go
up or down in several steps, and accesses whose indices are sums, multiples and parts of
them and of an operand. They are called with operands at the edges of the memory, of
2^32 and of 2^64, through a table, so that nothing is known of them when they are
compiled. Results and traps at -O3 must be those at -O0, in check mode and in guard
mode; with --strict-traps also what is left in memory. A module that differs is kept.
"""
import argparse
import pathlib
import random
import subprocess
import sys

STEPS = (1, 1, 1, 2, 4, 8, 3, -1, -1, -4)
COUNTS = (1, 1, 2, 3, 5, 8, 16, 17, 64, 65, 66, 100, 1000)
STARTS = (0, 0, 1, 64, 100, 65000, 65530, -1, -64)
PLACES = (0, 1, 2, 63, 64, 65, 255, 1000, 65528, 65535, 65536, -1, -4, -64, -65536, 1 << 31,
          (1 << 31) - 1, 1 << 32, (1 << 32) - 64, 1 << 63, (1 << 63) - 8)
FUNCTIONS, CALLS = 4, 24


def signed(value, bits):
    """A number as a literal of the text format."""
    return (value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


class Maker:
    """Writes one module."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.address = self.random.choice(("i32", "i32", "i64"))
        self.counter = self.random.choice(("i32", "i32", "i64"))

    def const(self, type_, value):
        return f"({type_}.const {signed(value, int(type_[1:]))})"

    def as_address(self, value):
        if self.counter == self.address:
            return value
        if self.address == "i64":
            return f"(i64.extend_i32_{self.random.choice('us')} {value})"
        return f"(i32.wrap_i64 {value})"

    def index(self, depth):
        a, choose = self.address, self.random.choice
        own = self.as_address(f"(local.get $i{self.random.randrange(depth)})")
        outer, place = self.as_address("(local.get $i0)"), "(local.get $place)"
        return choose((
            own,
            f"({a}.add {own} {place})",
            f"({a}.add ({a}.mul {own} {self.const(a, choose((1, 2, 4, 8, 16, -1, -4, 3, 260)))}) {place})",
            f"({a}.sub {place} {own})",
            f"({a}.add ({a}.and {own} {self.const(a, choose((7, 63, 255)))}) {place})",
            f"({a}.shl {own} {self.const(a, choose((1, 2, 3)))})",
            f"({a}.add ({a}.mul {outer} {self.const(a, choose((16, 64, 100)))}) ({a}.add {own} {place}))",
        ))

    def access(self, depth):
        at = f"offset={self.random.choice((0, 0, 0, 4, 8, 1, 65500, 1024))} {self.index(depth)}"
        return self.random.choice((
            f"(i32.store8 {at} (i32.wrap_i64 (local.get $sum)))",
            f"(local.set $sum (i64.add (local.get $sum) (i64.load32_u {at})))",
            f"(i64.store {at} (i64.add (local.get $sum) (i64.const 1)))",
            f"(local.set $sum (i64.xor (local.get $sum) (i64.load8_s {at})))",
            f"(i32.store {at} (i32.add (i32.load {self.index(depth)}) (i32.const 5)))",
        ))

    def function(self, number):
        k, depth = self.counter, self.random.choice((1, 1, 2))
        code = "\n".join(self.access(depth) for _ in range(self.random.randrange(1, 4)))
        if self.random.random() < 0.1:
            code += f"\n(drop (memory.grow {self.const(self.address, 1)}))"
        for d in reversed(range(depth)):
            start = self.random.choice(
                ("(local.get $start)", self.const(k, self.random.choice((0, 64, 65530, -64)))))
            skip = self.random.choice((f"(br_if $out ({k}.eqz (local.get $left{d})))", ""))
            code = f"""(local.set $left{d} (local.get $n{d})) (local.set $i{d} {start})
  (block $out {skip} (loop $next
  {code}
  (local.set $i{d} ({k}.add (local.get $i{d}) {self.const(k, self.random.choice(STEPS))}))
  (br_if $next ({k}.ne {self.const(k, 0)}
    (local.tee $left{d} ({k}.sub (local.get $left{d}) {self.const(k, 1)}))))))"""
        locals_ = "".join(f" (local $i{d} {k}) (local $left{d} {k})" for d in range(depth))
        return f"(func $f{number} {self.signature()}{locals_} (local $sum i64)\n{code}\n(local.get $sum))"

    def signature(self):
        k = self.counter
        return (f"(param $place {self.address}) (param $n0 {k}) (param $n1 {k}) (param $start {k})"
                " (result i64)")

    def walk(self, name, step, result=""):
        """Goes over the page by words; `step` has $i, the address as (ADDRESS)."""
        wide = "(i64.extend_i32_u (local.get $i))" if self.address == "i64" else "(local.get $i)"
        return f"""(func ${name} {result} (local $i i32) (local $hash i64)
  (loop $next {step.replace("ADDRESS", wide)}
    (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 65536))))
  {"(local.get $hash)" if result else ""})"""

    def module(self):
        choose, k = self.random.choice, self.counter
        parts = [
            f"(module (memory {'i64 ' if self.address == 'i64' else ''}1 3)",
            f"(type $loop (func {self.signature()}))",
            # Exported, so that any function could be in it.
            f"(table (export \"table\") funcref (elem {' '.join(f'$f{n}' for n in range(FUNCTIONS))}))",
            *(self.function(n) for n in range(FUNCTIONS)),
            self.walk("fill", "(i64.store ADDRESS (i64.mul (i64.add (i64.extend_i32_u (local.get $i))"
                              " (i64.const 7)) (i64.const 0x9e3779b97f4a7c15)))"),
            self.walk("hash", "(local.set $hash (i64.xor (i64.load ADDRESS) (i64.mul (local.get $hash)"
                              " (i64.const 0x9e3779b97f4a7c15))))", "(result i64)"),
        ]
        for call in range(CALLS):
            operands = " ".join((self.const(self.address, choose(PLACES) + choose((0, 0, 1, -1, 4))),
                                 self.const(k, choose(COUNTS)), self.const(k, choose((1, 2, 3, 16, 64))),
                                 self.const(k, choose(STARTS))))
            parts.append(f"""(func (export "call{call}") (result i64) (call $fill)
  (i64.add (call_indirect (type $loop) {operands} (i32.const {self.random.randrange(FUNCTIONS)}))
           (call $hash)))
(func (export "memory{call}") (result i64) (call $hash))""")
        return "\n".join(parts) + ")\n"


def outcome(runner, wasm, *options):
    command = [runner, f"--run-all-exports={wasm}", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=600).stdout.splitlines()


def differences(runner, wasm):
    expected = outcome(runner, wasm, "--opt=0", "--bounds=check", "--strict-traps")
    calls = [line for line in expected if line.startswith("call")]
    if len(calls) != CALLS:
        yield f"{len(calls)} of {CALLS} calls", ""
    for bounds in ("check", "guard"):
        strict = outcome(runner, wasm, "--opt=3", f"--bounds={bounds}", "--strict-traps")
        # What is in memory after a trap is not the same where accesses may be left out.
        fast = [line for line in outcome(runner, wasm, "--opt=3", f"--bounds={bounds}", "--cpu=native")
                if line.startswith("call")]
        for mode, wanted, found in (("strict", expected, strict), ("fast", calls, fast)):
            if wanted != found:
                first = next((pair for pair in zip(wanted, found) if pair[0] != pair[1]), "lines")
                yield f"{bounds}, {mode}", first


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runner")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modules", type=int, default=8)
    options = parser.parse_args()
    bad = 0
    for seed in range(options.seed, options.seed + options.modules):
        wat, wasm = (options.folder / f"{seed}.{ending}" for ending in ("wat", "wasm"))
        wat.write_text(Maker(seed).module())
        subprocess.run(["wat2wasm", "--enable-memory64", wat, "-o", wasm], check=True)
        found = list(differences(options.runner, wasm))
        for mode, what in found:
            print(f"{wat}: {mode}: {what}")
        bad += bool(found)
        if not found:
            wat.unlink()
            wasm.unlink()
    print(f"{options.modules} modules, {options.modules * CALLS} calls, {bad} modules differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
