//===- Chart.cpp - The ways as bars ----------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A bar ends at the median; a line goes on to p99.9, with a mark at p99. The scale is
// logarithmic: the slowest way takes a thousand times as long as the quickest.
// A logarithmic bar has no true beginning, so the numbers stand beside.
//
//===----------------------------------------------------------------------===//
#include "Report.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstring>

namespace demo {
namespace {

constexpr double width = 960, left = 210, right = 190, top = 76, rowHeight = 34, barHeight = 20;

/// Text of ours, in UTF-8.
std::string escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    default: out += c;
    }
  }
  return out;
}

/// A name of a file may have control characters, which XML has not, and need not be UTF-8.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c == 0x7f; }, '?');
  return text;
}

class Drawing {
public:
  __attribute__((format(printf, 2, 3))) void add(const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    svg += text;
    svg += '\n';
  }
  void label(double x, double y, const char *kind, std::string_view text) {
    char head[128];
    snprintf(head, sizeof head, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, kind);
    svg += head + escape(text) + "</text>\n";
  }
  std::string svg;
};

/// Nanoseconds to places, from one power of ten to another.
class Scale {
public:
  explicit Scale(const std::vector<Outcome> &outcomes) {
    double least = 1e300, most = 0;
    for (const Outcome &outcome : outcomes)
      for (double value : {outcome.figures.median, outcome.figures.p99, outcome.figures.p999})
        if (outcome.error.empty() && value > 0) {
          least = std::min(least, value);
          most = std::max(most, value);
        }
    if (most == 0)
      least = most = 1;
    low = static_cast<int>(std::floor(std::log10(least)));
    high = std::max(low + 1, static_cast<int>(std::ceil(std::log10(most))));
  }
  double place(double ns) const {
    double part = (std::log10(std::max(ns, std::pow(10, low))) - low) / (high - low);
    return left + part * (width - left - right);
  }
  int low, high;
};

std::string axisLabel(int power) {
  static const char *const units[] = {" ns", " µs", " ms", " s"};
  if (power < 0)
    return formatNumber(std::pow(10, power)) + " ns";
  int unit = std::min(power / 3, 3);
  return formatNumber(std::pow(10, power - 3 * unit)).substr(0, 1) +
         std::string(static_cast<size_t>(power - 3 * unit), '0') + units[unit];
}

const char *kindOf(const Way &way) {
  if (strncmp(way.title, "wasmc", 5) == 0)
    return "ours";
  return way.computes ? "other" : "none";
}

void drawAxis(Drawing &drawing, const Scale &scale, double bottom) {
  for (int power = scale.low; power <= scale.high; ++power) {
    double x = scale.place(std::pow(10, power));
    drawing.add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>", x, x,
                top - 6, bottom);
    drawing.label(x, bottom + 16, "axis", axisLabel(power));
  }
}

void drawRow(Drawing &drawing, const Scale &scale, const Outcome &outcome, double native,
             double y) {
  const Figures &figures = outcome.figures;
  double middle = y + barHeight / 2;
  drawing.label(left - 10, middle + 4, "way", outcome.way->title);
  if (!outcome.error.empty()) {
    drawing.label(left + 6, middle + 4, "value", "not measured");
    return;
  }
  double end = scale.place(figures.median);
  drawing.add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\">"
              "<title>%s</title></rect>",
              left, y, end - left, barHeight, kindOf(*outcome.way),
              escape(outcome.way->meaning).c_str());
  double tail = end;
  if (figures.p99 > 0) {
    double at = scale.place(figures.p99);
    drawing.add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" class=\"tail\"/>", at, at,
                middle - 5, middle + 5);
    tail = std::max(tail, at);
  }
  if (figures.p999 > 0)
    tail = std::max(tail, scale.place(figures.p999));
  if (tail > end)
    drawing.add("<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" class=\"tail\"/>", end, tail,
                middle, middle);
  std::string value = formatNumber(figures.median) + " ns";
  if (native > 0)
    value += "  (" + formatRatio(figures.median / native) + " × native)";
  drawing.label(width - right + 14, middle + 4, "value", value);
}

} // namespace

std::string drawChart(const Stream &stream, const std::vector<Outcome> &outcomes) {
  Drawing drawing;
  Scale scale(outcomes);
  double native = nativeMedian(outcomes);
  double bottom = top + rowHeight * static_cast<double>(outcomes.size());
  double height = bottom + 64;
  drawing.add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
  drawing.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" "
              "height=\"%.0f\" role=\"img\">",
              width, height, width, height);
  drawing.add("<title>Time for a message, by way of integration</title>");
  drawing.add("<style>text{font:13px sans-serif;fill:#222}.head{font-size:17px;font-weight:bold}"
              ".way{text-anchor:end}.axis{text-anchor:middle;fill:#555}.note{fill:#555}"
              ".grid{stroke:#ddd}.tail{stroke:#444}.ours{fill:#2a7f62}.other{fill:#9aa5b1}"
              ".none{fill:#d8dde3}</style>");
  drawing.add("<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fff\"/>", width, height);
  drawing.label(20, 30, "head", "Time for a message of 64 bytes, by way of integration");
  drawing.label(20, 52, "note",
                "logarithmic; bar: median, mark: p99, line: p99.9; stream: " +
                    printable(stream.name));
  drawAxis(drawing, scale, bottom);
  for (size_t i = 0; i != outcomes.size(); ++i)
    drawRow(drawing, scale, outcomes[i], native, top + rowHeight * static_cast<double>(i));
  if (allAgree(outcomes))
    drawing.label(20, bottom + 46, "note",
                  "Every way ran the same C and came to the same results and alarms.");
  drawing.add("</svg>");
  return drawing.svg;
}

} // namespace demo
