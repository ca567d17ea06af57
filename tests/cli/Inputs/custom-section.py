# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: custom-section.py MODULE NAME FILE: the module with one more custom section."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
from wasmformat import name, section

module, title, contents = sys.argv[1:]
added = section(0, name(title) + open(contents, "rb").read())
sys.stdout.buffer.write(open(module, "rb").read() + added)
