//===- CxxHeader.cpp - The C++ class of a generated header --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Methods of described functions take and return std::span where the host is
// C++20, pointers and lengths where it is C++17. A program may have both, and
// functions that differ in their result alone have the same symbol: so the class
// lies in an inline namespace of another name in each.
//
//===----------------------------------------------------------------------===//
#include "abi/HeaderText.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;
using Kind = CParameter::Kind;

namespace {
class ClassWriter {
public:
  explicit ClassWriter(const HeaderContext &header)
      : header(header), out(header.out), prefix(header.prefix), names(header.names),
        members(memberNames(names, prefix, header.interface)) {}
  void write();

private:
  void plainFunction(const wasm::FuncType &type, StringRef member, StringRef name);
  void plainExport(size_t i);

  void described(const InterfaceFunction &f, bool spans);
  void call(const InterfaceFunction &f, Way way, bool spans);
  void batch(const InterfaceFunction &f, bool spans);
  void buffers(const InterfaceFunction &f, bool spans);
  std::string member(const std::string &generated) const {
    return members.described.lookup(generated);
  }

  const HeaderContext &header;
  raw_ostream &out;
  const std::string &prefix;
  const Names &names;
  const MemberNames members;
};
} // namespace

static const char *cType(const wasm::ValType &type) { return cTypeName(type.kind); }

/// Vectors are references where C has pointers.
static bool isVector(const wasm::ValType &type) { return type.kind == wasm::ValKind::V128; }

static std::string cxxParameter(const wasm::ValType &type, const std::string &name) {
  return isVector(type) ? "const wasmc_v128 &" + name : cParameter(type.kind, name);
}

void ClassWriter::plainFunction(const wasm::FuncType &type, StringRef member, StringRef name) {
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
    out << (i ? ", " : "") << cxxParameter(type.params[i], "p" + std::to_string(i));
  out << ") {\n";
  for (size_t i = 0; i != type.results.size(); ++i)
    out << "    " << cType(type.results[i]) << " r" << i << "{};\n";
  out << "    wasmc_status status = ::" << prefix << "_" << name << "(self";
  for (size_t i = 0; i != type.params.size(); ++i)
    out << (isVector(type.params[i]) ? ", &p" : ", p") << i;
  for (size_t i = 0; i != type.results.size(); ++i)
    out << ", &r" << i;
  out << ");\n    return {status";
  // One value without braces: clang warns of them around a scalar.
  bool several = type.results.size() > 1;
  for (size_t i = 0; i != type.results.size(); ++i)
    out << (i || !several ? ", " : ", {") << "r" << i;
  out << (several ? "}};\n  }\n" : "};\n  }\n");
}

void ClassWriter::plainExport(size_t i) {
  const wasm::Export &e = header.module.exports[i];
  const std::string &name = names.exports[i], &member = members.exports[i];
  switch (e.kind) {
  case wasm::ExternKind::Func: plainFunction(header.module.funcType(e.index), member, name); break;
  case wasm::ExternKind::Memory:
    out << "  wasmc_memory *" << member << "() { return ::" << prefix << "_" << name
        << "(self); }\n";
    break;
  case wasm::ExternKind::Table:
    out << "  wasmc_table *" << member << "() { return ::" << prefix << "_" << name
        << "(self); }\n";
    break;
  case wasm::ExternKind::Global: {
    const wasm::ValType &type = header.module.globals[e.index].type.type;
    const char *address = isVector(type) ? "&" : "";
    out << "  " << cType(type) << " " << member << "() const {";
    if (isVector(type))
      out << "\n    wasmc_v128 value;\n    ::" << prefix << "_" << name
          << "(self, &value);\n    return value;\n  }\n";
    else
      out << " return ::" << prefix << "_" << name << "(self); }\n";
    if (names.setters[i].empty())
      break;
    const std::string set = "::" + prefix + "_" + names.setters[i] + "(self, " + address + "value)";
    const bool checks = !wasm::isAnyHostValue(type);
    out << (checks ? "  wasmc::result<void> " : "  void ") << names.setters[i] << "("
        << cxxParameter(type, "value") << ") { " << (checks ? "return {" + set + "}" : set)
        << "; }\n";
    break;
  }
  case wasm::ExternKind::Tag:
    out << "  const wasmc_tag *" << member << "() { return ::" << prefix << "_" << name
        << "(self); }\n";
    break;
  }
}

/// What a method returns beside its status, made from C's out parameters.
struct MethodResult {
  std::string type = "void", locals, value;
};

static MethodResult methodResult(const std::vector<CParameter> &signature, bool spans) {
  MethodResult r;
  const CParameter *data = nullptr;
  for (const CParameter &p : signature) {
    switch (p.kind) {
    case Kind::OutPointerResult:
      data = &p;
      r.locals += "    const void *" + p.name + " = nullptr;\n";
      break;
    case Kind::OutLengthResult:
    case Kind::Done:
      r.locals += "    size_t " + p.name + " = 0;\n";
      r.type = "size_t";
      r.value = p.name;
      if (!data)
        break;
      r.type = spans ? "std::span<const std::byte>" : "wasmc::bytes";
      r.value = spans ? "{static_cast<const std::byte *>(" + data->name + "), " + p.name + "}"
                      : "{" + data->name + ", " + p.name + "}";
      break;
    case Kind::ResultPointer:
      r.type = cTypeName(p.scalar);
      r.locals += "    " + r.type + " " + p.name + "{};\n";
      r.value = p.name;
      break;
    default: break;
    }
  }
  return r;
}

void ClassWriter::call(const InterfaceFunction &f, Way way, bool spans) {
  std::vector<CParameter> signature = signatureOf(f, way);
  std::vector<std::string> params, args;
  for (const CParameter &p : signature) {
    switch (p.kind) {
    case Kind::Self: args.push_back(p.name); break;
    case Kind::OutPointerResult:
    case Kind::OutLengthResult:
    case Kind::ResultPointer: args.push_back("&" + p.name); break;
    case Kind::InPointer:
    case Kind::OutPointer:
      if (spans) {
        const char *bytes = p.kind == Kind::InPointer ? "const std::byte" : "std::byte";
        params.push_back(std::string("std::span<") + bytes + "> " + p.name);
        args.insert(args.end(), {p.name + ".data()", p.name + ".size()"});
        break;
      }
      [[fallthrough]];
    case Kind::InLength:
    case Kind::OutCapacity:
      // Of a pointer that is a span: said already.
      if (spans && way == Way::Copy)
        break;
      [[fallthrough]];
    default: params.push_back(declaration(header, f, p)); args.push_back(p.name);
    }
  }
  MethodResult r = methodResult(signature, spans);
  std::string name = wayName(f, way);
  out << breakLines("  wasmc::result<" + r.type + "> " + member(name), params, " {\n") << r.locals
      << breakLines("    const wasmc_status status = ::" + header.global(name), args, ";\n")
      << "    return {status" << (r.value.empty() ? "" : ", ") << r.value << "};\n  }\n";
}

void ClassWriter::batch(const InterfaceFunction &f, bool spans) {
  const std::string name = wayName(f, Way::Batch), c = "::" + header.global(f.name);
  if (!spans) {
    out << breakLines("  wasmc::result<size_t> " + member(name),
                      {"const " + c + "_message *messages", "size_t n", c + "_result *results"},
                      " {\n")
        << "    size_t done = 0;\n"
        << "    const wasmc_status status = " << c
        << "_batch(self, messages, n, results, &done);\n";
  } else {
    out << breakLines("  wasmc::result<size_t> " + member(name),
                      {"std::span<const " + c + "_message> messages",
                       "std::span<" + c + "_result> results"},
                      " {\n")
        << "    if (results.size() < messages.size())\n"
        << "      return {WASMC_INVALID_ARGUMENT, 0};\n"
        << "    size_t done = 0;\n"
        << breakLines("    const wasmc_status status = " + c + "_batch",
                      {"self", "messages.data()", "messages.size()", "results.data()", "&done"},
                      ";\n");
  }
  out << "    return {status, done};\n  }\n";
}

void ClassWriter::buffers(const InterfaceFunction &f, bool spans) {
  for (uint32_t i = 0; i != f.params.size(); ++i) {
    const Parameter &p = f.params[i];
    const std::string name = bufferName(f, i), c = "::" + header.global(name);
    if (p.isBuffer() && !p.output) {
      if (spans)
        out << "  std::span<std::byte> " << member(name) << "() {\n"
            << "    void *mailbox = " << c << "(self);\n"
            << "    return {static_cast<std::byte *>(mailbox), " << c << "_capacity};\n  }\n";
      else
        out << "  void *" << member(name) << "() { return " << c << "(self); }\n";
    }
    if (p.window)
      out << "  wasmc::result<void> " << member(name + "_map") << "(int fd, uint64_t offset) {\n"
          << "    return {" << c << "_map(self, fd, offset)};\n  }\n"
          << "  wasmc::result<void> " << member(name + "_unmap") << "() {\n"
          << "    return {" << c << "_unmap(self)};\n  }\n";
  }
}

void ClassWriter::described(const InterfaceFunction &f, bool spans) {
  for (Way way : waysOf(f)) {
    if (way == Way::InPlace)
      buffers(f, spans);
    if (way == Way::Batch)
      batch(f, spans);
    else
      call(f, way, spans);
  }
}

void ClassWriter::write() {
  const std::vector<InterfaceFunction> &exports = header.interface.exports;
  auto hasBuffers = [](const InterfaceFunction &f) { return waysOf(f).size() > 1; };
  const bool spans = any_of(exports, hasBuffers);
  // The class has its own namespace, so that its name can be the C type's.
  out << "namespace wasmc::modules {\n";
  if (spans)
    out << "#if __cplusplus >= 202002L\ninline namespace spans {\n#else\n"
        << "inline namespace pointers {\n#endif\n";
  out << "\n/** Owns an instance. Movable; empty after a move and where create() failed. */\n"
      << "class " << prefix << " : public wasmc::owner<::" << prefix << "> {\n"
      << "public:\n"
      << "  using owner::owner;\n"
      << "  static wasmc::result<" << prefix << "> create(const ::" << prefix
      << "_imports *imports = nullptr,\n"
      << "      const wasmc_config *config = nullptr) {\n"
      << "    ::" << prefix << " *made = nullptr;\n"
      << "    wasmc_status status = ::" << prefix << "_new(&made, imports, config);\n"
      << "    return {status, " << prefix << "(made)};\n  }\n";
  if (spans) {
    out << "#if __cplusplus >= 202002L\n";
    for (const InterfaceFunction &f : make_filter_range(exports, hasBuffers))
      described(f, true);
    out << "#else\n";
    for (const InterfaceFunction &f : make_filter_range(exports, hasBuffers))
      described(f, false);
    out << "#endif\n";
  }
  for (const InterfaceFunction &f : exports)
    if (!hasBuffers(f))
      described(f, false);
  for (size_t i = 0; i != header.module.exports.size(); ++i)
    if (!header.isDescribed(i))
      plainExport(i);
  out << "};\n\n" << (spans ? "} // namespace\n" : "") << "} // namespace wasmc::modules\n";
}

void abi::writeClass(const HeaderContext &header) { ClassWriter(header).write(); }
