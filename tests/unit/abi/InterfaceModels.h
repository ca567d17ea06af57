//===- InterfaceModels.h - Described functions, made by hand ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_UNIT_ABI_INTERFACEMODELS_H
#define WASMC_TESTS_UNIT_ABI_INTERFACEMODELS_H

#include "abi/Interface.h"

namespace wasmc::abi::test {

inline Parameter scalar(std::string name, wasm::ValKind kind) {
  Parameter p;
  p.name = std::move(name);
  p.scalar = kind;
  return p;
}

inline Parameter buffer(std::string name, uint64_t capacity) {
  Parameter p;
  p.name = std::move(name);
  p.kind = Parameter::Kind::Buffer;
  p.capacity = capacity;
  return p;
}

inline Parameter window(std::string name, uint64_t capacity) {
  Parameter p = buffer(std::move(name), capacity);
  p.window = true;
  return p;
}

inline Parameter output(Parameter p) {
  p.output = true;
  return p;
}

inline InterfaceFunction function(std::string name, std::vector<Parameter> params) {
  InterfaceFunction f;
  f.field = name;
  f.name = std::move(name);
  f.module = "env";
  f.params = std::move(params);
  return f;
}

inline InterfaceFunction returning(wasm::ValKind kind, InterfaceFunction f) {
  f.result = ResultKind::Scalar;
  f.scalar = kind;
  return f;
}

inline InterfaceFunction returningSize(InterfaceFunction f) {
  f.result = ResultKind::Size;
  return f;
}

/// The functions of docs/buffers.md.
inline InterfaceFunction process() {
  return returningSize(function("process", {buffer("in", 65536), output(buffer("out", 65536))}));
}
inline InterfaceFunction score() {
  return returning(wasm::ValKind::F64, function("score", {buffer("in", 4096)}));
}
inline InterfaceFunction flush() {
  return returningSize(function("flush", {output(buffer("out", 1024))}));
}
inline InterfaceFunction tune() { return function("tune", {scalar("gain", wasm::ValKind::F32)}); }
inline InterfaceFunction squeeze() {
  InterfaceFunction f = returning(wasm::ValKind::I32, function("squeeze", {window("in", 1 << 20)}));
  f.field = "filter compress";
  return f;
}
inline InterfaceFunction alarm() {
  return function("alarm", {scalar("level", wasm::ValKind::I32), buffer("text", 0)});
}

} // namespace wasmc::abi::test

#endif
