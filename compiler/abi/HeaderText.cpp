//===- HeaderText.cpp - What the parts of the header writer share -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/HeaderText.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;
using Kind = CParameter::Kind;

static constexpr size_t columns = 100;

const char *abi::cTypeName(wasm::ValKind kind) {
  switch (kind) {
  case wasm::ValKind::I32: return "int32_t";
  case wasm::ValKind::I64: return "int64_t";
  case wasm::ValKind::F32: return "float";
  case wasm::ValKind::F64: return "double";
  case wasm::ValKind::V128: return "wasmc_v128";
  default: return "wasmc_ref";
  }
}

std::string abi::cParameter(wasm::ValKind kind, StringRef name) {
  bool byPointer = kind == wasm::ValKind::V128;
  return std::string(byPointer ? "const " : "") + cTypeName(kind) + (byPointer ? " *" : " ") +
         name.str();
}

/// Everything before the name.
static std::string typeBefore(const HeaderContext &header, const InterfaceFunction &f,
                              const CParameter &p) {
  switch (p.kind) {
  case Kind::Self: return header.prefix + " *";
  case Kind::Context:
  case Kind::OutPointer: return "void *";
  case Kind::InPointer: return "const void *";
  case Kind::OutPointerResult: return "const void **";
  case Kind::InLength:
  case Kind::OutCapacity:
  case Kind::At:
  case Kind::Count:
  case Kind::Written: return "size_t ";
  case Kind::OutLengthResult:
  case Kind::Done: return "size_t *";
  case Kind::Scalar:
  case Kind::Value: return std::string(cTypeName(p.scalar)) + " ";
  case Kind::ResultPointer: return std::string(cTypeName(p.scalar)) + " *";
  case Kind::Messages: return "const " + header.global(f.name) + "_message *";
  case Kind::Results: return header.global(f.name) + "_result *";
  case Kind::Status: return "wasmc_status ";
  case Kind::Error: return "int32_t ";
  }
  llvm_unreachable("no such parameter");
}

std::string abi::declaration(const HeaderContext &header, const InterfaceFunction &f,
                             const CParameter &p) {
  return typeBefore(header, f, p) + p.name;
}

std::string abi::breakLines(StringRef head, ArrayRef<std::string> items, StringRef more) {
  std::string text = (head + "(").str();
  // Under the first item; where that leaves no room, a little further in than `head`.
  size_t indent = text.size();
  if (indent > columns / 2)
    indent = head.take_while([](char c) { return c == ' '; }).size() + 4;
  size_t column = text.size();
  for (size_t i = 0; i != items.size(); ++i) {
    bool last = i + 1 == items.size();
    size_t needed = items[i].size() + (last ? 1 + more.rtrim('\n').size() : 1);
    if (i && column + 1 + needed > columns) {
      text += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (i) {
      text += ' ';
      ++column;
    }
    text += items[i] + (last ? "" : ",");
    column += items[i].size() + 1;
  }
  return text + ")" + more.str();
}

std::string abi::declareFunction(const HeaderContext &header, const InterfaceFunction &f, Way way,
                                 StringRef head, StringRef more) {
  std::vector<std::string> items;
  for (const CParameter &p : signatureOf(f, way))
    items.push_back(declaration(header, f, p));
  return breakLines(head, items, more);
}

std::string abi::comment(StringRef text) {
  std::string result = "/**";
  size_t column = result.size();
  while (!text.empty()) {
    auto [word, rest] = text.split(' ');
    size_t needed = 1 + word.size() + (rest.empty() ? 3 : 0);
    if (column + needed > columns) {
      result += "\n *";
      column = 2;
    }
    result += " " + word.str();
    column += 1 + word.size();
    text = rest;
  }
  return result + " */\n";
}

static std::string capacityText(uint64_t bytes) {
  if (bytes % (1 << 20) == 0)
    return std::to_string(bytes >> 20) + "M";
  if (bytes % (1 << 10) == 0)
    return std::to_string(bytes >> 10) + "K";
  return std::to_string(bytes);
}

static const char *wasmTypeName(wasm::ValKind kind) {
  switch (kind) {
  case wasm::ValKind::I32: return "i32";
  case wasm::ValKind::I64: return "i64";
  case wasm::ValKind::F32: return "f32";
  default: return "f64";
  }
}

static std::string parameterText(const Parameter &p) {
  std::string text = p.name + ": ";
  if (!p.isBuffer())
    return text + wasmTypeName(p.scalar);
  text += p.window ? "window" : "buffer";
  if (p.capacity)
    text += "<" + capacityText(p.capacity) + ">";
  if (!p.place.empty())
    text += " at " + escapeText(p.place);
  return text;
}

std::string abi::describe(const InterfaceFunction &f, bool isImport) {
  std::string text = (isImport ? "import " : "export ") + f.name;
  bool otherModule = isImport && f.module != "env";
  if (otherModule || f.field != f.name) {
    text += " =";
    if (otherModule)
      text += " \"" + escapeText(f.module) + "\"";
    text += " \"" + escapeText(f.field) + "\" ";
  }
  text += "(";
  for (size_t i = 0; i != f.params.size(); ++i)
    text += (i ? ", " : "") + parameterText(f.params[i]);
  text += ")";
  if (f.result == ResultKind::Size)
    text += " -> size";
  if (f.result == ResultKind::Scalar)
    text += std::string(" -> ") + wasmTypeName(f.scalar);
  return text;
}
