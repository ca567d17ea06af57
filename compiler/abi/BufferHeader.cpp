//===- BufferHeader.cpp - C declarations of described exports -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/HeaderText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;

namespace {
class Declarer {
public:
  Declarer(const HeaderContext &header, const InterfaceFunction &f)
      : header(header), f(f), out(header.out), self(header.prefix + " *self") {}

  void write() {
    // Not broken: it is what the author of the description knows it by.
    out << "\n/** " << describe(f, false) << " */\n";
    capacities();
    for (Way way : waysOf(f)) {
      switch (way) {
      case Way::InPlace: mailboxes(); break;
      case Way::Batch: batchTypes(); break;
      case Way::Window: windows(); break;
      case Way::Copy:
      case Way::Import: break;
      }
      out << declareFunction(header, f, way, "wasmc_status " + header.global(wayName(f, way)),
                             ";\n");
    }
  }

private:
  void capacities();
  void mailboxes();
  void batchTypes();
  void windows();
  void structure(const std::string &name, const std::vector<CField> &fields);
  std::string buffer(uint32_t i) const { return header.global(bufferName(f, i)); }

  const HeaderContext &header;
  const InterfaceFunction &f;
  raw_ostream &out;
  const std::string self;
};
} // namespace

void Declarer::capacities() {
  std::vector<std::string> constants;
  for (uint32_t i = 0; i != f.params.size(); ++i)
    if (f.params[i].isBuffer())
      constants.push_back(buffer(i) + "_capacity = " + std::to_string(f.params[i].capacity));
  if (constants.empty())
    return;
  std::string line = "enum { " + join(constants, ", ") + " };\n";
  out << (line.size() <= 101 ? line : "enum {\n  " + join(constants, ",\n  ") + "\n};\n");
}

void Declarer::mailboxes() {
  std::vector<std::string> inputs;
  std::string text = "In place:", output;
  for (uint32_t i = 0; i != f.params.size(); ++i) {
    if (!f.params[i].isBuffer())
      continue;
    if (f.params[i].output)
      output = f.params[i].name;
    else
      inputs.push_back(buffer(i));
  }
  if (!inputs.empty())
    text += " write the input to " + join(inputs, "() and ") + "() before the call.";
  if (!output.empty())
    text += (inputs.empty() ? " `*" : " `*") + output +
            "` is where the output lies, until the next call into the instance.";
  out << comment(text);
  for (const std::string &name : inputs)
    out << "void *" << name << "(" << self << ");\n";
}

void Declarer::structure(const std::string &name, const std::vector<CField> &fields) {
  out << "typedef struct " << name << " {\n";
  for (const CField &field : fields)
    out << "  " << declaration(header, f, field) << ";\n";
  out << "} " << name << ";\n";
}

void Declarer::batchTypes() {
  out << comment("A batch: one entry for many messages. WASMC_TOO_LARGE and WASMC_MODULE_ERROR are "
                 "the status of a message, and the batch goes on; a trap ends it. `*done` is the "
                 "number of messages before the one that trapped, or else of all.");
  // Declarations are the same for all pointer widths.
  structure(header.global(f.name + "_message"), messageStruct(f, 8).fields);
  structure(header.global(f.name + "_result"), resultStruct(f, 8).fields);
}

void Declarer::windows() {
  out << comment("Windows: instead of a mailbox's own pages those of a file (memfd) from `offset` "
                 "on. `_at` is where the message lies in them. A mapped input is read-only: what "
                 "would copy into it traps, and the host writes through a mapping of its own.");
  for (uint32_t i = 0; i != f.params.size(); ++i) {
    if (!f.params[i].window)
      continue;
    out << breakLines("wasmc_status " + buffer(i) + "_map", {self, "int fd", "uint64_t offset"},
                      ";\n")
        << "wasmc_status " << buffer(i) << "_unmap(" << self << ");\n";
  }
}

void abi::declareDescribed(const HeaderContext &header, const InterfaceFunction &function) {
  Declarer(header, function).write();
}
