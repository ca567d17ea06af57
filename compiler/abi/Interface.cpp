//===- Interface.cpp - What a module's functions mean to a host ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/Interface.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;

char InterfaceError::ID = 0;

void InterfaceError::log(raw_ostream &os) const {
  os << file << ':' << at.line << ':' << at.column << ": " << message;
}

std::string abi::quoted(StringRef text) {
  return "'" + (text.size() > 60 ? text.take_front(60).str() + "..." : text.str()) + "'";
}

bool InterfaceFunction::hasBuffers() const {
  return any_of(params, [](const Parameter &p) { return p.isBuffer(); });
}

bool InterfaceFunction::hasWindows() const {
  return any_of(params, [](const Parameter &p) { return p.window; });
}

bool Interface::hasWindows() const {
  return any_of(exports, [](const InterfaceFunction &f) { return f.hasWindows(); });
}

const InterfaceFunction *Interface::ofExport(uint32_t index) const {
  auto found = byExport.find(index);
  return found == byExport.end() ? nullptr : &exports[found->second];
}

const InterfaceFunction *Interface::ofImport(uint32_t index) const {
  auto found = byImport.find(index);
  return found == byImport.end() ? nullptr : &imports[found->second];
}

std::optional<std::string> abi::embeddedInterface(const wasm::Module &module) {
  std::optional<std::string> text;
  for (const wasm::CustomSection &section : module.customs) {
    if (section.name != "wasmc.abi")
      continue;
    if (!text)
      text.emplace();
    for (uint8_t byte : section.bytes) {
      // The parser refuses what is longer; there is no need to copy it.
      if (text->size() > interfaceTextLimit)
        return text;
      if (byte != 0)
        text->push_back(static_cast<char>(byte));
      else if (!text->empty() && text->back() != '\n')
        text->push_back('\n');
    }
    if (!text->empty() && text->back() != '\n')
      text->push_back('\n');
  }
  return text;
}

/// The line of a text, counted from 1.
static StringRef lineOf(StringRef text, uint32_t line) {
  for (; line > 1; --line)
    text = text.split('\n').second;
  return text.split('\n').first.rtrim('\r');
}

Expected<std::optional<Interface>> abi::readInterface(const wasm::Module &module,
                                                      const std::optional<std::string> &given,
                                                      StringRef fileName) {
  std::optional<std::string> text = given ? given : embeddedInterface(module);
  if (!text)
    return std::nullopt;
  auto bound = [&]() -> Expected<std::optional<Interface>> {
    Expected<Interface> interface = parseInterface(*text, fileName);
    if (!interface)
      return interface.takeError();
    if (Error e = bindInterface(*interface, module, fileName))
      return e;
    return std::move(*interface);
  }();
  if (bound)
    return bound;
  return handleErrors(bound.takeError(), [&](std::unique_ptr<InterfaceError> e) -> Error {
    e->source = lineOf(*text, e->at.line).str();
    return Error(std::move(e));
  });
}
