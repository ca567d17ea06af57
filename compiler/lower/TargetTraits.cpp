//===- TargetTraits.cpp - What the lowering must know about a target ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "lower/TargetTraits.h"

using namespace llvm;
using namespace wasmc::lower;

namespace {
struct Row {
  Triple::ArchType arch;
  unsigned pointerBytes;
  bool stackProbes;
  bool extendI32;
  unsigned entryIntegers, entryFloats; // of the C convention; 0 without a trampoline that keeps them
  const char *roots;                   // feature that has square roots; "" always
  const char *rounding;                // feature that has rounding instructions; "" always, null never
  const char *fused;                   // feature that has fused multiply-add of both widths
  const char *atomics;                 // feature that has atomic accesses of `atomicBits`; "" always
  unsigned atomicBits;
};

constexpr Row rows[] = {
    {Triple::x86_64, 8, true, false, 6, 8, "", "sse4.1", "fma", "", 64},
    {Triple::aarch64, 8, true, false, 8, 8, "", "", "", "", 64},
    {Triple::riscv64, 8, true, true, 0, 0, "d", nullptr, "d", "a", 64},
    {Triple::riscv32, 4, true, false, 0, 0, "d", nullptr, "d", "a", 32},
    {Triple::arm, 4, false, false, 0, 0, "vfp2", "fp-armv8d16", "vfp4d16", "v7", 64},
    {Triple::thumb, 4, false, false, 0, 0, "vfp2", "fp-armv8d16", "vfp4d16", "v7", 32},
};
} // namespace

std::optional<TargetTraits>
wasmc::lower::targetTraits(const Triple &triple, function_ref<bool(StringRef)> hasFeature) {
  for (const Row &row : rows) {
    if (row.arch != triple.getArch() || !triple.isOSBinFormatELF() || triple.isX32())
      continue;
    TargetTraits traits;
    traits.pointerBytes = row.pointerBytes;
    traits.threads = triple.isOSLinux() || triple.isOSFreeBSD();
    traits.guardMemory = row.pointerBytes == 8 && traits.threads;
    traits.atomicBits = !*row.atomics || hasFeature(row.atomics) ? row.atomicBits : 0;
    traits.stackProbes = row.stackProbes;
    traits.extendI32 = row.extendI32;
    // LLVM 22 fails on f64 where i64 is no type of the target's.
    traits.selectsMinMax = row.pointerBytes == 8;
    // Elsewhere it depends on a feature (NEON, MVE, V) how the C convention passes them.
    traits.vectorRegisters = row.arch == Triple::x86_64 || row.arch == Triple::aarch64;
    if (row.arch == Triple::x86_64)
      traits.vectors = hasFeature("ssse3") ? Vectors::SSSE3 : Vectors::SSE2;
    else if (row.arch == Triple::aarch64)
      traits.vectors = Vectors::AArch64;
    traits.saturates = row.arch != Triple::x86_64;
    traits.checksMXCSR = row.arch == Triple::x86_64;
    traits.roundsInline = row.rounding && (!*row.rounding || hasFeature(row.rounding));
    traits.fusesMultiplyAdd = !*row.fused || hasFeature(row.fused);
    traits.rootsInline = !*row.roots || hasFeature(row.roots);
    traits.entryIntegers = row.entryIntegers;
    traits.entryFloats = row.entryFloats;
    return traits;
  }
  return std::nullopt;
}
