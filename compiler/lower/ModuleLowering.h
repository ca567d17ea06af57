//===- ModuleLowering.h - A module's lowering: what its parts share -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_MODULELOWERING_H
#define WASMC_COMPILER_LOWER_MODULELOWERING_H

#include "Compiler.h"
#include "abi/Interface.h"
#include "abi/Layout.h"
#include "abi/Symbols.h"
#include "lower/DebugInfo.h"
#include "lower/IndirectCalls.h"
#include "lower/InstanceLayout.h"
#include "lower/TargetTraits.h"
#include "lower/Unchanging.h"
#include "wasm/Linking.h"
#include "wasm/Validate.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"

namespace wasmc::lower {

/// Rows of traps.def and helpers.def.
enum class Trap : uint8_t {
#define WASMC_TRAP_KIND(Code, Name, Message) Name,
#include "wasmc/abi/traps.def"
};
enum class Helper : uint8_t {
#define WASMC_HELPER(Name, Result, Params) Name,
#include "wasmc/abi/helpers.def"
};

/// What an access may alias with: one TBAA type each, under a root of our own,
/// so that none aliases another and all may alias the host's own code (LTO). Only
/// what a host's pointer leads to may be linear memory, too: `Host` is the parent
/// of `Memory`.
enum class Access : uint8_t { Memory, Instance, Table, Func, Thread, Host, Size };

/// Of the module's own functions. Not tailcc: on x86-64 its callees pop 8 bytes
/// even where nothing is on the stack (`ret 8`, and an adjustment behind each
/// call). Functions with tail calls have a second entry (TailCalls.cpp), so that
/// ordinary calls need not pay for them.
constexpr llvm::CallingConv::ID internalCC = llvm::CallingConv::C;

/// Facts about a function that are known once its body was lowered.
struct FunctionSummary {
  std::vector<uint32_t> callees; ///< Nodes of the functions called directly.
  std::vector<uint32_t> tailCallees; ///< Of those that take its frame's place.
  bool callsOut = false;         ///< Calls the host or through a reference.
  bool usesFloats = false;       ///< Has an operator on floating-point values.
  bool setsShadowStack = false;  ///< Sets the shadow stack pointer.
  bool throws = false;           ///< Throws or catches: calls the runtime to do so.
  /// Whether it, or anything that it may lead to, does the same: entries have to
  /// look at the floating-point control, or to keep the shadow stack pointer.
  bool reachesFloats = true, reachesShadowStack = true, reachesOut = true, reachesThrow = true;
  uint64_t frameEstimate = 0;    ///< Bytes of stack, from locals and operands.
  uint64_t countedFrame = 0;     ///< That, or none where it is small.
  bool isChecked = false;        ///< Compares the stack pointer with the limit plus countedFrame.
};

class ModuleLowering {
public:
  /// `interface` is null where there is none. Program makes these and lowers them.
  ModuleLowering(const wasm::Module &module, const CompileOptions &options,
                 const abi::Interface *interface, const wasm::Links &links,
                 const TargetTraits &traits, llvm::Module &ir, const SourceMap &sources);

  llvm::Type *type(const wasm::ValType &type) const;
  /// How the internal convention passes a value: in registers that do not depend on
  /// the features that this or another object was compiled for.
  llvm::Type *passedType(const wasm::ValType &type) const;
  /// Of the internal convention: the instance, the parameters, then, where some
  /// results are not returned, where these go, in slots of 8 bytes (16 for v128).
  llvm::FunctionType *functionType(const wasm::FuncType &type) const;
  /// How many results are returned: the first, unless it is a vector for which the
  /// target has no register.
  size_t numReturned(const wasm::ResultType &results) const;
  /// The argument of a function of the internal convention that says where the
  /// others go; null if there are none.
  llvm::Value *placeOfResults(llvm::Function *f, const wasm::FuncType &type) const;
  /// Of the tail convention (TailCalls.cpp).
  llvm::FunctionType *tailType(const wasm::FuncType &type) const;
  /// Of a C function: `self` or a context first, then the parameters and a
  /// pointer for each result; returns a status. A v128 is a pointer, too: how C
  /// passes 16 bytes depends on the compiler and its options.
  llvm::FunctionType *hostType(const wasm::FuncType &type) const;
  void addHostAttributes(llvm::CallBase &call) const;

  /// An own function; for one that is imported from the host, the adapter that calls
  /// it; null for one that is bound to another module's.
  llvm::Function *function(uint32_t index) const { return functions[index]; }
  /// What tail calls jump to: the function itself, by the tail convention, of which
  /// `function` is a wrapper then. Null where it has no tail call.
  llvm::Function *tailEntry(uint32_t index) const { return tailEntries[index]; }
  /// The function that has the code of an own function's body.
  llvm::Function *body(uint32_t index) const {
    return tailEntries[index] ? tailEntries[index] : functions[index];
  }
  bool isImported(uint32_t function) const { return function < numImported; }
  /// The export of another module that an imported function is bound to, or null.
  const wasm::Binding *bindingOf(uint32_t function) const;
  /// The module that defines a function, or that imports it from the host, and the
  /// function there: through all that it is bound to.
  std::pair<const ModuleLowering *, uint32_t> definitionOf(uint32_t function) const;
  /// An own function's number in the graph of calls, which all modules share.
  uint32_t node(uint32_t function) const { return firstNode + function - numImported; }
  uint32_t functionOf(uint32_t node) const { return numImported + node - firstNode; }
  /// Whether calls of an imported function go straight to its adapter.
  bool importsAreSymbols() const { return options.imports == ImportMode::Symbols; }

  /// Whether a function may lead to one of the host's or of an instance that is linked
  /// at run time.
  bool reachesOut(uint32_t function) const;
  /// Whether an exception may leave a function.
  bool mayUnwind(uint32_t function) const;
  /// Makes it possible: the function has unwind tables.
  void allowUnwinding(llvm::Function &f) const;
  /// Of functions with landing pads.
  llvm::Function *personality();
  /// Whether a function may lead to one of another instance that this one imports from.
  bool reachesLinked(uint32_t function) const;
  /// Whether the module imports functions of which some may be another instance's.
  bool hasLinks() const;
  /// Whether a buffer function may be called while another one runs.
  bool mailboxesCanBeBusy() const;

  /// The record of a function type, with its `call`: what functions have and what
  /// indirect calls expect.
  llvm::Constant *typeRecord(uint32_t index);
  /// WASMC_VAL_* of a value type, and the record of the defined type that it refers
  /// to, or null.
  static uint32_t valueCode(const wasm::ValType &type);
  llvm::Constant *heapRecord(const wasm::ValType &type);
  /// A constant of one of the contract's structures; fields not given are zero.
  llvm::Constant *structConstant(abi::Struct s,
                                 llvm::ArrayRef<std::pair<abi::Field, llvm::Constant *>> fields) const;
  llvm::Function *helper(Helper which);
  llvm::Function *trapFunction(Trap which);
  llvm::GlobalVariable *threadVariable();
  /// PREFIX_module, initialised last.
  llvm::GlobalVariable *descriptor();
  llvm::GlobalVariable *dataSegment(uint32_t index);
  llvm::MDNode *tbaa(Access access) const { return tbaaTags[static_cast<unsigned>(access)]; }
  /// Something reads the record of an own function: it needs the code. With
  /// --exports=symbols an export alone does not, and the linker can drop what nothing
  /// calls.
  void needRecord(uint32_t function) { neededRecords[function] = true; }
  bool needsRecord(uint32_t function) const { return neededRecords[function]; }
  /// Where a function's record lies in the instance.
  uint64_t recordOffset(uint32_t function) const {
    return instance.funcRecords +
           uint64_t(instance.recordOf[function]) * layout.size(abi::Struct::func);
  }
  /// What a global has in every instance and at any time; null where it may differ.
  llvm::Constant *globalConstant(uint32_t global) const { return globalConstants[global]; }
  /// Whether accesses of a memory are compared with its size.
  bool checksBounds(uint32_t memory) const;
  /// That a function hands over or takes so many operands of a tail call: budgets bound them.
  void countTailOperands(const llvm::Function *f, size_t count); // Budgets.cpp
  /// Whether LLVM may not repeat, merge or leave out accesses of a memory: with
  /// --strict-traps, and where other threads may write to it, since a value that is
  /// loaded again after it was compared could be another one. There are no unordered
  /// atomic accesses in LLVM for what may be unaligned.
  bool isVolatile(uint32_t memory) const {
    return options.strictTraps || module.memories[memory].type.shared;
  }
  /// Bytes that a memory has from the beginning on, and never less; saturating.
  uint64_t leastSize(uint32_t memory) const;
  /// Of indices, sizes and lengths of a memory or table (2.3.12).
  llvm::Type *addressType(const wasm::Limits &limits) const { return limits.is64 ? i64 : i32; }
  /// Gives a function of ours the attributes that all of them have.
  void setAttributes(llvm::Function &f) const;
  llvm::Function *createFunction(llvm::FunctionType *type, const llvm::Twine &name,
                                 llvm::CallingConv::ID cc = llvm::CallingConv::C) const;

  const wasm::Module &module;
  const CompileOptions &options;
  const abi::Interface *const interface; ///< What is described, bound to `module`; or null.
  const wasm::Links &links;
  std::vector<ModuleLowering *> providers; ///< Parallel to Links::providers.
  const TargetTraits &traits;
  llvm::Module &ir;
  llvm::LLVMContext &context;
  const abi::Layout layout;
  const std::vector<bool> tailCallers; ///< By function index: has a tail call.
  const InstanceLayout instance;
  const Unchanging unchanging;
  /// The global that is the shadow stack pointer of C, C++ and Rust, if any.
  const std::optional<uint32_t> shadowStack;
  const abi::Names names;
  IndirectCalls indirectCalls{*this};
  DebugInfo debug;
  std::vector<FunctionSummary> summaries; ///< Of own functions, by own index.
  std::vector<Remark> remarks;
  /// Whether another process may write to what this module reads: Builder::settled().
  bool memoryCanChange = false;
  llvm::Type *const i8, *const i32, *const i64;
  llvm::FixedVectorType *const v128; ///< As it lies on the operand stack.
  llvm::PointerType *const ptr;

private:
  friend class Program;
  /// The stages of Program::run(): what bodies of all modules refer to; bodies, which
  /// are validated while they are lowered; the rest.
  llvm::Error declare();
  llvm::Error lowerBodies();
  void finish();
  void declareFunctions();
  void describeMemory(llvm::Argument &self);
  void findGlobalConstants(); // Variable.cpp
  void findNeededRecords();
  void remarkUnknownStack();
  void findUnwinding();    // Unwinding.cpp
  llvm::Error checkSignatures() const;                     // Budgets.cpp
  void limitAdapters();                                    // Budgets.cpp
  void limitCycle(llvm::ArrayRef<uint32_t> component);     // Budgets.cpp
  /// `height`: how many calls lead from there, one within the other.
  void limitInlinedCalls(llvm::ArrayRef<uint32_t> component, uint32_t height);
  void remarkUnoptimized(uint32_t index, const std::string &why);
  void emitTailWrappers(); // TailCalls.cpp
  void emitAdapters();     // Adapters.cpp
  void emitEntries();      // Entries.cpp
  void emitAccessors();    // Entries.cpp
  void emitBufferFunction(const abi::InterfaceFunction &function); // BufferFunctions.cpp
  llvm::Function *emitInit();                     // Initializer.cpp
  void emitDescriptor(llvm::Function *init);      // Descriptor.cpp
  // TypeRecords.cpp
  llvm::Function *emitTypeCall(const wasm::FuncType &type, llvm::StringRef symbol);
  llvm::Constant *typeIdentity(uint32_t index);
  llvm::GlobalVariable *makeTypeRecord(uint32_t index, const std::string &symbol,
                                       llvm::Constant *super, llvm::Constant *call);

  uint32_t numImported;
  uint32_t firstNode = 0;
  std::vector<llvm::Constant *> globalConstants;
  std::vector<bool> neededRecords; ///< By function index.
  std::vector<llvm::Function *> functions, tailEntries;
  std::vector<llvm::Constant *> typeRecords, typeIdentities; ///< By canonical type.
  wasm::TypeTexts typeTexts;
  std::vector<llvm::GlobalVariable *> dataSegments;
  llvm::DenseMap<unsigned, llvm::Function *> helpers, traps;
  bool unwinds = false; ///< Exceptions can come through calls out of the module.
  llvm::DenseMap<const llvm::Function *, uint64_t> tailOperands; ///< Where there are many.
  llvm::GlobalVariable *thread = nullptr;
  llvm::GlobalVariable *descriptorVariable = nullptr;
  std::vector<llvm::MDNode *> tbaaTags;
};

/// The value of `v128.const`.
llvm::Constant *vectorConstant(ModuleLowering &m, const wasm::Instruction &inst);

/// The value of a constant operator (3.4.15) without operands; null where only an
/// instance has it.
llvm::Constant *constantOperator(ModuleLowering &m, const wasm::Instruction &inst);

/// Whether a value is a reference to an exception.
bool isException(const wasm::ValType &type);

/// Number of slots that operands or results of these types take in a `call`.
unsigned slotCount(const wasm::ResultType &types);

} // namespace wasmc::lower

#endif
