# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what a module's exports return with WABT's interpreter.

    python3 interpreter.py RUNNER FILE.wat [RUNNER-OPTION...]

Both programs print a line for each exported function without parameters. The
lines must be equal but for the payload of NaNs and the wording of traps.
"""
import itertools
import os
import re
import subprocess
import sys
import tempfile

# wasm-interp words these in its own way. What it adds to the others, such as the
# address after `out of bounds memory access`, is cut off.
WORDING = {
    "unreachable executed": "unreachable",
    "undefined table index": "undefined element",
    "uninitialized table element": "uninitialized element",
    "indirect call signature mismatch": "indirect call type mismatch",
}
TRAP = re.compile(r"(error: |error initializing module: )([^:]*).*")
NAN = re.compile(r"\b(f32|f64):-?nan\b")


def normalise(line):
    line = TRAP.sub(lambda m: m.group(1) + WORDING.get(m.group(2), m.group(2)), line)
    return NAN.sub(r"\1:nan", line).rstrip()


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = done.stdout.decode("utf-8", "replace").split("\n")
    return [line for line in lines if line], done.returncode


def words_after(label, wat):
    """The words of a line `;; LABEL: ...` of the module."""
    with open(wat) as file:
        found = re.search(rf"^;; {label}: (.*)$", file.read(), re.MULTILINE)
    return found.group(1).split() if found else []


def own_options(wat):
    """What a line `;; options: ...` of the module asks for besides."""
    return words_after("options", wat)


def wabt_options(wat):
    """`;; features: ...` names proposals that are on in wasmc but not in WABT."""
    return [f"--enable-{feature}" for feature in words_after("features", wat)]


def compare(runner, options, wat, directory):
    """The differences as text; empty if there is none."""
    wasm = os.path.join(directory, os.path.basename(wat)[:-len(".wat")] + ".wasm")
    output, status = run(["wat2wasm", *wabt_options(wat), wat, "-o", wasm])
    if status:
        return "wat2wasm failed\n" + "\n".join(output)
    expected, expected_status = run(["wasm-interp", *wabt_options(wat), "--run-all-exports", wasm])
    if not expected:
        return "wasm-interp printed nothing"
    command = [runner, *options, *own_options(wat), f"--run-all-exports={wasm}"]
    got, status = run(command)
    text = [f"expected: {e}\ngot:      {g}"
            for e, g in itertools.zip_longest(expected, got, fillvalue="(no line)")
            if normalise(e) != normalise(g)]
    if status != expected_status:
        text.append(f"expected exit status {expected_status}, got {status}")
    return "\n".join([" ".join(command)] + text) if text else ""


def main():
    with tempfile.TemporaryDirectory() as directory:
        differences = compare(sys.argv[1], sys.argv[3:], sys.argv[2], directory)
    if differences:
        sys.exit(differences)


if __name__ == "__main__":
    main()
