//===- IndirectCalls.h - What calls through unchanging tables can reach --===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_INDIRECTCALLS_H
#define WASMC_COMPILER_LOWER_INDIRECTCALLS_H

#include "llvm/IR/GlobalVariable.h"

#include <map>
#include <memory>
#include <vector>

namespace wasmc::lower {

class ModuleLowering;

/// The functions of a type, or of a subtype, in a table. All are the module's own.
struct Callees {
  uint32_t first = 0;              ///< The first element that has one.
  /// From there to the last: 1 + function, or 0 where the element is none of them.
  std::vector<uint32_t> functions;
  uint32_t numElements = 0;        ///< How many are not 0.
  uint32_t numCallers = 0;         ///< And how many of those call indirectly themselves.
  llvm::GlobalVariable *code = nullptr; ///< Their addresses, where something asks for them.

  bool hasGaps() const { return numElements != functions.size(); }
};

/// Finds them, once for each table and type. There are bounds on what is looked for, so
/// that it takes no longer than is in proportion to the module.
class IndirectCalls {
public:
  explicit IndirectCalls(ModuleLowering &m) : m(m) {}
  /// Null where calls have to look at the table itself.
  Callees *find(uint32_t table, uint32_t type);
  /// The array of addresses, by element from the first on.
  llvm::GlobalVariable *code(Callees &callees);
  /// Fills the arrays with the functions as they are at the end.
  void finish();

private:
  std::unique_ptr<Callees> collect(uint32_t table, uint32_t type);

  ModuleLowering &m;
  /// By table, then by canonical type: the elements with functions of that type.
  std::map<uint32_t, std::map<uint32_t, std::vector<uint32_t>>> elements;
  std::map<std::pair<uint32_t, uint32_t>, std::unique_ptr<Callees>> found;
  std::vector<Callees *> arrays; ///< In the order in which they were made.
  uint64_t comparisons = 0, slots = 0;
};

} // namespace wasmc::lower

#endif
