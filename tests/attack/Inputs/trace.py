# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: trace.py FILE - writes a module whose trapping function has a hostile name."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools"))
from contrived import body, func_type, module, name, section, vec

with open(sys.argv[1], "wb") as out:
    out.write(module(
        section(1, vec([func_type()])), section(3, b"\x02\x00\x00"),
        section(7, vec([name("f") + b"\x00\x01"])),
        section(10, vec([body(b"\x00"), body(b"\x10\x00")])),
        section(0, name("name") + section(1, vec([
            b"\x00" + name("evil\x1b[31m\n%n*/" + "x" * 5000), b"\x01" + name("\0")])))))
