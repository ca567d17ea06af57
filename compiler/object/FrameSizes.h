//===- FrameSizes.h - How large the frames of functions became ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_OBJECT_FRAMESIZES_H
#define WASMC_COMPILER_OBJECT_FRAMESIZES_H

#include "llvm/CodeGen/AsmPrinterHandler.h"

#include <vector>

namespace wasmc::object {

/// Looks at the frame of each function that lowering has numbered (lower::Program) when
/// it is printed: bytes of stack from the caller's frame to its own end, by number.
class FrameSizes : public llvm::AsmPrinterHandler {
public:
  explicit FrameSizes(std::vector<uint64_t> &sizes) : sizes(sizes) {}

  void beginFunction(const llvm::MachineFunction *mf) override;
  void endFunction(const llvm::MachineFunction *) override {}
  void endModule() override {}

private:
  std::vector<uint64_t> &sizes;
};

} // namespace wasmc::object

#endif
