"""An SVG with these labels, and a bar for each of them, longer for what takes longer."""
import sys
import xml.etree.ElementTree

svg = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
space = "{http://www.w3.org/2000/svg}"
assert svg.tag == space + "svg", svg.tag
texts = [text.text for text in svg.iter(space + "text")]
bars = [bar for bar in svg.iter(space + "rect") if bar.get("class")]
for label in sys.argv[2:]:
    assert label in texts, texts
assert len(bars) == len(sys.argv) - 2, len(bars)
width, height = float(svg.get("width")), float(svg.get("height"))
for bar in bars:
    assert 0 <= float(bar.get("x")) and 0 < float(bar.get("width"))
    assert float(bar.get("x")) + float(bar.get("width")) < width
    assert float(bar.get("y")) + float(bar.get("height")) < height
values = [t for t in texts if t and t.endswith("native)")]
assert len(values) == len(bars), texts
assert float(bars[-1].get("width")) > float(bars[0].get("width")), "a pipe is slower than nothing"
assert "a<b>&\"c'.csv" in [t for t in texts if t and "stream: " in t][0]
