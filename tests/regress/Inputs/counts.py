# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: counts.py WASMC FOLDER

Declares 0, 1, the limit, one more and 2^32-1 of everything that has a count,
with no bytes behind it; then every prefix of a module. wasmc must say yes or no
each time: soon, in little memory, and never crash.
"""

import os
import resource
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools"))
from contrived import MAGIC, body, func_type, leb, module, name, section, vec

wasmc, folder = sys.argv[1:]
LIMITS = {1: 1_000_000, 2: 1_000_000, 3: 1_000_000, 4: 100_000, 5: 100, 6: 1_000_000, 7: 1_000_000,
          9: 100_000, 10: 1_000_000, 11: 100_000, 12: 100_000, 13: 1_000_000}
HUGE = 2**32 - 1


def around(limit):
    return [0, 1, limit, limit + 1, HUGE]


def modules():
    for number, limit in LIMITS.items():
        for count in around(limit):
            yield f"section {number} with {count}", MAGIC + section(number, leb(count))
    for count in around(1000):
        yield f"{count} params", MAGIC + section(1, b"\x01\x60" + leb(count))
        yield f"{count} results", MAGIC + section(1, b"\x01\x60\x00" + leb(count))
    one = section(1, vec([func_type()])) + section(3, b"\x01\x00")
    for count in around(50_000):
        code = b"\x01" + leb(count) + b"\x7f\x0b"
        yield f"{count} locals", MAGIC + one + section(10, b"\x01" + leb(len(code)) + code)
        code = leb(count) + b"\x0b"
        yield f"{count} runs", MAGIC + one + section(10, b"\x01" + leb(len(code)) + code)
    # A sum of runs that wraps 32 bits.
    code = b"\x02" + leb(HUGE) + b"\x7f" + leb(2) + b"\x7f\x0b"
    yield "locals that wrap", MAGIC + one + section(10, b"\x01" + leb(len(code)) + code)
    for count in around(7_654_321) + [HUGE - 1]:
        code = b"\x00\x41\x00\x0e" + leb(count) + b"\x00\x0b"
        yield f"br_table of {count}", MAGIC + one + section(10, b"\x01" + leb(len(code)) + code)
    for size in around(7_654_321):
        yield f"body of {size}", MAGIC + one + section(10, b"\x01" + leb(size) + b"\x00\x0b")
    for size in (0, 1, 2**30, 2**30 + 1, HUGE):
        yield f"section of {size}", MAGIC + b"\x01" + leb(size)
        yield f"custom section of {size}", MAGIC + b"\x00" + leb(size)
        yield f"name of {size}", MAGIC + section(2, b"\x01" + leb(size))
        yield f"data of {size}", MAGIC + section(5, b"\x01\x00\x01") + section(
            11, b"\x01\x00\x41\x00\x0b" + leb(size))
        yield f"elements: {size}", MAGIC + section(4, b"\x01\x70\x00\x01") + section(
            9, b"\x01\x00\x41\x00\x0b" + leb(size))
        yield f"memory of {size}", MAGIC + section(5, b"\x01\x00" + leb(size))
        yield f"memory up to {size}", MAGIC + section(5, b"\x01\x01\x00" + leb(size))
        yield f"table of {size}", MAGIC + section(4, b"\x01\x70\x00" + leb(size))
    for index in (1, 2**31, HUGE):
        yield f"type {index}", module(section(1, vec([func_type()])), section(3, b"\x01" + leb(index)))
        yield f"start {index}", MAGIC + one + section(8, leb(index)) + section(10, vec([body(b"")]))
        for op in (b"\x10", b"\x20", b"\x23", b"\x0c", b"\x11", b"\x25", b"\xfc\x08", b"\xfc\x0d"):
            yield f"operand {index} of {op.hex()}", MAGIC + one + section(
                10, vec([body(b"\x41\x00" + op + leb(index) + b"\x00\x00\x1a")]))
    small = module(section(1, vec([func_type((0x7F,), (0x7F,))])), section(3, b"\x01\x00"),
                   section(4, b"\x01\x70\x00\x01"), section(5, b"\x01\x00\x01"),
                   section(6, b"\x01\x7f\x01\x41\x05\x0b"), section(7, vec([name("f") + b"\0\0"])),
                   section(9, b"\x01\x00\x41\x00\x0b\x01\x00"), section(12, b"\x01"),
                   section(10, vec([body(b"\x20\x00\x28\x02\x00", [(2, 0x7F)])])),
                   section(11, b"\x01\x00\x41\x00\x0b\x02hi"))
    for size in range(len(small) + 1):
        yield f"prefix of {size}", small[:size]


def main():
    os.makedirs(folder, exist_ok=True)
    path, output = os.path.join(folder, "m.wasm"), os.path.join(folder, "m.o")
    failed, statuses = 0, {}
    for what, content in modules():
        with open(path, "wb") as out:
            out.write(content)
        child = subprocess.Popen(
            [wasmc, "-O1", path, "-o", output], stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (5, 5)))
        messages = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        status = os.waitstatus_to_exitcode(status)
        child.returncode = status
        statuses[status] = statuses.get(status, 0) + 1
        good = status == 0 or (status == 1 and "error: " in messages
                               and "internal error" not in messages)
        if not good or usage.ru_maxrss > 1 << 20 or (status and os.path.exists(output)):
            failed += 1
            print(f"{what}: exit status {status}, {usage.ru_maxrss >> 10} MiB: {messages[:300]}")
        if os.path.exists(output):
            os.remove(output)
    print(f"{statuses}, {failed} failed")
    sys.exit(failed != 0)


main()
