//===- InstanceLayout.h - Where a module's own state lies in its instance ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_INSTANCELAYOUT_H
#define WASMC_COMPILER_LOWER_INSTANCELAYOUT_H

#include "abi/Layout.h"
#include "wasm/Module.h"

#include <vector>

namespace wasmc::lower {

/// Offsets behind the head of the instance record (abi/layout.def, `module`).
/// What code touches often comes first, so that displacements are short.
struct InstanceLayout {
  InstanceLayout(const wasm::Module &module, const abi::Layout &layout, size_t numMailboxes,
                 size_t numProviders, unsigned tailAreaBytes);

  std::vector<uint32_t> globalCells;   ///< Own: of the cell. Imported: of a pointer to it.
  std::vector<uint32_t> memoryObjects; ///< Own memories: of their struct memory; else 0.
  std::vector<uint32_t> tableObjects;  ///< Own tables: of their struct table; else 0.
  std::vector<uint32_t> tagCells;      ///< Own: of the struct tag. Imported: of a pointer to it.
  uint32_t memorySlots = 0;
  uint32_t tableSlots = 0;
  uint32_t dataLengths = 0;
  uint32_t elemLengths = 0;
  uint32_t funcRecords = 0;
  uint32_t hostFunctions = 0;
  uint32_t providers = 0;              ///< Pointers: the instances that this one imports from.
  uint32_t mailboxes = 0;              ///< I32 each: their addresses in memory 0.
  std::vector<uint32_t> elemCells;     ///< Segments with expressions other than ref.func and
                                       ///< ref.null keep their references here; else 0.
  uint32_t tailArea = 0;               ///< Operands of tail calls, while they are called.
  uint32_t size = 0;                   ///< Multiple of 64.

  /// Index of the record of each function that has one, else ~0: the imported
  /// functions in order, then own functions that are declared.
  std::vector<uint32_t> recordOf;
  std::vector<uint32_t> ownRecords;    ///< Function indices of the own records in order.
  /// Whether the record does not fit 31 bits of offsets.
  bool tooLarge = false;
};

} // namespace wasmc::lower

#endif
