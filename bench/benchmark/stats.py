# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Medians, ratios to native code, and geometric means with their confidence intervals.

What a loop takes depends on where it begins, by a quarter in some: so functions are laid out
in several orders, and a time is the geometric mean of the medians in each."""
import math
import random
import statistics
from dataclasses import dataclass

RESAMPLES = 400
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Mean:
    """A geometric mean of ratios, and the bounds of its confidence interval. The interval is
    that of the measurement (layouts, and turns of each, are drawn again with replacement), not
    that of the choice of kernels."""
    value: float
    low: float
    high: float
    kernels: int


class Samples:
    """Nanoseconds by kernel, variant and layout, a value for each turn."""

    def __init__(self, reference):
        self.reference = reference
        self.times = {}

    def add(self, kernel, variant, layout, nanoseconds):
        layouts = self.times.setdefault(kernel, {}).setdefault(variant, {})
        layouts.setdefault(layout, []).append(nanoseconds)

    def turns(self):
        return min(sum(map(len, v[self.reference].values())) for v in self.times.values())

    def time(self, kernel, variant):
        """What a variant takes, in ns: the geometric mean of the medians in each layout."""
        return geometric_mean(map(statistics.median, self.times[kernel][variant].values()))

    def ratio(self, kernel, variant):
        """To the reference; None where the variant was not measured."""
        if variant not in self.times[kernel]:
            return None
        return self.time(kernel, variant) / max(1.0, self.time(kernel, self.reference))

    def resampled_ratios(self, seed=1):
        """For each kernel and variant, RESAMPLES ratios in which the same layouts, and the same
        turns of each, were drawn for all variants of a kernel."""
        draw = random.Random(seed)
        found = {}
        for kernel, by_variant in self.times.items():
            turns = {layout: len(times) for layout, times in by_variant[self.reference].items()}
            found[kernel] = {variant: [] for variant in by_variant}
            for _ in range(RESAMPLES):
                drawn = [(layout, draw.choices(range(turns[layout]), k=turns[layout]))
                         for layout in draw.choices(list(turns), k=len(turns))]
                medians = {
                    variant: geometric_mean(
                        statistics.median([times[layout][turn] for turn in chosen])
                        for layout, chosen in drawn)
                    for variant, times in by_variant.items()
                }
                native = max(1.0, medians[self.reference])
                for variant, value in medians.items():
                    found[kernel][variant].append(value / native)
        return found


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(math.log(max(v, 1e-9)) for v in values) / len(values))


def mean_of(samples, resampled, kernels, variant):
    """The Mean of a variant over those kernels for which there is one, or None."""
    ratios = {k: r for k in kernels if (r := samples.ratio(k, variant)) is not None}
    if not ratios:
        return None
    drawn = sorted(geometric_mean(column)
                   for column in zip(*(resampled[k][variant] for k in ratios)))
    tail = int(len(drawn) * (1 - CONFIDENCE) / 2)
    return Mean(geometric_mean(ratios.values()), drawn[tail], drawn[-1 - tail], len(ratios))
