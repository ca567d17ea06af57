"""Whether pages and charts have the rows that the demo prints, in its order, and all of
them the figures of one run.

usage: check-table.py OUTPUT PAGE...

A page's table begins with `| way | median |` and has a column `to native`; a chart is
an SVG that has `MEDIAN ns  (RATIO × native)` beside each row's name.
"""
import re
import sys
import xml.etree.ElementTree


def printed(path):
    lines = iter(open(path).read().splitlines())
    for line in lines:
        if re.match(r"way\s+ns\s", line):
            break
    names = []
    for line in lines:
        row = re.match(r"(\S.*?) {2,}", line)
        if not row:
            break
        names.append(row.group(1))
    return names


def drawn(path, names):
    texts = xml.etree.ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")
    texts = [text.text or "" for text in texts]
    for name, figures in zip(texts, texts[1:]):
        found = re.fullmatch(r"(\S+) ns  \((\S+) × native\)", figures)
        if name in names:
            yield name, found and found.groups()


def shown(path):
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in open(path).read().splitlines() if line.startswith("|")]
    begin = next(i for i, row in enumerate(rows) if row[:2] == ["way", "median"])
    ratio = rows[begin].index("to native")
    for row in rows[begin + 2:]:
        if len(row) != len(rows[begin]):
            break
        yield row[0], (row[1], row[ratio])


names = printed(sys.argv[1])
if len(names) < 2:
    sys.exit(f"{sys.argv[1]}: a table of {len(names)} rows")
first = None
for page in sys.argv[2:]:
    rows = list(drawn(page, names) if page.endswith(".svg") else shown(page))
    if [name for name, _ in rows] != names:
        sys.exit(f"{page}: its rows are {rows}, the demo's {names}")
    first = first or rows
    if rows != first:
        sys.exit(f"{page}: its figures are {rows}, those of {sys.argv[2]} {first}")
print(len(names), "rows in", len(sys.argv) - 2, "pages")
