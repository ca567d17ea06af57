//===- ModuleModels.h - Modules for interfaces to be bound to, by hand -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_UNIT_ABI_MODULEMODELS_H
#define WASMC_TESTS_UNIT_ABI_MODULEMODELS_H

#include "wasm/Module.h"

#include <deque>
#include <string>

namespace wasmc::abi::test {

/// As much of a module as binding looks at. Imports come before what is defined.
class ModuleModel {
public:
  static constexpr wasm::ValType i32 = wasm::ValType::i32(), f64 = wasm::ValType::f64();

  ModuleModel &memory(uint64_t min, uint64_t max = 0) {
    wasm::Memory memory;
    memory.type.limits = {min, max, max != 0, false};
    module.memories.push_back(memory);
    return *this;
  }

  ModuleModel &import(const char *from, const char *name, const wasm::FuncType &type) {
    wasm::Function function;
    function.import = static_cast<uint32_t>(module.imports.size());
    module.imports.push_back({from, name, wasm::ExternKind::Func, add(type, function), 0});
    return *this;
  }

  /// Exports a function; `code` stands before its final `end`.
  ModuleModel &function(const char *name, const wasm::FuncType &type,
                        std::vector<uint8_t> code = {}) {
    code.insert(code.begin(), 0); // No locals.
    code.push_back(0x0b);
    wasm::Function function;
    function.body.bytes = bodies.emplace_back(std::move(code));
    return exported(name, wasm::ExternKind::Func, add(type, function));
  }

  ModuleModel &global(const char *name, wasm::ValType type, bool isMutable) {
    wasm::Global global;
    global.type = {type, isMutable};
    module.globals.push_back(global);
    return exported(name, wasm::ExternKind::Global, module.globals.size() - 1);
  }

  ModuleModel &exported(const char *name, wasm::ExternKind kind, uint32_t index) {
    module.exports.push_back({name, kind, index, 0});
    return *this;
  }

  wasm::Module module;

private:
  uint32_t add(const wasm::FuncType &type, wasm::Function function) {
    wasm::SubType sub;
    sub.func = type;
    function.type = static_cast<uint32_t>(module.types.size());
    module.types.push_back(sub);
    module.functions.push_back(function);
    return static_cast<uint32_t>(module.functions.size() - 1);
  }

  std::deque<std::vector<uint8_t>> bodies;
};

} // namespace wasmc::abi::test

#endif
