//===- SiteTable.h - The table of trap sites, written with the code -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_OBJECT_SITETABLE_H
#define WASMC_COMPILER_OBJECT_SITETABLE_H

#include "lower/DebugInfo.h"

#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/AsmPrinterHandler.h"

namespace wasmc::object {

/// Sees each machine instruction as it is printed, marks those that may trap or
/// call with a label, and writes a record per function (sites.h). What it writes
/// survives stripping, and does not depend on -g.
class SiteTable : public llvm::AsmPrinterHandler {
public:
  SiteTable(llvm::AsmPrinter &printer, llvm::ArrayRef<const lower::DebugInfo *> modules)
      : printer(printer), modules(modules) {}

  void beginFunction(const llvm::MachineFunction *) override;
  void beginInstruction(const llvm::MachineInstr *inst) override;
  void markFunctionEnd() override;
  void endFunction(const llvm::MachineFunction *) override;
  void endModule() override;

private:
  struct Site {
    llvm::MCSymbol *label;
    const llvm::DILocation *location;
  };
  struct Record {
    const llvm::Function *function;
    llvm::MCSymbol *begin, *end;
    std::vector<Site> sites;
  };
  struct Strings;
  /// Where a location comes from, and in which module; null if from none.
  std::pair<const lower::DebugInfo *, lower::DebugInfo::Origin>
  originOf(const llvm::DILocation *location) const;
  void write(const Record &record);
  void writeSite(const Site &site, llvm::MCSymbol *before, Strings &strings);

  llvm::AsmPrinter &printer;
  const llvm::SmallVector<const lower::DebugInfo *> modules;
  std::vector<Record> records;
  const llvm::DILocation *last = nullptr;
};

} // namespace wasmc::object

#endif
