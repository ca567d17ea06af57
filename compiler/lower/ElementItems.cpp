//===- ElementItems.cpp - Element segments that are constant data -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/ElementItems.h"
#include "wasm/Decode.h"

#include "llvm/ADT/STLExtras.h"

using namespace wasmc;

std::optional<uint32_t> lower::plainItem(const wasm::ConstExpr &expr) {
  wasm::FeatureSet features = wasm::FeatureSet::all();
  wasm::OperatorReader reader(expr, features);
  wasm::Instruction value, end;
  // Validated before: an expression has at least its `end`.
  if (llvm::Error e = reader.next(value)) {
    llvm::consumeError(std::move(e));
    return std::nullopt;
  }
  if (value.op == wasm::Opcode::End || reader.atEnd())
    return std::nullopt;
  if (llvm::Error e = reader.next(end)) {
    llvm::consumeError(std::move(e));
    return std::nullopt;
  }
  if (end.op != wasm::Opcode::End)
    return std::nullopt;
  if (value.op == wasm::Opcode::RefNull)
    return 0;
  if (value.op == wasm::Opcode::RefFunc)
    return value.index + 1;
  return std::nullopt;
}

bool lower::hasPlainItems(const wasm::ElementSegment &segment) {
  return llvm::all_of(segment.exprs,
                      [](const wasm::ConstExpr &e) { return plainItem(e).has_value(); });
}
