#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: matrix.py [options] MODULE.wat... HOST.c... [-- ARGS...]

Compiles modules, links them with a host and runs it, in a folder that is made
for it, once for each mode: optimisation level and bounds mode, O3-guard. The
host sees the mode as -DGUARD=0 or 1 and -DOPT_LEVEL='3'. With --linked=both, each
mode is run twice: the modules are compiled one by one, for the host to link when it
runs (-DLINKED=0), then all at once (-DLINKED=1); all.h is the header of them all
either way. What is not a module or an option is for the C compiler: sources, -pthread. The first run that does
not end with the expected status fails, and says in which mode.
"""

import os
import shlex
import subprocess
import sys

modes = ["O0-guard", "O3-guard", "O0-check", "O3-check"]
settings = {"wasmc": "wasmc", "cc": "cc", "rt": "", "include": "", "exit": "0", "flags": "",
            "seconds": "120", "linked": "no", "modes": ",".join(modes)}


def run(command, status=0, seconds=None):
    process = subprocess.Popen(command)
    try:
        result = process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        result = f"none after {seconds} s"
    if result != status:
        sys.exit(f"exit status {result} instead of {status}: {shlex.join(command)}")


def main():
    modules, host, args = [], [], []
    rest = sys.argv[1:]
    if "--" in rest:
        args = rest[rest.index("--") + 1:]
        rest = rest[:rest.index("--")]
    for word in rest:
        key, equal, value = word.removeprefix("--").partition("=")
        if word.startswith("--") and equal and key in settings:
            settings[key] = value
        elif word.endswith((".wat", ".wasm")):
            modules.append(word)
        else:
            host.append(word)
    for mode in settings["modes"].split(","):
        for linked in {"no": [0], "yes": [1], "both": [0, 1]}[settings["linked"]]:
            print("mode", mode, "linked" if linked else "", flush=True)
            one(mode, linked, modules, host, args)


def stem(module):
    return os.path.splitext(os.path.basename(module))[0]


def one(mode, linked, modules, host, args):
    level, bounds = mode.split("-")
    folder = os.path.splitext(modules[0])[0] + "." + mode + ("-linked" if linked else "")
    os.makedirs(folder, exist_ok=True)
    objects = []
    for inputs in [modules] if linked else [[module] for module in modules]:
        name = "all" if linked else stem(inputs[0])
        output = os.path.join(folder, name + ".o")
        run([*shlex.split(settings["wasmc"]), f"-{level}", f"--bounds={bounds}",
             *shlex.split(settings["flags"]), *inputs, "-o", output,
             f"--header={folder}/{name}.h"])
        objects.append(output)
    if not linked:
        with open(os.path.join(folder, "all.h"), "w") as header:
            header.writelines(f'#include "{stem(module)}.h"\n' for module in modules)
    program = os.path.join(folder, "host")
    run([*shlex.split(settings["cc"]), "-Wall", "-Werror", "-O1", f"-I{settings['include']}",
         f"-I{folder}", f"-I{os.path.dirname(os.path.abspath(__file__))}",
         f"-DGUARD={int(bounds == 'guard')}", f"-DLINKED={linked}", f"-DOPT_LEVEL='{level[1]}'", *host, *objects,
         settings["rt"], "-lpthread", "-lm", "-o", program])
    run([program, *args], int(settings["exit"]), float(settings["seconds"]))


main()
