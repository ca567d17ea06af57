# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check-output.py JSON SAMPLES SVG: what run.py writes is well-formed, and one agrees with the
other."""
import json
import statistics
import sys
import xml.etree.ElementTree

figures = json.load(open(sys.argv[1], encoding="utf-8"))
samples = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
chart = xml.etree.ElementTree.parse(sys.argv[3])

by_name = {}
for sample in samples:
    layouts = by_name.setdefault((sample["kernel"], sample["variant"]), {})
    layouts.setdefault(sample["layout"], []).append(sample["ns"])
for name, kernel in figures["kernels"].items():
    assert set(kernel["ns"]) == {v for k, v in by_name if k == name}, name
    for variant, time in kernel["ns"].items():
        layouts = by_name[name, variant]
        assert len(layouts) == 2, (name, variant)
        expected = statistics.geometric_mean(map(statistics.median, layouts.values()))
        assert abs(time - expected) < 1e-9 * expected, (name, variant)
    assert kernel["ratio"]["clang"] == 1, name
names = {e.text for e in chart.iter("{http://www.w3.org/2000/svg}text")}
assert set(figures["kernels"]) <= names, names
