# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a build.ninja and runs it: what is built stays built, side by side, in order."""
import pathlib
import shlex
import subprocess


def escaped(path):
    return str(path).replace("$", "$$").replace(" ", "$ ").replace(":", "$:")


class Ninja:
    """Edges between files. A command is a list of arguments; the files that it reads and
    writes are named beside it, since only whoever makes the command knows them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.lines = ["rule run", "  command = $line", "  description = $what", ""]

    def edge(self, outputs, inputs, command, what=None):
        outputs = [outputs] if isinstance(outputs, (str, pathlib.Path)) else outputs
        line = shlex.join(str(argument) for argument in command).replace("$", "$$")
        self.lines += [
            f"build {' '.join(map(escaped, outputs))}: run {' '.join(map(escaped, inputs))}",
            f"  line = {line}",
            f"  what = {what or pathlib.Path(outputs[0]).name}",
        ]
        return outputs[0]

    def run(self, jobs=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "build.ninja").write_text("\n".join(self.lines) + "\n")
        command = ["ninja", "-C", str(self.folder), "--quiet"]
        if jobs:
            command += ["-j", str(jobs)]
        if subprocess.run(command, check=False).returncode:
            raise SystemExit("the benchmark could not be built")
