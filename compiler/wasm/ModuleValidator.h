//===- ModuleValidator.h - The state of validating a module ----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_MODULEVALIDATOR_H
#define WASMC_COMPILER_WASM_MODULEVALIDATOR_H

#include "OperatorValidator.h"

namespace wasmc::wasm {

/// Each check returns false after it has stored the error.
class ModuleValidator {
public:
  ModuleValidator(Module &module, const FeatureSet &features)
      : module(module), features(features), operators(module) {}
  llvm::Error run();

private:
  // ValidateModule.cpp
  bool checkAll();
  bool checkFunctions();
  bool checkTables();
  bool checkTableInit(const Table &table);
  bool checkMemories();
  bool checkTags();
  bool checkGlobals();
  bool checkExports();
  bool checkStart();
  bool checkElements();
  bool checkElementSegment(const ElementSegment &segment);
  bool checkData();
  bool checkLimits(const Limits &limits, uint64_t range, size_t at, const llvm::Twine &message);
  bool functionType(uint32_t index, size_t at, const FuncType *&out);
  bool declare(uint32_t function, size_t at);
  size_t spaceSize(ExternKind kind) const;

  // ValidateConstExpr.cpp
  /// `globals` is the number of globals that the expression can see.
  bool constExpr(const ConstExpr &expr, ValType type, size_t globals);
  bool checkConstant(const Instruction &inst, size_t globals);
  bool constGlobal(const Instruction &inst, size_t globals);

  bool need(Feature feature, size_t at, const std::string &what);
  bool fail(size_t at, const llvm::Twine &message, ErrorKind kind = ErrorKind::Invalid) {
    failure = std::make_unique<WasmError>(kind, at, message.str());
    return false;
  }
  bool fail(std::unique_ptr<WasmError> error) {
    failure = std::move(error);
    return false;
  }

  Module &module;
  const FeatureSet &features;
  OperatorValidator operators; ///< Reused for all constant expressions.
  Instruction scratch;
  std::unique_ptr<WasmError> failure;
};

} // namespace wasmc::wasm

#endif
