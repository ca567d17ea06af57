//===- HeaderWriter.cpp - The C and C++ header of a compiled module -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/HeaderWriter.h"
#include "abi/HeaderText.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace wasmc;

static const char *cType(const wasm::ValType &type) { return abi::cTypeName(type.kind); }

namespace {
/// The frame, life cycle, imports and exports that are not described.
class Writer {
public:
  Writer(const abi::HeaderContext &header, const abi::LinkedModules &linked, StringRef fileName)
      : header(header), linked(linked), module(header.module), prefix(header.prefix),
        names(header.names), fileName(fileName), out(header.out) {}
  void write();

private:
  void begin();
  void imports();
  void providerFields();
  void importFields();
  /// Not bound to another module's export.
  bool isHosts(uint32_t import) const { return !linked.links.imports[import]; }
  void importSymbols();
  void lifeCycle();
  void declareExport(size_t i);
  std::string nameOf(uint32_t import);
  std::string hostFunction(uint32_t import, const std::string &head);
  std::string function(const wasm::FuncType &type, const std::string &head, StringRef first);

  const abi::HeaderContext &header;
  const abi::LinkedModules &linked;
  const wasm::Module &module;
  const std::string &prefix;
  const abi::Names &names;
  const StringRef fileName;
  raw_ostream &out;
};
} // namespace

void Writer::write() {
  begin();
  imports();
  lifeCycle();
  for (const abi::InterfaceFunction &f : header.interface.exports)
    abi::declareDescribed(header, f);
  for (size_t i = 0; i != module.exports.size(); ++i)
    if (!header.isDescribed(i))
      declareExport(i);
  out << "\n#ifdef __cplusplus\n} /* extern \"C\" */\n\n";
  abi::writeClass(header);
  out << "#endif /* __cplusplus */\n\n#endif\n";
}

void Writer::begin() {
  std::string guard = StringRef(prefix).upper() + "_WASMC_H";
  out << "/* " << prefix << " - written by wasmc from " << abi::escapeText(fileName)
      << ". Do not edit.\n *\n"
      << " * The types and statuses are those of wasmc/wasmc.h. One thread at a time in an\n"
      << " * instance; any thread. */\n"
      << "#ifndef " << guard << "\n#define " << guard << "\n\n"
      << "#include <wasmc/wasmc.h>\n\n"
      << "#ifdef __cplusplus\n#include <wasmc/wasmc.hpp>\nextern \"C\" {\n#endif\n\n"
      << "/** An instance of the module. */\n"
      << "typedef struct " << prefix << " " << prefix << ";\n"
      << "extern const wasmc_module " << prefix << "_module;\n\n";
}

/// An import, for a comment: the line of the description, or its two names.
std::string Writer::nameOf(uint32_t import) {
  if (const abi::InterfaceFunction *f = header.interface.ofImport(import))
    return abi::describe(*f, true);
  const wasm::Import &i = module.imports[import];
  return "\"" + abi::escapeText(i.module) + "\" \"" + abi::escapeText(i.name) + "\"";
}

std::string Writer::function(const wasm::FuncType &type, const std::string &head, StringRef first) {
  std::vector<std::string> params = {first.str()};
  for (size_t i = 0; i != type.params.size(); ++i)
    params.push_back(abi::cParameter(type.params[i].kind, "p" + std::to_string(i)));
  for (size_t i = 0; i != type.results.size(); ++i)
    params.push_back(std::string(cType(type.results[i])) + " *r" + std::to_string(i));
  return abi::breakLines(head, params, ";\n");
}

/// What a host defines for an imported function.
std::string Writer::hostFunction(uint32_t import, const std::string &head) {
  if (const abi::InterfaceFunction *f = header.interface.ofImport(import))
    return abi::declareFunction(header, *f, abi::Way::Import, head, ";\n");
  return function(module.funcType(module.imports[import].index), head, "void *context");
}

void Writer::imports() {
  if (header.symbols)
    importSymbols();
  out << "/** What the module imports. All functions get `context` first; one that returns\n"
      << " * anything but WASMC_OK makes the module trap. */\n"
      << "typedef struct " << prefix << "_imports {\n  void *context;\n";
  providerFields();
  importFields();
  out << "} " << prefix << "_imports;\n\n";
}

void Writer::importSymbols() {
  for (uint32_t i = 0; i != module.imports.size(); ++i) {
    const wasm::Import &import = module.imports[i];
    if (import.kind != wasm::ExternKind::Func || !isHosts(i))
      continue;
    const abi::InterfaceFunction *f = header.interface.ofImport(i);
    std::string name = header.global("import_" + names.imports[i]);
    out << "/** To be defined by the host: " << nameOf(i) << ". The symbol holds its type. */\n"
        << "#define " << name << " " << abi::importSymbol(prefix, module, i, f) << "\n"
        << hostFunction(i, "wasmc_status " + name) << "\n";
  }
}

/// Called as their type is; a word `struct` keeps the two apart in C++.
void Writer::providerFields() {
  std::vector<std::string> taken = names.imports;
  taken.push_back("context");
  for (const std::string &provider : linked.prefixes) {
    std::string name = abi::mayBeMacro(provider) ? provider + "_" : provider;
    while (is_contained(taken, name))
      name += "_";
    out << "  /** What this instance imports from, and what must outlive it. */\n  struct "
        << provider << " *" << name << ";\n";
    taken.push_back(name);
  }
}

void Writer::importFields() {
  for (uint32_t i = 0; i != module.imports.size(); ++i) {
    const wasm::Import &import = module.imports[i];
    if (!isHosts(i) || (header.symbols && import.kind == wasm::ExternKind::Func))
      continue;
    out << "  /** " << nameOf(i) << " */\n";
    switch (import.kind) {
    case wasm::ExternKind::Func:
      out << hostFunction(i, "  wasmc_status (*" + names.imports[i] + ")");
      break;
    case wasm::ExternKind::Memory: out << "  wasmc_memory *" << names.imports[i] << ";\n"; break;
    case wasm::ExternKind::Table: out << "  wasmc_table *" << names.imports[i] << ";\n"; break;
    case wasm::ExternKind::Global:
      out << "  const wasmc_global *" << names.imports[i] << ";\n";
      break;
    case wasm::ExternKind::Tag: out << "  const wasmc_tag *" << names.imports[i] << ";\n"; break;
    }
  }
}

void Writer::lifeCycle() {
  out << "/** Makes an instance: wasmc_instance_new() says what can fail. `imports` may be NULL "
         "if\n"
      << " * the module imports nothing, `config` for the defaults. */\n"
      << abi::breakLines("wasmc_status " + header.global("new"),
                         {prefix + " **out", "const " + prefix + "_imports *imports",
                          "const wasmc_config *config"},
                         ";\n")
      << "static inline wasmc_instance *" << prefix << "_instance(" << prefix << " *self) {\n"
      << "  return (wasmc_instance *)self;\n}\n"
      << "/** Makes it as it was when it was new: wasmc_instance_reset() says what can fail. */\n"
      << "static inline wasmc_status " << prefix << "_reset(" << prefix << " *self) {\n"
      << "  return wasmc_instance_reset((wasmc_instance *)self);\n}\n"
      << "/** NULL is ignored. */\n"
      << "static inline void " << prefix << "_delete(" << prefix << " *self) {\n"
      << "  wasmc_instance_delete((wasmc_instance *)self);\n}\n"
      << "/** Why and where the last call trapped; NULL if none has. */\n"
      << "static inline const wasmc_trap *" << prefix << "_trap(const " << prefix << " *self) {\n"
      << "  return wasmc_instance_trap((const wasmc_instance *)self);\n}\n"
      << "/** The module's own code, negative, of the last WASMC_MODULE_ERROR; 0 if none was. */\n"
      << "static inline int32_t " << prefix << "_error(const " << prefix << " *self) {\n"
      << "  return wasmc_instance_error((const wasmc_instance *)self);\n}\n";
}

void Writer::declareExport(size_t i) {
  const wasm::Export &e = module.exports[i];
  std::string name = prefix + "_" + names.exports[i];
  std::string self = prefix + " *self";
  out << "\n/** Export \"" << abi::escapeText(e.name) << "\" */\n";
  switch (e.kind) {
  case wasm::ExternKind::Func:
    out << function(module.funcType(e.index), "wasmc_status " + name, self);
    break;
  case wasm::ExternKind::Memory: out << "wasmc_memory *" << name << "(" << self << ");\n"; break;
  case wasm::ExternKind::Table: out << "wasmc_table *" << name << "(" << self << ");\n"; break;
  case wasm::ExternKind::Global: {
    const wasm::ValType &type = module.globals[e.index].type.type;
    if (type.kind == wasm::ValKind::V128)
      out << "void " << name << "(const " << self << ", " << cType(type) << " *value);\n";
    else
      out << cType(type) << " " << name << "(const " << self << ");\n";
    if (names.setters[i].empty())
      break;
    if (!wasm::isAnyHostValue(type))
      out << "/** WASMC_INVALID_ARGUMENT if `value` is none of this type. */\n";
    out << (wasm::isAnyHostValue(type) ? "void " : "wasmc_status ") << prefix << "_"
        << names.setters[i] << "(" << self << ", " << abi::cParameter(type.kind, "value")
        << ");\n";
    break;
  }
  case wasm::ExternKind::Tag:
    out << "const wasmc_tag *" << name << "(" << self << ");\n";
    break;
  }
}

void abi::writeHeader(const wasm::Module &module, const CompileOptions &options,
                      const Interface *interface, const LinkedModules &linked, raw_ostream &out) {
  static const Interface nothing;
  Names names = makeNames(module, interface);
  HeaderContext header = {module, interface ? *interface : nothing,       options.prefix,
                          names,  options.imports == ImportMode::Symbols, out};
  Writer(header, linked, sys::path::filename(options.fileName)).write();
}
