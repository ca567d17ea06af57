# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mismatch.py BENCH: measures two variants, played by a program, that do not agree."""
import sys

sys.path.insert(0, sys.argv[1])
from benchmark import kernels, measure
from benchmark.plan import REFERENCE, Variant

PLAYER = r"""
import sys
for line in sys.stdin:
    print(100, "0000000000000001" if line.startswith("clang ") else "0000000000000002", flush=True)
"""


class Runners(measure.Runners):
    def __init__(self, *_):
        self.native, self.v8 = measure.Runner([sys.executable, "-c", PLAYER]), None


measure.Runners = Runners
kernel = kernels.select("crc32")[0]
try:
    list(measure.measure(None, kernel, [REFERENCE, Variant("guard", "O3")], 1))
except measure.Mismatch as error:
    print(error)
