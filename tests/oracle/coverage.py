# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether our generator makes every operator that is lowered: an operator that is
added to the table and has to have a template shows here.

    coverage.py MODULES
"""
import os
import sys

import generate
import wasmformat

WASM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "compiler", "wasm")


class Recorder(wasmformat.Row):
    """Notes that the row was asked for its code, or that the code stands in a template."""
    seen = set()

    def encode(self):
        self.seen.add(self.text)
        return super().encode()


def main():
    rows = wasmformat.read_rows(make=Recorder)
    features = generate.read_features(os.path.join(WASM, "Features.def"))
    lowered = {enum for enum, (_, _, is_lowered) in features.items() if is_lowered} - {"GC"}
    for seed in range(int(sys.argv[1])):
        generate.generate(rows, lowered, seed)
    # Templates write the operators of one byte, and throw_ref and its like, as bytes.
    wanted = {row.text for row in rows if row.feature in lowered and
              (row.signature != "*" or row.prefix) and row.immediates != "Memory"}
    missing = wanted - Recorder.seen
    print("missing: " + " ".join(sorted(missing)) if missing else "all operators")
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()
