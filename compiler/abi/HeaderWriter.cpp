//===- HeaderWriter.cpp - The C and C++ header of a compiled module -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/HeaderWriter.h"
#include "abi/Symbols.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace wasmc;

namespace {

const char *cType(const wasm::ValType &type) {
  switch (type.kind) {
  case wasm::ValKind::I32: return "int32_t";
  case wasm::ValKind::I64: return "int64_t";
  case wasm::ValKind::F32: return "float";
  case wasm::ValKind::F64: return "double";
  default: return "wasmc_ref";
  }
}

class Writer {
public:
  Writer(const wasm::Module &module, const CompileOptions &options, const abi::Interface *interface,
         raw_ostream &out)
      : module(module), prefix(options.prefix), symbols(options.imports == ImportMode::Symbols),
        fileName(sys::path::filename(options.fileName)), names(abi::makeNames(module, interface)), members(abi::memberNames(names, prefix)), out(out) {}

  void write() {
    begin();
    imports();
    lifeCycle();
    for (size_t i = 0; i != module.exports.size(); ++i)
      declareExport(i);
    out << "\n#ifdef __cplusplus\n} /* extern \"C\" */\n\n";
    cxxClass();
    out << "#endif /* __cplusplus */\n\n#endif\n";
  }

private:
  void begin();
  void imports();
  void importFields();
  void importSymbols();
  void lifeCycle();
  void declareExport(size_t i);
  void cxxClass();
  void cxxMethod(size_t i);
  void cxxFunction(const wasm::FuncType &type, StringRef member, StringRef name);
  std::string params(const wasm::FuncType &type, StringRef first);

  const wasm::Module &module;
  const std::string prefix;
  const bool symbols;
  const StringRef fileName;
  const abi::Names names;
  const std::vector<std::string> members;
  raw_ostream &out;
};

} // namespace

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

std::string Writer::params(const wasm::FuncType &type, StringRef first) {
  std::string text = first.str();
  for (size_t i = 0; i != type.params.size(); ++i)
    text += std::string(", ") + cType(type.params[i]) + " p" + std::to_string(i);
  for (size_t i = 0; i != type.results.size(); ++i)
    text += std::string(", ") + cType(type.results[i]) + " *r" + std::to_string(i);
  return text;
}

void Writer::imports() {
  if (symbols)
    importSymbols();
  out << "/** What the module imports. All functions get `context` first; one that returns\n"
      << " * anything but WASMC_OK makes the module trap. */\n"
      << "typedef struct " << prefix << "_imports {\n  void *context;\n";
  importFields();
  out << "} " << prefix << "_imports;\n\n";
}

void Writer::importSymbols() {
  for (uint32_t i = 0; i != module.imports.size(); ++i) {
    const wasm::Import &import = module.imports[i];
    if (import.kind != wasm::ExternKind::Func)
      continue;
    std::string name = prefix + "_import_" + names.imports[i];
    out << "/** To be defined by the host: \"" << abi::escapeText(import.module) << "\" \""
        << abi::escapeText(import.name) << "\". The symbol holds its type. */\n"
        << "#define " << name << " " << abi::importSymbol(prefix, module, i) << "\n"
        << "wasmc_status " << name << "("
        << params(module.funcType(import.index), "void *context") << ");\n\n";
  }
}

void Writer::importFields() {
  for (uint32_t i = 0; i != module.imports.size(); ++i) {
    const wasm::Import &import = module.imports[i];
    if (symbols && import.kind == wasm::ExternKind::Func)
      continue;
    out << "  /** \"" << abi::escapeText(import.module) << "\" \"" << abi::escapeText(import.name)
        << "\" */\n  ";
    switch (import.kind) {
    case wasm::ExternKind::Func:
      out << "wasmc_status (*" << names.imports[i] << ")("
          << params(module.funcType(import.index), "void *context") << ");\n";
      break;
    case wasm::ExternKind::Memory:
      out << "wasmc_memory *" << names.imports[i] << ";\n";
      break;
    case wasm::ExternKind::Table:
      out << "wasmc_table *" << names.imports[i] << ";\n";
      break;
    case wasm::ExternKind::Global:
      out << "const wasmc_global *" << names.imports[i] << ";\n";
      break;
    case wasm::ExternKind::Tag:
      out << "const void *" << names.imports[i] << ";\n";
      break;
    }
  }
}

void Writer::lifeCycle() {
  out << "/** Makes an instance: wasmc_instance_new() says what can fail. `imports` may be NULL if\n"
      << " * the module imports nothing, `config` for the defaults. */\n"
      << "wasmc_status " << prefix << "_new(" << prefix << " **out, const " << prefix
      << "_imports *imports,\n" << std::string(prefix.size() + 18, ' ')
      << "const wasmc_config *config);\n"
      << "static inline wasmc_instance *" << prefix << "_instance(" << prefix << " *self) {\n"
      << "  return (wasmc_instance *)self;\n}\n"
      << "/** NULL is ignored. */\n"
      << "static inline void " << prefix << "_delete(" << prefix << " *self) {\n"
      << "  wasmc_instance_delete((wasmc_instance *)self);\n}\n"
      << "/** Why and where the last call trapped; NULL if none has. */\n"
      << "static inline const wasmc_trap *" << prefix << "_trap(const " << prefix << " *self) {\n"
      << "  return wasmc_instance_trap((const wasmc_instance *)self);\n}\n";
}

void Writer::declareExport(size_t i) {
  const wasm::Export &e = module.exports[i];
  std::string name = prefix + "_" + names.exports[i];
  std::string self = prefix + " *self";
  if (e.kind == wasm::ExternKind::Tag)
    return;
  out << "\n/** Export \"" << abi::escapeText(e.name) << "\" */\n";
  switch (e.kind) {
  case wasm::ExternKind::Func:
    out << "wasmc_status " << name << "(" << params(module.funcType(e.index), self) << ");\n";
    break;
  case wasm::ExternKind::Memory:
    out << "wasmc_memory *" << name << "(" << self << ");\n";
    break;
  case wasm::ExternKind::Table:
    out << "wasmc_table *" << name << "(" << self << ");\n";
    break;
  case wasm::ExternKind::Global: {
    const char *type = cType(module.globals[e.index].type.type);
    out << type << " " << name << "(const " << self << ");\n";
    if (!names.setters[i].empty())
      out << "void " << prefix << "_" << names.setters[i] << "(" << self << ", " << type
          << " value);\n";
    break;
  }
  case wasm::ExternKind::Tag:
    break;
  }
}

void Writer::cxxFunction(const wasm::FuncType &type, StringRef member, StringRef name) {
  std::string result = "void";
  if (type.results.size() == 1)
    result = cType(type.results[0]);
  if (type.results.size() > 1) {
    result = "std::tuple<";
    for (size_t i = 0; i != type.results.size(); ++i)
      result += std::string(i ? ", " : "") + cType(type.results[i]);
    result += ">";
  }
  out << "  wasmc::result<" << result << "> " << member << "(";
  for (size_t i = 0; i != type.params.size(); ++i)
    out << (i ? ", " : "") << cType(type.params[i]) << " p" << i;
  out << ") {\n";
  for (size_t i = 0; i != type.results.size(); ++i)
    out << "    " << cType(type.results[i]) << " r" << i << "{};\n";
  out << "    wasmc_status status = ::" << prefix << "_" << name << "(self";
  for (size_t i = 0; i != type.params.size(); ++i)
    out << ", p" << i;
  for (size_t i = 0; i != type.results.size(); ++i)
    out << ", &r" << i;
  out << ");\n    return {status";
  if (!type.results.empty()) {
    out << ", {";
    for (size_t i = 0; i != type.results.size(); ++i)
      out << (i ? ", " : "") << "r" << i;
    out << "}";
  }
  out << "};\n  }\n";
}

void Writer::cxxMethod(size_t i) {
  const wasm::Export &e = module.exports[i];
  const std::string &name = names.exports[i], &member = members[i];
  switch (e.kind) {
  case wasm::ExternKind::Func:
    cxxFunction(module.funcType(e.index), member, name);
    break;
  case wasm::ExternKind::Memory:
    out << "  wasmc_memory *" << member << "() { return ::" << prefix << "_" << name << "(self); }\n";
    break;
  case wasm::ExternKind::Table:
    out << "  wasmc_table *" << member << "() { return ::" << prefix << "_" << name << "(self); }\n";
    break;
  case wasm::ExternKind::Global: {
    const char *type = cType(module.globals[e.index].type.type);
    out << "  " << type << " " << member << "() const { return ::" << prefix << "_" << name
        << "(self); }\n";
    if (!names.setters[i].empty())
      out << "  void " << names.setters[i] << "(" << type << " value) { ::" << prefix << "_"
          << names.setters[i] << "(self, value); }\n";
    break;
  }
  case wasm::ExternKind::Tag:
    break;
  }
}

void Writer::cxxClass() {
  // The class has its own namespace, so that its name can be the C type's.
  out << "namespace wasmc::modules {\n\n"
      << "/** Owns an instance. Movable; empty after a move and where create() failed. */\n"
      << "class " << prefix << " : public wasmc::owner<::" << prefix << "> {\n"
      << "public:\n"
      << "  using owner::owner;\n"
      << "  static wasmc::result<" << prefix << "> create(const ::" << prefix
      << "_imports *imports = nullptr,\n"
      << "      const wasmc_config *config = nullptr) {\n"
      << "    ::" << prefix << " *made = nullptr;\n"
      << "    wasmc_status status = ::" << prefix << "_new(&made, imports, config);\n"
      << "    return {status, " << prefix << "(made)};\n  }\n";
  for (size_t i = 0; i != module.exports.size(); ++i)
    cxxMethod(i);
  out << "};\n\n} // namespace wasmc::modules\n";
}

void abi::writeHeader(const wasm::Module &module, const CompileOptions &options,
                      const Interface *interface, raw_ostream &out) {
  Writer(module, options, interface, out).write();
}
