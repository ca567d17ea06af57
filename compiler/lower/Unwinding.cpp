//===- Unwinding.cpp - Which functions exceptions can pass --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that an exception may leave has unwind tables, which cost bytes and no
// time. That is not only those of modules with exceptions: what an import or a
// reference leads to may throw, and the handler may be in the caller's module.
//
// Bodies of entries stay `nounwind`. An exception that comes to one is caught by nobody:
// the runtime (core/unwind.cpp) ends the entry, as a trap does, so that for LLVM the
// call does not return.
//
//===----------------------------------------------------------------------===//
#include "lower/ModuleLowering.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

/// Whether functions of others can get into a module's hands.
static bool receivesFunctions(const wasm::Module &module) {
  auto isReference = [](const wasm::ValType &type) { return type.isRef(); };
  for (const wasm::Import &i : module.imports)
    if (i.kind == wasm::ExternKind::Func || i.kind == wasm::ExternKind::Table ||
        (i.kind == wasm::ExternKind::Global && module.globals[i.index].type.type.isRef()))
      return true;
  for (const wasm::Export &e : module.exports)
    if (e.kind == wasm::ExternKind::Table ||
        (e.kind == wasm::ExternKind::Global && module.globals[e.index].type.type.isRef()) ||
        (e.kind == wasm::ExternKind::Func && any_of(module.funcType(e.index).params, isReference)))
      return true;
  return false;
}

void ModuleLowering::findUnwinding() {
  bool isOn = options.features.has(wasm::Feature::Exceptions) ||
              options.features.has(wasm::Feature::LegacyExceptions);
  unwinds = isOn && (receivesFunctions(module) ||
                     any_of(summaries, [](const FunctionSummary &s) { return s.throws; }));
}

bool ModuleLowering::mayUnwind(uint32_t function) const {
  return unwinds && (isImported(function) || summaries[function - numImported].reachesThrow);
}

void ModuleLowering::allowUnwinding(Function &f) const {
  f.removeFnAttr(Attribute::NoUnwind);
  f.setUWTableKind(UWTableKind::Sync);
}

Function *ModuleLowering::personality() {
  auto *f = cast<Function>(
      ir.getOrInsertFunction("__wasmc_personality", FunctionType::get(i32, true)).getCallee());
  f->setVisibility(GlobalValue::HiddenVisibility);
  return f;
}
