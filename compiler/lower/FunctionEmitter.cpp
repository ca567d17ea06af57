//===- FunctionEmitter.cpp - Lowers one function body, an operator at a time ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/FunctionEmitter.h"

#include "llvm/IR/InstIterator.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

/// Phis that one function may need: a bound on blocks with many parameters,
/// which a few bytes of input can ask for.
static constexpr uint64_t maxPhis = 2'000'000;
/// Sum over loops of their blocks: LLVM lists the blocks of each loop, also those
/// of the loops in it (20,000 loops within each other took 9 GB).
static constexpr uint64_t maxLoopBlocks = 10'000'000;

FunctionEmitter::FunctionEmitter(ModuleLowering &module, uint32_t index, Function *function)
    : m(module), index(index), function(function), b(module, function), self(function->getArg(0)),
      validator(module.module, module.options.features, index),
      summary(module.summaries[index - module.module.numImportedFunctions()]) {}

Error FunctionEmitter::run() {
  const wasm::Section &body = m.module.functions[index].body;
  wasm::OperatorReader reader(body, m.options.features, index);
  auto runs = reader.readLocals();
  if (!runs)
    return runs.takeError();
  if (Error e = validator.setLocals(*runs))
    return e;
  prologue();
  wasm::Instruction inst;
  while (!reader.atEnd() && !validator.done()) {
    if (Error e = reader.next(inst))
      return e;
    if (Error e = validator.step(inst))
      return e;
    for (auto &[feature, offset] : validator.required())
      if (!wasm::FeatureSet::lowered().has(feature))
        return unsupported(inst);
    b.SetCurrentDebugLocation(m.debug.location(function, inst.offset));
    if (reachable) {
      if (Error e = lower(inst))
        return e;
    } else {
      skip(inst);
    }
    maxStack = std::max(maxStack, stack.size());
    if (numPhis > maxPhis)
      return limit(inst, "blocks of this function pass more than " + std::to_string(maxPhis) +
                             " values");
    if (loopBlocks > maxLoopBlocks)
      return limit(inst, "loops of this function are nested too deeply");
  }
  if (Error e = validator.finish(reader.offset()))
    return e;
  if (!reader.atEnd())
    return make_error<wasm::WasmError>(wasm::ErrorKind::Malformed, reader.offset(),
                                       "operators after the end of the function", index);
  // Registers that are spilled take 8 bytes, or 16 where they are vectors or two
  // values share one. Without optimisation any value may have a place of its own.
  summary.frameEstimate = 64 + 16 * (locals.size() + maxStack);
  if (m.options.optLevel == '0')
    for (const Instruction &inst : instructions(*function))
      summary.frameEstimate +=
          std::max<uint64_t>(8, inst.getType()->getPrimitiveSizeInBits().getFixedValue() / 8);
  return Error::success();
}

void FunctionEmitter::prologue() {
  b.SetCurrentDebugLocation(m.debug.location(function, m.module.functions[index].body.offset));
  const auto &types = validator.locals();
  size_t numParams = m.module.funcType(index).params.size();
  // Allocas, which SROA turns into registers: linear in the input, unlike
  // building SSA form for 50,000 locals and 20,000 blocks here.
  for (const wasm::ValType &t : types)
    locals.push_back(b.CreateAlloca(m.type(t)));
  for (size_t i = 0; i != types.size(); ++i) {
    Value *init = Constant::getNullValue(m.type(types[i]));
    if (i < numParams)
      init = b.received(function->getArg(i + 1));
    b.CreateStore(init, locals[i]);
  }
  wasm::BlockType type{wasm::BlockType::TypeIndex, {}, m.module.functions[index].type};
  frames.emplace_back(FrameKind::Body, type, 0);
  hints = m.module.branchHintsOf(index);
}

Error FunctionEmitter::limit(const wasm::Instruction &inst, std::string message) {
  return make_error<wasm::WasmError>(wasm::ErrorKind::Limit, inst.offset, std::move(message),
                                     index);
}

Error FunctionEmitter::unsupported(const wasm::Instruction &inst) {
  const wasm::OpcodeInfo &op = wasm::info(inst.op);
  wasm::Feature feature = op.feature;
  for (auto &[needed, offset] : validator.required())
    if (!wasm::FeatureSet::lowered().has(needed)) {
      feature = needed;
      break;
    }
  std::string message = std::string(op.text) + " needs the proposal '" +
                        std::string(wasm::featureName(feature)) +
                        "', which cannot be compiled yet";
  auto error = std::make_unique<wasm::WasmError>(wasm::ErrorKind::Unsupported, inst.offset,
                                                 std::move(message), index);
  error->feature = feature;
  return Error(std::move(error));
}

SmallVector<Value *> FunctionEmitter::pop(size_t count) {
  SmallVector<Value *> values(stack.end() - count, stack.end());
  stack.truncate(stack.size() - count);
  return values;
}

Error FunctionEmitter::lower(const wasm::Instruction &inst) {
  if (inst.op != wasm::Opcode::Drop)
    lastLoad = nullptr;
  // What a signature does not show (variables, calls) only moves values.
  if (wasm::info(inst.op).signature.find_first_of("fdv") != std::string_view::npos)
    summary.usesFloats = true;
  if (wasm::info(inst.op).feature == wasm::Feature::Threads)
    return lowerAtomic(inst);
  if (lowerControl(inst) || lowerVariable(inst) || lowerNumeric(inst) || lowerCompare(inst) ||
      lowerFloat(inst) || lowerConversion(inst) || lowerMemory(inst) || lowerBulk(inst) ||
      lowerTable(inst) || lowerReference(inst) || lowerCall(inst) || lowerLanes(inst) ||
      lowerVectorMemory(inst) || lowerIntegerLanes(inst) || lowerFloatLanes(inst) ||
      lowerRelaxedLanes(inst) || lowerWideArithmetic(inst))
    return Error::success();
  return unsupported(inst);
}

void FunctionEmitter::skip(const wasm::Instruction &inst) {
  switch (inst.op) {
  case wasm::Opcode::Block:
  case wasm::Opcode::Loop:
  case wasm::Opcode::If:
    ++skipped;
    break;
  case wasm::Opcode::Else:
    if (!skipped)
      lowerElse();
    break;
  case wasm::Opcode::End:
    if (skipped)
      --skipped;
    else
      lowerEnd();
    break;
  default:
    break;
  }
}
