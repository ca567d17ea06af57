//===- hash.h - The name of the link-time check between object and runtime ===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime defines a symbol __wasmc_abi_HASH, where HASH is the FNV-1a hash
// of the rows of layout.def and traps.def (their texts without comments).
// Helpers are not in it: each has its signature in its own symbol. Every object's module descriptor refers to the symbol that its
// compiler knew: objects and runtimes of different ABIs fail to link.
//
// HASH is written down here, since a name must be known to the preprocessor,
// and asserted below. After a change of a .def file, run
// runtime/update-abi-hash.sh, which computes it anew and edits this file.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_ABI_HASH_H
#define WASMC_ABI_HASH_H

#include <stdint.h>

#define WASMC_ABI_HASH 54c3ce08de5160c0

#define WASMC_ABI_PASTE_(A, B) A##B
#define WASMC_ABI_PASTE(A, B) WASMC_ABI_PASTE_(A, B)
#define WASMC_ABI_TEXT_(A) #A
#define WASMC_ABI_TEXT(A) WASMC_ABI_TEXT_(A)

/// The symbol as an identifier and as a string.
#define WASMC_ABI_SYMBOL WASMC_ABI_PASTE(__wasmc_abi_, WASMC_ABI_HASH)
#define WASMC_ABI_SYMBOL_NAME WASMC_ABI_TEXT(WASMC_ABI_SYMBOL)

namespace wasmc::abi {

/// All rows as one text.
inline constexpr char rowsText[] =
#define WASMC_STRUCT(S) "struct " #S ";"
#define WASMC_FIELD(S, K, N) #S "," #K "," #N ";"
#define WASMC_STRUCT_END(S) "end;"
#include "layout.def"
#define WASMC_TRAP_KIND(C, N, M) "trap " #C "," #N "," M ";"
#include "traps.def"
    ;

/// FNV-1a, 64 bits.
constexpr uint64_t computeHash() {
  uint64_t hash = 0xcbf29ce484222325u;
  for (unsigned i = 0; rowsText[i] != 0; ++i)
    hash = (hash ^ static_cast<uint8_t>(rowsText[i])) * 0x100000001b3u;
  return hash;
}

#ifndef WASMC_ABI_HASH_UNCHECKED
static_assert(computeHash() == WASMC_ABI_PASTE(0x, WASMC_ABI_PASTE(WASMC_ABI_HASH, u)),
              "the ABI's rows changed: run runtime/update-abi-hash.sh");
#endif

} // namespace wasmc::abi

#endif
