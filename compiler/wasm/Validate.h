//===- Validate.h - Validation of modules and of operator streams ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_VALIDATE_H
#define WASMC_COMPILER_WASM_VALIDATE_H

#include "Decode.h"

#include <memory>

namespace wasmc::wasm {

/// Validates everything but function bodies (3.4): types, limits, constant
/// expressions, segments, exports, start. Fills `required` and `isDeclared`.
llvm::Error validateModule(Module &module, const FeatureSet &features);

/// Validates the body of one function, an operator at a time (appendix
/// "Validation Algorithm"). Whoever lowers a body feeds each operator to
/// `step` first and lowers it only if that succeeded.
class FunctionValidator {
public:
  FunctionValidator(const Module &module, const FeatureSet &features, uint32_t function);
  ~FunctionValidator();

  /// Takes the local declarations as the reader gave them.
  llvm::Error setLocals(const std::vector<std::pair<uint32_t, ValType>> &runs);
  /// Types of all locals, parameters first.
  const std::vector<ValType> &locals() const;

  llvm::Error step(const Instruction &inst);
  /// After the last operator: the body ended with the `end` of the function.
  llvm::Error finish(size_t offset) const;

  /// True after the `end` that closes the function's own frame.
  bool done() const;
  /// Whether the next operator stands in unreachable code.
  bool unreachable() const;
  /// Type of the operand `depth` below the top of the stack (0 is the top),
  /// as it is before the next operator; `Bottom` in unreachable code.
  ValType operand(size_t depth) const;
  /// The function type of a block type.
  FuncType blockType(const BlockType &type) const;
  /// Proposals that the operators seen so far need, with the first offset.
  const std::map<Feature, size_t> &required() const;
  /// The first operator on objects of the gc proposal, as in Module.
  std::optional<size_t> objects() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

/// Validates a whole module with its bodies, for tools that do not lower.
llvm::Error validateAll(Module &module, const FeatureSet &features);

/// The text that identifies a defined type across modules: equal texts mean
/// equal types (3.3.2). Types of other groups are written out by their own
/// text, so the text of one type grows with what it refers to; past a fixed
/// length, a part is replaced by its SHA-256.
std::string canonicalType(const Module &module, uint32_t type);

/// The same for many types of one module, each part worked out once.
class TypeTexts {
public:
  explicit TypeTexts(const Module &module) : module(module) {}
  const std::string &operator()(uint32_t type);

private:
  const std::string &group(uint32_t start);

  const Module &module;
  std::map<uint32_t, std::string> groups; ///< By the first type of the group.
  std::map<uint32_t, std::string> types;
};

} // namespace wasmc::wasm

#endif
