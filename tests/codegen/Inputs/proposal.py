# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: proposal.py FEATURE > FILE.wasm

Writes a module with a function for each operator of a proposal that only computes,
from compiler/wasm/Opcodes.def: `f64x2_relaxed_madd` applies f64x2.relaxed_madd to its
parameters. For proposals that WABT does not know by their final names.
"""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "conformance"))
from models import Script
from models import operators as rows_of
from wasmformat import OPCODES


def operators(feature):
    """The bytes of the module, and what it exports."""
    script, names = Script(), []
    for op, (code, params, results) in rows_of(OPCODES, feature).items():
        gets = b"".join(b"\x20" + bytes([i]) for i in range(len(params)))
        names.append(op.replace(".", "_"))
        script.function(names[-1], params, results, gets + code)
    return script.module(), names


if __name__ == "__main__":
    sys.stdout.buffer.write(operators(sys.argv[1])[0])
