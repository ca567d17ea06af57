//===- InspectInterface.cpp - wasmc inspect: the interface -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"
#include "Inspect.h"
#include "abi/BufferSignature.h"

using namespace llvm;

namespace wasmc::driver {

using abi::CParameter;
using Kind = CParameter::Kind;

static StringRef scalarType(wasm::ValKind kind) {
  switch (kind) {
  case wasm::ValKind::I64: return "int64_t ";
  case wasm::ValKind::F32: return "float ";
  case wasm::ValKind::F64: return "double ";
  default: return "int32_t ";
  }
}

/// The parameters of the copying way, or of an import's function, without the
/// instance or the context.
static std::string signature(const abi::InterfaceFunction &function, abi::Way way) {
  std::string text;
  for (const CParameter &p : abi::signatureOf(function, way)) {
    if (p.kind == Kind::Self || p.kind == Kind::Context)
      continue;
    text += text.empty() ? "" : ", ";
    switch (p.kind) {
    case Kind::InPointer: text += "const void *"; break;
    case Kind::OutPointer: text += "void *"; break;
    case Kind::OutLengthResult: text += "size_t *"; break;
    case Kind::ResultPointer: text += (scalarType(p.scalar) + "*").str(); break;
    case Kind::Scalar: text += scalarType(p.scalar); break;
    default: text += "size_t "; break; // Lengths and capacities.
    }
    text += p.name;
  }
  return function.name + "(" + text + ")";
}

static StringRef placementName(abi::Mailbox::Placement placement) {
  switch (placement) {
  case abi::Mailbox::Placement::Export: return "export";
  case abi::Mailbox::Placement::Allocated: return "allocator";
  case abi::Mailbox::Placement::AddedPages: return "added-pages";
  }
  llvm_unreachable("every placement has a name");
}

static StringRef allocatorName(abi::Allocator::Kind kind) {
  switch (kind) {
  case abi::Allocator::Kind::Malloc: return "malloc";
  case abi::Allocator::Kind::CabiRealloc: return "cabi_realloc";
  case abi::Allocator::Kind::AssemblyScript: return "__new";
  }
  llvm_unreachable("every allocator has a name");
}

json::Object inspectInterface(const wasm::Module &module, const abi::Interface &interface) {
  json::Array exports, imports, mailboxes;
  for (const abi::InterfaceFunction &f : interface.exports) {
    json::Array buffers;
    for (const abi::Parameter &p : f.params)
      if (p.isBuffer())
        buffers.push_back(json::Object{{"name", p.name},
                                       {"capacity", p.capacity},
                                       {"output", p.output},
                                       {"window", p.window},
                                       {"mailbox", p.mailbox}});
    exports.push_back(json::Object{{"name", f.name},
                                   {"export", f.field},
                                   {"signature", signature(f, abi::Way::Copy)},
                                   {"buffers", std::move(buffers)}});
  }
  for (const abi::InterfaceFunction &f : interface.imports)
    imports.push_back(json::Object{{"name", f.name},
                                   {"module", f.module},
                                   {"import", f.field},
                                   {"signature", signature(f, abi::Way::Import)}});
  for (const abi::Mailbox &mailbox : interface.mailboxes) {
    json::Object object{{"capacity", mailbox.capacity},
                        {"window", mailbox.window},
                        {"placement", placementName(mailbox.placement)}};
    if (mailbox.placement == abi::Mailbox::Placement::Export)
      object["export"] = StringRef(module.exports[mailbox.exportIndex].name);
    mailboxes.push_back(std::move(object));
  }
  json::Object result{{"exports", std::move(exports)},
                      {"imports", std::move(imports)},
                      {"mailboxes", std::move(mailboxes)},
                      {"addedPages", interface.addedPages}};
  if (interface.allocator)
    result["allocator"] = json::Object{{"kind", allocatorName(interface.allocator->kind)},
                                       {"function", interface.allocator->function}};
  if (interface.stackGlobal)
    result["stackGlobal"] = *interface.stackGlobal;
  return result;
}

static void printMailboxes(raw_ostream &os, const wasm::Module &module,
                           const abi::Interface &interface) {
  if (!interface.mailboxes.empty())
    os << "mailboxes:\n";
  for (size_t i = 0; i < interface.mailboxes.size(); ++i) {
    const abi::Mailbox &mailbox = interface.mailboxes[i];
    os << "  " << i << ": " << mailbox.capacity << " bytes" << (mailbox.window ? ", window" : "");
    switch (mailbox.placement) {
    case abi::Mailbox::Placement::Export:
      os << ", at '" << printable(StringRef(module.exports[mailbox.exportIndex].name)) << '\'';
      break;
    case abi::Mailbox::Placement::Allocated: os << ", from the module's allocator"; break;
    case abi::Mailbox::Placement::AddedPages: os << ", in added pages"; break;
    }
    os << '\n';
  }
}

void printInterface(raw_ostream &os, const wasm::Module &module, const abi::Interface &interface) {
  if (!interface.exports.empty())
    os << "described exports:\n";
  for (const abi::InterfaceFunction &f : interface.exports) {
    os << "  " << signature(f, abi::Way::Copy) << " = '" << printable(f.field) << '\'';
    const char *separator = ": ";
    for (const abi::Parameter &p : f.params)
      if (p.isBuffer()) {
        os << separator << p.name << " in mailbox " << p.mailbox;
        separator = ", ";
      }
    os << '\n';
  }
  if (!interface.imports.empty())
    os << "described imports:\n";
  for (const abi::InterfaceFunction &f : interface.imports)
    os << "  " << signature(f, abi::Way::Import) << " = '" << printable(f.module) << "' '"
       << printable(f.field) << "'\n";
  printMailboxes(os, module, interface);
  if (interface.allocator)
    os << "allocator: function " << interface.allocator->function << " '"
       << printable(StringRef(module.functionName(interface.allocator->function)))
       << "', called as " << allocatorName(interface.allocator->kind) << '\n';
  if (interface.addedPages)
    os << "pages added for mailboxes: " << interface.addedPages << '\n';
  if (interface.stackGlobal)
    os << "stack pointer: global " << *interface.stackGlobal << '\n';
}

} // namespace wasmc::driver
