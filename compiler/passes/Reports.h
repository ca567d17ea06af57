//===- Reports.h - What LLVM has to say while it runs --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_PASSES_REPORTS_H
#define WASMC_COMPILER_PASSES_REPORTS_H

#include "Compiler.h"
#include "lower/DebugInfo.h"

#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"

namespace wasmc::passes {

/// Takes the reports of a context, whose own handler would print them and end the
/// process.
class Reports : public llvm::DiagnosticHandler {
public:
  /// `wantsRemarks`: passes are asked what they did to loops, and why not.
  explicit Reports(bool wantsRemarks) : wantsRemarks(wantsRemarks) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override;
  bool isAnalysisRemarkEnabled(llvm::StringRef pass) const override { return wants(pass); }
  bool isMissedOptRemarkEnabled(llvm::StringRef pass) const override { return wants(pass); }
  bool isPassedOptRemarkEnabled(llvm::StringRef pass) const override { return wants(pass); }
  bool isAnyRemarkEnabled() const override { return wantsRemarks; }

  /// What passes said of the module's own functions, in the order of the code, each
  /// once. `modules` are those that were compiled, in the order of the command line.
  std::vector<Remark> remarks(llvm::ArrayRef<const lower::DebugInfo *> modules) const;

  /// Takes over what another context's has.
  void add(Reports &&other);

  std::string errors;            ///< Of back ends, a line each.
  /// Functions for which the profile has counts of another version, and one of them.
  unsigned numOutdated = 0;
  std::string outdated;

private:
  struct PassRemark {
    std::string text;
    std::string function; ///< Linkage name: contexts of shards are gone when it is looked at.
    std::string file;
    unsigned line, column;
    bool isPlaced = false; ///< A reason of a loop, where that is.
  };
  bool wants(llvm::StringRef pass) const;
  void take(const llvm::DiagnosticInfoIROptimization &remark);
  void placeReasons(const PassRemark &loop);

  const bool wantsRemarks;
  llvm::SmallVector<PassRemark, 0> taken;
};

} // namespace wasmc::passes

#endif
