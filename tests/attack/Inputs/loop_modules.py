# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Modules with loops over memory, made at random, and a model of how they run.

The model knows counters, indices and the size of the memory, not what is in it. Operands
of calls are chosen by it: such that an access that is wanted has its last byte at the
edge of the memory, or some bytes on either side, while a trap or the end of the loop is
reached before FUEL iterations. What depends on bytes of the memory (`known` is false) is
counted as not done: in truth a run is not longer than in the model.
"""
import dataclasses
import random
import typing

from loop_values import Value, binary, compare, const, extend, extend_in_place, local, signed, unsigned

PAGE, MOST_PAGES = 65536, 4
FUNCTIONS, CALLS = 6, 48
FUEL = 800 # Iterations that a call may take.

STEPS = (1, 1, 1, 2, 4, 8, 3, -1, -1, -4, 16, -8, 64, 260)
COUNTS = (1, 1, 2, 3, 5, 8, 9, 16, 17, 64, 65, 66, 100, 300)
EDGES = (1 << 31, (1 << 31) - 1, (1 << 31) - 5, 1 << 32, (1 << 32) - 64, 1 << 61, 1 << 62, 1 << 63,
         (1 << 63) - 8, (1 << 63) - 1)
STARTS = (0, 0, 1, 64, 100, 65000, 65530, -1, -64, -5) + EDGES
PLACES = (0, 1, 2, 63, 64, 65, 255, 1000, 65528, 65535, 65536, -1, -4, -64, -65536) + EDGES
STRIDES = (1, 2, 3, 4, 8, 16, -1, -4, 260, 1 << 24, (1 << 24) + 1, -(1 << 24) - 1) + EDGES
OPERANDS = ("$place", "$n0", "$n1", "$start", "$stride")
OFFSETS = (0, 0, 0, 1, 2, 3, 4, 7, 8, 12, 16, 1000)
FAR_OFFSETS = (65500, 65535, 131068, (1 << 31) - 4, (1 << 32) - 1)
# Text, bytes, and whether it only reads. Nothing that is read can cancel out: where traps need
# not be exact, an access of which nothing depends may be left out.
ACCESSES = (
    ("(i32.store8 {} (i32.wrap_i64 (local.get $sum)))", 1, False),
    ("(i64.store16 {} (local.get $sum))", 2, False),
    ("(i64.store32 {} (local.get $sum))", 4, False),
    ("(i64.store {} (i64.add (local.get $sum) (i64.const 1)))", 8, False),
    ("(v128.store {} (i64x2.splat (local.get $sum)))", 16, False),
    ("(local.set $sum (i64.add (local.get $sum) (i64.load8_s {})))", 1, True),
    ("(local.set $sum (i64.add (local.get $sum) (i64.load16_u {})))", 2, True),
    ("(local.set $sum (i64.add (local.get $sum) (i64.load32_u {})))", 4, True),
    ("(local.set $sum (i64.add (local.get $sum) (i64.load {})))", 8, True),
    ("(local.set $sum (i64.add (local.get $sum) (i64x2.extract_lane 1 (v128.load {}))))", 16, True),
)


class Trap(Exception):
    """An access that is known is outside."""


class OutOfFuel(Exception):
    """A call takes too long."""


class Leave(Exception):
    """An exit is taken, of the loop of this depth."""


class Run:
    """One call in the model."""

    def __init__(self, locals_, size, traps):
        self.locals, self.size, self.traps = dict(locals_), size, traps
        self.fuel = FUEL
        self.first_trap = None  # How many iterations come before it, and
        self.beyond = 0         # bytes from the size to the end of its access.
        self.seen = {}  # Of accesses: where the first of a run is, and how far from it others are.

    def access(self, access, done):
        """What is not `done` for sure is only taken down."""
        index = access.index.of(self.locals)
        first, least, most = self.seen.get(access, (index, 0, 0))
        distance = signed(index - first, access.index.bits)
        self.seen[access] = first, min(least, distance), max(most, distance)
        if not self.traps or not done or index + access.reach <= self.size:
            return
        if self.first_trap is None:
            self.first_trap, self.beyond = FUEL - self.fuel - 1, index + access.reach - self.size
        # A store to one place might be done behind the loop only: it is no trap that ends it.
        if access.reads or distance:
            raise Trap

    @property
    def iterations(self):
        """Until it ends, or before the iteration with the first access that traps."""
        return FUEL - self.fuel if self.first_trap is None else self.first_trap

    @property
    def slack(self):
        """Bytes between the greatest end of an access and the size."""
        return self.size - max((first + most + access.reach for access, (first, _, most) in self.seen.items()),
                               default=0)

    def iterate(self):
        self.fuel -= 1
        if not self.fuel:
            raise OutOfFuel


@dataclasses.dataclass(eq=False)
class Access:
    index: Value
    offset: int
    width: int
    reads: bool

    @property
    def reach(self):
        return self.offset + self.width


class Code:
    """Statements: their text, and what they do in the model."""

    def __init__(self, text="", *actions):
        self.text, self.actions = text, list(actions)

    def __add__(self, other):
        return Code(self.text + "\n  " + other.text, *self.actions, *other.actions)

    def run(self, run):
        for action in self.actions:
            action(run)


class Loop:
    """A loop that is counted to zero, or to where a compare of the counter says."""

    def __init__(self, maker, depth):
        choose, self.bits, self.depth = maker.random.choice, maker.counter, depth
        up = ("lt_u", "lt_s", "ne", "ne", "le_u", "le_s")
        down = ("gt_u", "gt_s", "ne", "ne", "ge_s", "ge_u")
        self.step = choose(STEPS)
        self.compare = choose((None,) * 3 + (up if self.step > 0 else down))
        # In a step that is not constant, if nothing depends on its sign.
        self.moves = not self.compare and choose((False,) * 3 + (True,))
        self.first = choose((True, False))  # Is it compared before the first iteration?
        # (What, a factor, a constant): an operand, an outer counter, or nothing but the constant.
        outer = ("$i0",) * 2 if depth else ()
        self.start, self.end = ("$start", 1, 0), (f"$n{depth}", 1, 0)
        if not maker.plain or choose((True, False, False)):
            factors = (1, 1, 1, 2, -1, 4)
            self.start = (choose(("$start", "$start", None) + outer), choose(factors),
                          choose((0, 0, 0, 64, 65530, -64)))
            self.end = (choose((f"$n{depth}",) * 3 + ("$start",) + outer), choose(factors),
                        choose((0, 0, 1, -1, 64, 100, -64)))
        if self.compare == "ne":
            # One of which LLVM sees that it never ends may do without its accesses, as nothing
            # comes behind them.
            self.end = f"$n{depth}", 1, self.end[2]
        self.i, self.left = local(f"$i{depth}", self.bits), local(f"$left{depth}", self.bits)
        self.start_value, self.end_value = self.linear(*self.start), self.linear(*self.end)
        self.again = compare(self.compare, self.i, self.end_value) if self.compare else \
            compare("ne", const(self.bits, 0), self.left)
        self.next = binary("add", self.i, local("$stride", self.bits) if self.moves else self.step)

    def linear(self, name, factor, constant):
        if not name:
            return const(self.bits, constant)
        value = local(name, self.bits)
        if factor != 1:
            value = binary("mul", value, factor)
        return binary("add", value, constant) if constant else value

    def code(self, body):
        d = self.depth
        before = f"(br_if $out{d} (i32.eqz {self.again}))" if self.first else ""
        counted = "" if self.compare else f"(local.set $left{d} {binary('sub', self.left, 1)})"
        return Code(f"""(local.set $left{d} (local.get $n{d})) (local.set $i{d} {self.start_value})
  (block $out{d} {before} (loop $next{d}
  {body.text}
  (local.set $i{d} {self.next}) {counted}
  (br_if $next{d} {self.again})))""", lambda run: self.run(run, body))

    def run(self, run, body):
        locals_, i, left = run.locals, f"$i{self.depth}", f"$left{self.depth}"
        locals_[left] = locals_[f"$n{self.depth}"]
        locals_[i] = self.start_value.of(locals_)
        try:
            again = not self.first or self.again.of(locals_)
            while again:
                run.iterate()
                body.run(run)
                locals_[i] = self.next.of(locals_)
                locals_[left] = unsigned(locals_[left] - 1, self.bits)
                again = self.again.of(locals_)
        except Leave as leave:
            if leave.args[0] != self.depth:
                raise

    def start_operand(self, start):
        """What $start has to be for such a start, at least nearly."""
        _, factor, constant = self.start
        return (start - constant) // factor

    def count_operand(self, count, operands):
        """What $n0 has to be for so many iterations, at least nearly."""
        if not self.compare:
            return count
        _, factor, constant = self.end
        start = self.start_value.of(operands | {"$i0": 0})
        return (start + self.step * count - constant) // factor


class Function(typing.NamedTuple):
    loops: list
    code: Code
    accesses: list


class Maker:
    """Writes one module."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        widths = ((32, 32),) * 3 + ((32, 64),) + ((64, 32), (64, 64)) * 2
        self.address, self.counter = self.random.choice(widths)
        self.pages = self.random.choice((1, 1, 1, 2, MOST_PAGES))
        self.grows = self.random.random() < 0.4
        self.size = self.pages * PAGE  # As the next call finds it.

    def as_address(self, value):
        return extend(value, self.address, self.random.choice("us"))

    def part(self, value):
        """Some function of a counter, in the type of addresses."""
        a, choose, sign = self.address, self.random.choice, self.random.choice("us")
        return choose((
            lambda: extend(extend(value, 96 - a, sign), a, sign),
            lambda: binary("and", value, choose((7, 63, 255, 0xfff8, 0xffffffff, -8))),
            lambda: binary("shl", value, choose((1, 2, 3, 16, 31, 48))),
            lambda: binary("shr_u", value, choose((1, 2, 3, 16, 31))),
            lambda: binary("shr_s", value, choose((1, 2, 31))),
            lambda: binary("div_u", value, choose((3, 5, 10, 1000))),
            lambda: binary("rem_u", value, choose((3, 64, 1000))),
            lambda: extend_in_place(value, choose((8, 16))),
            lambda: binary("or", value, choose((1, 64, 1 << 31))),
            lambda: binary("xor", value, choose((1, 255, -1))),
        ))()

    def wanders(self, value):
        """An index of which the bytes that were read say more than the counter."""
        bits = extend(local("$sum", 64, known=False), self.address, "u")
        return binary(self.random.choice(("add", "xor", "sub")), value,
                      binary("and", bits, self.random.choice((1, 7, 63, 0xff8))))

    def index(self, depth):
        """One of its own, or one that is used already, so that ends differ by constants."""
        if self.indices and self.random.random() < (0.8 if self.plain else 0.5):
            index, used = self.random.choice(self.indices)
            if used <= depth:
                return index
        self.indices.append((self.new_index(depth), depth))
        return self.indices[-1][0]

    def new_index(self, depth):
        choose = self.random.choice
        own = self.as_address(local(f"$i{self.random.randrange(depth)}", self.counter))
        outer, place = self.as_address(local("$i0", self.counter)), local("$place", self.address)
        stride = self.as_address(local("$stride", self.counter))
        moved = lambda factor: binary("add", binary("mul", own, factor), place)
        plain = (
            lambda: own,
            lambda: binary("add", own, place),
            lambda: binary("add", own, place),
            lambda: moved(choose((2, 4, 8, 16, -1, -4, 3, 260))),
            lambda: moved(stride),
            lambda: binary("sub", place, own),
            lambda: binary("sub", place, binary("mul", own, choose((1, 2, 4)))),
            lambda: binary("add", own, choose((-8, 100, -(1 << 31) + 64, -(1 << 32) + 64)
                                              + (65536, 1 << 31, 1 << 62, (1 << 63) - 8) * self.far)),
            lambda: binary("add", binary("mul", outer, choose((16, 64, 100))), binary("add", own, place)),
        )
        others = (
            lambda: moved(choose((1 << 16, 1 << 30, 1 << 31, 1 << 60, 1 << 63))),
            lambda: binary("add", self.part(own), place),
            lambda: binary("sub", place, self.part(own)),
            lambda: binary("add", self.part(binary("add", own, place)), choose((0, 8, -8))),
            lambda: self.part(own),
            lambda: binary("add", binary("mul", outer, own), place),
            lambda: self.wanders(place),
        )
        return choose(plain if self.plain else plain + others)()

    def access(self, index, offset, only_reads=False, done=True):
        text, width, reads = self.random.choice(ACCESSES[5:] if only_reads else ACCESSES)
        access = Access(index, offset, width, reads)
        self.accesses.append(access)
        return Code(text.format(f"offset={offset} {index}"),
                    lambda run: run.access(access, done and index.known))

    def fields(self, pointer):
        """Accesses beside each other, whose ends come in any order."""
        choose = self.random.choice
        inner = choose(((0,), (0, 4, 8), (4, 8, 64, 1, 33), (0, 12, 64, -4) + (65528, 1 << 31) * self.far))
        offsets = choose(((0, 1, 4, 8, 12, 1000), (0, 2, 3), (0,)))
        only_reads = choose((True, True, False))
        code = Code(f"(local.set $p {pointer})",
                    lambda run: run.locals.__setitem__("$p", pointer.of(run.locals)))
        for _ in range(self.random.randrange(2, 6)):
            p = local("$p", self.address, pointer.known)
            added = choose(inner)
            code += self.access(binary("add", p, added) if added else p, choose(offsets), only_reads)
        return code

    def condition(self, depth):
        """Something that may hold in some iterations."""
        i, n = local(f"$i{depth - 1}", self.counter), local("$n0", self.counter)
        return self.random.choice((
            lambda: binary("and", extend(local("$sum", 64, known=False), 32, "u"), 1),
            lambda: compare("lt_" + self.random.choice("us"), i, n),
            lambda: compare("ne", binary("and", i, self.random.choice((1, 3, 4))), const(self.counter, 0)),
        ))()

    def when(self, test, code):
        """The model does what may be done to know how far it reaches, but not what it may change."""
        def run(run):
            if not test.known or test.of(run.locals):
                code.run(run)
        return Code(f"(if {test} (then {code.text}))", run)

    def exit(self, depth):
        """Leaves the loop, or both, at a place that not each iteration need come to."""
        choose = self.random.choice
        i, d = local(f"$i{depth - 1}", self.counter), choose((depth - 1, depth - 1, 0))
        end = choose((local("$n0", self.counter), local("$n1", self.counter), const(self.counter, 64)))
        test = compare(choose(("ge_u", "ge_s", "eq", "le_s")), i, end)
        around = choose((None, self.condition(depth), self.condition(depth)))

        def run(run):
            if (not around or around.known) and test.of(run.locals):
                raise Leave(d)
        code = Code(f"(br_if $out{d} {test})", run)
        return self.when(around, code) if around else code

    def grow(self, depth):
        def run(run):
            run.size = min(run.size + PAGE, MOST_PAGES * PAGE)
        code = Code(f"(drop (memory.grow {const(self.address, 1)}))", run)
        if depth and self.random.random() < 0.7:
            at = const(self.counter, self.random.choice((0, 3, 64, -1)))
            return self.when(compare("eq", local(f"$i{depth - 1}", self.counter), at), code)
        return code

    def statement(self, depth):
        choose = self.random.choice
        offset = lambda: choose(FAR_OFFSETS if self.far and self.random.random() < 0.2 else OFFSETS)
        kind = self.random.random()
        if kind < 0.40:
            return self.access(self.index(depth), offset())
        if kind < 0.50:
            # One that reads and writes in step, maybe.
            index = self.index(depth)
            near = choose((index, binary("add", index, choose((1, 3, 8, -1, -16))), self.index(depth)))
            return self.access(index, offset(), True) + self.access(near, offset())
        if kind < 0.72:
            return self.fields(self.index(depth))
        if kind < 0.82:
            test = self.condition(depth)
            return self.when(test, self.access(self.index(depth), offset(), done=test.known))
        if kind < 0.90:
            return self.exit(depth)
        if kind < 0.93 or not self.grows:
            return Code(f"(br_if $out{depth - 1} (i64.eq (i64.const 77) (i64.and (i64.const 255)"
                        f" (local.tee $sum (i64.add (local.get $sum) (i64.load8_u {self.index(depth)}))))))")
        return self.grow(depth)

    def function(self):
        # Such that all checks may well leave the loop; with constants for which hardly one holds.
        self.plain, self.far = self.random.random() < 0.5, self.random.random() < 0.3
        depth = self.random.choice((1, 1, 2))
        loops = [Loop(self, d) for d in range(depth)]
        self.accesses, self.indices, code = [], [], None
        for d in reversed(range(depth)):
            around = [self.statement(d + 1) for _ in range(self.random.choice((1, 1, 2, 3)))]
            if code:
                around = around[:1] + [code] + ([self.access(self.index(d + 1), 0)]
                                                if self.random.random() < 0.4 else [])
            code = loops[d].code(sum(around[1:], around[0]))
        before = self.random.random()
        if before < 0.3:
            code = self.fields(local("$place", self.address)) + code
        elif before < 0.4 and self.grows:
            code = self.grow(0) + code
        return Function(loops, code, self.accesses) if self.accesses else self.function()

    def lively_function(self):
        """One that can be called so that it does not trap or end at once."""
        while True:
            function = self.function()
            if any(run and run.iterations > 2 for run in (self.attempt(function, "long")[1] for _ in range(12))):
                return function

    def attempt(self, function, wish):
        """Operands, and the run with them if it comes to an end."""
        operands = self.operands(function, wish)
        run = Run(operands, self.size, traps=True)
        try:
            function.code.run(run)
        except Trap:
            pass
        except OutOfFuel:
            return operands, None
        return operands, run

    def call(self, function):
        """Operands with which a function ends, maybe as is wished, or None."""
        wish, best = self.random.choice(("over", "over", "within", "wraps", "long", "any")), (-1,)
        for _ in range(12):
            operands, run = self.attempt(function, wish)
            if not run:
                continue
            granted = {"over": run.first_trap and run.beyond <= 3,
                       "within": run.first_trap is None and 0 <= run.slack <= 3,
                       "wraps": run.first_trap and run.beyond > 1 << 30,
                       "long": run.iterations > 2,
                       "any": True}[wish]
            score = 2 * bool(granted) + (run.iterations > 2)
            if score > best[0]:
                best = score, run.size, tuple(operands[name] for name in OPERANDS)
            if granted:
                break
        if best[0] < 0:
            return None
        self.size = best[1]
        return best[2]

    def operands(self, function, wish):
        choose, chance, loop = self.random.choice, self.random.random, function.loops[0]
        start, count, stride = choose(STARTS), choose(COUNTS), choose(STRIDES)
        wraps = wish == "wraps" and chance() < 0.8
        if wraps:
            # The counter does in the run, as a number with a sign or without one.
            step = stride if loop.moves else loop.step
            start = loop.start_operand(choose((0, 1 << self.counter - 1)) - step * self.random.randrange(count))
        near = tuple(start + n for n in (0, 1, -1, 64, -64, 1000, 7))
        values = {"$place": choose(PLACES) + choose((0, 0, 1, -1, 4)), "$start": start, "$stride": stride,
                  "$n1": choose((1, 2, 3, 16, 64) + near)}
        values["$n0"] = loop.count_operand(count, values)
        if chance() < 0.2:
            values["$n0"] = choose(COUNTS + near + EDGES)
        values = self.wrapped(values)
        if chance() < 0.8:
            delta = choose({"over": (1, 1, 2, 3), "within": (0, 0, -1, -2, -3)}.get(wish, (0, 1, -1, 2, 3, 8)))
            values = self.at_edge(values, function, delta,
                                  choose(("first", "first low") if wraps else
                                         ("all",) * 4 + ("one", "one", "first", "lowest", "first low")))
        kind = chance()
        if kind < 0.15:
            # As often, but for multiples of what a counter or its product with a step can hold.
            name = choose(("$n0", "$n0", "$n1", "$start", "$stride"))
            values[name] += choose((1, 1, -1)) << choose((32, 33, 58, 61, 62, 63, 63) if self.counter == 64
                                                         else (26, 29, 30, 31, 31))
        elif kind < 0.25:
            values[choose(("$n0", "$n1"))] = choose((0, -1, -3) + EDGES)
        elif kind < 0.35:
            # A product with a stride that is none after all iterations but one.
            power = choose((2, 3, 6, self.counter // 2))
            values["$stride"] = choose((1, -1)) << self.counter - power
            values["$n0"] = loop.count_operand((1 << power) + 1, values)
        return self.wrapped(values)

    def wrapped(self, values):
        return {name: unsigned(value, self.address if name == "$place" else self.counter)
                for name, value in values.items()} | {"$i0": 0, "$p": 0, "$sum": 0}

    def at_edge(self, values, function, delta, which):
        """Moves all, so that an access of the run comes to the edge of the memory, or over it:
        the highest of all, or of one (or its first one), or the lowest to where it wraps around."""
        choose = self.random.choice
        size = self.size + choose((0, 0, 0, PAGE)) * self.grows
        access = choose(function.accesses)

        def missing(values):
            run = Run(values, self.size, traps=False)
            try:
                function.code.run(run)
            except OutOfFuel:
                pass
            to_top = lambda a: size + delta - a.reach - sum(run.seen[a][::2])
            if access not in run.seen:
                return 0
            first, least, _ = run.seen[access]
            return {"all": lambda: min(signed(to_top(a), self.address) for a in run.seen),
                    "one": lambda: to_top(access),
                    "first": lambda: size + delta - access.reach - first,
                    "lowest": lambda: -delta - first - least,
                    "first low": lambda: abs(delta) - first}[which]()
        needed = missing(values)
        moved = self.wrapped(values | {"$place": values["$place"] + needed})
        if missing(moved):
            # It does not depend on the place, or not only.
            moved = values | {"$start": values["$start"] + needed}
            if function.loops[0].compare:
                moved["$n0"] = values["$n0"] + needed
            moved = self.wrapped(moved)
        return moved

    def signature(self):
        k = f"i{self.counter}"
        return (f"(param $place i{self.address}) (param $n0 {k}) (param $n1 {k}) (param $start {k})"
                f" (param $stride {k}) (result i64)")

    def text(self, name, function):
        locals_ = "".join(f" (local $i{d} i{self.counter}) (local $left{d} i{self.counter})"
                          for d in range(len(function.loops)))
        return (f"(func {name} {self.signature()}{locals_} (local $sum i64) (local $p i{self.address})"
                f"\n  {function.code.text}\n  (local.get $sum))")

    def walk(self, name, step, result=""):
        """Goes over the memory by words; `step` has $i, the address as (ADDRESS)."""
        wide = "(i64.extend_i32_u (local.get $i))" if self.address == 64 else "(local.get $i)"
        size = "(i32.wrap_i64 (memory.size))" if self.address == 64 else "(memory.size)"
        return f"""(func {name} {result} (local $i i32) (local $hash i64)
  (loop $next {step.replace("ADDRESS", wide)}
    (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8)))
                         (i32.mul {size} (i32.const {PAGE})))))
  {"(local.get $hash)" if result else ""})"""

    def module(self):
        calls = [None]
        while None in calls:
            self.size, calls = self.pages * PAGE, []
            functions = [self.lively_function() for _ in range(FUNCTIONS)]
            # All calls are of one instance, in this order.
            while len(calls) != CALLS and None not in calls:
                calls.append(self.call(functions[len(calls) % FUNCTIONS]))
        names = [f"$f{n}" for n in range(FUNCTIONS)]
        parts = [
            f"(module (memory {'i64 ' if self.address == 64 else ''}{self.pages} {MOST_PAGES})",
            f"(type $loop (func {self.signature()}))",
            # Exported, so that any function could be in it.
            f"(table (export \"table\") funcref (elem {' '.join(names)}))",
            *(self.text(name, function) for name, function in zip(names, functions)),
            self.walk("$fill", "(i64.store ADDRESS (i64.mul (i64.add (i64.extend_i32_u (local.get $i))"
                               " (i64.const 7)) (i64.const 0x9e3779b97f4a7c15)))"),
            self.walk("$hash", "(local.set $hash (i64.xor (i64.load ADDRESS) (i64.mul (local.get $hash)"
                               " (i64.const 0x9e3779b97f4a7c15))))", "(result i64)"),
            # Of each call what it leaves in memory, also where it traps.
            "(global $left (mut i64) (i64.const 0))",
            "(func $note (global.set $left (i64.xor (call $hash) (i64.mul (global.get $left)"
            " (i64.const 0x9e3779b97f4a7c15)))))",
            f"(func $call (param $f i32) {self.signature()} (call $note) (call $fill)"
            " (i64.add (call_indirect (type $loop)"
            f" {' '.join(f'(local.get {n + 1})' for n in range(len(OPERANDS)))} (local.get 0)) (call $hash)))",
        ]
        for call, (place, *others) in enumerate(calls):
            operands = " ".join(map(str, (const(self.address, place),
                                          *(const(self.counter, value) for value in others))))
            parts.append(f"""(func (export "call{call}") (result i64)
  (call $call (i32.const {call % FUNCTIONS}) {operands}))""")
        parts.append('(func (export "memory") (result i64) (call $note) (global.get $left))')
        return "\n".join(parts) + ")\n"
