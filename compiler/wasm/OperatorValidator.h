//===- OperatorValidator.h - The validation algorithm (appendix A.3) -------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A stack of operand types and a stack of control frames. Operators that have
// a signature in Opcodes.def are checked from that; the others have a member
// function each, in the file of their family. All work is linear in the size
// of the operator and of the types that it names, and nothing recurses.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_OPERATORVALIDATOR_H
#define WASMC_COMPILER_WASM_OPERATORVALIDATOR_H

#include "Subtyping.h"
#include "Validate.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/Twine.h"

namespace wasmc::wasm {

struct ControlFrame {
  Opcode op = Opcode::Block; ///< What opened it; `Block` for the function's own.
  bool unreachable = false;
  bool hasValue = false;   ///< The result is `value` alone.
  uint32_t height = 0;     ///< Of the operand stack at entry, without parameters.
  uint32_t initHeight = 0; ///< Of the stack of initialised locals.
  ValType value;
  TypeList params;
  TypeList resultList;

  TypeList results() const { return hasValue ? TypeList(value) : resultList; }
  TypeList labelTypes() const { return op == Opcode::Loop ? params : results(); }
};

/// Each check returns false after it has stored the error.
class OperatorValidator {
public:
  explicit OperatorValidator(const Module &module, std::optional<uint32_t> function = {})
      : module(module), function(function) {}

  /// Begins an expression without locals that leaves `results`.
  void begin(TypeList results);
  bool setLocals(TypeList params, const std::vector<std::pair<uint32_t, ValType>> &runs);
  const std::vector<ValType> &locals() const;

  [[nodiscard]] bool step(const Instruction &inst);
  bool done() const { return frames.empty(); }
  bool unreachable() const { return !frames.empty() && frames.back().unreachable; }
  ValType operand(size_t depth) const;
  /// Operands on the stack.
  size_t height() const { return operands.size(); }
  std::unique_ptr<WasmError> takeFailure() { return std::move(failure); }
  llvm::Error takeError() { return llvm::Error(takeFailure()); }

  std::map<Feature, size_t> required;
  std::optional<size_t> objects; ///< As in Module.

private:
  // OperatorValidator.cpp: the machine
  bool fail(const llvm::Twine &message, ErrorKind kind = ErrorKind::Invalid);
  void note(const Instruction &inst);
  bool push(ValType type);
  bool push(TypeList types);
  bool pop(ValType &out);
  bool expect(ValType type);
  bool expect(ValType type, ValType &found);
  bool expect(TypeList types);
  /// As `expect` of the same, without popping.
  bool expectOnTop(TypeList types);
  bool expectRef(ValType &out);
  bool mismatch(const llvm::Twine &expected, ValType found);
  bool mismatchNothing(const llvm::Twine &expected);
  bool simple(const Instruction &inst);
  bool checkImmediates(const Instruction &inst);
  bool checkMemArg(const Instruction &inst);
  bool checkLane(const Instruction &inst);
  void setUnreachable();

  bool functionType(uint32_t index, const FuncType *&out);
  bool aggregate(uint32_t index, CompositeKind kind, const SubType *&out);
  bool inRange(ValType type);
  bool table(uint32_t index, const Table *&out);
  bool memory(uint32_t index, ValType &address);
  bool label(uint32_t index, const ControlFrame *&out);
  bool elementSegment(uint32_t index, const ElementSegment *&out);
  bool dataSegment(uint32_t index);

  // ValidateControl.cpp
  bool control(const Instruction &inst);
  bool branchOrCall(const Instruction &inst);
  bool pushFrame(Opcode op, const BlockType &type);
  bool popFrame(ControlFrame &out);
  bool elseOp();
  bool end();
  bool branchTable(const Instruction &inst);
  bool call(const FuncType &type, bool isTail);
  bool callIndirect(const Instruction &inst, bool isTail);
  bool callRef(const Instruction &inst, bool isTail);
  bool throwOp(const Instruction &inst);
  bool tagType(uint32_t index, const FuncType *&out);
  bool tryTable(const Instruction &inst);
  bool catchClause(const CatchClause &clause);
  bool legacyCatch(const Instruction &inst);
  bool delegate(const Instruction &inst);
  bool rethrow(const Instruction &inst);

  // ValidateVariable.cpp
  bool variable(const Instruction &inst);
  bool select();
  bool selectTyped(const Instruction &inst);
  bool localType(uint32_t index, ValType &out);
  bool localGet(uint32_t index);
  bool localSet(uint32_t index, bool isTee);
  void setInitialised(uint32_t index, ValType type);
  void resetInitialised(uint32_t height);
  bool globalSet(uint32_t index);
  bool bulk(const Instruction &inst);
  bool tableCopy(const Instruction &inst);
  bool tableInit(const Instruction &inst);
  bool memoryCopy(const Instruction &inst);

  // ValidateReference.cpp
  bool reference(const Instruction &inst);
  bool refFunc(uint32_t index);
  bool brOnNull(const Instruction &inst);
  bool brOnNonNull(const Instruction &inst);
  bool cast(const Instruction &inst);
  bool brOnCast(const Instruction &inst);
  bool convert(HeapKind from, HeapKind to);
  bool gc(const Instruction &inst);
  bool structOp(const Instruction &inst);
  bool structField(const Instruction &inst);
  bool arrayOp(const Instruction &inst);
  bool arrayNew(const Instruction &inst, const FieldType &element);
  bool arrayAccess(const Instruction &inst, const FieldType &element);
  bool arrayCopy(const Instruction &inst);
  bool arrayFromSegment(const Instruction &inst, const FieldType &element);
  bool checkPacking(Opcode op, const FieldType &field);

  const Module &module;
  std::optional<uint32_t> function;
  const Instruction *current = nullptr;
  std::vector<ValType> operands;
  std::vector<ControlFrame> frames;
  FeatureSet seen; ///< The keys of `required`.
  std::unique_ptr<WasmError> failure;

  /// Types of the locals as runs, each with the index past its end.
  std::vector<std::pair<uint32_t, ValType>> localRuns;
  mutable std::vector<ValType> expandedLocals;
  /// Locals without a default value that have one, and the order of that.
  llvm::DenseSet<uint32_t> initialised;
  std::vector<uint32_t> initialisedOrder;
  llvm::DenseSet<const ValType *> checkedLabels; ///< Reused by branchTable.
};

} // namespace wasmc::wasm

#endif
