//===- ValidateFunction.cpp - Validation of function bodies (3.4, 3.5) -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/OperatorValidator.h"

namespace wasmc::wasm {

struct FunctionValidator::Impl {
  Impl(const Module &module, uint32_t function)
      : module(module), function(function), operators(module, function) {
    operators.begin(module.funcType(function).results);
  }

  const Module &module;
  uint32_t function;
  OperatorValidator operators;
};

FunctionValidator::FunctionValidator(const Module &module, const FeatureSet &, uint32_t function)
    : impl(std::make_unique<Impl>(module, function)) {}

FunctionValidator::~FunctionValidator() = default;

llvm::Error FunctionValidator::setLocals(const std::vector<std::pair<uint32_t, ValType>> &runs) {
  if (impl->operators.setLocals(impl->module.funcType(impl->function).params, runs))
    return llvm::Error::success();
  return impl->operators.takeError();
}

const std::vector<ValType> &FunctionValidator::locals() const { return impl->operators.locals(); }

llvm::Error FunctionValidator::step(const Instruction &inst) {
  if (impl->operators.step(inst))
    return llvm::Error::success();
  return impl->operators.takeError();
}

llvm::Error FunctionValidator::finish(size_t offset) const {
  if (done())
    return llvm::Error::success();
  return llvm::make_error<WasmError>(ErrorKind::Malformed, offset,
                                     "unexpected end of section or function: END opcode expected",
                                     impl->function);
}

bool FunctionValidator::done() const { return impl->operators.done(); }

bool FunctionValidator::unreachable() const { return impl->operators.unreachable(); }

ValType FunctionValidator::operand(size_t depth) const { return impl->operators.operand(depth); }

FuncType FunctionValidator::blockType(const BlockType &type) const {
  switch (type.kind) {
  case BlockType::Empty: return {};
  case BlockType::Value: return {{}, {type.value}};
  case BlockType::TypeIndex: return impl->module.types[type.index].func;
  }
  return {};
}

const std::map<Feature, size_t> &FunctionValidator::required() const {
  return impl->operators.required;
}

std::optional<size_t> FunctionValidator::objects() const { return impl->operators.objects; }

static llvm::Error validateBody(Module &module, const FeatureSet &features, uint32_t index) {
  OperatorReader reader(module.functions[index].body, features, index);
  FunctionValidator validator(module, features, index);
  auto locals = reader.readLocals();
  if (!locals)
    return locals.takeError();
  if (llvm::Error error = validator.setLocals(*locals))
    return error;
  Instruction inst;
  while (!reader.atEnd()) {
    if (llvm::Error error = reader.next(inst))
      return error;
    if (llvm::Error error = validator.step(inst))
      return error;
  }
  if (llvm::Error error = validator.finish(reader.offset()))
    return error;
  for (auto [feature, offset] : validator.required())
    module.required.try_emplace(feature, offset);
  if (!module.objects)
    module.objects = validator.objects();
  return llvm::Error::success();
}

llvm::Error validateAll(Module &module, const FeatureSet &features) {
  if (llvm::Error error = validateModule(module, features))
    return error;
  for (uint32_t i = module.numImportedFunctions(); i < module.functions.size(); ++i)
    if (llvm::Error error = validateBody(module, features, i))
      return error;
  return llvm::Error::success();
}

} // namespace wasmc::wasm
