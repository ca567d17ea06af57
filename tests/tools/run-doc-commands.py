#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the commands that a page of documentation shows.

usage: run-doc-commands.py [--prefix FOLDER] [--input FILE]... PAGE SCRATCH

Each block of PAGE that is fenced as ```sh is run by bash in the folder SCRATCH,
which is emptied first and gets a copy of each FILE, which may be a folder; the first
command that fails ends the run. A block fenced as ```text shows what the block of commands before it
prints: its lines must follow each other there, where `…` in a line stands for
anything. Other fences are not looked at.

FOLDER is an install tree of wasmc: its bin comes first on PATH, and WASMC is its
name.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys


def blocks(page):
    """Kind, first line number and text of each fenced block."""
    kind, start, lines = None, 0, []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = re.fullmatch(r"```(.*)", line)
        if kind is None and fence:
            kind, start, lines = fence.group(1).strip(), number, []
        elif kind is not None and line == "```":
            yield kind, start, "\n".join(lines)
            kind = None
        else:
            lines.append(line)
    if kind is not None:
        sys.exit(f"{page}:{start}: the block has no end")


def shows(expected, output):
    """Whether the lines of `expected` follow each other in `output`."""
    pattern = "\n".join(
        ".*".join(re.escape(part) for part in line.rstrip().split("…"))
        for line in expected.splitlines()
    )
    output = "\n".join(line.rstrip() for line in output.splitlines())
    return re.search("^" + pattern + "$", output, re.MULTILINE) is not None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--prefix", type=pathlib.Path)
    parser.add_argument("--input", type=pathlib.Path, action="append", default=[])
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("scratch", type=pathlib.Path)
    args = parser.parse_args()

    shutil.rmtree(args.scratch, ignore_errors=True)
    args.scratch.mkdir(parents=True)
    for file in args.input:
        if file.is_dir():
            shutil.copytree(file, args.scratch / file.name)
        else:
            shutil.copy(file, args.scratch)
    environment = dict(os.environ)
    if args.prefix:
        prefix = args.prefix.resolve()
        environment["WASMC"] = str(prefix)
        environment["PATH"] = f"{prefix}/bin:{environment['PATH']}"

    output, count = "", 0
    for kind, line, text in blocks(args.page):
        where = f"{args.page.name}:{line}"
        if kind == "sh":
            run = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=args.scratch,
                                 env=environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, errors="replace")
            output = run.stdout
            print(f"{where}: commands\n{text}\n---\n{output}", end="")
            if run.returncode != 0:
                sys.exit(f"{where}: the commands exit with status {run.returncode}")
            count += 1
        elif kind == "text" and not shows(text, output):
            sys.exit(f"{where}: this is not what the commands before print")
    if count == 0:
        sys.exit(f"{args.page.name}: no commands")


main()
