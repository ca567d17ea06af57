//===- FunctionEmitter.h - Lowers one function body, an operator at a time ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_FUNCTIONEMITTER_H
#define WASMC_COMPILER_LOWER_FUNCTIONEMITTER_H

#include "lower/Builder.h"
#include "wasm/Validate.h"

#include "llvm/ADT/DenseSet.h"

namespace wasmc::lower {

/// Walks the operators of a body: each is decoded, validated, then lowered. One
/// file per family of operators (Control.cpp, Memory.cpp ...) has the cases.
class FunctionEmitter {
public:
  FunctionEmitter(ModuleLowering &module, uint32_t index, llvm::Function *function);
  llvm::Error run();

private:
  /// `Try` and `Catch` are the parts of a legacy try; a try_table is a `Block`.
  enum class FrameKind : uint8_t { Body, Block, Loop, If, Else, Try, Catch };
  /// What becomes of exceptions in a try (Exception.cpp). Its blocks are null until
  /// something may throw there.
  struct Handler {
    std::vector<wasm::CatchClause> clauses; ///< Of a try_table.
    llvm::BasicBlock *pad = nullptr;        ///< Where the unwinder goes.
    llvm::BasicBlock *dispatch = nullptr;   ///< Chooses a clause.
    llvm::PHINode *exception = nullptr;     ///< At `dispatch`.
    llvm::SmallDenseSet<uint32_t> tags;     ///< Of clauses so far.
    // Legacy:
    llvm::BasicBlock *rest = nullptr;       ///< Where no clause so far has matched.
    llvm::CallInst *caught = nullptr;       ///< Says what the last clause does with it.
    bool catchesAll = false;
  };
  /// A structured control instruction whose `end` has not come yet. The block
  /// behind its end and the phis there exist only once something branches to it.
  struct Frame {
    Frame(FrameKind kind, const wasm::BlockType &type, size_t height)
        : kind(kind), type(type), height(height) {}
    FrameKind kind;
    wasm::BlockType type;
    size_t height;                          ///< Operands below the frame's own.
    llvm::BasicBlock *target = nullptr;     ///< Of branches to the label.
    llvm::SmallVector<llvm::PHINode *, 1> phis; ///< At `target`.
    bool isRepeated = false;                ///< `Loop`: something branches back to it.
    uint64_t firstBlock = 0;                ///< `Loop`: blocks made before it.
    llvm::BasicBlock *otherwise = nullptr;  ///< `If`: where it goes on without its condition.
    llvm::SmallVector<llvm::Value *, 0> params; ///< `If`: operands for its else part.
    std::unique_ptr<Handler> handler;       ///< Of a try with clauses.
  };

  void prologue();
  /// Lowers an operator that was validated; an error where nothing lowers it.
  llvm::Error lower(const wasm::Instruction &inst);
  /// In code that is never reached, only nesting is followed.
  void skip(const wasm::Instruction &inst);
  llvm::Error unsupported(const wasm::Instruction &inst);
  llvm::Error limit(const wasm::Instruction &inst, std::string message);

  // One per family; each returns whether the operator was one of its own.
  bool lowerControl(const wasm::Instruction &inst);
  bool lowerVariable(const wasm::Instruction &inst);
  bool lowerNumeric(const wasm::Instruction &inst);
  bool lowerCompare(const wasm::Instruction &inst);
  bool lowerFloat(const wasm::Instruction &inst);
  bool lowerConversion(const wasm::Instruction &inst);
  bool lowerMemory(const wasm::Instruction &inst);
  bool lowerBulk(const wasm::Instruction &inst);
  bool lowerTable(const wasm::Instruction &inst);
  bool lowerReference(const wasm::Instruction &inst);
  bool lowerCall(const wasm::Instruction &inst);
  bool lowerLanes(const wasm::Instruction &inst);
  bool lowerVectorMemory(const wasm::Instruction &inst);
  bool lowerIntegerLanes(const wasm::Instruction &inst);
  bool lowerFloatLanes(const wasm::Instruction &inst);
  bool lowerRelaxedLanes(const wasm::Instruction &inst);
  bool lowerWideArithmetic(const wasm::Instruction &inst);
  bool lowerException(const wasm::Instruction &inst);

  // Operand stack.
  void push(llvm::Value *value) { stack.push_back(value); }
  llvm::Value *pop() { return stack.pop_back_val(); }
  llvm::SmallVector<llvm::Value *> pop(size_t count);
  llvm::Value *boolean(llvm::Value *i1) { return b.CreateZExt(i1, m.i32); }

  // Control.cpp
  llvm::ArrayRef<wasm::ValType> params(const Frame &frame) const;
  llvm::ArrayRef<wasm::ValType> results(const Frame &frame) const;
  llvm::ArrayRef<wasm::ValType> labelTypes(const Frame &frame) const;
  void enterFrame(FrameKind kind, const wasm::BlockType &type);
  void makeTarget(Frame &frame);
  Frame &label(uint32_t depth) { return frames[frames.size() - 1 - depth]; }
  /// Adds the edge from the current block to a label, with its operands, which
  /// stay on the stack. The caller makes the branch itself.
  llvm::BasicBlock *addEdge(Frame &frame);
  void lowerIf(const wasm::Instruction &inst);
  void lowerElse();
  void lowerEnd();
  void lowerBranchTable(const wasm::Instruction &inst);
  /// What the module's hints say of the branch; null where they say nothing.
  llvm::MDNode *branchWeights(const wasm::Instruction &inst);
  void becomeUnreachable() { reachable = false; }
  llvm::BasicBlock *newBlock() {
    ++numBlocks;
    return llvm::BasicBlock::Create(m.context, "", function);
  }

  // Exception.cpp
  /// Where exceptions of calls that are made now go; null where they leave the function.
  llvm::BasicBlock *landingPad();
  llvm::BasicBlock *dispatchOf(Frame &frame);
  /// The frame that was just opened handles exceptions.
  void openHandler(std::vector<wasm::CatchClause> clauses);
  void passOn(llvm::Value *exception, size_t count);
  llvm::BasicBlock *branchOnTag(llvm::Value *exception, uint32_t tag);
  void pushPayload(llvm::Value *exception, uint32_t tag);
  llvm::CallInst *endCatch(llvm::Value *exception, Helper how);
  void throwNew(uint32_t tag);
  void throwFrom(llvm::Function *helper, llvm::ArrayRef<llvm::Value *> args);
  void lowerClauses(Handler &handler);
  void endHandler();
  void endTryPart();
  void lowerCatch(const wasm::Instruction &inst);
  void rethrow(uint32_t depth);
  void passOnRest(const Handler &handler, size_t count);
  void lowerDelegate(uint32_t depth);

  // Integer.cpp
  void divide(llvm::Instruction::BinaryOps op);
  void remainder(llvm::Instruction::BinaryOps op);
  void shift(llvm::Instruction::BinaryOps op);
  void rotate(llvm::Intrinsic::ID id);
  void binary(llvm::Instruction::BinaryOps op);
  void unary(llvm::Intrinsic::ID id, bool hasFlag);
  void compare(llvm::CmpInst::Predicate predicate);
  void extendInPlace(llvm::Type *from);

  // Float.cpp
  // Of two scalars or two vectors; `op` is one of LLVM's operations, an intrinsic.
  llvm::Value *floatBinary(unsigned op, llvm::Value *lhs, llvm::Value *rhs);
  llvm::Value *extremum(unsigned id, llvm::Value *lhs, llvm::Value *rhs);
  /// lhs * rhs + addend, rounded once where the target does so, else twice.
  llvm::Value *multiplyAdd(llvm::Value *lhs, llvm::Value *rhs, llvm::Value *addend);
  /// Minimum or maximum of operands that are no NaNs.
  llvm::Value *orderedExtremum(llvm::Intrinsic::ID id, llvm::Value *lhs, llvm::Value *rhs);
  llvm::Value *jumpTableIndex(llvm::Value *selector, llvm::ArrayRef<uint32_t> labels,
                              llvm::SmallVectorImpl<uint32_t> &targets);
  /// An intrinsic where the target has instructions for it, else a helper.
  void round(llvm::Intrinsic::ID id, Helper single, Helper wide, bool isInline);
  /// With --strict-traps: hides an operand from LLVM's folds, whatever it turns
  /// out to be after inlining.
  llvm::Value *fence(llvm::Value *value);
  /// The integer, or vector of integers, that has the bits of floats.
  llvm::Type *bitsOf(llvm::Type *type);
  /// Makes a signalling NaN quiet, with operations that LLVM cannot fold away.
  llvm::Value *quiet(llvm::Value *value);

  // Conversion.cpp
  void truncate(llvm::Type *to, bool isSigned);
  void truncateSaturating(llvm::Type *to, bool isSigned);
  llvm::Value *demote(llvm::Value *operand);

  // Memory.cpp
  /// The only place that forms the address of a linear memory access.
  /// `alwaysCompared`: with the memory's size, also where a guard region would do.
  llvm::Value *memoryAddress(uint32_t memory, llvm::Value *index, uint64_t offset,
                             uint64_t bytes, bool alwaysCompared = false);
  /// Pops the index and loads what the operator accesses.
  llvm::LoadInst *loadAccess(const wasm::Instruction &inst, llvm::Type *memoryType);
  /// The value on top of the stack is what this load made.
  void noteLoad(llvm::LoadInst *load);
  void loadMemory(const wasm::Instruction &inst, llvm::Type *memoryType, llvm::Type *valueType,
                  bool isSigned);
  void storeMemory(const wasm::Instruction &inst, llvm::Type *memoryType);
  /// Whether an access reaches past the memory's size (i1). `index` was extended.
  llvm::Value *isPastEnd(uint32_t memory, llvm::Value *index, uint64_t offset, uint64_t bytes);
  bool isWithinLeastSize(uint32_t memory, llvm::Value *index, uint64_t offset,
                         uint64_t bytes) const;

  // Atomic.cpp
  llvm::Error lowerAtomic(const wasm::Instruction &inst);
  /// The type of what the operator accesses, and of what it leaves.
  llvm::IntegerType *accessType(const wasm::Instruction &inst);
  void pushAccessed(const wasm::Instruction &inst, llvm::Value *value);
  llvm::Value *popAccessed(const wasm::Instruction &inst);
  /// Pops the index: traps unless the access is aligned.
  llvm::Value *atomicAddress(const wasm::Instruction &inst, bool alwaysCompared = false);
  void atomicLoad(const wasm::Instruction &inst);
  void atomicStore(const wasm::Instruction &inst);
  void atomicUpdate(const wasm::Instruction &inst, llvm::AtomicRMWInst::BinOp op);
  void atomicExchange(const wasm::Instruction &inst);
  void wait(const wasm::Instruction &inst, Helper helper);
  void notify(const wasm::Instruction &inst);
  /// What is called here may hold a lock that other threads want: it must not run
  /// out of stack.
  void takesLock() { summary.callsOut = true; }

  // Simd.cpp
  /// The lanes that an operator works on, from its name.
  llvm::FixedVectorType *shape(const wasm::Instruction &inst) const;
  llvm::Value *reshape(llvm::Value *vector, llvm::Type *to);
  llvm::Value *popLanes(const wasm::Instruction &inst) { return reshape(pop(), shape(inst)); }
  void pushVector(llvm::Value *lanes) { push(reshape(lanes, m.v128)); }
  llvm::Value *half(llvm::Value *vector, bool high);
  llvm::Value *concat(llvm::Value *low, llvm::Value *high);
  llvm::Value *withZeros(llvm::Value *low);
  void splat(const wasm::Instruction &inst);
  void extractLane(const wasm::Instruction &inst, bool isSigned);
  void replaceLane(const wasm::Instruction &inst);
  void shuffle(const wasm::Instruction &inst);
  /// `wraps`: x86's own, where indices of 16 to 127 are taken modulo 16.
  void swizzle(const wasm::Instruction &inst, bool wraps);
  void bitselect();
  void anyTrue();
  void loadExtended(const wasm::Instruction &inst, unsigned bits, bool isSigned);
  void loadSplat(const wasm::Instruction &inst, unsigned bits);
  void loadZero(const wasm::Instruction &inst, unsigned bits);
  void loadLane(const wasm::Instruction &inst, unsigned bits);
  void storeLane(const wasm::Instruction &inst, unsigned bits);

  // SimdInteger.cpp
  llvm::Value *widen(llvm::Value *lanes, bool isSigned);
  /// The shape with lanes half as wide, of which an operator takes a part.
  llvm::FixedVectorType *narrowerShape(const wasm::Instruction &inst) const;
  void lanesBinary(const wasm::Instruction &inst, llvm::Instruction::BinaryOps op);
  void lanesIntrinsic(const wasm::Instruction &inst, llvm::Intrinsic::ID id);
  void lanesCompare(const wasm::Instruction &inst, llvm::CmpInst::Predicate predicate);
  void lanesShift(const wasm::Instruction &inst, llvm::Instruction::BinaryOps op);
  void allTrue(const wasm::Instruction &inst);
  void bitmask(const wasm::Instruction &inst);
  void narrow(const wasm::Instruction &inst, bool isSigned);
  void extendHalf(const wasm::Instruction &inst, bool high, bool isSigned);
  void multiplyHalves(const wasm::Instruction &inst, bool high, bool isSigned);
  void addPairs(const wasm::Instruction &inst, bool isSigned);
  void dotProduct();
  void multiplyQ15();
  void average(const wasm::Instruction &inst);

  // SimdFloat.cpp
  void floatLanes(const wasm::Instruction &inst,
                  llvm::Value *(FunctionEmitter::*scalar)(unsigned, llvm::Value *, llvm::Value *),
                  unsigned op);
  void pseudoExtremum(const wasm::Instruction &inst, bool isMin);
  /// `first` where it is less (for a maximum: greater), else `second`, bit by bit.
  llvm::Value *firstOrSecond(llvm::Value *first, llvm::Value *second, bool isMin);
  llvm::Value *eachLane(llvm::Value *lanes, Helper single, Helper wide);
  llvm::Value *roundBySums(llvm::Intrinsic::ID id, llvm::Value *value);
  void roundLanes(const wasm::Instruction &inst, llvm::Intrinsic::ID id, Helper single,
                  Helper wide);
  void rootLanes(const wasm::Instruction &inst);
  llvm::Value *saturate(llvm::Value *lanes, llvm::Type *to, bool isSigned);
  void truncateLanes(llvm::Type *from, bool isSigned);

  // SimdRelaxed.cpp
  void relaxedExtremum(const wasm::Instruction &inst, bool isMin);
  void relaxedMultiplyAdd(const wasm::Instruction &inst, bool isNegated);
  void relaxedTruncate(llvm::FixedVectorType *from);
  void relaxedMultiplyQ15();
  llvm::Value *relaxedDot();

  // Table.cpp
  llvm::Value *tableElement(uint32_t table, llvm::Value *index, Trap trap);
  /// To the 64 bits of a size; an index of a 64-bit memory or table has them.
  llvm::Value *extend(llvm::Value *index) { return b.CreateZExt(index, m.i64); }
  /// An operand that is compared with a bound before it is used.
  llvm::Value *checkedIndex() { return b.settled(pop()); }
  llvm::Value *dropLength(uint32_t lengths, uint32_t segment);

  // Reference.cpp
  void branchOnNull(const wasm::Instruction &inst);
  void branchOnNonNull(const wasm::Instruction &inst);

  // Call.cpp
  void callFunction(uint32_t callee);
  /// The record of an indirect call's callee, after all checks.
  llvm::Value *calleeRecord(const wasm::Instruction &inst);
  llvm::Value *referencedRecord();
  void callRecord(llvm::Value *record, const wasm::FuncType &type);
  bool hasElementsOf(uint32_t table, uint32_t type) const;
  void checkType(llvm::Value *record, uint32_t type);
  void pushAll(llvm::ArrayRef<llvm::Value *> values);

  // IndirectCalls.cpp
  void callIndirect(const wasm::Instruction &inst);
  void trapIndirect(const wasm::Instruction &inst, llvm::Value *index);
  std::vector<llvm::Value *> callCases(Callees &callees, const wasm::FuncType &type,
                                       llvm::Value *index, llvm::ArrayRef<llvm::Value *> operands,
                                       llvm::BasicBlock *otherwise);
  std::vector<llvm::Value *> callElement(Callees &callees, const wasm::FuncType &type,
                                         llvm::Value *index, llvm::ArrayRef<llvm::Value *> operands,
                                         llvm::BasicBlock *otherwise);

  // TailCalls.cpp
  void returnCallFunction(uint32_t callee);
  void returnCallRecord(llvm::Value *record, const wasm::FuncType &type);
  void jumpTo(const wasm::FuncType &type, llvm::Value *entry, llvm::Value *callee,
              llvm::ArrayRef<llvm::Value *> operands);
  void callAndReturn(const wasm::FuncType &type, llvm::Value *code, llvm::Value *callee,
                     llvm::ArrayRef<llvm::Value *> operands);

  ModuleLowering &m;
  const uint32_t index;
  llvm::Function *const function;
  Builder b;
  llvm::Value *const self;  ///< The instance.
  llvm::Value *const rest;  ///< Where results that are not returned go, or null.
  wasm::FunctionValidator validator;
  FunctionSummary &summary;
  llvm::SmallVector<llvm::AllocaInst *> locals;
  llvm::SmallVector<llvm::Value *> stack;
  std::vector<Frame> frames;
  llvm::ArrayRef<wasm::BranchHint> hints; ///< Of what comes, in order.
  std::vector<size_t> handlers; ///< Of `frames`, those in whose try the builder stands.
  llvm::AllocaInst *payload = nullptr; ///< What a throw hands over.
  bool reachable = true;
  uint32_t skipped = 0;     ///< Frames opened since code became unreachable.
  size_t maxStack = 0;
  uint64_t numPhis = 0;
  uint64_t numClauses = 0;  ///< Of tries, as far as they can match.
  /// What a function may ask for: a bound on what a few bytes of input can.
  static constexpr uint64_t maxPhis = 2'000'000, maxClauses = 10'000;
  bool hasTooManyClauses() const { return numPhis > maxPhis || numClauses > maxClauses; }
  uint64_t numBlocks = 0;   ///< Made so far.
  uint64_t loopBlocks = 0;  ///< Sum over loops that repeat of their blocks.
  /// The load that made the top of the stack, if the last operator was one.
  llvm::LoadInst *lastLoad = nullptr;
  size_t lastLoadHeight = 0;
};

} // namespace wasmc::lower

#endif
