# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: same-results.py RUNNER FILE.wat...

Runs all exports of each module at several levels and sees that all of them return the same.
"""

import re
import subprocess
import sys

failed = False
for wat in sys.argv[2:]:
    wasm = wat.removesuffix(".wat") + ".wasm"
    subprocess.run(["wat2wasm", "--enable-tail-call", wat, "-o", wasm], check=True)
    for options in (["--opt=0"], ["--opt=2", "--bounds=check"], ["--opt=3"],
                    ["--opt=3", "--strict-traps"]):
        lines = subprocess.run([sys.argv[1], *options, f"--run-all-exports={wasm}"],
                               capture_output=True, text=True).stdout.splitlines()
        results = {re.sub(r"^\w+\(\) => ", "", line) for line in lines}
        if len(lines) != 2 or len(results) != 1 or "error" in lines[0]:
            failed = True
            print(wat, *options, *lines, sep="\n  ")
sys.exit(failed)
