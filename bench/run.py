#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the kernels side by side: native code, wasmc, wasm2c, V8.

    run.py build/release --json ratios.json --svg ratios.svg --samples samples.jsonl

Builds each kernel in all variants, lets them take turns, and prints medians as ratios to
native clang -O3 with the same -march. Equal checksums are required of all variants after
each turn; one that differs ends the run with status 1. docs/performance.md says more.
"""
import argparse
import json
import pathlib
import sys

from benchmark import chart, kernels, plan
from benchmark.measure import Mismatch, measure
from benchmark.report import Report
from benchmark.stats import Samples
from benchmark.toolchain import Toolchain, processor


def count(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder of wasmc")
    parser.add_argument("--kernels", metavar="RE", help="only kernels of these names")
    parser.add_argument("--variants", metavar="RE",
                        help="only these variants, such as 'gcc|guard/.*', and native clang")
    parser.add_argument("--turns", type=count, default=41,
                        help="samples of each; default 41")
    parser.add_argument("--layouts", type=count, default=5,
                        help="orders of the functions in the program, which take turns; default 5")
    parser.add_argument("--short", action="store_true",
                        help="two samples in each of two layouts, of a tenth of the work: figures mean "
                             "nothing")
    parser.add_argument("--cpu", help="-march of all native code; default: x86-64-v3 or x86-64")
    parser.add_argument("--seed", type=int, default=1, help="of the order; default 1")
    parser.add_argument("--jobs", type=count, help="commands at once while building")
    parser.add_argument("--output", metavar="FOLDER", type=pathlib.Path,
                        help="where to build; default BUILD/bench/kernels-CPU")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write all figures")
    parser.add_argument("--svg", metavar="FILE", type=pathlib.Path, help="draw a chart")
    parser.add_argument("--samples", metavar="FILE", type=pathlib.Path,
                        help="write the raw samples, a line of JSON each")
    return parser.parse_args()


def take_samples(the_plan, chosen, variants, options, raw):
    """All samples, or raises Mismatch with all variants that differ."""
    samples, wrong = Samples(plan.REFERENCE), []
    turns, scale = (2 * the_plan.layouts, 0.1) if options.short else (options.turns, 1.0)
    for number, kernel in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {kernel.name}", file=sys.stderr)
        try:
            for turn, (layout, results) in enumerate(
                    measure(the_plan, kernel, variants, turns, scale, options.seed, the_plan.layouts)):
                for variant, nanoseconds in results:
                    samples.add(kernel, variant, layout, nanoseconds)
                    if raw:
                        print(json.dumps({"kernel": kernel.name, "variant": variant.name,
                                          "layout": layout, "turn": turn,
                                          "ns": nanoseconds}), file=raw)
        except Mismatch as error:
            wrong.append(str(error))
    if wrong:
        raise Mismatch("\n".join(wrong))
    return samples


def main():
    options = arguments()
    tools = Toolchain(options.build, options.cpu)
    chosen = kernels.select(options.kernels)
    if not chosen:
        raise SystemExit(f"no kernel is called {options.kernels}")
    variants = plan.variants(tools, options.variants)
    for engine, tool in (("gcc", tools.gcc), ("wasm2c", tools.wasm2c), ("V8", tools.node)):
        if not tool:
            print(f"{engine} was not found and is left out", file=sys.stderr)
    folder = options.output or tools.build / "bench" / f"kernels-{tools.cpu}"
    layouts = min(options.layouts, 2 if options.short else options.turns)
    the_plan = plan.Plan(tools, folder, layouts)
    for kernel in chosen:
        the_plan.add(kernel, variants)
    the_plan.ninja.run(options.jobs)

    raw = options.samples.open("w", encoding="utf-8") if options.samples else None
    try:
        samples = take_samples(the_plan, chosen, variants, options, raw)
    except Mismatch as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if raw:
            raw.close()
    environment = {"cpu": tools.cpu, "processor": processor(), "turns": samples.turns(),
                   "short": options.short, "versions": tools.versions()}
    report = Report(chosen, variants, samples, environment)
    print(report.text())
    if options.json:
        options.json.write_text(json.dumps(report.json(), indent=1) + "\n")
    if options.svg:
        flavours = {v.flavour for v in variants if v.flavour}
        flavour = "nounroll" if "nounroll" in flavours or not flavours else min(flavours)
        options.svg.write_text(chart.svg(report, flavour))
    print(f"\n{len(chosen)} kernels, {len(variants)} variants, all checksums equal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
