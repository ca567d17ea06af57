# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The list of kernels."""
import pathlib
import re
from dataclasses import dataclass

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "kernels"
ROW = re.compile(r'^KERNEL\((\w+), "([^"]+)", (\d+), ([01])\)$', re.MULTILINE)


@dataclass(frozen=True)
class Kernel:
    name: str
    kind: str
    rounds: int  # Of one sample.
    pointers: bool  # Of trees and lists of pointers.
    other: bool  # Of the second set.
    source: pathlib.Path

    @property
    def group(self):
        return "other kernels" if self.other else "kernels"


def read(folder, other):
    return [
        Kernel(name, kind, int(rounds), pointers == "1", other, folder / f"{name}.c")
        for name, kind, rounds, pointers in ROW.findall((folder / "kernels.def").read_text())
    ]


def all_kernels():
    return read(FOLDER, False) + read(FOLDER / "other", True)


def select(pattern):
    """Those whose name matches `pattern` from the beginning to the end; None is all."""
    return [k for k in all_kernels() if not pattern or re.fullmatch(pattern, k.name)]
