//===- Diagnostics.cpp - Errors, warnings and remarks for people -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"

#include "abi/Interface.h"
#include "wasm/Decode.h"
#include "wasm/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace llvm;

namespace wasmc::driver {

std::string printable(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  const auto *pos = reinterpret_cast<const UTF8 *>(text.begin());
  const auto *end = reinterpret_cast<const UTF8 *>(text.end());
  while (pos != end) {
    const UTF8 *start = pos;
    UTF32 codePoint = 0;
    if (convertUTF8Sequence(&pos, end, &codePoint, strictConversion) != conversionOK) {
      os << "\\x" << format_hex_no_prefix(*start, 2);
      pos = start + 1;
    } else if (sys::unicode::isPrintable(static_cast<int>(codePoint))) {
      os.write(reinterpret_cast<const char *>(start), pos - start);
    } else if (codePoint < 0x80) {
      os << "\\x" << format_hex_no_prefix(codePoint, 2);
    } else {
      os << "\\u{" << utohexstr(codePoint, /*LowerCase=*/true) << '}';
    }
  }
  return result;
}

void Diagnostics::setColors(std::optional<bool> colors) {
  if (colors)
    errs().enable_colors(*colors);
  else
    errs().enable_colors(errs().has_colors());
}

void Diagnostics::print(Severity severity, StringRef location, StringRef message,
                        StringRef suffix) {
  struct Style {
    StringRef word;
    raw_ostream::Colors color;
  };
  static constexpr Style styles[] = {{"error: ", raw_ostream::RED},
                                     {"warning: ", raw_ostream::MAGENTA},
                                     {"remark: ", raw_ostream::BLUE},
                                     {"note: ", raw_ostream::CYAN}};
  if (severity == Severity::Error)
    ++numErrors;
  const Style &style = styles[static_cast<size_t>(severity)];
  raw_ostream &os = errs();
  os.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  os << printable(location) << ": ";
  os.changeColor(style.color, /*Bold=*/true) << style.word;
  os.resetColor();
  if (severity != Severity::Note)
    os.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  os << printable(message) << suffix;
  os.resetColor();
  os << '\n';
  os.flush();
}

void Diagnostics::error(const Twine &message) { error("wasmc", message); }

void Diagnostics::error(StringRef file, const Twine &message) {
  print(Severity::Error, file, message.str());
}

void Diagnostics::warning(const Twine &message) { warning("wasmc", message); }

void Diagnostics::warning(StringRef file, const Twine &message) {
  if (warningsAreErrors)
    print(Severity::Error, file, message.str(), " [-Werror]");
  else
    print(Severity::Warning, file, message.str());
}

void Diagnostics::remark(StringRef file, const Twine &message, bool show) {
  if (warningsAreErrors)
    print(Severity::Error, file, message.str(), " [-Werror]");
  else if (show)
    print(Severity::Remark, file, message.str());
}

void Diagnostics::advice(StringRef location, const Twine &message) {
  print(Severity::Remark, location, message.str());
}

std::string Diagnostics::locate(StringRef file, size_t offset) {
  return (file + ":0x" + utohexstr(offset, /*LowerCase=*/true)).str();
}

void Diagnostics::note(const Twine &message) { print(Severity::Note, "wasmc", message.str()); }

/// A stretch of a source line as it is shown: a column for a tab.
static std::string shownSource(StringRef source) {
  std::string text = source.str();
  std::replace(text.begin(), text.end(), '\t', ' ');
  return printable(text);
}

void Diagnostics::printSource(StringRef source, uint32_t line, uint32_t column) {
  // Some of what can be a line of a megabyte.
  constexpr size_t before = 80, after = 80;
  size_t at = std::min<size_t>(column - 1, source.size());
  size_t start = at > before ? at - before : 0;
  std::string left = shownSource(source.slice(start, at));
  std::string right = shownSource(source.slice(at, at + after));
  raw_ostream &os = errs();
  os << format("%5u | ", line) << left << right << "\n      | ";
  os.indent(std::max(sys::unicode::columnWidthUTF8(left), 0));
  os.changeColor(raw_ostream::GREEN, /*Bold=*/true) << '^';
  os.resetColor();
  os << '\n';
  os.flush();
}

/// The name that a module gives to a function, as far as it can be decoded.
static std::string nameOfFunction(wasm::Bytes bytes, uint32_t function) {
  Expected<wasm::Module> module = wasm::decodeModule(bytes, wasm::FeatureSet::all());
  if (!module) {
    consumeError(module.takeError());
    return {};
  }
  return std::string(module->functionName(function));
}

void Diagnostics::report(Error error, StringRef file, wasm::Bytes bytes) {
  handleAllErrors(
      std::move(error),
      [&](const wasm::WasmError &e) {
        std::string message;
        raw_string_ostream os(message);
        if (e.function) {
          os << "function " << *e.function;
          std::string name = nameOfFunction(bytes, *e.function);
          if (!name.empty())
            os << " '" << name << '\'';
          os << ": ";
        }
        os << e.message;
        print(Severity::Error, locate(file, e.offset), message);
      },
      [&](const abi::InterfaceError &e) {
        print(Severity::Error,
              e.file + ":" + std::to_string(e.at.line) + ":" + std::to_string(e.at.column),
              e.message);
        printSource(e.source, e.at.line, e.at.column);
      },
      [&](const ErrorInfoBase &e) { print(Severity::Error, file, e.message()); });
}

} // namespace wasmc::driver
