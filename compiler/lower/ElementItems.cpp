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
  std::optional<wasm::Instruction> value = wasm::onlyOperator(expr);
  if (!value)
    return std::nullopt;
  if (value->op == wasm::Opcode::RefNull)
    return 0;
  if (value->op == wasm::Opcode::RefFunc)
    return value->index + 1;
  return std::nullopt;
}

bool lower::hasPlainItems(const wasm::ElementSegment &segment) {
  return llvm::all_of(segment.exprs,
                      [](const wasm::ConstExpr &e) { return plainItem(e).has_value(); });
}
