#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether the links of pages in Markdown lead somewhere in the repository.

usage: check-links.py PAGE...

A link is a file or folder, by its path from the page's folder, a heading (#...) of a
page, or both. Links to elsewhere (https:) are not looked at.
"""
import pathlib
import re
import sys


def text_of(page):
    """The page without what is fenced."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors(page):
    """Names of headings, as they are shown on the web: of equal ones the first."""
    for heading in re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


count, dead = 0, []
for page in map(pathlib.Path, sys.argv[1:]):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"https?:", link):
            continue
        count += 1
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists():
            dead.append(f"{page}: {link}: no such file")
        elif anchor and anchor not in anchors(target):
            dead.append(f"{page}: {link}: no such heading")
if dead or not count:
    sys.exit("\n".join(dead) or "no links")
print(count, "links")
