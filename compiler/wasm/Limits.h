//===- Limits.h - What an implementation may bound (7.2) -------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The limits are those that the WebAssembly JavaScript interface prescribes to
// all web engines, so that what runs there is accepted here. The last ones are
// ours: they bound the memory that a contrived body can make the compiler use.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_LIMITS_H
#define WASMC_COMPILER_WASM_LIMITS_H

#include <cstddef>
#include <cstdint>

namespace wasmc::wasm::limits {

inline constexpr size_t moduleBytes = 1'073'741'824;
inline constexpr uint32_t types = 1'000'000; ///< Also groups, and members of a group.
inline constexpr uint32_t functions = 1'000'000;
inline constexpr uint32_t imports = 1'000'000;
inline constexpr uint32_t exports = 1'000'000;
inline constexpr uint32_t globals = 1'000'000;
inline constexpr uint32_t tags = 1'000'000;
inline constexpr uint32_t tables = 100'000;
inline constexpr uint32_t memories = 100;
inline constexpr uint32_t dataSegments = 100'000;
inline constexpr uint32_t elementSegments = 100'000;
inline constexpr uint32_t elementsPerSegment = 10'000'000;
inline constexpr uint32_t params = 1'000;
inline constexpr uint32_t results = 1'000;
inline constexpr uint32_t structFields = 10'000;
inline constexpr uint32_t arrayFixedOperands = 10'000;
inline constexpr uint32_t subtypingDepth = 63;
inline constexpr uint32_t bodyBytes = 7'654'321;
inline constexpr uint32_t locals = 50'000; ///< Without the parameters.

/// Operands on the stack at once: two bytes of code can push `results` of them.
inline constexpr size_t operands = 1'000'000;
/// Likewise in a constant expression, where the values are not known before the
/// module is instantiated: 500,000 live values take LLVM 90 s.
inline constexpr size_t constantOperands = 20'000;
/// Blocks within blocks.
inline constexpr size_t nesting = 1'000'000;

} // namespace wasmc::wasm::limits

#endif
