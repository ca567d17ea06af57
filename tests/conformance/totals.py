# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Adds up the commands of the official suite by combination.

    python3 totals.py RESULTS.json

RESULTS.json is what lit wrote with --output. The exit status is 1 if a test failed,
or if one printed no line of results.
"""
import collections
import json
import re
import sys

NAME = re.compile(r"conformance/([^/]+)/([^/]+)$")
LINE = re.compile(r"^[\w.-]+: (\d+) passed, (\d+) failed(?:, \d+ skipped(?: \(([^)]*)\))?)?$", re.MULTILINE)


def main():
    with open(sys.argv[1]) as file:
        tests = json.load(file)["tests"]
    totals = collections.defaultdict(collections.Counter)
    skipped = collections.defaultdict(collections.Counter)
    unread = []
    for test in tests:
        name, line = NAME.search(test["name"]), LINE.search(test["output"])
        if not name or name[2] == "official-suite":
            continue
        if not line:
            unread.append(test["name"])
            continue
        total = totals[name[1]]
        total.update(scripts=1, passed=int(line[1]), failed=int(line[2]), seconds=test["elapsed"])
        for reason in filter(None, (line[3] or "").split(", ")):
            proposal, count = reason.rsplit(" ", 1)
            skipped[name[1]][proposal] += int(count)
    for name, total in totals.items():
        reasons = ", ".join(f"{r} {n}" for r, n in sorted(skipped[name].items()))
        print(f"{name}: {total['scripts']} scripts, {total['passed']} commands passed, "
              f"{total['failed']} failed, {sum(skipped[name].values())} skipped"
              f"{' (' + reasons + ')' if reasons else ''}; {total['seconds']:.0f} s of one core")
    failed = [t["name"] for t in tests if t["code"] not in ("PASS", "UNSUPPORTED")]
    for name in failed:
        print("failed:", name)
    for name in unread:
        print("no result line:", name)
    sys.exit(1 if failed or unread else 0)


if __name__ == "__main__":
    main()
