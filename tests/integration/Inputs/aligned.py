# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: aligned.py EXPORT=ALIGNMENT...: the addresses that wasm-interp printed for
these exports are not 0 and multiples of these."""

import re
import sys

results = dict(re.findall(r"^(\w+)\(\) => i32:(\d+)$", sys.stdin.read(), re.MULTILINE))
for wanted in sys.argv[1:]:
    name, alignment = wanted.split("=")
    address = int(results[name])
    if not address or address % int(alignment):
        sys.exit(f"{name} is at {address}, not a multiple of {alignment}")
