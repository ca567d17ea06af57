//===- Prepare.h - Makes a module comparable -----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A module that was prepared needs nothing from outside and shows all that it
// does in what its exports return, as integers, so that engines can be compared by
// the text they print for `run all exports`:
//
//   - An imported function is replaced by one that mixes its operands into a
//     global, the log, and returns zeros. Its index stays.
//   - An export `f3` takes no operands: it calls the export number 3 with
//     operands chosen from the seed, and returns the bits of its results. Every
//     NaN is the canonical one, a reference is 1 if null and 0 if not.
//   - An export `s3` follows it and returns the state after that call: a hash of
//     all globals, the log and the nulls of all tables, then one of each memory.
//
// A second form of the module counts besides how often each operator was executed.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_ORACLE_PREPARE_H
#define WASMC_TESTS_ORACLE_PREPARE_H

#include "wasm/Module.h"

#include "llvm/Support/Error.h"

namespace wasmc::oracle {

struct Prepared {
  std::string module;
  /// The same, with a counter for each stretch of code that runs as a whole: the
  /// exported global `c0`, `c1` ... of type i64.
  std::string counting;
  /// A line for each counter: the operators of its stretch.
  std::string operators;
};

struct Options {
  uint64_t seed = 0; ///< For the operands of exports.
  /// Vectors of floats have canonical NaNs: for generators that do not see to it.
  bool canonicalNaNs = false;
};

/// An error where the module is invalid or imports other things than functions and tags.
llvm::Expected<Prepared> prepare(wasm::Bytes bytes, const Options &options);

} // namespace wasmc::oracle

#endif
