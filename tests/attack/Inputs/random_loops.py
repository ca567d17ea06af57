# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares loops over memory, made at random, between levels of optimisation.

    random_loops.py RUNNER FOLDER [--seed=N] [--modules=N] [--bounds=MODE]...

Each module has four functions of one or two loops. Counters have 32 or 64 bits, go up or
down in several steps, and are counted to zero or compared with an end, signed or unsigned,
before or after an iteration; starts and ends of inner loops may depend on outer counters.
Indices are sums, multiples, parts, quotients, shifts and extensions of counters and of an
operand; accesses have many widths and offsets, some are conditional, several share a
pointer, and memories grow in between. The functions are called with operands at the edges
of the memory, of 2^31, 2^32, 2^63 and 2^64, through a table, so that nothing is known of
them when they are compiled. Results and traps at -O3 must be those at -O0, in check mode
and in guard mode; with --strict-traps also what is left in memory. A module that differs
is kept.
"""
import argparse
import pathlib
import random
import subprocess
import sys

STEPS = (1, 1, 1, 2, 4, 8, 3, -1, -1, -4, 16, -8, 64, 260)
COUNTS = (1, 1, 2, 3, 5, 8, 16, 17, 64, 65, 66, 100, 1000)
EDGES = (1 << 31, (1 << 31) - 1, 1 << 32, (1 << 32) - 64, 1 << 61, 1 << 62, 1 << 63, (1 << 63) - 8,
         (1 << 63) - 1)
STARTS = (0, 0, 1, 64, 100, 65000, 65530, -1, -64) + EDGES
PLACES = (0, 1, 2, 63, 64, 65, 255, 1000, 65528, 65535, 65536, -1, -4, -64, -65536) + EDGES
OFFSETS = (0, 0, 0, 4, 8, 1, 65500, 1024, 65535, 131068, (1 << 31) - 4, (1 << 32) - 1)
FUNCTIONS, CALLS = 4, 24
PAGE, MOST_PAGES = 65536, 4
FUEL = 10_000  # Iterations that a call may take.


def unsigned(value, bits):
    return value % (1 << bits)


def signed(value, bits):
    """A number as a literal of the text format."""
    return (value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


class Stop(Exception):
    """A call traps, or takes too long."""


class Loop:
    """How one loop runs: enough of it to tell how often."""

    COMPARES = {"lt_u": lambda a, b: a < b, "lt_s": lambda a, b: a < b, "ne": lambda a, b: a != b,
                "le_u": lambda a, b: a <= b, "le_s": lambda a, b: a <= b, "gt_u": lambda a, b: a > b,
                "gt_s": lambda a, b: a > b, "ge_s": lambda a, b: a >= b, "ge_u": lambda a, b: a >= b}

    def __init__(self, maker, depth):
        choose, self.type, self.depth = maker.random.choice, maker.counter, depth
        self.bits = int(self.type[1:])
        self.step = choose(STEPS)
        # To zero, or to where a compare of the counter says.
        up = ("lt_u", "lt_s", "ne", "le_u", "le_s")
        down = ("gt_u", "gt_s", "ne", "ge_s", "ge_u")
        self.compare = choose((None,) * 3 + (up if self.step > 0 else down))
        self.first = choose((True, False))  # Is it compared before the first iteration?
        # (What, a factor, a constant): an operand, an outer counter, or nothing but the constant.
        outer = ("$i0",) * 2 if depth else ()
        self.start = (choose(("$start", "$start", None) + outer), choose((1, 1, 1, 2, -1, 4)),
                      choose((0, 0, 0, 64, 65530, -64)))
        self.end = (choose((f"$n{depth}",) * 3 + ("$start",) + outer), choose((1, 1, 1, 2, -1, 4)),
                    choose((0, 0, 1, -1, 64, 100, -64)))

    def text(self, maker, value):
        name, factor, constant = value
        const = maker.const(self.type, constant)
        if not name:
            return const
        product = f"(local.get {name})"
        if factor != 1:
            product = f"({self.type}.mul {product} {maker.const(self.type, factor)})"
        return f"({self.type}.add {product} {const})" if constant else product

    def value(self, value, locals_):
        name, factor, constant = value
        return unsigned((locals_[name] * factor if name else 0) + constant, self.bits)

    def code(self, maker, body):
        k, d = self.type, self.depth
        i, left, one = f"(local.get $i{d})", f"(local.get $left{d})", maker.const(self.type, 1)
        advance = f"(local.set $i{d} ({k}.add {i} {maker.const(k, self.step)}))"
        if self.compare:
            end = self.text(maker, self.end)
            before = f"(br_if $out (i32.eqz ({k}.{self.compare} {i} {end})))" if self.first else ""
            again = f"(br_if $next ({k}.{self.compare} {i} {end}))"
        else:
            before = f"(br_if $out ({k}.eqz {left}))" if self.first else ""
            again = f"(br_if $next ({k}.ne {maker.const(k, 0)} (local.tee $left{d} ({k}.sub {left} {one}))))"
        return f"""(local.set $left{d} (local.get $n{d})) (local.set $i{d} {self.text(maker, self.start)})
  (block $out {before} (loop $next
  {body}
  {advance}
  {again}))"""

    def holds(self, i, end):
        if self.compare.endswith("_s"):
            i, end = signed(i, self.bits), signed(end, self.bits)
        return self.COMPARES[self.compare](i, end)

    def run(self, locals_, body):
        name, left = f"$i{self.depth}", locals_[f"$n{self.depth}"]
        locals_[name] = self.value(self.start, locals_)
        if self.first and (not self.holds(locals_[name], self.value(self.end, locals_))
                           if self.compare else left == 0):
            return
        while True:
            body(locals_)
            locals_[name] = unsigned(locals_[name] + self.step, self.bits)
            left = unsigned(left - 1, self.bits)
            if not (self.holds(locals_[name], self.value(self.end, locals_)) if self.compare else left):
                return


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

    def part(self, value):
        """Some function of a counter, in the type of addresses."""
        a, choose = self.address, self.random.choice
        wide, narrow = ("i64", "i32") if a == "i64" else ("i32", "i32")
        via = {"i64": f"(i64.extend_i32_{choose('us')} (i32.wrap_i64 {value}))",
               "i32": f"(i32.wrap_i64 (i64.extend_i32_{choose('us')} {value}))"}[a]
        return choose((
            via,
            f"({a}.and {value} {self.const(a, choose((7, 63, 255, 0xfff8, 0xffffffff, -8)))})",
            f"({a}.shl {value} {self.const(a, choose((1, 2, 3, 16, 31, 48)))})",
            f"({a}.shr_u {value} {self.const(a, choose((1, 2, 3, 16, 31)))})",
            f"({a}.shr_s {value} {self.const(a, choose((1, 2, 31)))})",
            f"({a}.div_u {value} {self.const(a, choose((3, 5, 10, 1000)))})",
            f"({a}.rem_u {value} {self.const(a, choose((3, 64, 1000)))})",
            f"({a}.{choose(('extend8_s', 'extend16_s'))} {value})",
            f"({wide}.or {value} {self.const(wide, choose((1, 64, 1 << 31)))})",
            f"({a}.xor {value} {self.const(a, choose((1, 255, -1)))})",
        ))

    def index(self, depth):
        a, choose = self.address, self.random.choice
        own = self.as_address(f"(local.get $i{self.random.randrange(depth)})")
        outer, place = self.as_address("(local.get $i0)"), "(local.get $place)"
        return choose((
            own,
            f"({a}.add {own} {place})",
            f"({a}.add ({a}.mul {own} {self.const(a, choose((1, 2, 4, 8, 16, -1, -4, 3, 260)))}) {place})",
            f"({a}.add ({a}.mul {own} {self.const(a, choose((1 << 16, 1 << 30, 1 << 31, 1 << 60, 1 << 63)))}) {place})",
            f"({a}.sub {place} {own})",
            f"({a}.add {self.part(own)} {place})",
            f"({a}.add {self.part(f'({a}.add {own} {place})')} {self.const(a, choose((0, 8, -8)))})",
            self.part(own),
            f"({a}.add ({a}.mul {outer} {self.const(a, choose((16, 64, 100)))}) ({a}.add {own} {place}))",
            f"({a}.add ({a}.mul {outer} {own}) {place})",
            f"({a}.add {own} {self.const(a, choose((-8, 65536, 1 << 31, 1 << 62, (1 << 63) - 8)))})",
        ))

    def access(self, at, only_loads=False):
        """An access at an address, which is text that begins with its offset, maybe."""
        return self.random.choice((
            f"(i32.store8 {at} (i32.wrap_i64 (local.get $sum)))",
            f"(i64.store16 {at} (local.get $sum))",
            f"(i64.store {at} (i64.add (local.get $sum) (i64.const 1)))",
            f"(v128.store {at} (i64x2.splat (local.get $sum)))",
            f"(local.set $sum (i64.add (local.get $sum) (i64.load32_u {at})))",
            f"(local.set $sum (i64.xor (local.get $sum) (i64.load8_s {at})))",
            f"(local.set $sum (i64.add (local.get $sum) (i64x2.extract_lane 1 (v128.load {at}))))",
        )[4 if only_loads else 0:])

    def statement(self, depth):
        choose, offset = self.random.choice, lambda: f"offset={self.random.choice(OFFSETS)}"
        kind = self.random.random()
        if kind < 0.45:
            return self.access(f"{offset()} {self.index(depth)}")
        if kind < 0.55:
            return (f"(i32.store {offset()} {self.index(depth)}"
                    f" (i32.add (i32.load {self.index(depth)}) (i32.const 5)))")
        if kind < 0.75:
            a = self.address
            fields, only_loads = [], choose((True, False))
            for _ in range(self.random.randrange(2, 5)):
                field = "(local.get $p)"
                if choose((True, False)):
                    field = f"({a}.add {field} {self.const(a, choose((4, 8, 1, 64, -4, 65528, 1 << 31)))})"
                fields.append(self.access(f"offset={choose((0, 1, 4, 8, 12, 1000))} {field}", only_loads))
            return f"(local.set $p {self.index(depth)})\n  " + "\n  ".join(fields)
        if kind < 0.88:
            test = choose(("(i32.and (i32.wrap_i64 (local.get $sum)) (i32.const 1))",
                           f"({self.counter}.lt_{choose('us')} (local.get $i{depth - 1}) (local.get $n0))"))
            return f"(if {test} (then {self.access(f'{offset()} {self.index(depth)}')}))"
        if kind < 0.90:
            # An exit that not each iteration comes to.
            k, i = self.counter, f"(local.get $i{depth - 1})"
            return (f"(if (i64.eqz (i64.and (local.get $sum) (i64.const 1))) (then"
                    f" (br_if $out ({k}.ge_u {i} {choose(('(local.get $n0)', self.const(k, 64)))}))))")
        if kind < 0.92:
            return f"(br_if $out (i64.eq (i64.load8_u {self.index(depth)}) (i64.const 77)))"
        grow = f"(drop (memory.grow {self.const(self.address, 1)}))"
        when = f"({self.counter}.eq (local.get $i{depth - 1}) {self.const(self.counter, choose((0, 3, 64, -1)))})"
        return choose((grow, f"(if {when} (then {grow}))"))

    def function(self, number):
        """The code, and operands of calls which are known to end."""
        depth = self.random.choice((1, 1, 2))
        loops = [Loop(self, d) for d in range(depth)]
        # One that is left by a trap at the latest may be told to run for ever.
        anchored = self.random.random() < 0.5
        code, body = "", lambda _: None
        for d in reversed(range(depth)):
            around = [self.statement(d + 1) for _ in range(self.random.randrange(1, 4))]
            if d != depth - 1:
                around = around[:1] + [code] + ([self.access(self.index(depth))] if self.random.random() < 0.4 else [])
            if anchored:
                around.insert(0, "(local.set $sum (i64.add (local.get $sum) (i64.load8_u "
                              + self.as_address(f"(local.get $i{d})") + ")))")
            code = loops[d].code(self, "\n  ".join(around))

            def body(locals_, d=d, inner=body):
                locals_["fuel"] -= 1
                # Of 64 bits, one that is wrapped may stay within for longer.
                if not locals_["fuel"] or (
                        anchored and unsigned(locals_[f"$i{d}"], 32) >= PAGE * MOST_PAGES):
                    raise Stop
                if d + 1 != depth:
                    loops[d + 1].run(locals_, inner)
        locals_ = "".join(f" (local $i{d} {self.counter}) (local $left{d} {self.counter})"
                          for d in range(depth))
        text = (f"(func $f{number} {self.signature()}{locals_} (local $sum i64) (local $p {self.address})"
                f"\n{code}\n(local.get $sum))")
        operands = []
        for _ in range(30):
            if len(operands) == CALLS // FUNCTIONS:
                return text, operands
            values = self.operands(anchored, loops[0].step)
            names = {"$n0": values[1], "$n1": values[2], "$start": values[3], "fuel": FUEL, "$i0": 0}
            bits = int(self.counter[1:])
            names |= {name: unsigned(value, bits) for name, value in names.items() if name != "fuel"}
            try:
                loops[0].run(names, body)
            except Stop:
                pass
            if names["fuel"]:
                operands.append(values)
        return self.function(number)

    def operands(self, anchored, step):
        choose = self.random.choice
        more = EDGES + (-1, 0, 1 << 24, 1 << 20) if anchored else (0, 0)
        start = choose(STARTS)
        count = choose(COUNTS)
        place = choose(PLACES) + choose((0, 0, 1, -1, 4))
        if choose((True, False)):
            # Just where the last iteration may leave the memory.
            place = (PAGE * choose((1, 1, 2, MOST_PAGES)) - step * (count - choose((0, 1, 1)))
                     - choose((0, start)) - choose((0, 1, 2, 4, 8, 16)) + choose((0, 0, 1, -1)))
        near = tuple(start + n for n in (0, 1, -1, 64, -64, 1000, 7))
        return (place, count if choose((True, False)) else choose(COUNTS + near + more),
                choose((1, 2, 3, 16, 64) + near + more), start)

    def signature(self):
        k = self.counter
        return (f"(param $place {self.address}) (param $n0 {k}) (param $n1 {k}) (param $start {k})"
                " (result i64)")

    def walk(self, name, step, result=""):
        """Goes over the memory by words; `step` has $i, the address as (ADDRESS)."""
        wide = "(i64.extend_i32_u (local.get $i))" if self.address == "i64" else "(local.get $i)"
        size = "(i32.wrap_i64 (memory.size))" if self.address == "i64" else "(memory.size)"
        return f"""(func ${name} {result} (local $i i32) (local $hash i64)
  (loop $next {step.replace("ADDRESS", wide)}
    (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8)))
                         (i32.mul {size} (i32.const {PAGE})))))
  {"(local.get $hash)" if result else ""})"""

    def module(self):
        k = self.counter
        functions = [self.function(n) for n in range(FUNCTIONS)]
        least = self.random.choice((1, 1, 1, 2))
        parts = [
            f"(module (memory {'i64 ' if self.address == 'i64' else ''}{least} {MOST_PAGES})",
            f"(type $loop (func {self.signature()}))",
            # Exported, so that any function could be in it.
            f"(table (export \"table\") funcref (elem {' '.join(f'$f{n}' for n in range(FUNCTIONS))}))",
            *(text for text, _ in functions),
            self.walk("fill", "(i64.store ADDRESS (i64.mul (i64.add (i64.extend_i32_u (local.get $i))"
                              " (i64.const 7)) (i64.const 0x9e3779b97f4a7c15)))"),
            self.walk("hash", "(local.set $hash (i64.xor (i64.load ADDRESS) (i64.mul (local.get $hash)"
                              " (i64.const 0x9e3779b97f4a7c15))))", "(result i64)"),
        ]
        for call in range(CALLS):
            number = call % FUNCTIONS
            place, *counts = functions[number][1][call // FUNCTIONS]
            operands = " ".join((self.const(self.address, place), *(self.const(k, c) for c in counts)))
            parts.append(f"""(func (export "call{call}") (result i64) (call $fill)
  (i64.add (call_indirect (type $loop) {operands} (i32.const {number})) (call $hash)))
(func (export "memory{call}") (result i64) (call $hash))""")
        return "\n".join(parts) + ")\n"


def outcome(runner, wasm, *options):
    command = [runner, f"--run-all-exports={wasm}", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=600).stdout.splitlines()


def differences(runner, wasm, modes):
    expected = outcome(runner, wasm, "--opt=0", "--bounds=check", "--strict-traps")
    calls = [line for line in expected if line.startswith("call")]
    if len(calls) != CALLS:
        yield f"{len(calls)} of {CALLS} calls", ""
    for bounds in modes:
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
    parser.add_argument("--bounds", action="append", choices=("check", "guard"))
    options = parser.parse_args()
    bad = 0
    for seed in range(options.seed, options.seed + options.modules):
        wat, wasm = (options.folder / f"{seed}.{ending}" for ending in ("wat", "wasm"))
        wat.write_text(Maker(seed).module())
        subprocess.run(["wat2wasm", "--enable-memory64", wat, "-o", wasm], check=True)
        found = list(differences(options.runner, wasm, options.bounds or ("check", "guard")))
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
