//===- BufferSignature.cpp - C parameters of described functions --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/BufferSignature.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::abi;
using Kind = CParameter::Kind;

bool CParameter::isSize() const {
  return is_contained({Kind::InLength, Kind::OutCapacity, Kind::At, Kind::Count, Kind::Written},
                      kind);
}

bool CParameter::isPointer() const {
  return !isSize() && !is_contained({Kind::Scalar, Kind::Status, Kind::Error, Kind::Value}, kind);
}

static bool hasBuffers(const InterfaceFunction &f) {
  return any_of(f.params, [](const Parameter &p) { return p.isBuffer(); });
}

static bool hasWindows(const InterfaceFunction &f) {
  return any_of(f.params, [](const Parameter &p) { return p.isBuffer() && p.window; });
}

static uint32_t outputOf(const InterfaceFunction &f) {
  for (uint32_t i = 0; i != f.params.size(); ++i)
    if (f.params[i].output)
      return i;
  return CParameter::none;
}

std::vector<Way> abi::waysOf(const InterfaceFunction &f) {
  std::vector<Way> ways = {Way::Copy};
  if (hasBuffers(f))
    ways.insert(ways.end(), {Way::InPlace, Way::Batch});
  if (hasWindows(f))
    ways.push_back(Way::Window);
  return ways;
}

namespace {
/// Collects the parameters of one way.
class SignatureBuilder {
public:
  explicit SignatureBuilder(const InterfaceFunction &f) : f(f) {}

  void add(Kind kind, std::string name) { list.push_back({std::move(name), kind}); }

  /// Buffers travel as pointer and length, or capacity.
  void described() {
    for (uint32_t i = 0; i != f.params.size(); ++i) {
      const Parameter &p = f.params[i];
      if (!p.isBuffer()) {
        scalar(i);
      } else if (p.output) {
        add(Kind::OutPointer, i, "");
        add(Kind::OutCapacity, i, "_cap");
      } else {
        add(Kind::InPointer, i, "");
        add(Kind::InLength, i, "_len");
      }
    }
  }

  /// Buffers stay where they are: lengths of inputs go in, where the output lies
  /// comes out.
  void describedInPlace(bool inWindows) {
    for (uint32_t i = 0; i != f.params.size(); ++i) {
      const Parameter &p = f.params[i];
      if (!p.isBuffer()) {
        scalar(i);
        continue;
      }
      if (inWindows && p.window)
        add(Kind::At, i, "_at");
      if (p.output)
        add(Kind::OutPointerResult, i, "");
      add(p.output ? Kind::OutLengthResult : Kind::InLength, i, "_len");
    }
  }

  void result(Kind size, StringRef sizeName, Kind value, StringRef valueName) {
    if (f.result == ResultKind::Size) {
      list.push_back({sizeName.str(), size, outputOf(f)});
    } else if (f.result == ResultKind::Scalar) {
      list.push_back({valueName.str(), value, CParameter::none, f.scalar});
    }
  }

  std::vector<CParameter> list;

private:
  void add(Kind kind, uint32_t index, const char *suffix) {
    list.push_back({f.params[index].name + suffix, kind, index});
  }
  void scalar(uint32_t index) {
    const Parameter &p = f.params[index];
    list.push_back({p.name, Kind::Scalar, index, p.scalar});
  }

  const InterfaceFunction &f;
};
} // namespace

std::vector<CParameter> abi::signatureOf(const InterfaceFunction &f, Way way) {
  SignatureBuilder b(f);
  if (way == Way::Import)
    b.add(Kind::Context, "context");
  else
    b.add(Kind::Self, "self");
  switch (way) {
  case Way::Copy:
  case Way::Import:
    b.described();
    b.result(Kind::OutLengthResult, "written", Kind::ResultPointer, "result");
    break;
  case Way::InPlace:
  case Way::Window:
    b.describedInPlace(way == Way::Window);
    // The output's own `x_len` says how much was written.
    if (outputOf(f) == CParameter::none)
      b.result(Kind::OutLengthResult, "written", Kind::ResultPointer, "result");
    break;
  case Way::Batch:
    b.add(Kind::Messages, "messages");
    b.add(Kind::Count, "n");
    b.add(Kind::Results, "results");
    b.add(Kind::Done, "done");
    break;
  }
  return std::move(b.list);
}

unsigned abi::alignmentOf(const CParameter &field, unsigned pointerBytes) {
  if (field.isPointer() || field.isSize())
    return pointerBytes;
  bool wide = field.scalar == wasm::ValKind::I64 || field.scalar == wasm::ValKind::F64;
  return wide ? 8 : 4;
}

static CStruct layOut(std::vector<CParameter> list, unsigned pointerBytes) {
  CStruct result;
  for (CParameter &parameter : list) {
    unsigned size = alignmentOf(parameter, pointerBytes);
    CField field;
    static_cast<CParameter &>(field) = std::move(parameter);
    field.offset = alignTo(result.size, size);
    result.size = field.offset + size;
    result.alignment = std::max(result.alignment, size);
    result.fields.push_back(std::move(field));
  }
  result.size = alignTo(result.size, result.alignment);
  return result;
}

CStruct abi::messageStruct(const InterfaceFunction &f, unsigned pointerBytes) {
  SignatureBuilder b(f);
  b.described();
  return layOut(std::move(b.list), pointerBytes);
}

CStruct abi::resultStruct(const InterfaceFunction &f, unsigned pointerBytes) {
  SignatureBuilder b(f);
  b.add(Kind::Status, "status");
  b.add(Kind::Error, "error");
  b.result(Kind::Written, "written", Kind::Value, "value");
  return layOut(std::move(b.list), pointerBytes);
}

std::string abi::wayName(const InterfaceFunction &f, Way way) {
  switch (way) {
  case Way::InPlace: return f.name + "_inplace";
  case Way::Batch: return f.name + "_batch";
  case Way::Window: return f.name + "_window";
  case Way::Copy:
  case Way::Import: break;
  }
  return f.name;
}

std::string abi::bufferName(const InterfaceFunction &f, uint32_t param) {
  return f.name + "_" + f.params[param].name;
}

std::vector<std::string> abi::generatedNames(const InterfaceFunction &f) {
  std::vector<std::string> names;
  for (Way way : waysOf(f))
    names.push_back(wayName(f, way));
  if (!hasBuffers(f))
    return names;
  names.push_back(f.name + "_message");
  names.push_back(f.name + "_result");
  for (uint32_t i = 0; i != f.params.size(); ++i) {
    const Parameter &p = f.params[i];
    if (!p.isBuffer())
      continue;
    if (!p.output)
      names.push_back(bufferName(f, i));
    names.push_back(bufferName(f, i) + "_capacity");
    if (p.window) {
      names.push_back(bufferName(f, i) + "_map");
      names.push_back(bufferName(f, i) + "_unmap");
    }
  }
  return names;
}
