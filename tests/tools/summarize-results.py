#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Adds up the results of ctest, GoogleTest and lit.

usage: summarize-results.py JUNIT FOLDER

JUNIT is what `ctest --output-junit` wrote. An entry NAME of it that is a program
of many tests has left its results in FOLDER/NAME.json (lit) or
FOLDER/gtest/NAME.json (GoogleTest); any other entry is one test. An entry that
failed without a failed test in its results counts as one more failure: it
crashed, or never ran. Failed tests are named, skipped ones with the reason. The last line is `N passed, N failed`, with `, N skipped`
where there were any; the exit status is 1 if something failed or nothing passed.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree

# lit's result codes. What is expected to fail and does is a pass.
PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def lit_results(data):
    """Name and outcome of each test, and why it was skipped."""
    for test in data["tests"]:
        code = test["code"]
        if code in SKIPPED:
            yield test["name"], "skipped", test.get("output", "").strip() or code.lower()
        else:
            yield test["name"], "passed" if code in PASSED else "failed", ""


def gtest_results(data):
    for suite in data["testsuites"]:
        for case in suite["testsuite"]:
            name = f"{suite['name']}.{case['name']}"
            if case.get("failures"):
                yield name, "failed", ""
            elif case.get("result") == "COMPLETED":
                yield name, "passed", ""
            else:
                reasons = [s.get("message", "") for s in case.get("skipped", [])]
                yield name, "skipped", " ".join(reasons).strip() or "not run"


def read(path, results):
    try:
        return list(results(json.loads(path.read_text())))
    except (OSError, ValueError):
        return None


def entries(junit):
    """Name and outcome of each ctest entry."""
    for case in xml.etree.ElementTree.parse(junit).getroot().iter("testcase"):
        if case.get("status") == "run":
            outcome = "passed"
        elif case.find("skipped") is not None or case.get("status") == "disabled":
            outcome = "skipped"
        else:
            outcome = "failed"
        yield case.get("name"), outcome


def main():
    junit, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for entry, outcome in entries(junit):
        results = (read(folder / (entry + ".json"), lit_results)
                   or read(folder / "gtest" / (entry + ".json"), gtest_results))
        many = bool(results)
        results = results or [(entry, outcome, "not run")]
        if outcome == "failed" and not any(what == "failed" for _, what, _ in results):
            results.append((entry, "failed", ""))
        counts = dict.fromkeys(total, 0)
        for name, what, reason in results:
            counts[what] += 1
            total[what] += 1
            if what == "failed":
                print(f"FAILED: {name}")
            elif what == "skipped":
                print(f"skipped: {name}: {' '.join(reason.split())}")
        if many:
            print(f"  {entry:24}" + ", ".join(f"{n} {what}" for what, n in counts.items() if n))
    line = f"{total['passed']} passed, {total['failed']} failed"
    if total["skipped"]:
        line += f", {total['skipped']} skipped"
    print(line)
    return 1 if total["failed"] or not total["passed"] else 0


sys.exit(main())
