# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what a module's exports return with what WABT's interpreter said.

    python3 interpreter.py RUNNER FILE.wat [RUNNER-OPTION...]
    python3 interpreter.py --update

The interpreter and the runner print a line for each exported function without
parameters. The lines must be equal but for the payload of NaNs and the wording of
traps. Those of the suite are checked in, in expected/, so that the suite's results do
not depend on what is installed; --update asks the interpreter again. Each file begins
with the hash of the module's text, so that a module that was changed without them fails.
"""
import glob
import hashlib
import itertools
import os
import re
import shutil
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
    "invalid atomic access": "unaligned atomic",
}
TRAP = re.compile(r"(error: |error initializing module: )([^:]*?)( at \d+\+\d+)?(:.*)?$")
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


class Failure(Exception):
    """Why there is nothing to compare with."""


def digest(wat):
    with open(wat, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def assemble(wat, directory):
    wasm = os.path.join(directory, os.path.basename(wat)[:-len(".wat")] + ".wasm")
    output, status = run(["wat2wasm", *wabt_options(wat), wat, "-o", wasm])
    if status:
        raise Failure("wat2wasm failed\n" + "\n".join(output))
    return wasm


def interpret(wat, wasm):
    """The lines that the interpreter prints, normalised, and its exit status as a last one."""
    lines, status = run(["wasm-interp", *wabt_options(wat), "--run-all-exports", wasm])
    if not lines:
        raise Failure("wasm-interp printed nothing")
    return [normalise(line) for line in lines] + [f"exit status {status}"]


def write_expected(path, wat):
    with tempfile.TemporaryDirectory() as directory:
        lines = interpret(wat, assemble(wat, directory))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write("\n".join([f"sha256 {digest(wat)}", *lines]) + "\n")


def read_expected(path, wat):
    try:
        with open(path) as file:
            first, *lines = file.read().splitlines()
    except OSError:
        raise Failure(f"no {path}: make it with interpreter.py --update")
    if first != f"sha256 {digest(wat)}":
        raise Failure(f"{path} is of another text: make it anew with interpreter.py --update")
    return lines


def compare(runner, options, wat, directory, expected_file=None):
    """The differences as text; empty if there is none. Without a file of expected
    results, the interpreter is asked."""
    try:
        wasm = assemble(wat, directory)
        expected = read_expected(expected_file, wat) if expected_file else interpret(wat, wasm)
    except Failure as failure:
        return str(failure)
    command = [runner, *options, *own_options(wat), f"--run-all-exports={wasm}"]
    lines, status = run(command)
    got = [normalise(line) for line in lines] + [f"exit status {status}"]
    text = [f"expected: {e}\ngot:      {g}"
            for e, g in itertools.zip_longest(expected, got, fillvalue="(no line)") if e != g]
    return "\n".join([" ".join(command)] + text) if text else ""


def update():
    """Writes what is expected of all modules of the suite; nothing else stays there."""
    import operators
    directory = os.path.dirname(os.path.abspath(__file__))
    expected = os.path.join(directory, "expected")
    shutil.rmtree(expected, ignore_errors=True)
    for wat in sorted(glob.glob(os.path.join(directory, "own", "*.wat"))):
        name = os.path.basename(wat)[:-len(".wat")]
        write_expected(os.path.join(expected, "own", name + ".txt"), wat)
    table = os.path.join(directory, "..", "..", "compiler", "wasm", "Opcodes.def")
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in operators.modules(table):
            wat = os.path.join(scratch, name + ".wat")
            with open(wat, "w") as file:
                file.write(text)
            write_expected(os.path.join(expected, "operators", name + ".txt"), wat)


def main():
    if sys.argv[1:] == ["--update"]:
        return update()
    with tempfile.TemporaryDirectory() as directory:
        differences = compare(sys.argv[1], sys.argv[3:], sys.argv[2], directory)
    if differences:
        sys.exit(differences)


if __name__ == "__main__":
    main()
