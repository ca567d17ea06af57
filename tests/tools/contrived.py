#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: contrived.py NAME [N] > FILE.wasm

Writes modules that are valid, or nearly so, but shaped to cost a compiler as
much as their bytes can: deep nesting, huge functions, huge counts. Each is a
function here; N is its size. Without a NAME, lists them.
"""

import sys

from wasmformat import leb, name, section, sleb, vector as vec

I32, I64, F64 = 0x7F, 0x7E, 0x7C
MODULES = {}


def func_type(params=(), results=()):
    return b"\x60" + leb(len(params)) + bytes(params) + leb(len(results)) + bytes(results)


def body(code, locals_=()):
    runs = vec([leb(count) + bytes([kind]) for count, kind in locals_])
    content = runs + code + b"\x0b"
    return leb(len(content)) + content


MEMORY = section(5, b"\x01\x00\x01")
MAGIC = b"\0asm\1\0\0\0"


def module(*sections):
    return MAGIC + b"".join(sections)


def one_function(code, params=(I32,), results=(I32,), locals_=(), memory=False, types=()):
    return module(section(1, vec([func_type(params, results), *types])), section(3, b"\x01\x00"),
                  MEMORY if memory else b"", section(7, vec([name("f") + b"\x00\x00"])),
                  section(10, vec([body(code, locals_)])))


def contrived(default):
    def add(make):
        MODULES[make.__name__.replace("_", "-")] = (make, default)
        return make
    return add


GET0, SET0 = b"\x20\x00", b"\x21\x00"


def const(n):
    return b"\x41" + sleb(n)


# Nesting.

@contrived(100_000)
def nested_blocks(n):
    return one_function(b"\x02\x40" * n + b"\x0b" * n + GET0)


@contrived(100_000)
def nested_blocks_branch_out(n):
    """Each block holds a branch to the outermost."""
    code = b"".join(b"\x02\x40" + GET0 + b"\x0d" + leb(i) for i in range(n))
    return one_function(code + b"\x0b" * n + GET0)


@contrived(100_000)
def nested_loops(n):
    return one_function(b"\x03\x40" * n + b"\x0b" * n + GET0)


@contrived(20_000)
def nested_loops_branch_in(n):
    """Loops within loops, each of which branches to its own head."""
    return one_function(b"\x03\x40" * n + (GET0 + b"\x0d\x00\x0b") * n + GET0)


@contrived(100_000)
def nested_ifs(n):
    return one_function((GET0 + b"\x04\x40") * n + b"\x0b" * n + GET0)


@contrived(100_000)
def nested_ifs_else(n):
    return one_function((GET0 + b"\x04\x7f") * n + GET0 + (b"\x05" + GET0 + b"\x0b") * n)


@contrived(100_000)
def dead_nested_blocks(n):
    return one_function(b"\x00" + b"\x02\x40" * n + b"\x0b" * n + GET0)


# Exceptions. Calls of the function itself are what may throw in it.

CALL_SELF = GET0 + b"\x10\x00\x1a"


def with_tag(code, params=(), types=(), tags=1):
    """One function, and tags with these parameters."""
    return module(section(1, vec([func_type([I32], [I32]), func_type(params), *types])),
                  section(3, b"\x01\x00"), section(13, vec([b"\x00\x01"] * tags)),
                  section(7, vec([name("f") + b"\x00\x00"])), section(10, vec([body(code)])))


@contrived(100_000)
def nested_tries(n):
    """Each wants another label's block, and the innermost call may throw."""
    opened = b"".join(b"\x1f\x40\x01\x00\x00" + leb(i) for i in range(n))
    return with_tag(b"\x02\x40" + opened + CALL_SELF + b"\x0b" * (n + 1) + GET0)


@contrived(20_000)
def nested_tries_with_calls(n):
    """A call in each, whose exceptions go to all further out."""
    opened = (b"\x1f\x40\x01\x00\x00\x00" + CALL_SELF) * n
    return with_tag(b"\x02\x40" + opened + b"\x0b" * (n + 1) + GET0)


@contrived(20_000)
def calls_in_a_try(n):
    return with_tag(b"\x02\x40\x1f\x40\x01\x02\x00" + CALL_SELF * n + b"\x0b\x0b" + GET0)


@contrived(300_000)
def catch_clauses(n):
    code = b"\x02\x40\x1f\x40" + leb(n) + b"\x00\x00\x00" * n + CALL_SELF + b"\x0b\x0b"
    return with_tag(code + GET0)


@contrived(300_000)
def catch_clauses_of_many_tags(n):
    clauses = b"".join(b"\x00" + leb(i) + b"\x00" for i in range(n))
    code = b"\x02\x40\x1f\x40" + leb(n) + clauses + CALL_SELF + b"\x0b\x0b"
    return with_tag(code + GET0, tags=n)


@contrived(10_000)
def catch_clauses_with_values(n):
    """Each hands a thousand values to its label."""
    wide = [I32] * 1000
    clauses = b"".join(b"\x00" + leb(i) + b"\x00" for i in range(n))
    code = b"\x02\x02\x1f\x40" + leb(n) + clauses + CALL_SELF + b"\x0b\x00\x0b"
    return with_tag(code + b"\x1a" * 1000 + GET0, wide, [func_type([], wide)], tags=n)


@contrived(20_000)
def tries_in_sequence(n):
    step = b"\x1f\x40\x01\x02\x00" + CALL_SELF + b"\x0b"
    return with_tag(b"\x02\x40" + step * n + b"\x0b" + GET0)


@contrived(100_000)
def nested_legacy_tries(n):
    return with_tag(b"\x06\x40" * n + CALL_SELF + b"\x07\x00\x0b" * n + GET0)


@contrived(20_000)
def nested_delegates(n):
    """Each hands on to the outermost."""
    closed = b"".join(b"\x18" + leb(n - 1 - i) for i in range(n))
    return with_tag((b"\x06\x40" + CALL_SELF) * n + closed + GET0)


@contrived(300_000)
def legacy_catches(n):
    return with_tag(b"\x06\x40" + CALL_SELF + b"\x07\x00" * n + b"\x0b" + GET0)


# Long functions.

@contrived(20_000)
def load_compare_branch(n):
    step = GET0 + b"\x28\x02\x00" + const(5) + b"\x46\x0d\x00"
    return one_function(b"\x02\x40" + step * n + b"\x0b" + GET0, memory=True)


@contrived(5_900)
def load_compare_branch_below_budget(n):
    """As many blocks as are still optimised."""
    return load_compare_branch(n)


@contrived(100_000)
def chained_alu(n):
    step = b"".join(const(i * 2654435761 % 2**31) + op
                    for i, op in zip(range(n), (b"\x6a", b"\x73", b"\x6c", b"\x77") * (n // 4 + 1)))
    return one_function(GET0 + step)


@contrived(50_000)
def chained_vectors(n):
    """Operators on vectors that become much code: swizzle, min, trunc_sat, q15mulr_sat."""
    ops = (0x0E, 0xE8, 0xF8, 0x82, 0x85, 0x6A, 0x95, 0x9C)
    unary = (0xF8, 0x6A)
    step = b"".join((b"" if op in unary else GET0 + b"\xfd\x11") + b"\xfd" + leb(op)
                    for op in (ops * (n // len(ops) + 1))[:n])
    return one_function(GET0 + b"\xfd\x11" + step + b"\xfd\x53")


@contrived(100_000)
def chained_division(n):
    return one_function(GET0 + (GET0 + b"\x6d") * n)


@contrived(100_000)
def chained_loads(n):
    return one_function(GET0 + b"\x28\x02\x00" * n, memory=True)


@contrived(100_000)
def many_stores(n):
    step = b"".join(GET0 + GET0 + b"\x36\x02" + leb(4 * i) for i in range(n))
    return one_function(step + GET0, memory=True)


@contrived(15_000)
def many_atomics(n):
    """Bytes, which need no check: each becomes a loop in code generation."""
    return one_function((GET0 + GET0 + b"\xfe\x2e\x00\x00" + SET0) * n + GET0, memory=True)


@contrived(100_000)
def many_calls(n):
    return one_function((GET0 + b"\x10\x00\x1a") * n + GET0)


@contrived(100_000)
def deep_operands(n):
    return one_function(GET0 * n + b"\x6a" * (n - 1))


@contrived(14_000)
def many_loops(n):
    """Loops one behind the other, each counting down a local."""
    loop = b"\x03\x40" + GET0 + const(1) + b"\x6b\x22\x00\x0d\x00\x0b"
    return one_function(loop * n + GET0)


@contrived(1_400)
def many_loops_below_budget(n):
    return many_loops(n)


@contrived(300)
def triangle_of_loops(n):
    """Loops within loops, below the budget, with stores in the innermost."""
    step = GET0 + const(1) + b"\x6b\x22\x00\x0d\x00\x0b"
    return one_function(b"\x03\x40" * n + GET0 + GET0 + b"\x36\x02\x00" + step * n + GET0,
                        memory=True)


@contrived(1)
def largest_body(n):
    return one_function(b"\x01" * (7_654_321 - 16) * n + GET0)


# Locals.

@contrived(50_000)
def many_locals(n):
    return one_function(GET0, locals_=[(n, I32)])


@contrived(50_000)
def many_locals_alive(n):
    """All set before a call and summed behind it."""
    code = b"".join(GET0 + const(i) + b"\x6c\x21" + leb(i + 1) for i in range(n))
    code += GET0 + b"\x04\x40" + const(0) + b"\x10\x00\x1a\x0b" + GET0
    code += b"".join(b"\x20" + leb(i + 1) + b"\x6a" for i in range(n))
    return one_function(code, locals_=[(n, I32)])


@contrived(3_000)
def locals_times_blocks(n):
    """n locals changed in each of n blocks would be n*n phis."""
    code = b""
    for i in range(n):
        code += b"\x02\x40" + GET0 + b"\x0d\x00" + GET0 + b"\x21" + leb(i + 1) + b"\x0b"
    code += GET0 + b"".join(b"\x20" + leb(i + 1) + b"\x6a" for i in range(n))
    return one_function(code, locals_=[(n, I32)])


@contrived(1_000)
def locals_times_loops(n):
    code = b"\x03\x40" * n
    code += b"".join(b"\x20" + leb(i + 1) + const(1) + b"\x6a\x21" + leb(i + 1) for i in range(n))
    code += (GET0 + b"\x0d\x00\x0b") * n
    code += GET0 + b"".join(b"\x20" + leb(i + 1) + b"\x6a" for i in range(n))
    return one_function(code, locals_=[(n, I32)])


@contrived(1_000_000)
def many_local_runs(n):
    """Runs of no locals at all."""
    return one_function(GET0, locals_=[(0, I32)] * n)


# Tables of branches.

@contrived(1_000_000)
def br_table_same(n):
    table = b"\x0e" + leb(n) + b"\x00" * (n + 1)
    return one_function(b"\x02\x40" + GET0 + table + b"\x0b" + GET0)


@contrived(1_000_000)
def br_table_two(n):
    table = b"\x0e" + leb(n) + b"\x00\x01" * (n // 2) + b"\x01"
    return one_function(b"\x02\x40\x02\x40" + GET0 + table + b"\x0b" + const(7) + b"\x0f\x0b" + GET0)


@contrived(10_000)
def br_table_all_labels(n):
    """n blocks, and a table that goes to each."""
    table = b"\x0e" + leb(n - 1) + b"".join(leb(i) for i in range(n))
    tail = b"".join(b"\x0b" + GET0 + const(i) + b"\x6a" + SET0 for i in range(n))
    return one_function(b"\x02\x40" * n + GET0 + table + tail + GET0)


@contrived(1_000)
def br_table_times_blocks(n):
    """A table of n labels in each of n/10 places: edges without code."""
    table = b"\x02\x40" + GET0 + b"\x0e" + leb(n - 1) + b"".join(leb(i) for i in range(n)) + b"\x0b"
    return one_function(b"\x02\x40" * n + table * (n // 10) + b"\x0b" * n + GET0)


@contrived(1_000)
def br_table_values(n):
    """Tables whose labels take 100 values each."""
    wide = [I32] * 100
    blocks = b"\x02\x01" * 200
    table = b"\x0e" + leb(n - 1) + b"".join(leb(i % 200) for i in range(n))
    code = blocks + GET0 * 100 + GET0 + table + b"\x0b" * 200 + b"\x1a" * 99
    return one_function(code, types=[func_type((), wide)])


# Wide types.

@contrived(2_000)
def block_params(n):
    """n blocks that hand 1,000 values on."""
    wide = [I32] * 1000
    blocks = b"\x02\x01\x0b" * n
    return one_function(GET0 * 1000 + blocks + b"\x1a" * 999, types=[func_type(wide, wide)])


@contrived(3_000)
def block_params_branch(n):
    """The same with a branch in each: 1,000 phis a block."""
    wide = [I32] * 1000
    blocks = (b"\x02\x01" + GET0 + b"\x0d\x00\x0b") * n
    return one_function(GET0 * 1000 + blocks + b"\x1a" * 999, types=[func_type(wide, wide)])


@contrived(140)
def block_params_branch_below_budget(n):
    return block_params_branch(n)


@contrived(10_000)
def loop_params(n):
    wide = [I32] * 1000
    blocks = b"\x03\x01\x0b" * n
    return one_function(GET0 * 1000 + blocks + b"\x1a" * 999, types=[func_type(wide, wide)])


@contrived(150)
def loop_params_below_budget(n):
    wide = [I32] * 1000
    blocks = (b"\x03\x01" + GET0 + b"\x0d\x00\x0b") * n
    return one_function(GET0 * 1000 + blocks + b"\x1a" * 999, types=[func_type(wide, wide)])


@contrived(2_000)
def wide_calls(n):
    """n calls with 1,000 operands and 1,000 results."""
    wide = [I32] * 1000
    return one_function(GET0 + b"".join(b"\x20" + leb(i) for i in range(1, 1000)) +
                        b"\x10\x00" * n, params=wide, results=wide)


@contrived(2_000)
def wide_functions(n):
    """n exported functions of 1,000 parameters and results: 2,000 loads or stores each."""
    wide = [I64] * 1000
    code = b"".join(b"\x20" + leb(i) for i in range(1000))
    return module(section(1, vec([func_type(wide, wide)])), section(3, vec([b"\x00"] * n)),
                  section(7, vec([name(f"f{i}") + b"\x00" + leb(i) for i in range(n)])),
                  section(10, vec([body(code)] * n)))


@contrived(2_000)
def wide_imports(n):
    wide = [I64] * 1000
    return module(section(1, vec([func_type(wide, wide)])),
                  section(2, vec([name("m") + name(f"f{i}") + b"\x00\x00" for i in range(n)])))


# Tail calls.

@contrived(50_000)
def tail_calls(n):
    """n places that leave one function for itself."""
    return one_function((GET0 + b"\x04\x40" + GET0 + b"\x12\x00\x0b") * n + GET0)


@contrived(20_000)
def tail_calls_indirect(n):
    """The same through a table."""
    leave = GET0 + b"\x04\x40" + GET0 + GET0 + b"\x13\x00\x00\x0b"
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, vec([b"\x00"])),
                  section(4, vec([b"\x70\x00\x01"])), section(7, vec([name("f") + b"\x00\x00"])),
                  section(10, vec([body(leave * n + GET0)])))


@contrived(20_000)
def tail_call_cycle(n):
    """Each function leaves for one of two others: one component without a call."""
    bodies = [body(GET0 + b"\x04\x40" + GET0 + b"\x12" + leb((i * 7 + 1) % n) + b"\x0b" +
                   GET0 + b"\x12" + leb((i * 3 + 2) % n)) for i in range(n)]
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, vec([b"\x00"] * n)),
                  section(7, vec([name("f") + b"\x00\x00"])), section(10, vec(bodies)))


@contrived(1_000)
def wide_tail_calls(n):
    """n tail calls with 1,000 operands and 1,000 results."""
    wide = [I32] * 1000
    operands = b"".join(b"\x20" + leb(999 - i) for i in range(1000))
    return one_function((GET0 + b"\x04\x40" + operands + b"\x12\x00\x0b") * n + operands,
                        params=wide, results=wide)


@contrived(400)
def wide_tail_callers(n):
    """n functions of 1,000 parameters, each of which leaves for the next."""
    wide = [I64] * 1000
    operands = b"".join(b"\x20" + leb(999 - i) for i in range(1000))
    return module(section(1, vec([func_type(wide, (I64,))])), section(3, vec([b"\x00"] * n)),
                  section(7, vec([name("f") + b"\x00\x00"])),
                  section(10, vec([body(operands + b"\x12" + leb((i + 1) % n))
                                   for i in range(n)])))


# Huge counts.

@contrived(100_000)
def many_functions(n):
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, vec([b"\x00"] * n)),
                  section(10, vec([body(GET0 + const(i) + b"\x6a") for i in range(n)])))


@contrived(50_000)
def many_functions_chain(n):
    """Each calls the next one, and all are optimised: half a millisecond each, as clang
    takes for the same in C."""
    bodies = [body(GET0 + (b"\x10" + leb(i + 1) if i + 1 < n else b"")) for i in range(n)]
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, vec([b"\x00"] * n)),
                  section(7, vec([name("f") + b"\x00\x00"])), section(10, vec(bodies)))


@contrived(8_000)
def many_inlined_calls(n):
    """Each calls the next one, and the last one what cannot be inlined."""
    bodies = [body(GET0 + b"\x10" + leb((i + 2) % (n + 1))) for i in range(n)]
    return module(section(1, vec([func_type((I32,), (I32,))])),
                  section(2, vec([name("e") + name("f") + b"\x00\x00"])),
                  section(3, vec([b"\x00"] * n)), section(7, vec([name("f") + b"\x00\x01"])),
                  section(10, vec(bodies)))


@contrived(20_000)
def many_functions_cycle(n):
    """Each calls two others: one component, and an inliner's nightmare."""
    bodies = [body(GET0 + b"\x10" + leb((i * 7 + 1) % n) + b"\x10" + leb((i * 3 + 2) % n))
              for i in range(n)]
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, vec([b"\x00"] * n)),
                  section(7, vec([name("f") + b"\x00\x00"])), section(10, vec(bodies)))


@contrived(40)
def inline_explosion(n):
    """f(i) calls f(i+1) twice: 2^n copies if all were inlined."""
    bodies = [body(GET0 + ((b"\x10" + leb(i + 1)) * 2 if i + 1 < n else const(1) + b"\x6a"))
              for i in range(n)]
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, vec([b"\x00"] * n)),
                  section(7, vec([name("f") + b"\x00\x00"])), section(10, vec(bodies)))


@contrived(100_000)
def many_types(n):
    kinds = [I32, I64, 0x7D, F64]
    types = []
    for i in range(n):
        types.append(func_type([kinds[(i >> 2 * k) & 3] for k in range(9)], ()))
    return module(section(1, vec(types)))


@contrived(100_000)
def many_types_used(n):
    """Each type has a record, for a call_indirect of it."""
    kinds = [I32, I64, 0x7D, F64]
    types = [func_type([kinds[(i >> 2 * k) & 3] for k in range(9)], ()) for i in range(n)]
    consts = {I32: b"\x41\x00", I64: b"\x42\x00", 0x7D: b"\x43" + bytes(4), F64: b"\x44" + bytes(8)}
    per = 1000
    bodies = []
    for first in range(0, n, per):
        code = b""
        for i in range(first, min(first + per, n)):
            code += b"".join(consts[kinds[(i >> 2 * k) & 3]] for k in range(9))
            code += const(0) + b"\x11" + leb(i) + b"\x00"
        bodies.append(body(code))
    none = func_type()
    return module(section(1, vec(types + [none])), section(3, vec([leb(n)] * len(bodies))),
                  section(4, b"\x01\x70\x00\x01"), section(7, vec([name("f") + b"\x00\x00"])),
                  section(10, vec(bodies)))


@contrived(100_000)
def many_types_chained(n):
    """Each type takes references to the one before: one record leads to all others."""
    types = [func_type()]
    for i in range(1, n):
        reference = b"\x63" + sleb(i - 1)
        types.append(b"\x60" + vec([reference, reference]) + vec([reference]))
    return module(section(1, vec(types)), section(3, vec([leb(n - 1), leb(n // 2)])),
                  section(7, vec([name("f") + b"\x00\x00", name("g") + b"\x00\x01"])),
                  section(10, vec([body(b"\x20\x00"), body(b"\x20\x01")])))


@contrived(100_000)
def many_imports(n):
    return module(section(1, vec([func_type((I32,), (I32,))])),
                  section(2, vec([name("m") + name(f"f{i}") + b"\x00\x00" for i in range(n)])))


@contrived(100_000)
def many_imports_same_name(n):
    return module(section(1, vec([func_type((I32,), (I32,))])),
                  section(2, vec([name("m") + name("f") + b"\x00\x00"] * n)))


@contrived(100_000)
def many_imported_globals(n):
    return module(section(2, vec([name("m") + name(f"g{i}") + b"\x03\x7f\x01" for i in range(n)])))


@contrived(100_000)
def many_exports(n):
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, b"\x01\x00"),
                  section(7, vec([name(f"f{i}") + b"\x00\x00" for i in range(n)])),
                  section(10, vec([body(GET0)])))


@contrived(100_000)
def many_exports_clashing(n):
    """Names that are the same once escaped or numbered."""
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, b"\x01\x00"),
                  section(7, vec([name("a" if not i else f"a_{i}" if i % 2 else f"a_{i}_2")
                                  + b"\x00\x00" for i in range(n)])),
                  section(10, vec([body(GET0)])))


@contrived(100_000)
def many_globals(n):
    return module(section(6, vec([b"\x7f\x01\x41" + sleb(i) + b"\x0b" for i in range(n)])))


@contrived(100_000)
def many_globals_chained(n):
    """Each is initialised from the one before (extended constant expressions)."""
    first = b"\x7f\x00\x41\x01\x0b"
    rest = [b"\x7f\x00\x23" + leb(i) + b"\x41\x01\x6a\x0b" for i in range(n - 1)]
    return module(section(6, vec([first] + rest)))


@contrived(100_000)
def many_exported_globals(n):
    return module(section(6, vec([b"\x7f\x01\x41" + sleb(i) + b"\x0b" for i in range(n)])),
                  section(7, vec([name(f"g{i}") + b"\x03" + leb(i) for i in range(n)])))


@contrived(100_000)
def many_data_segments(n):
    return module(MEMORY, section(11, vec([b"\x00\x41" + sleb(i % 60_000) + b"\x0b\x01x"
                                           for i in range(n)])))


@contrived(100_000)
def many_passive_data_segments(n):
    return module(MEMORY, section(12, leb(n)), section(11, vec([b"\x01\x01x"] * n)))


@contrived(100_000)
def many_elem_segments(n):
    return module(section(1, vec([func_type()])), section(3, b"\x01\x00"),
                  section(4, b"\x01\x70\x00\x0a"),
                  section(9, vec([b"\x00\x41\x00\x0b\x01\x00"] * n)), section(10, vec([body(b"")])))


@contrived(100_000)
def many_elem_segments_of_globals(n):
    """Items that are evaluated at instantiation."""
    return module(section(4, b"\x01\x6f\x00\x0a"), section(6, b"\x01\x6f\x00\xd0\x6f\x0b"),
                  section(9, vec([b"\x06\x00\x41\x00\x0b\x6f\x01\x23\x00\x0b"] * n)))


@contrived(1_000_000)
def large_elem_segment(n):
    return module(section(1, vec([func_type()])), section(3, b"\x01\x00"),
                  section(4, b"\x01\x70\x00" + leb(n)),
                  section(9, vec([b"\x00\x41\x00\x0b" + leb(n) + b"\x00" * n])),
                  section(10, vec([body(b"")])))


@contrived(1_000_000)
def large_elem_segment_of_globals(n):
    return module(section(4, b"\x01\x6f\x00" + leb(n)), section(6, b"\x01\x6f\x00\xd0\x6f\x0b"),
                  section(9, vec([b"\x06\x00\x41\x00\x0b\x6f" + leb(n) + b"\x23\x00\x0b" * n])))


@contrived(500_000)
def long_constant_expression(n):
    """Sums of an imported global, which nobody can work out before."""
    code = b"\x23\x00" + b"\x23\x00\x6a" * n
    return module(section(2, vec([name("m") + name("g") + b"\x03\x7f\x00"])),
                  section(6, b"\x01\x7f\x00" + code + b"\x0b"))


@contrived(20_000)
def deep_constant_expression(n):
    code = b"\x23\x00" * n + b"\x6a" * (n - 1)
    return module(section(2, vec([name("m") + name("g") + b"\x03\x7f\x00"])),
                  section(6, b"\x01\x7f\x00" + code + b"\x0b"))


@contrived(50_000_000)
def large_data_segment(n):
    return module(section(5, b"\x01\x00" + leb(1000)),
                  section(11, vec([b"\x00\x41\x00\x0b" + leb(n) + b"x" * n])))


@contrived(100_000)
def many_tables(n):
    return module(section(4, vec([b"\x70\x00\x00"] * n)))


@contrived(100)
def many_memories(n):
    return module(section(5, vec([b"\x00\x00"] * n)))


@contrived(100_000)
def many_custom_sections(n):
    return module(*[section(0, name("c"))] * n)


@contrived(100_000)
def long_names(n):
    """A name section whose one name is n * 10 bytes, exports likewise."""
    long = name("n" * 10 * n)
    return module(section(1, vec([func_type((I32,), (I32,))])), section(3, b"\x01\x00"),
                  section(7, vec([long + b"\x00\x00"])), section(10, vec([body(GET0 + b"\x00")])),
                  section(0, name("name") + section(1, vec([b"\x00" + long]))))


@contrived(2**32 - 1)
def count_of_each_section(n):
    """Not valid: for `wasmc inspect` in a loop, see count-of-each-section.test."""
    return MAGIC + section(1, leb(n))


def main():
    if len(sys.argv) < 2:
        print("\n".join(MODULES))
        return
    make, default = MODULES[sys.argv[1]]
    sys.stdout.buffer.write(make(int(sys.argv[2]) if len(sys.argv) > 2 else default))


if __name__ == "__main__":
    main()
