//===- Initializer.cpp - What happens at instantiation, as code ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The specification's instantiation (4.5.5) from the moment where memories,
// tables and imports are in place: globals, element segments with expressions,
// active segments in order, then the start function. Where an interface is
// described, mailboxes follow.
//
//===----------------------------------------------------------------------===//
#include "lower/BufferFunctions.h"
#include "lower/ElementItems.h"

#include "wasm/Decode.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

namespace {
class Initializer {
public:
  Initializer(ModuleLowering &m, Function *f)
      : m(m), b(m, beginPart(m)), self(b.function->getArg(0)), whole(m, f) {}

  void run() {
    // Of an instance that is reset: what comes before they have places may trap.
    if (m.interface)
      forgetMailboxes(b, self);
    if (m.hasLinks() && (m.module.start || m.interface))
      b.keepLinkedStacks(self);
    for (uint32_t i = 0; i != m.module.tables.size(); ++i)
      if (m.module.tables[i].init)
        fillTable(i);
    for (uint32_t i = 0; i != m.module.globals.size(); ++i)
      if (!m.module.globals[i].import) {
        beginStep();
        b.storeGlobal(self, i, constant(m.module.globals[i].init));
      }
    for (uint32_t i = 0; i != m.module.elements.size(); ++i)
      evaluateItems(i);
    for (uint32_t i = 0; i != m.module.elements.size(); ++i)
      applyElements(i);
    for (uint32_t i = 0; i != m.module.data.size(); ++i)
      applyData(i);
    if (m.module.start)
      b.callFunction(*m.module.start, self, {});
    if (m.interface)
      initializeMailboxes(b, self);
    endPart();
    whole.CreateRet(whole.getInt32(0));
  }

  /// Runs once, and one of many segments is long: not worth optimising.
  static void leaveUnoptimized(Function *f) {
    f->addFnAttr(Attribute::OptimizeNone);
    f->addFnAttr(Attribute::NoInline);
    f->removeFnAttr(Attribute::OptimizeForSize);
    f->removeFnAttr(Attribute::MinSize);
  }

private:
  /// The code is cut into functions of so many steps: LLVM is not linear in the
  /// blocks of one that applies 100,000 segments.
  static constexpr unsigned maxSteps = 500;
  static constexpr unsigned maxOperators = 500;

  static Function *beginPart(ModuleLowering &m) {
    Function *part = m.createFunction(
        FunctionType::get(Type::getVoidTy(m.context), {m.ptr}, false),
        m.options.prefix + ".init.part");
    leaveUnoptimized(part);
    return part;
  }
  void endPart() {
    b.CreateRetVoid();
    whole.CreateCall(b.function, {whole.function->getArg(0)});
  }
  void beginStep() {
    if (++steps % maxSteps)
      return;
    endPart();
    b.function = beginPart(m);
    b.SetInsertPoint(BasicBlock::Create(m.context, "entry", b.function));
    self = b.function->getArg(0);
  }

  /// Long expressions are cut into blocks: LLVM is not linear in a block's length.
  void beginOperator() {
    if (++operators % maxOperators)
      return;
    BasicBlock *next = BasicBlock::Create(m.context, "", b.function);
    b.CreateBr(next);
    b.SetInsertPoint(next);
  }

  /// The value of a constant expression that was validated (3.4.15).
  Value *constant(const wasm::ConstExpr &expr) {
    wasm::FeatureSet features = wasm::FeatureSet::all();
    wasm::OperatorReader reader(expr, features);
    wasm::Instruction inst;
    SmallVector<Value *> stack;
    while (true) {
      beginOperator();
      cantFail(reader.next(inst));
      if (inst.op == Opcode::End)
        return stack.pop_back_val();
      if (std::optional<Instruction::BinaryOps> op = arithmetic(inst.op)) {
        Value *right = stack.pop_back_val(), *left = stack.pop_back_val();
        stack.push_back(b.CreateBinOp(*op, left, right));
      } else {
        stack.push_back(operand(inst));
      }
    }
  }

  static std::optional<Instruction::BinaryOps> arithmetic(Opcode op) {
    switch (op) {
    case Opcode::I32Add: case Opcode::I64Add: return Instruction::Add;
    case Opcode::I32Sub: case Opcode::I64Sub: return Instruction::Sub;
    case Opcode::I32Mul: case Opcode::I64Mul: return Instruction::Mul;
    default: return std::nullopt;
    }
  }

  /// The value of a constant operator without operands.
  Value *operand(const wasm::Instruction &inst) {
    if (inst.op == Opcode::RefFunc)
      return b.reference(b.funcRecord(self, inst.index));
    if (Constant *value = constantOperator(m, inst))
      return value;
    assert(inst.op == Opcode::GlobalGet && "of a proposal that is refused before");
    return b.load(Access::Instance, m.type(m.module.globals[inst.index].type.type),
                  b.globalCell(self, inst.index), 8);
  }

  void fillTable(uint32_t index) {
    const wasm::Table &table = m.module.tables[index];
    beginStep();
    Value *args[] = {b.tableObject(self, index), b.getInt64(0), constant(*table.init),
                     b.getInt64(table.type.limits.min)};
    b.CreateCall(m.helper(Helper::table_fill), args);
  }

  void evaluateItems(uint32_t index) {
    const wasm::ElementSegment &segment = m.module.elements[index];
    if (hasPlainItems(segment))
      return;
    uint64_t cell = m.instance.elemCells[index];
    for (const wasm::ConstExpr &item : segment.exprs) {
      beginStep();
      b.store(Access::Instance, constant(item), b.at(self, cell), 8);
      cell += 8;
    }
  }

  Value *lengthCell(uint32_t lengths, uint32_t index) {
    return b.at(self, lengths + uint64_t(index) * 4);
  }

  void applyElements(uint32_t index) {
    const wasm::ElementSegment &segment = m.module.elements[index];
    if (segment.mode == wasm::SegmentMode::Passive)
      return;
    beginStep();
    if (segment.mode == wasm::SegmentMode::Active) {
      Value *offset = constant(segment.offsetExpr);
      Value *table = b.tableObject(self, segment.table);
      Value *count = b.getInt64(segment.size());
      b.checkRange(offset, count, b.loadField(table, abi::Field::table_size),
                   Trap::table_out_of_bounds);
      Value *args[] = {self,          table,         b.getInt32(index), b.CreateZExt(offset, m.i64),
                       b.getInt64(0), count};
      b.CreateCall(m.helper(Helper::table_init), args);
    }
    b.store(Access::Instance, b.getInt32(0), lengthCell(m.instance.elemLengths, index), 4);
  }

  void applyData(uint32_t index) {
    const wasm::DataSegment &segment = m.module.data[index];
    if (segment.mode != wasm::SegmentMode::Active)
      return;
    beginStep();
    Value *offset = constant(segment.offsetExpr);
    uint64_t bytes = segment.bytes.size();
    b.checkRange(offset, b.getInt64(bytes), b.memorySize(self, segment.memory),
                 Trap::memory_out_of_bounds);
    if (bytes) {
      Value *to = b.CreateGEP(m.i8, b.memoryBase(self, segment.memory),
                              b.CreateZExt(offset, m.i64));
      Value *count = b.getIntN(m.traits.pointerBytes * 8, bytes);
      CallInst *copy = b.CreateMemCpy(to, Align(1), m.dataSegment(index), Align(1), count,
                                      m.isVolatile(segment.memory));
      copy->setMetadata(LLVMContext::MD_tbaa, m.tbaa(Access::Memory));
    }
    b.store(Access::Instance, b.getInt32(0), lengthCell(m.instance.dataLengths, index), 4);
  }


  ModuleLowering &m;
  Builder b;      ///< Stands in the part that is being written.
  Value *self;    ///< The part's.
  Builder whole;  ///< Calls the parts in order.
  unsigned steps = 0;
  unsigned operators = 0;
};
} // namespace

Function *ModuleLowering::emitInit() {
  Function *f = createFunction(FunctionType::get(i32, {ptr}, false), options.prefix + ".init");
  Initializer::leaveUnoptimized(f);
  Initializer(*this, f).run();
  return f;
}
