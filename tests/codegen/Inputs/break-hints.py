# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: break-hints.py IN.wasm OUT.wasm

Makes the value of the last branch hint of the module one that there is not.
"""

import sys

NAME = b"metadata.code.branch_hint"
code = bytearray(open(sys.argv[1], "rb").read())
at = code.index(NAME)
end = at - 2 + 1 + code[at - 2]  # Before the name: the section's size and the name's, a byte each.
assert code[end - 1] in (0, 1)
code[end - 1] = 2
open(sys.argv[2], "wb").write(code)
