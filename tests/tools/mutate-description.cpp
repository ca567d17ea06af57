//===- mutate-description.cpp - Damaged interface descriptions ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: mutate-description MODULE.wasm DESCRIPTION.abi
//
// Takes a description that is right for the module, and binds it, every truncation
// of it, it without each byte, with each byte twice, and with other values in place
// of each byte. What is refused must have an error whose place is in the text; what
// is accepted must be an interface that the rest of the compiler can rely on. Fails
// if one is neither, or if binding takes 5 seconds.
//
//===----------------------------------------------------------------------===//

#include "abi/BufferSignature.h"
#include "abi/Symbols.h"
#include "wasm/Validate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace wasmc;
using namespace wasmc::abi;

namespace {

/// Why an interface is not what it must be, or nothing.
class Invariants {
public:
  Invariants(const wasm::Module &module, const Interface &interface)
      : module(module), interface(interface) {}

  std::string broken() {
    llvm::StringSet<> names, imports;
    Names all = makeNames(module, &interface);
    for (size_t i = 0; i != module.exports.size(); ++i)
      if (!interface.ofExport(i) && !names.insert(all.exports[i]).second)
        return "two exports called " + all.exports[i];
    for (const std::string &name : all.imports)
      if (!isIdentifier(name) || !imports.insert(name).second)
        return "two imports called " + name;
    for (const InterfaceFunction &f : interface.exports) {
      for (const std::string &name : generatedNames(f))
        if (!isIdentifier(name) || !names.insert(name).second)
          return "the name " + name;
      if (interface.ofExport(f.index) != &f || brokenFunction(f, true))
        return "the export " + f.name;
    }
    for (const InterfaceFunction &f : interface.imports)
      if (interface.ofImport(f.index) != &f || brokenFunction(f, false))
        return "the import " + f.name;
    for (const Mailbox &mailbox : interface.mailboxes)
      if (brokenMailbox(mailbox))
        return "a mailbox";
    return "";
  }

private:
  static bool isIdentifier(llvm::StringRef name) {
    return !name.empty() && !llvm::isDigit(name[0]) && !isReservedWord(name) &&
           llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  }

  bool brokenFunction(const InterfaceFunction &f, bool isExport) {
    for (Way way : isExport ? waysOf(f) : std::vector{Way::Import}) {
      llvm::StringSet<> names;
      for (const CParameter &p : signatureOf(f, way))
        if (!isIdentifier(p.name) || !names.insert(p.name).second)
          return true;
    }
    size_t values = 0, outputs = 0;
    for (const Parameter &p : f.params) {
      values += p.isBuffer() ? 2 : 1;
      outputs += p.output;
      if (!p.isBuffer())
        continue;
      if (isExport && (p.mailbox >= interface.mailboxes.size() || p.capacity == 0 ||
                       p.capacity > interface.mailboxes[p.mailbox].capacity))
        return true;
      if (p.window && p.capacity % windowPage != 0)
        return true;
    }
    const wasm::FuncType &type = isExport ? module.funcType(module.exports[f.index].index)
                                          : module.funcType(module.imports[f.index].index);
    return outputs != (f.result == ResultKind::Size) || type.params.size() != values;
  }

  bool brokenMailbox(const Mailbox &mailbox) {
    if (mailbox.capacity > bufferLimit || (mailbox.window && mailbox.capacity % windowPage != 0))
      return true;
    switch (mailbox.placement) {
    case Mailbox::Placement::Export: return mailbox.exportIndex >= module.exports.size();
    case Mailbox::Placement::Allocated:
      return !interface.allocator || interface.allocator->function >= module.functions.size();
    case Mailbox::Placement::AddedPages:
      return mailbox.addedOffset % (mailbox.window ? windowPage : 16) != 0 ||
             mailbox.addedOffset + mailbox.capacity > interface.addedPages * 65536;
    }
    return true;
  }

  const wasm::Module &module;
  const Interface &interface;
};

class Check {
public:
  Check(const wasm::Module &module, std::string text) : module(module), text(std::move(text)) {}

  bool run() {
    auto whole = readInterface(module, text, "it");
    if (!whole) {
      llvm::errs() << "mutate-description: the description itself is refused: " << whole.takeError()
                   << "\n";
      return false;
    }
    for (size_t size = 0; size <= text.size(); ++size)
      judge(text.substr(0, size), "the first " + std::to_string(size) + " bytes");
    for (size_t at = 0; at != text.size(); ++at) {
      std::string place = " at " + std::to_string(at);
      judge(text.substr(0, at) + text.substr(at + 1), "no byte" + place);
      judge(text.substr(0, at) + text.substr(at, 1) + text.substr(at), "two bytes" + place);
      // NUL, the ends of tokens and lines, digits that make numbers large, what is
      // not ASCII, and other letters.
      for (char value : llvm::StringRef("\0\t\n\r \"#\\(),:=<>-09KMa_~\x7f\x80\xc3\xff", 27)) {
        std::string mutant = text;
        mutant[at] = value;
        judge(mutant, "0x" + llvm::utohexstr(static_cast<uint8_t>(value)) + place);
      }
      std::string mutant = text;
      mutant[at] ^= 0x20;
      judge(mutant, "other case" + place);
    }
    llvm::outs() << accepted << " accepted, " << refused << " refused, " << wrong
                 << " wrong; slowest " << static_cast<int>(slowest * 1000) << " ms\n";
    return wrong == 0 && slowest < 5;
  }

private:
  void judge(const std::string &mutant, const std::string &what) {
    auto start = std::chrono::steady_clock::now();
    auto interface = readInterface(module, mutant, "it");
    std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    slowest = std::max(slowest, taken.count());
    std::string problem;
    if (interface) {
      ++accepted;
      problem = Invariants(module, **interface).broken();
    } else {
      ++refused;
      llvm::handleAllErrors(
          interface.takeError(), [&](const InterfaceError &e) { problem = brokenError(e, mutant); },
          [&](const llvm::ErrorInfoBase &e) { problem = "another kind of error: " + e.message(); });
    }
    if (problem.empty())
      return;
    ++wrong;
    llvm::outs() << "wrong: " << what << ": " << problem << "\n";
  }

  /// A place just behind a line's end is in the text.
  static std::string brokenError(const InterfaceError &e, llvm::StringRef text) {
    llvm::SmallVector<llvm::StringRef> lines;
    text.split(lines, '\n');
    if (e.message.empty() || e.message.back() == '.' || e.at.line == 0 ||
        e.at.line > lines.size() || e.at.column == 0 ||
        e.at.column > lines[e.at.line - 1].size() + 1 ||
        e.source != lines[e.at.line - 1].rtrim('\r'))
      return "the error " + std::to_string(e.at.line) + ":" + std::to_string(e.at.column) + ": " +
             e.message;
    return "";
  }

  const wasm::Module &module;
  const std::string text;
  unsigned accepted = 0, refused = 0, wrong = 0;
  double slowest = 0;
};

} // namespace

int main(int argc, char **argv) {
  auto module = argc == 3 ? llvm::MemoryBuffer::getFile(argv[1]) : std::errc::invalid_argument;
  auto text = argc == 3 ? llvm::MemoryBuffer::getFile(argv[2]) : std::errc::invalid_argument;
  if (!module || !text) {
    llvm::errs() << "usage: mutate-description MODULE.wasm DESCRIPTION.abi\n";
    return 2;
  }
  llvm::StringRef bytes = (*module)->getBuffer();
  wasm::FeatureSet features = wasm::FeatureSet::all();
  auto decoded = wasm::decodeModule({bytes.bytes_begin(), bytes.bytes_end()}, features);
  llvm::Error error = decoded ? wasm::validateAll(*decoded, features) : decoded.takeError();
  if (error) {
    llvm::errs() << "mutate-description: " << error << "\n";
    return 2;
  }
  return !Check(*decoded, (*text)->getBuffer().str()).run();
}
