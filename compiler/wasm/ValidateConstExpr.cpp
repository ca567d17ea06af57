//===- ValidateConstExpr.cpp - Constant expressions (3.4.15) ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Limits.h"
#include "wasm/ModuleValidator.h"

namespace wasmc::wasm {

bool ModuleValidator::need(Feature feature, size_t at, const std::string &what) {
  if (features.has(feature)) {
    module.required.try_emplace(feature, at);
    return true;
  }
  failure = unsupported(feature, at, what);
  return false;
}

/// An immutable global that is imported, or since 3.0 one that is defined before.
/// The gc proposal brought the latter in, but needs nothing of it: it counts as one
/// of the extended constant expressions, so that these are all of them.
bool ModuleValidator::constGlobal(const Instruction &inst, size_t globals) {
  if (inst.index >= globals)
    return fail(
        inst.offset,
        "unknown global " + llvm::Twine(inst.index) +
            (inst.index < module.globals.size() ? " at this place: it is defined later" : ""));
  const Global &global = module.globals[inst.index];
  if (global.type.isMutable)
    return fail(inst.offset, "constant expression required, found global.get of mutable global " +
                                 llvm::Twine(inst.index));
  return global.import ||
         need(Feature::ExtendedConst, inst.offset,
              "global.get of a defined global in a constant expression");
}

bool ModuleValidator::checkConstant(const Instruction &inst, size_t globals) {
  switch (inst.op) {
  case Opcode::I32Const:
  case Opcode::I64Const:
  case Opcode::F32Const:
  case Opcode::F64Const:
  case Opcode::V128Const:
  case Opcode::RefNull:
  case Opcode::StructNew:
  case Opcode::StructNewDefault:
  case Opcode::ArrayNew:
  case Opcode::ArrayNewDefault:
  case Opcode::ArrayNewFixed:
  case Opcode::RefI31:
  case Opcode::AnyConvertExtern:
  case Opcode::ExternConvertAny:
  case Opcode::End: return true;
  case Opcode::I32Add:
  case Opcode::I32Sub:
  case Opcode::I32Mul:
  case Opcode::I64Add:
  case Opcode::I64Sub:
  case Opcode::I64Mul:
    return need(Feature::ExtendedConst, inst.offset,
                std::string(info(inst.op).text) + " in a constant expression");
  case Opcode::RefFunc: return declare(inst.index, inst.offset);
  case Opcode::GlobalGet: return constGlobal(inst, globals);
  default:
    return fail(inst.offset, "constant expression required, found " +
                                 llvm::Twine(llvm::StringRef(info(inst.op).text)));
  }
}

bool ModuleValidator::constExpr(const ConstExpr &expr, ValType type, size_t globals) {
  Reader reader(expr, features);
  operators.begin(type);
  while (!reader.atEnd()) {
    if (!decodeOperator(reader, scratch))
      return fail(reader.takeFailure());
    if (!checkConstant(scratch, globals))
      return false;
    if (!operators.step(scratch))
      return fail(operators.takeFailure());
    if (operators.height() > limits::constantOperands)
      return fail(scratch.offset,
                  "more operands in a constant expression than the limit of " +
                      llvm::Twine(limits::constantOperands),
                  ErrorKind::Limit);
  }
  if (!module.objects)
    module.objects = operators.objects;
  return true;
}

} // namespace wasmc::wasm
