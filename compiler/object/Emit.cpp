//===- Emit.cpp - From optimised IR to files ----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "object/Emit.h"
#include "object/FrameSizes.h"
#include "object/SiteTable.h"

#include "llvm/Analysis/RuntimeLibcallInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/CodeGen/CodeGenTargetMachineImpl.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Target/TargetLoweringObjectFile.h"

using namespace llvm;
using namespace wasmc;

// What TargetMachine::addPassesToEmitFile does, with two more handlers at the
// printer: it has no other way to see where each instruction ends up.
Error object::emitCode(Module &ir, TargetMachine &machine,
                       ArrayRef<const lower::DebugInfo *> modules,
                       raw_pwrite_stream &out, bool assembly, std::vector<uint64_t> &frames) {
  auto refuse = [&](const char *what) {
    return createStringError(inconvertibleErrorCode(), "the target '%s' cannot %s",
                             machine.getTargetTriple().str().c_str(), what);
  };
  auto &impl = static_cast<CodeGenTargetMachineImpl &>(machine);
  legacy::PassManager passes;
  auto *info = new MachineModuleInfoWrapperPass(&machine);
  const_cast<TargetLoweringObjectFile *>(machine.getObjFileLowering())
      ->Initialize(info->getMMI().getContext(), machine);
  // Without them the code generator believes that there is no library at all, not
  // even memmove, and copies byte by byte.
  const Triple &triple = machine.getTargetTriple();
  passes.add(new TargetLibraryInfoWrapperPass(triple));
  passes.add(new RuntimeLibraryInfoWrapper(triple, machine.Options.ExceptionModel,
                                           machine.Options.FloatABIType, machine.Options.EABIVersion,
                                           machine.Options.MCOptions.ABIName));
  TargetPassConfig *config = impl.createPassConfig(passes);
  config->setDisableVerify(true);
  passes.add(config);
  passes.add(info);
  if (config->addISelPasses())
    return refuse("select instructions");
  config->addMachinePasses();
  config->setInitialized();
  CodeGenFileType type = assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile;
  auto streamer = impl.createMCStreamer(out, nullptr, type, info->getMMI().getContext());
  if (!streamer)
    return streamer.takeError();
  AsmPrinter *printer = machine.getTarget().createAsmPrinter(machine, std::move(*streamer));
  if (!printer)
    return refuse("print code");
  printer->addAsmPrinterHandler(std::make_unique<SiteTable>(*printer, modules));
  printer->addAsmPrinterHandler(std::make_unique<FrameSizes>(frames));
  passes.add(printer);
  passes.add(createFreeMachineFunctionPass());
  passes.run(ir);
  return Error::success();
}
