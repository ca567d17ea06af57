# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code around the operators whose type depends on context: control, calls, tables, references.

A template makes code that is valid wherever a statement (or a value) may stand. Those of
proposals that are not lowered are not used.
"""
import struct

from wasmformat import leb, sleb

BLOCK_EMPTY = 0x40
CODES = {"i": 0x7f, "l": 0x7e, "f": 0x7d, "d": 0x7c, "v": 0x7b}

# Their operands are not any: nobody would wake who waits.
WAITS = {"memory.atomic.wait32": "i", "memory.atomic.wait64": "l"}


def i32(value):
    return b"\x41" + sleb(value)


def i64(value):
    return b"\x42" + sleb(value)


def decided(gen, row, operands):
    """Operands of relaxed operators for which there is one permitted result."""
    if row.feature != "RelaxedSIMD":
        return operands

    def bitwise(code, text, lanes):
        return code + gen.op("v128.const") + lanes + gen.op(text)

    name = row.text.split(".")[1]
    shape = row.text.split(".")[0]
    if name == "relaxed_swizzle":
        return [operands[0], bitwise(operands[1], "v128.and", b"\x0f" * 16)]
    if name == "relaxed_laneselect":
        # A mask of whole lanes: each is negative or not.
        if shape == "i8x16":
            mask = operands[2] + i32(7) + gen.op("i8x16.shr_s")
        else:
            width = {"i16x8": 15, "i32x4": 31, "i64x2": 63}[shape]
            mask = operands[2] + i32(width) + gen.op(shape + ".shr_s")
        return operands[:2] + [mask]
    if name == "relaxed_q15mulr_s":
        return [operands[0], bitwise(operands[1], "v128.and", b"\xff\x7f" * 8)]
    if "relaxed_dot" in name:
        return [operands[0], bitwise(operands[1], "v128.and", b"\x7f" * 16), *operands[2:]]
    # Floats: small integers, which every way of rounding has exactly; nothing
    # is a NaN, and no zero has a sign.
    if "f64x2" in row.text:
        convert = gen.op("f64x2.convert_low_i32x4_s")
    else:
        convert = gen.op("f32x4.convert_i32x4_s")
    mask = struct.pack("<I", 0x3ff)
    return [bitwise(code, "v128.and", mask * 4) + convert for code in operands]


def tamed(gen, row, operands):
    """Operands that seldom make the operator trap: what follows a trap does not run."""
    if gen.chance(0.003) or row.prefix:
        return operands
    if ".div_" in row.text or ".rem_" in row.text:
        one = i32(1) + b"\x72" if row.text[0] == "i" and row.text[1] == "3" else i64(1) + b"\x84"
        return [operands[0], operands[1] + one]
    if ".trunc_f" in row.text:
        # Of 32 bits or fewer, and not negative where the result is unsigned.
        convert = b"\xb2" if "_f32_" in row.text else b"\xb7"
        code = gen.expr("i", 1) + i32(0x7fffff) + b"\x71" + convert
        half = b"\x43\0\0\x20\x3e\x92" if "_f32_" in row.text else \
            b"\x44" + struct.pack("<d", 0.15625) + b"\xa0"
        return [code + half]
    return operands


def block_type(gen, params, results):
    if not params and len(results) <= 1:
        return bytes([CODES[results] if results else BLOCK_EMPTY])
    return leb(gen.type_index(params, results))


# Values.

def value(gen, kind, depth):
    """A value of the kind, by way of control, a call or a selection."""
    makers = [select, tee, if_value, block_value, call_value, break_value]
    if "ReferenceTypes" in gen.features:
        makers.append(select_typed)
    if kind == "i":
        makers += [table_size, ref_is_null, memory_size, memory_grow, table_grow]
        if "FunctionReferences" in gen.features:
            makers += [br_on_null, br_on_non_null]
        if any(memory.shared for memory in gen.memories):
            makers.append(atomic_wait)
    return gen.random.choice(makers)(gen, kind, depth)


def select(gen, kind, depth):
    return gen.expr(kind, depth) + gen.expr(kind, depth) + gen.expr("i", depth) + b"\x1b"


def select_typed(gen, kind, depth):
    code = gen.expr(kind, depth) + gen.expr(kind, depth) + gen.expr("i", depth)
    return code + b"\x1c\x01" + bytes([CODES[kind]])


def tee(gen, kind, depth):
    return gen.expr(kind, depth) + b"\x22" + leb(gen.local_of(kind))


def if_value(gen, kind, depth):
    return (gen.expr("i", depth) + b"\x04" + bytes([CODES[kind]]) + gen.expr(kind, depth) +
            b"\x05" + gen.expr(kind, depth) + b"\x0b")


def block_value(gen, kind, depth):
    """A block with an operand and several results."""
    other = gen.random.choice(gen.kinds)
    code = gen.expr(other, depth) + b"\x02" + block_type(gen, other, kind + other)
    code += b"\x21" + leb(gen.local_of(other)) + gen.expr(kind, depth) + gen.expr(other, depth)
    return code + b"\x0b\x1a"


def break_value(gen, kind, depth):
    """br_if that carries a value, then br_table or br."""
    code = b"\x02" + bytes([CODES[kind]]) + gen.expr(kind, depth) + gen.expr("i", depth) + b"\x0d\0"
    if gen.chance(0.5):
        code += gen.expr("i", depth) + b"\x0e\x01\0\0"
    else:
        code += b"\x0c\0"
    return code + b"\x0b"


def callee(gen, results=None):
    """The index of an earlier function that is not a helper."""
    found = [i for i in range(gen.first, len(gen.functions))
             if results is None or gen.functions[i].results == results]
    return gen.random.choice(found) if found else None


def operands(gen, function, depth=1):
    return b"".join(gen.expr(kind, depth) for kind in function.params)


def indirect(gen, index, wrong=0.01):
    """An index of table 0 with the function, or now and then with anything."""
    return gen.expr("i", 1) if gen.chance(wrong) else i32(index + 2)


def calling(gen, index):
    """Code that calls a function in one of the ways there are."""
    function = gen.functions[index]
    kind = leb(gen.type_index(function.params, function.results))
    code = operands(gen, function)
    ways = ["direct", "indirect"]
    if "FunctionReferences" in gen.features:
        ways.append("ref")
    way = gen.random.choice(ways)
    if way == "direct":
        return code + b"\x10" + leb(index)
    if way == "indirect":
        return code + indirect(gen, index) + b"\x11" + kind + b"\0"
    return code + b"\xd2" + leb(index) + b"\x14" + kind


def call_value(gen, kind, depth):
    index = callee(gen, kind)
    return gen.expr(kind, depth) if index is None else calling(gen, index)


def table_size(gen, kind, depth):
    return gen.op("table.size") + leb(gen.random.randrange(3))


def reference(gen, table):
    if table < 2 and gen.chance(0.5):
        return b"\xd2" + leb(gen.random.randrange(len(gen.functions)))
    return b"\xd0" + (b"\x70" if table < 2 else b"\x6f")


def element_index(gen, wrong=0.01):
    return gen.expr("i", 1) if gen.chance(wrong) else i32(gen.random.randrange(6))


def ref_is_null(gen, kind, depth):
    table = gen.random.randrange(3)
    if gen.chance(0.3):
        return reference(gen, table) + b"\xd1"
    return element_index(gen) + b"\x25" + leb(table) + b"\xd1"


def table_grow(gen, kind, depth):
    table = gen.random.randint(1, 2)
    return reference(gen, table) + i32(gen.random.choice([0, 1, 3, 100])) + gen.op("table.grow") + \
        leb(table)


def memory_size(gen, kind, depth):
    memory = gen.random.randrange(len(gen.memories))
    return b"\x3f" + leb(memory) + (b"\xa7" if gen.memories[memory].is64 else b"")


def memory_grow(gen, kind, depth):
    memory = gen.random.randrange(len(gen.memories))
    pages = gen.random.choice([0, 1, 1, -1, 65536])
    if gen.memories[memory].is64:
        return i64(pages) + b"\x40" + leb(memory) + b"\xa7"
    return i32(pages) + b"\x40" + leb(memory)


def atomic_wait(gen, kind, depth):
    """Returns at once: 1 where memory holds something else, 2 where the time is up."""
    memory = gen.random.choice([i for i, one in enumerate(gen.memories) if one.shared])
    row = gen.rows[gen.random.choice(list(WAITS))]
    expected = gen.expr(WAITS[row.text], depth) if gen.chance(0.5) else gen.const(WAITS[row.text])
    return gen.address(memory, row, depth, False) + expected + i64(0) + row.encode() + \
        gen.immediates(row, memory, False)


def br_on_null(gen, kind, depth):
    # block (result i32): a value, a reference; null: out with the value
    code = b"\x02\x7f" + gen.expr("i", depth) + element_index(gen) + b"\x25\0"
    return code + b"\xd5\0\xd1\x6a\x0b"


def br_on_non_null(gen, kind, depth):
    # block (result (ref func)): not null: out with it; else one that exists
    code = b"\x02\x64\x70" + element_index(gen) + b"\x25\0" + b"\xd6\0"
    code += b"\xd2" + leb(gen.random.randrange(len(gen.functions))) + b"\x0b"
    return code + (b"\xd1" if gen.chance(0.5) else b"\xd4\xd1")


# Statements.

def statement(gen):
    makers = [drop, if_else, loop, block, switch, call, indirect_with_result, rare_trap, early_return]
    if "BulkMemory" in gen.features:
        makers += [memory_fill, memory_copy, memory_init, table_copy, table_init, dropping]
    if "ReferenceTypes" in gen.features:
        makers += [table_set, table_fill]
    if "FunctionReferences" in gen.features:
        makers.append(as_non_null)
    if "Exceptions" in gen.features:
        makers += [try_table, throw_ref]
    # Engines take the old form and the new one, but not both in one module.
    if "LegacyExceptions" in gen.features and "Exceptions" not in gen.features:
        makers += [legacy_try, legacy_rethrow, legacy_delegate]
    return gen.random.choice(makers)(gen)


def drop(gen):
    return gen.expr(gen.random.choice(gen.kinds), 2) + b"\x1a"


def if_else(gen):
    code = gen.expr("i", 2) + b"\x04\x40" + gen.statements(2)
    if gen.chance(0.5):
        code += b"\x05" + gen.statements(2)
    return code + b"\x0b"


def loop(gen):
    counter = gen.new_local("i")
    # The local is the loop's alone only if nothing else finds it: letters of
    # other locals are drawn at random, so the bound is kept by counting down
    # from a value that is masked in each round.
    code = i32(gen.random.randint(1, 5)) + b"\x21" + leb(counter) + b"\x03\x40"
    code += gen.statements(2)
    code += b"\x20" + leb(counter) + i32(7) + b"\x71" + i32(1) + b"\x6b\x22" + leb(counter)
    # Also ended by the module's fuel, if the counter is set in the loop.
    fuel = leb(2 * len(gen.kinds))
    code += i32(0) + b"\x4a" + b"\x23" + fuel + i32(0) + b"\x4a\x71\x04\x40"
    code += b"\x23" + fuel + i32(1) + b"\x6b\x24" + fuel + b"\x0c\x01\x0b\x0b"
    return code


def block(gen):
    return b"\x02\x40" + gen.statements(1) + gen.expr("i", 2) + b"\x0d\0" + gen.statements(2) + b"\x0b"


def switch(gen):
    depth = gen.random.randint(2, 4)
    code = b"\x02\x40" * depth + gen.expr("i", 2)
    if gen.chance(0.7):
        code += i32(7) + b"\x71"
    targets = [gen.random.randrange(depth) for _ in range(gen.random.randint(1, 7))]
    code += b"\x0e" + leb(len(targets) - 1) + b"".join(map(leb, targets)) + b"\x0b"
    return code + b"".join(gen.statements(1) + b"\x0b" for _ in range(depth - 1))


def keep(gen, kinds):
    return b"".join(b"\x24" + leb(gen.global_of(kind)) for kind in reversed(kinds))


def call(gen):
    index = callee(gen)
    if index is None:
        return b"\x01"
    return calling(gen, index) + keep(gen, gen.functions[index].results)


def indirect_with_result(gen):
    """A call of the wrong type or of nothing, seldom."""
    index = callee(gen)
    if index is None or gen.chance(0.95):
        return drop(gen)
    function = gen.functions[index]
    code = operands(gen, function) + i32(gen.random.randrange(len(gen.functions) + 8))
    return code + b"\x11" + leb(gen.type_index(function.params, function.results)) + b"\0" + \
        keep(gen, function.results)


def rare_trap(gen):
    return gen.expr("i", 2) + i32(gen.random.choice([5, 0x1234567])) + b"\x46\x04\x40\0\x0b"


def early_return(gen):
    results = b"".join(gen.expr(kind, 1) for kind in gen.function.results)
    return gen.expr("i", 2) + i32(gen.random.choice([7, 77])) + b"\x46\x04\x40" + results + b"\x0f\x0b"


def place(gen, memory):
    """An address that is mostly inside."""
    value = gen.random.randrange(3000)
    if gen.chance(0.01):
        value = (gen.memories[memory].pages << 16) - gen.random.randrange(40)
    return i64(value) if gen.memories[memory].is64 else i32(value)


def length(gen, is64=False):
    value = gen.random.choice([0, 1, 7, 8, 33, 100])
    return i64(value) if is64 else i32(value)


def memory_fill(gen):
    memory = gen.random.randrange(len(gen.memories))
    return place(gen, memory) + gen.expr("i", 1) + length(gen, gen.memories[memory].is64) + \
        gen.op("memory.fill") + leb(memory)


def memory_copy(gen):
    to = gen.random.randrange(len(gen.memories))
    source = gen.random.randrange(len(gen.memories))
    # The length has the smaller of the two address types.
    both = gen.memories[to].is64 and gen.memories[source].is64
    return place(gen, to) + place(gen, source) + length(gen, both) + gen.op("memory.copy") + \
        leb(to) + leb(source)


def memory_init(gen):
    memory = gen.random.randrange(len(gen.memories))
    return place(gen, memory) + i32(gen.random.choice([0, 0, 1, 8])) + \
        i32(gen.random.choice([0, 1, 8, 30])) + gen.op("memory.init") + leb(1) + leb(memory)


def table_copy(gen):
    to = gen.random.randrange(2)
    return element_index(gen) + element_index(gen) + i32(gen.random.randrange(3)) + \
        gen.op("table.copy") + leb(1) + leb(to)


def table_init(gen):
    return element_index(gen) + i32(0) + i32(gen.random.randrange(2)) + \
        gen.op("table.init") + leb(1) + leb(1)


def dropping(gen):
    if gen.chance(0.8):
        return b"\x01"
    if gen.chance(0.5):
        return gen.op("data.drop") + leb(1)
    return gen.op("elem.drop") + leb(1)


def table_set(gen):
    table = gen.random.randint(1, 2)
    return i32(gen.random.randrange(5)) + reference(gen, table) + b"\x26" + leb(table)


def table_fill(gen):
    table = gen.random.randint(1, 2)
    return i32(gen.random.randrange(3)) + reference(gen, table) + i32(gen.random.randrange(3)) + \
        gen.op("table.fill") + leb(table)


def as_non_null(gen):
    return b"\xd2" + leb(gen.random.randrange(len(gen.functions))) + b"\xd4\x1a"


def throwing(gen):
    """Throws where the condition says so, with tag 0 (i32) or 1 (i64 f32)."""
    if gen.chance(0.5):
        thrown = gen.expr("i", 1) + b"\x08\0"
    else:
        thrown = gen.expr("l", 1) + gen.expr("f", 1) + b"\x08\x01"
    return gen.expr("i", 1) + b"\x04\x40" + thrown + b"\x0b"


def try_table(gen):
    # block: what catch_all leads to; within it a block for each tag
    two = leb(gen.type_index("", "lf"))
    code = b"\x02\x40" + b"\x02" + two + b"\x02\x7f"
    code += b"\x1f\x40\x03\0\0\0\0\x01\x01\x02\x02" + gen.statements(1) + throwing(gen) + b"\x0b"
    code += gen.expr("i", 1) + b"\x0b" + keep(gen, "i")
    code += gen.expr("l", 1) + gen.expr("f", 1) + b"\x0b" + keep(gen, "lf")
    return code + b"\x0b"


def throw_ref(gen):
    # The inner try_table catches with a reference, which is thrown again to the
    # outer one.
    code = b"\x02\x7f\x1f\x40\x01\0\0\0"
    code += b"\x02\x69" + b"\x1f\x40\x01\x03\0" + gen.statements(1)
    code += gen.expr("i", 1) + b"\x04\x40" + gen.expr("i", 1) + b"\x08\0\x0b\x0b"
    code += gen.expr("i", 1) + b"\x0c\x02\x0b\x0a\x0b\x00\x0b"
    return code + keep(gen, "i")


def legacy_try(gen):
    code = b"\x06\x40" + gen.statements(1) + throwing(gen)
    code += b"\x07\0" + keep(gen, "i") + gen.statements(1)
    if gen.chance(0.7):
        return code + b"\x19" + gen.statements(1) + b"\x0b"
    return code + b"\x07\x01" + keep(gen, "lf") + b"\x0b"


def legacy_rethrow(gen):
    code = b"\x06\x40\x06\x40" + throwing(gen) + b"\x19" + gen.statements(1) + b"\x09\0\x0b"
    return code + b"\x19" + gen.statements(1) + b"\x0b"


def legacy_delegate(gen):
    code = b"\x06\x40\x06\x40" + throwing(gen) + gen.statements(1) + b"\x18\0"
    return code + b"\x19" + gen.statements(1) + b"\x0b"


def tail(gen):
    """A tail call at the end of a function, where a condition says so."""
    if "TailCall" not in gen.features or gen.chance(0.2):
        return b""
    index = callee(gen, gen.function.results)
    if index is None:
        return b""
    function = gen.functions[index]
    kind = leb(gen.type_index(function.params, function.results))
    ways = [b"\x12" + leb(index), indirect(gen, index) + b"\x13" + kind + b"\0"]
    if "FunctionReferences" in gen.features:
        ways += 2 * [b"\xd2" + leb(index) + b"\x15" + kind]
    return gen.expr("i", 1) + b"\x04\x40" + operands(gen, function) + gen.random.choice(ways) + b"\x0b"
