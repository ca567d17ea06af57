//===- TargetMachines.cpp - LLVM's target machines for our targets ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "object/TargetMachines.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

#include <mutex>

using namespace llvm;
using namespace wasmc;

void object::initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
// LLVM has many more; these are linked (cmake/WasmcLLVM.cmake).
#define INITIALIZE(TARGET)                                                                         \
  LLVMInitialize##TARGET##TargetInfo();                                                            \
  LLVMInitialize##TARGET##Target();                                                                \
  LLVMInitialize##TARGET##TargetMC();                                                              \
  LLVMInitialize##TARGET##AsmPrinter();                                                            \
  LLVMInitialize##TARGET##AsmParser();
    INITIALIZE(AArch64)
    INITIALIZE(ARM)
    INITIALIZE(RISCV)
    INITIALIZE(X86)
#undef INITIALIZE
  });
}

static Error refuse(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

static CodeGenOptLevel codeGenLevel(char level) {
  switch (level) {
  case '0': return CodeGenOptLevel::None;
  case '1': return CodeGenOptLevel::Less;
  case '3': return CodeGenOptLevel::Aggressive;
  default: return CodeGenOptLevel::Default;
  }
}

Expected<object::Target> object::createTarget(const CompileOptions &options) {
  initializeTargets();
  Triple triple(options.target.empty() ? sys::getDefaultTargetTriple()
                                       : Triple::normalize(options.target));
  std::string message;
  const llvm::Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return refuse("unknown target '" + triple.str() + "'");

  std::string cpu = options.cpu;
  SubtargetFeatures features(options.attributes);
  if (cpu == "native") {
    if (triple.getArch() != Triple(sys::getProcessTriple()).getArch())
      return refuse("'native' is no CPU of the target '" + triple.str() + "'");
    cpu = sys::getHostCPUName().str();
    for (const auto &[feature, on] : sys::getHostCPUFeatures())
      features.AddFeature(feature, on);
  }
  Target result;
  // As clang does. For no CPU at all, LLVM tunes as for an i586: loops whose count is not
  // constant are not unrolled, for one.
  if (triple.isX86() && triple.isArch64Bit() && cpu.empty()) {
    cpu = "x86-64";
    result.tuneCPU = "generic";
  }
  std::unique_ptr<MCSubtargetInfo> info(target->createMCSubtargetInfo(triple, "", ""));
  if (!cpu.empty() && !info->isCPUStringValid(cpu))
    return refuse("unknown CPU '" + cpu + "' of the target '" + triple.str() + "'");
  for (const std::string &feature : features.getFeatures())
    if (none_of(info->getAllProcessorFeatures(), [&](const SubtargetFeatureKV &known) {
          return StringRef(feature).drop_front() == known.Key;
        }))
      return refuse("unknown feature '" + feature + "' of the target '" + triple.str() + "'");
  // Hard float where the triple says so, a double-precision unit where 64-bit
  // RISC-V Linux has one: the ABIs that their systems use.
  if (triple.isRISCV64() && triple.isOSLinux() && options.attributes.empty() && cpu.empty())
    features = SubtargetFeatures("+m,+a,+f,+d,+c");

  // NEON flushes subnormal numbers whatever the control says, and LLVM takes it for
  // vectors of f32. The floating-point unit beside it follows IEEE 754.
  if (triple.isARM() || triple.isThumb())
    features.AddFeature("neon", false);

  TargetOptions targetOptions;
  targetOptions.FunctionSections = targetOptions.DataSections = true;
  targetOptions.AllowFPOpFusion = FPOpFusion::Strict; // Wasm rounds each operation.
  targetOptions.NoTrapAfterNoreturn = false;
  targetOptions.MCOptions.MCRelaxAll = false;
  if (triple.isRISCV64() && features.getString().find("+d") != std::string::npos)
    targetOptions.MCOptions.ABIName = "lp64d";
  result.machine.reset(target->createTargetMachine(triple, cpu, features.getString(),
                                                   targetOptions, Reloc::PIC_, std::nullopt,
                                                   codeGenLevel(options.optLevel)));
  if (!result.machine)
    return refuse("the target '" + triple.str() + "' cannot produce objects");
  std::unique_ptr<MCSubtargetInfo> chosen(
      target->createMCSubtargetInfo(triple, cpu, features.getString()));
  auto traits = lower::targetTraits(
      triple, [&](StringRef feature) { return chosen->checkFeatures(("+" + feature).str()); });
  if (!traits)
    return refuse("wasmc cannot lower for the target '" + triple.str() + "'");
  result.traits = *traits;
  return result;
}
