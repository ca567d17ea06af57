# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The figures of a run, as a table of text and as JSON."""
from .plan import FLAVOURS, REFERENCE, Variant
from .stats import mean_of

TITLES = {"clang": "native clang", "gcc": "native gcc", "guard": "wasmc guard",
          "check": "wasmc check", "lto": "wasmc LTO", "wasm2c": "wasm2c+clang", "v8": "V8"}
HOW = {"O3": "-O3", "nounroll": "-O3 -fno-unroll-loops", "Os": "-Os", "simd": "-O3 -msimd128"}
# A kernel above it needs an explanation.
NOTABLE = 1.25


def groups(kernels):
    """Names and members of the sets over which means are taken."""
    first = [k for k in kernels if not k.other]
    sets = {
        "kernels": first,
        "kernels without trees and lists": [k for k in first if not k.pointers],
        "other kernels": [k for k in kernels if k.other],
    }
    return {name: members for name, members in sets.items() if members}


def engines_of(variants):
    return [e for e in TITLES if any(v.engine == e for v in variants)]


class Report:
    def __init__(self, kernels, variants, samples, environment):
        self.kernels = kernels
        self.variants = variants
        self.samples = samples
        self.environment = environment
        resampled = samples.resampled_ratios()
        self.means = {
            name: {v: m for v in variants if (m := mean_of(samples, resampled, members, v))}
            for name, members in groups(kernels).items()
        }

    def json(self):
        return {
            "environment": self.environment,
            "means": {
                name: {v.name: vars(mean) for v, mean in means.items()}
                for name, means in self.means.items()
            },
            "kernels": {
                k.name: {
                    "kind": k.kind, "group": k.group, "pointers": k.pointers,
                    "ns": {v.name: self.samples.time(k, v) for v in self.variants},
                    "ratio": {v.name: self.samples.ratio(k, v) for v in self.variants},
                }
                for k in self.kernels
            },
        }

    def text(self):
        parts = [self.means_table(name) for name in self.means]
        flavours = [f for f in FLAVOURS if any(v.flavour == f for v in self.variants)]
        parts += [self.kernels_table(flavour) for flavour in flavours]
        parts.append(self.notable())
        return "\n\n".join(parts)

    def means_table(self, name):
        means = self.means[name]
        count = max(mean.kernels for mean in means.values())
        rows = [[f"{name} ({count})", *(TITLES[e] for e in engines_of(self.variants))]]
        for flavour in ("", *FLAVOURS):
            cells = []
            for engine in engines_of(self.variants):
                mean = means.get(Variant(engine, flavour))
                cells.append(f"{mean.value:.3f} [{mean.low:.3f} {mean.high:.3f}]" if mean else "")
            if any(cells):
                rows.append([f"wasm of {HOW[flavour]}" if flavour else "native", *cells])
        return ("geometric mean of the ratios to native clang -O3 [95 % interval]\n"
                + table(rows))

    def kernels_table(self, flavour):
        engines = [e for e in engines_of(self.variants) if e != REFERENCE.engine]
        rows = [[HOW[flavour], "native, µs", *(TITLES[e] for e in engines)]]
        for k in self.kernels:
            cells = []
            for engine in engines:
                ratio = next((self.samples.ratio(k, v) for v in (Variant(engine, flavour),
                                                                 Variant(engine))
                              if self.samples.ratio(k, v) is not None), None)
                cells.append("" if ratio is None else f"{ratio:.2f}")
            rows.append([k.name, f"{self.samples.time(k, REFERENCE) / 1000:.1f}", *cells])
        return table(rows)

    def notable(self):
        """Where wasmc needs more than 1.25 times native's time."""
        found = [
            f"  {k.name}, {v.name}: {ratio:.2f}"
            for k in self.kernels for v in self.variants
            if v.engine in ("guard", "check", "lto")
            and (ratio := self.samples.ratio(k, v)) > NOTABLE
        ]
        return f"above {NOTABLE}:\n" + ("\n".join(found) if found else "  none")


def table(rows):
    """Columns as wide as they need to be; all but the first to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
