# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: printable.py [--utf8] FILE... - fails at the first byte that is no plain text.

With --utf8, letters of other scripts are plain text, too, but nothing that
controls a terminal or the direction of writing.
"""

import re
import sys

utf8 = "--utf8" in sys.argv
for path in sys.argv[1:]:
    if path == "--utf8":
        continue
    text = open(path, "rb").read()
    if utf8:
        text = "".join(c if c.isprintable() or c in "\t\n" else "\x00"
                       for c in text.decode()).encode("ascii", "replace")
    found = re.search(rb"[^\t\n\x20-\x7e]", text)
    if found:
        sys.exit(f"{path}: byte 0x{found[0][0]:02x} at {found.start()}")
