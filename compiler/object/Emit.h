//===- Emit.h - From optimised IR to files ------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_OBJECT_EMIT_H
#define WASMC_COMPILER_OBJECT_EMIT_H

#include "lower/DebugInfo.h"

#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

namespace wasmc::object {

/// Generates code into an object, or assembly, with the table of trap sites
/// (sites.h). Consumes the IR. `frames` receives the sizes of frames, by the number of
/// the function: it has as many elements as there are numbers.
llvm::Error emitCode(llvm::Module &ir, llvm::TargetMachine &machine,
                     llvm::ArrayRef<const lower::DebugInfo *> modules,
                     llvm::raw_pwrite_stream &out, bool assembly, std::vector<uint64_t> &frames);

} // namespace wasmc::object

#endif
