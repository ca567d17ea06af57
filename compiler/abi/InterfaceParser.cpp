//===- InterfaceParser.cpp - The text of an interface description -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A statement a line; lines may be broken between parentheses.
//
//   description = { [ statement ] newline }
//   statement   = "export" name [ "=" string ] params [ "->" result ]
//               | "import" name [ "=" [ string ] string ] params [ "->" result ]
//               | "alloc" "=" ( name | string )
//               | "stack" "=" "global" number
//   params      = "(" [ name ":" type { "," name ":" type } ] ")"
//   type        = scalar | ( "buffer" [ size ] | "window" size ) [ "at" ( name | string ) ]
//   size        = "<" number [ "K" | "M" ] ">"
//   scalar      = "i32" | "i64" | "f32" | "f64"
//   result      = scalar | "size"
//
// Each function returns false after a failure, which stands in `failure`.
//
//===----------------------------------------------------------------------===//
#include "abi/Interface.h"
#include "abi/Symbols.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;

namespace {

enum class TokenKind : uint8_t { End, Newline, Word, Number, String, Sign };

struct Token {
  TokenKind kind = TokenKind::End;
  StringRef text;    ///< As written.
  std::string value; ///< Of strings: what they stand for.
  TextPosition at;
};

class Parser {
public:
  Parser(StringRef text, StringRef fileName) : text(text), fileName(fileName) {}
  Expected<Interface> parse();

private:
  // Tokens.
  bool advance();
  bool readString();
  void take(TokenKind kind, size_t size);
  TextPosition position() const { return positionAt(pos); }
  TextPosition positionAt(size_t offset) const {
    return {line, static_cast<uint32_t>(offset - lineStart + 1)};
  }

  // Grammar.
  bool statement();
  bool function(bool isImport);
  bool fieldName(InterfaceFunction &f, bool isImport);
  bool parameters(InterfaceFunction &f, bool isImport);
  bool parameterType(Parameter &p, bool isImport);
  bool size(Parameter &p);
  bool result(InterfaceFunction &f);
  bool allocator();
  bool stack();
  bool number(uint64_t &out, bool suffix);
  bool exportName(std::string &out, TextPosition &at);

  // What the grammar does not say.
  bool checkName(StringRef what, bool standsAlone);
  bool checkParameterNames(const InterfaceFunction &f);

  bool isWord(StringRef word) const { return token.kind == TokenKind::Word && token.text == word; }
  bool isSign(StringRef sign) const { return token.kind == TokenKind::Sign && token.text == sign; }
  bool expect(StringRef sign);
  bool unexpected(const Twine &wanted);
  bool fail(TextPosition at, const Twine &message) {
    failure = std::make_unique<InterfaceError>(fileName, at, message.str());
    return false;
  }

  StringRef text, fileName;
  size_t pos = 0, lineStart = 0;
  uint32_t line = 1;
  bool inList = false; ///< Between parentheses, where a newline is a space.
  Token token;
  Interface interface;
  StringMap<uint32_t> exportNames, importNames; ///< To the line of the description.
  std::unique_ptr<InterfaceError> failure;
};

} // namespace

static bool isWordStart(char c) { return isAlpha(c) || c == '_'; }
static bool isWordPart(char c) { return isAlnum(c) || c == '_'; }

void Parser::take(TokenKind kind, size_t size) {
  token = {kind, text.substr(pos, size), "", position()};
  pos += size;
}

bool Parser::advance() {
  for (;;) {
    while (pos != text.size() && StringRef(" \t\r").contains(text[pos]))
      ++pos;
    if (pos != text.size() && text[pos] == '#')
      pos = std::min(text.find_first_of(StringRef("\n\0", 2), pos), text.size());
    if (pos == text.size()) {
      take(TokenKind::End, 0);
      return true;
    }
    if (text[pos] != '\n')
      break;
    take(TokenKind::Newline, 1);
    ++line;
    lineStart = pos;
    if (!inList)
      return true;
  }
  char c = text[pos];
  if (c == '"')
    return readString();
  if (isWordPart(c)) {
    size_t size = text.substr(pos).find_if_not(isWordPart);
    take(isWordStart(c) ? TokenKind::Word : TokenKind::Number, std::min(size, text.size() - pos));
    return true;
  }
  if (text.substr(pos).starts_with("->")) {
    take(TokenKind::Sign, 2);
    return true;
  }
  if (StringRef("()<>:,=").contains(c)) {
    take(TokenKind::Sign, 1);
    return true;
  }
  if (c == 0)
    return fail(position(), "a description is text, and this is a NUL byte");
  return fail(position(), "unexpected character " + quoted(text.substr(pos, 1)) +
                              "; names that are not C identifiers go in quotes");
}

/// As in the text format of WebAssembly: `\"`, `\\` and `\hh`, the whole UTF-8.
bool Parser::readString() {
  size_t start = pos++;
  std::string value;
  for (;;) {
    if (pos == text.size() || text[pos] == '\n')
      return fail(positionAt(start), "this string has no end on its line");
    char c = text[pos];
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return fail(position(), "a control character in a string: write it as '\\hh'");
    ++pos;
    if (c == '"')
      break;
    if (c != '\\') {
      value += c;
      continue;
    }
    StringRef escape = text.substr(pos, 2);
    if (escape.starts_with("\"") || escape.starts_with("\\")) {
      value += escape[0];
      ++pos;
    } else if (escape.size() == 2 && isHexDigit(escape[0]) && isHexDigit(escape[1])) {
      value += static_cast<char>(hexFromNibbles(escape[0], escape[1]));
      pos += 2;
    } else {
      return fail(positionAt(pos - 1), "unknown escape: there are '\\\"', '\\\\' and '\\hh'");
    }
  }
  const auto *begin = reinterpret_cast<const UTF8 *>(value.data());
  if (!isLegalUTF8String(&begin, begin + value.size()))
    return fail(positionAt(start), "this name is not UTF-8, as all names in a module are");
  token = {TokenKind::String, text.slice(start, pos), std::move(value), positionAt(start)};
  return true;
}

bool Parser::unexpected(const Twine &wanted) {
  std::string found;
  switch (token.kind) {
  case TokenKind::End: found = "the end of the description"; break;
  case TokenKind::Newline: found = "the end of the line"; break;
  default: found = quoted(token.text); break;
  }
  return fail(token.at, "expected " + wanted + ", found " + found);
}

bool Parser::expect(StringRef sign) {
  return isSign(sign) ? advance() : unexpected("'" + sign + "'");
}

Expected<Interface> Parser::parse() {
  bool ok = true;
  if (text.size() > interfaceTextLimit)
    ok = fail({1, 1}, "the description has more than 1 MiB");
  ok = ok && advance();
  while (ok && token.kind != TokenKind::End)
    ok = token.kind == TokenKind::Newline ? advance() : statement();
  if (!ok)
    return Error(std::move(failure));
  return std::move(interface);
}

bool Parser::statement() {
  bool ok = false;
  if (isWord("export") || isWord("import"))
    ok = function(isWord("import"));
  else if (isWord("alloc"))
    ok = allocator();
  else if (isWord("stack"))
    ok = stack();
  else
    return unexpected("'export', 'import', 'alloc' or 'stack'");
  if (ok && token.kind != TokenKind::Newline && token.kind != TokenKind::End)
    return unexpected("the end of the line");
  return ok;
}

/// The token must be a name that C can have. One that stands alone has no prefix
/// before it in the header.
bool Parser::checkName(StringRef what, bool standsAlone) {
  if (token.kind != TokenKind::Word)
    return unexpected(what + ", a C identifier");
  StringRef name = token.text;
  if (name.size() > interfaceNameLimit)
    return fail(token.at, what + " has more than " + Twine(interfaceNameLimit) + " characters");
  if (isReservedWord(name))
    return fail(token.at,
                "'" + name + "' is a reserved word of C or C++: give " + what + " another name");
  if (standsAlone && (mayBeMacro(name) || name.ends_with("_t") || name.starts_with("wasmc_")))
    return fail(token.at, "'" + name +
                              "' may be a macro or a type where the header is used: give " + what +
                              " a name of lower-case letters that does not end in '_t'");
  return true;
}

bool Parser::function(bool isImport) {
  if (!advance() || !checkName("the function", isImport))
    return false;
  InterfaceFunction f;
  f.name = token.text.str();
  f.at = f.fieldAt = token.at;
  auto [known, isNew] = (isImport ? importNames : exportNames).try_emplace(f.name, token.at.line);
  if (!isNew)
    return fail(f.at, quoted(f.name) + " is described already, in line " + Twine(known->second));
  if (!isImport && StringRef(f.name).starts_with("import_"))
    return fail(f.at,
                "names that begin with 'import_' are the imports': give the function another, "
                "and its own in quotes: export NAME = \"...\"");
  if (!isImport && isOwnName(f.name))
    return fail(f.at, "every header has a '" + f.name +
                          "' of its own: give the function another name, and its own in quotes: "
                          "export NAME = \"" +
                          f.name + "\"");
  if (isImport && f.name == "context")
    return fail(f.at, "the structure of imports has a 'context' of its own: give the function "
                      "another name, and its own in quotes: import NAME = \"env\" \"context\"");
  f.field = f.name;
  if (isImport)
    f.module = "env";
  if (!advance() || !fieldName(f, isImport) || !parameters(f, isImport) || !result(f) ||
      !checkParameterNames(f))
    return false;
  (isImport ? interface.imports : interface.exports).push_back(std::move(f));
  return true;
}

bool Parser::fieldName(InterfaceFunction &f, bool isImport) {
  if (!isSign("="))
    return true;
  if (!advance())
    return false;
  if (token.kind != TokenKind::String)
    return unexpected("a name in quotes");
  f.field = std::move(token.value);
  f.fieldAt = token.at;
  if (!advance())
    return false;
  if (!isImport || token.kind != TokenKind::String)
    return true;
  f.module = std::move(f.field);
  f.field = std::move(token.value);
  return advance();
}

bool Parser::parameters(InterfaceFunction &f, bool isImport) {
  if (!isSign("("))
    return unexpected("'(' and the parameters");
  inList = true;
  if (!advance())
    return false;
  while (!isSign(")")) {
    if (!f.params.empty() && !expect(","))
      return false;
    Parameter p;
    if (!checkName("the parameter", true))
      return false;
    p.name = token.text.str();
    p.at = token.at;
    if (!advance() || !expect(":") || !parameterType(p, isImport))
      return false;
    f.params.push_back(std::move(p));
    if (!isSign(",") && !isSign(")"))
      return unexpected("',' or ')'");
  }
  inList = false;
  return advance();
}

static std::optional<wasm::ValKind> scalarByName(StringRef name) {
  return StringSwitch<std::optional<wasm::ValKind>>(name)
      .Case("i32", wasm::ValKind::I32)
      .Case("i64", wasm::ValKind::I64)
      .Case("f32", wasm::ValKind::F32)
      .Case("f64", wasm::ValKind::F64)
      .Default(std::nullopt);
}

bool Parser::parameterType(Parameter &p, bool isImport) {
  if (token.kind == TokenKind::Word)
    if (std::optional<wasm::ValKind> scalar = scalarByName(token.text)) {
      p.scalar = *scalar;
      return advance();
    }
  if (!isWord("buffer") && !isWord("window"))
    return unexpected("a type: i32, i64, f32, f64, buffer or window");
  p.kind = Parameter::Kind::Buffer;
  p.window = isWord("window");
  if (p.window && isImport)
    return fail(token.at, "windows are for exports: a buffer of an import is not copied either");
  if (!advance())
    return false;
  if (isImport && (isSign("<") || isWord("at")))
    return fail(token.at, "a buffer of an import has no size and no place: nothing is copied");
  if (isImport)
    return true;
  if (!size(p))
    return false;
  if (!isWord("at"))
    return true;
  return advance() && exportName(p.place, p.placeAt);
}

bool Parser::size(Parameter &p) {
  if (!isSign("<"))
    return unexpected("'<' and the size of the largest message, such as <64K>");
  if (!advance())
    return false;
  TextPosition at = token.at;
  if (!number(p.capacity, true))
    return false;
  if (p.capacity == 0 || p.capacity > bufferLimit)
    return fail(at, "a buffer has 1 to " + Twine(bufferLimit) + " bytes");
  if (p.window && p.capacity % windowPage != 0)
    return fail(at, "the size of a window is a multiple of " + Twine(windowPage));
  return expect(">");
}

/// A decimal number, which stays at the greatest where it is too large.
bool Parser::number(uint64_t &out, bool suffix) {
  StringRef digits = token.text;
  if (token.kind != TokenKind::Number)
    return unexpected("a number");
  uint64_t unit = 1;
  if (suffix && digits.consume_back("K"))
    unit = 1024;
  else if (suffix && digits.consume_back("M"))
    unit = 1024 * 1024;
  if (!all_of(digits, isDigit))
    return fail(token.at, suffix ? "expected a decimal number, with K or M behind it or nothing"
                                 : "expected a decimal number");
  if (digits.getAsInteger(10, out) || out > UINT64_MAX / unit)
    out = UINT64_MAX;
  else
    out *= unit;
  return advance();
}

bool Parser::exportName(std::string &out, TextPosition &at) {
  at = token.at;
  if (token.kind == TokenKind::Word)
    out = token.text.str();
  else if (token.kind == TokenKind::String && !token.value.empty())
    out = std::move(token.value);
  else
    return unexpected("the name of an export");
  return advance();
}

bool Parser::result(InterfaceFunction &f) {
  if (!isSign("->"))
    return true;
  if (!advance())
    return false;
  if (isWord("size")) {
    auto last = std::find_if(f.params.rbegin(), f.params.rend(),
                             [](const Parameter &p) { return p.isBuffer(); });
    if (last == f.params.rend())
      return fail(token.at, "'size' is the number of bytes in the last buffer, and there is none; "
                            "use 'i32' for a number");
    last->output = true;
    f.result = ResultKind::Size;
    return advance();
  }
  std::optional<wasm::ValKind> scalar =
      token.kind == TokenKind::Word ? scalarByName(token.text) : std::nullopt;
  if (!scalar)
    return unexpected("a result: size, i32, i64, f32 or f64");
  f.result = ResultKind::Scalar;
  f.scalar = *scalar;
  return advance();
}

bool Parser::allocator() {
  TextPosition at = token.at;
  if (interface.allocName)
    return fail(at, "the allocator is named already, in line " + Twine(interface.allocAt.line));
  std::string name;
  if (!advance() || !expect("=") || !exportName(name, interface.allocAt))
    return false;
  interface.allocName = std::move(name);
  return true;
}

bool Parser::stack() {
  TextPosition at = token.at;
  if (interface.stackGlobal)
    return fail(at, "the stack pointer is named already, in line " + Twine(interface.stackAt.line));
  if (!advance() || !expect("="))
    return false;
  if (!isWord("global"))
    return unexpected("'global' and its index");
  if (!advance())
    return false;
  interface.stackAt = token.at;
  uint64_t index = 0;
  if (!number(index, false))
    return false;
  // No module has so many globals: binding says so.
  interface.stackGlobal = static_cast<uint32_t>(std::min<uint64_t>(index, UINT32_MAX));
  return true;
}

/// A parameter's name is a name in C functions, and a buffer's also the end of
/// generated names: each must be there once.
bool Parser::checkParameterNames(const InterfaceFunction &f) {
  static const StringSet<> generated = {"self",   "context", "status", "inplace", "batch",
                                        "window", "message", "result", "written", "done"};
  StringMap<StringRef> taken; // To the parameter that takes it.
  for (const Parameter &p : f.params) {
    if (generated.contains(p.name))
      return fail(p.at, "'" + p.name + "' is a name in generated code: give the parameter another");
    for (StringRef suffix : {"", "_len", "_cap", "_at"}) {
      if (!suffix.empty() && !p.isBuffer())
        break;
      auto [other, isNew] = taken.try_emplace(p.name + suffix.str(), p.name);
      if (isNew)
        continue;
      if (other->second == p.name)
        return fail(p.at, quoted(f.name) + " has two parameters '" + p.name + "'");
      return fail(p.at, "the parameters '" + other->second + "' and '" + p.name +
                            "' would both have '" + other->first() +
                            "' in C: give one another name");
    }
  }
  return true;
}

Expected<Interface> abi::parseInterface(StringRef text, StringRef fileName) {
  return Parser(text, fileName).parse();
}
