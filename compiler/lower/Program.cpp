//===- Program.cpp - Modules that are lowered together ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/Program.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;

void Program::add(const wasm::Module &module, const CompileOptions &options,
                  const abi::Interface *interface, const wasm::Links &links,
                  const SourceMap &sources) {
  modules.push_back(
      std::make_unique<ModuleLowering>(module, options, interface, links, traits, ir, sources));
}

/// Tells the modules of each other.
void Program::connect() {
  uint32_t nodes = 0;
  bool hasWindows = false;
  for (const auto &m : modules) {
    m->firstNode = nodes;
    nodes += m->summaries.size();
    for (uint32_t provider : m->links.providers)
      m->providers.push_back(modules[provider].get());
    hasWindows |= m->interface && m->interface->hasWindows();
  }
  // A window of one module is in a memory that others may import, here or when they
  // are linked at run time.
  for (const auto &m : modules)
    m->memoryCanChange =
        hasWindows || any_of(m->module.memories, [](const wasm::Memory &memory) {
          return memory.import.has_value();
        });
}

Error Program::forEach(function_ref<Error(ModuleLowering &)> stage) {
  for (size_t i = 0; i != modules.size(); ++i)
    if (Error e = stage(*modules[i]))
      return wasm::inSource(i, std::move(e));
  return Error::success();
}

size_t Program::numNodes() const {
  size_t nodes = 0;
  for (const auto &m : modules)
    nodes += m->summaries.size();
  return nodes;
}

Error Program::run() {
  connect();
  if (Error e = forEach([](ModuleLowering &m) { return m.declare(); }))
    return e;
  if (Error e = forEach([](ModuleLowering &m) { return m.lowerBodies(); }))
    return e;
  checkStacks();
  for (const auto &m : modules)
    m->finish();
  numberCallers();
  if (Error e = applyBudgets())
    return wasm::inSource(0, std::move(e));
  for (const auto &m : modules)
    m->debug.finish();
  return Error::success();
}
