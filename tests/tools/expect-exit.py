#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: expect-exit.py STATUS COMMAND...

Runs a command and succeeds if it ends with exactly this exit status, where
`not` of LLVM takes any. A signal is -N, as in -11.
"""

import subprocess
import sys

status = subprocess.run(sys.argv[2:]).returncode
if status != int(sys.argv[1]):
    print(f"exit status {status} instead of {sys.argv[1]}: {' '.join(sys.argv[2:])}",
          file=sys.stderr)
    sys.exit(1)
