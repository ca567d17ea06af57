//===- TargetTraits.h - What the lowering must know about a target ------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_TARGETTRAITS_H
#define WASMC_COMPILER_LOWER_TARGETTRAITS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/TargetParser/Triple.h"

#include <optional>

namespace wasmc::lower {

/// Which vector instructions there are that generic IR does not lead to. What the
/// relaxed operators come to on a target depends on this alone, and on
/// `fusesMultiplyAdd` (docs/architecture.md).
enum class Vectors : uint8_t { Generic, AArch64, SSE2, SSSE3 };

/// One row of the target table, and what follows from a triple and its features.
struct TargetTraits {
  unsigned pointerBytes = 8;
  bool guardMemory = false;   ///< 64-bit with an MMU: guard regions are possible.
  bool threads = true;        ///< `__wasmc_thread` is thread-local, else a plain global.
  /// Widest atomic access that is instructions; without `threads`, any is.
  unsigned atomicBits = 64;
  bool stackProbes = false;   ///< "probe-stack"="inline-asm" is implemented.
  bool extendI32 = false;     ///< The C ABI wants i32 sign-extended in registers.
  bool checksMXCSR = false;   ///< Floating-point control can be read in line.
  bool roundsInline = false;  ///< ceil, floor, trunc and nearest are instructions.
  bool rootsInline = false;   ///< Square roots are instructions.
  bool vectorRegisters = false; ///< Vectors travel in registers of their own, on all CPUs.
  Vectors vectors = Vectors::Generic;
  bool isX86() const { return vectors == Vectors::SSE2 || vectors == Vectors::SSSE3; }
  bool fusesMultiplyAdd = false; ///< Of f32 and f64, with one rounding.
  bool saturates = false;       ///< Conversions to integers saturate, as trunc_sat does.
  bool selectsMinMax = false; ///< The back end implements llvm.minimum and llvm.maximum.
  /// Registers that an entry's arguments may take to pass the trampoline without
  /// memory; 0: arguments always travel in slots.
  unsigned entryIntegers = 0;
  unsigned entryFloats = 0;
};

/// Nothing for targets that wasmc cannot lower for. `hasFeature` asks the
/// subtarget, as in "sse4.1".
std::optional<TargetTraits> targetTraits(const llvm::Triple &triple,
                                         llvm::function_ref<bool(llvm::StringRef)> hasFeature);

} // namespace wasmc::lower

#endif
