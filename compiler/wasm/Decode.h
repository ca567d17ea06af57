//===- Decode.h - From bytes to a module and to operators ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_DECODE_H
#define WASMC_COMPILER_WASM_DECODE_H

#include "Error.h"
#include "Instruction.h"
#include "Module.h"
#include "Reader.h"

namespace wasmc::wasm {

/// Decodes the sections of a binary module (5.5). Function bodies and constant
/// expressions are recorded, not decoded. Every declared count is checked
/// against the bytes that are left before anything is allocated for it.
/// `bytes` must outlive the module.
llvm::Expected<Module> decodeModule(Bytes bytes, const FeatureSet &features);

/// Decodes one operator. On failure the reader holds the error.
[[nodiscard]] bool decodeOperator(Reader &reader, Instruction &into);

/// Reads the operators of one expression, front to back.
class OperatorReader {
public:
  OperatorReader(Section expr, const FeatureSet &features, std::optional<uint32_t> function = {});

  /// Reads the local declarations at the head of a body as (count, type) runs;
  /// the sum of the counts is at most the implementation limit of 50,000.
  llvm::Expected<std::vector<std::pair<uint32_t, ValType>>> readLocals();

  bool atEnd() const { return reader.atEnd(); }
  /// Offset of the next byte from the start of the module.
  size_t offset() const { return reader.offset(); }
  /// Decodes the next operator and its immediates into `into`.
  llvm::Error next(Instruction &into);

private:
  Reader reader;
  FeatureSet localNeeds; ///< Of the local declarations, until `next` reports them.
};

/// The operator of a constant expression (3.4.15) that consists of one.
std::optional<Instruction> onlyOperator(const ConstExpr &expr);

} // namespace wasmc::wasm

#endif
