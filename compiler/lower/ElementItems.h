//===- ElementItems.h - Element segments that are constant data ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_LOWER_ELEMENTITEMS_H
#define WASMC_COMPILER_LOWER_ELEMENTITEMS_H

#include "wasm/Module.h"

#include <optional>

namespace wasmc::lower {

/// What a constant expression of a reference is, if it is nothing but ref.func
/// or ref.null: 1 + function index, or 0 for null.
std::optional<uint32_t> plainItem(const wasm::ConstExpr &expr);

/// Whether a segment can be an array of function indices in the object: all
/// items are ref.func or ref.null. Others are evaluated at instantiation.
bool hasPlainItems(const wasm::ElementSegment &segment);

} // namespace wasmc::lower

#endif
