# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A chart of the ratios to native code: a row for each kernel, a mark for each engine."""
import math
from xml.sax.saxutils import escape

from .report import HOW, TITLES
from .plan import Variant

COLOURS = {"gcc": "#9aa5b1", "guard": "#2a7f62", "check": "#7ab8a0", "lto": "#12523d",
           "wasm2c": "#c8553d", "v8": "#d9a441"}
LEFT, RIGHT, TOP, ROW, WIDTH = 170, 30, 92, 17, 960
LOW, HIGH = 0.5, 4.0
MEANS = {"kernels": "mean", "kernels without trees and lists": "mean, no trees or lists",
         "other kernels": "mean, other kernels"}
STYLE = ("text{font:12px sans-serif;fill:#222}.head{font-size:17px;font-weight:bold}"
         ".row{text-anchor:end}.axis{text-anchor:middle;fill:#555}.note{fill:#555}"
         ".grid{stroke:#ddd}.one{stroke:#444}")


def place(ratio):
    """Where on the logarithmic scale; what is beyond it stands at its end."""
    share = math.log(min(max(ratio, LOW), HIGH) / LOW) / math.log(HIGH / LOW)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def svg(report, flavour):
    """Engines on the wasm of one flavour; gcc, too."""
    shown = [v for engine in COLOURS for v in (Variant(engine, flavour), Variant(engine))
             if v in report.variants]
    rows = [(k.name, [(v, report.samples.ratio(k, v)) for v in shown]) for k in report.kernels]
    for name, means in report.means.items():
        rows.append((MEANS[name], [(v, means[v].value) for v in shown if v in means]))
    height = TOP + ROW * len(rows) + 34
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img">',
        "<title>Time of the kernels, as a ratio to native code</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        '<text x="20" y="28" class="head">Time as a ratio to native clang -O3</text>',
        f'<text x="20" y="48" class="note">wasm of clang {escape(HOW[flavour])}; '
        f'{escape(report.environment["cpu"])}; less is better; logarithmic</text>',
    ]
    x = 20
    for v in shown:
        out.append(f'<circle cx="{x}" cy="66" r="5" fill="{COLOURS[v.engine]}"/>')
        out.append(f'<text x="{x + 10}" y="70">{escape(TITLES[v.engine])}</text>')
        x += 130
    bottom = TOP + ROW * len(rows)
    for tick in (0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4):
        kind = "one" if tick == 1 else "grid"
        out.append(f'<line x1="{place(tick):.1f}" x2="{place(tick):.1f}" y1="{TOP - 8}" '
                   f'y2="{bottom}" class="{kind}"/>')
        out.append(f'<text x="{place(tick):.1f}" y="{bottom + 16}" class="axis">{tick}</text>')
    for i, (name, marks) in enumerate(rows):
        y = TOP + ROW * i + ROW / 2
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" class="row">{escape(name)}</text>')
        for v, ratio in marks:
            if ratio is not None:
                out.append(f'<circle cx="{place(ratio):.1f}" cy="{y:.1f}" r="4.5" '
                           f'fill="{COLOURS[v.engine]}"><title>{escape(name)}, '
                           f'{escape(v.name)}: {ratio:.3f}</title></circle>')
    return "\n".join([*out, "</svg>", ""])
