//===- Unchanging.cpp - Tables and globals that nothing ever writes to ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/Unchanging.h"
#include "lower/ElementItems.h"

#include "wasm/Decode.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using wasm::Opcode;

/// Sum over tables of the elements that are looked at: a table's minimum is a number
/// in the module, and no measure of its size.
static constexpr uint64_t maxElements = 1 << 20;

Unchanging::Unchanging(const wasm::Module &module, const wasm::FeatureSet &features) {
  for (const wasm::Table &t : module.tables)
    fixedTables.push_back(!t.import);
  for (const wasm::Global &g : module.globals)
    globals.push_back(!g.import);
  for (const wasm::Export &e : module.exports)
    if (e.kind == wasm::ExternKind::Table)
      fixedTables[e.index] = false;
    else if (e.kind == wasm::ExternKind::Global && module.globals[e.index].type.isMutable)
      globals[e.index] = false;
  tables.resize(module.tables.size());
  indirectCallers.resize(module.functions.size());
  if (!is_contained(fixedTables, true) && !is_contained(globals, true))
    return;
  for (uint32_t i = 0; i != module.functions.size(); ++i)
    if (!module.functions[i].import)
      lookAt(i, module.functions[i].body, features);
  fillTables(module);
}

/// Operators are not validated yet. What is malformed ends the search: lowering comes
/// to it, and says so.
void Unchanging::lookAt(uint32_t function, const wasm::Section &body,
                        const wasm::FeatureSet &features) {
  wasm::OperatorReader reader(body, features);
  auto locals = reader.readLocals();
  if (!locals)
    return consumeError(locals.takeError());
  auto write = [](std::vector<bool> &space, uint32_t index) {
    if (index < space.size())
      space[index] = false;
  };
  wasm::Instruction inst;
  while (!reader.atEnd()) {
    if (Error e = reader.next(inst))
      return consumeError(std::move(e));
    switch (inst.op) {
    case Opcode::GlobalSet: write(globals, inst.index); break;
    case Opcode::TableSet:
    case Opcode::TableGrow:
    case Opcode::TableFill:
    case Opcode::TableCopy: write(fixedTables, inst.index); break;
    case Opcode::TableInit: write(fixedTables, inst.index2); break;
    case Opcode::CallIndirect:
    case Opcode::CallRef: indirectCallers[function] = true; break;
    default: break;
    }
  }
}

/// The value of an expression that is one constant.
static std::optional<uint64_t> plainNumber(const wasm::ConstExpr &expr) {
  std::optional<wasm::Instruction> value = wasm::onlyOperator(expr);
  if (!value || (value->op != Opcode::I32Const && value->op != Opcode::I64Const))
    return std::nullopt;
  return value->op == Opcode::I32Const ? static_cast<uint32_t>(value->value) : value->value;
}

/// Does to the tables what instantiation does, as far as it is certain. A segment that
/// may trap ends it for all tables that later ones write to: the host can call what an
/// instance exports whose making was not completed.
void Unchanging::fillTables(const wasm::Module &module) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i != module.tables.size(); ++i) {
    const wasm::Table &table = module.tables[i];
    auto init = table.init ? plainItem(*table.init) : std::optional<uint32_t>(0);
    fixedTables[i] = fixedTables[i] && init && table.type.limits.min <= maxElements - sum;
    if (!fixedTables[i])
      continue;
    sum += table.type.limits.min;
    tables[i].assign(table.type.limits.min, *init);
  }
  bool isCertain = true;
  for (const wasm::ElementSegment &segment : module.elements) {
    if (segment.mode != wasm::SegmentMode::Active)
      continue;
    const wasm::Table &table = module.tables[segment.table];
    std::optional<uint64_t> start = plainNumber(segment.offsetExpr);
    // Its size is still the minimum: no code has run.
    uint64_t size = table.import ? 0 : table.type.limits.min;
    isCertain = isCertain && start && *start <= size && segment.size() <= size - *start;
    if (!isCertain || !hasPlainItems(segment))
      fixedTables[segment.table] = false;
    if (!fixedTables[segment.table])
      continue;
    uint32_t *element = tables[segment.table].data() + *start;
    for (uint32_t f : segment.functions)
      *element++ = f + 1;
    for (const wasm::ConstExpr &e : segment.exprs)
      *element++ = *plainItem(e);
  }
  for (size_t i = 0; i != tables.size(); ++i)
    if (!fixedTables[i])
      tables[i].clear();
}
