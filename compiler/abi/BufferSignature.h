//===- BufferSignature.h - C parameters of described functions -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only place that knows which C functions a described function becomes, what
// they are called and which parameters they take: the header declares them from
// here, the lowering defines them from here, and the binder looks here for the
// names that they take.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_ABI_BUFFERSIGNATURE_H
#define WASMC_COMPILER_ABI_BUFFERSIGNATURE_H

#include "abi/Interface.h"

namespace wasmc::abi {

/// How a host uses a described function (docs/buffers.md, "The ways"), or how a
/// module calls a described import.
enum class Way : uint8_t { Copy, InPlace, Batch, Window, Import };

/// A parameter of a C function, or a field of a batch's structures.
struct CParameter {
  enum class Kind : uint8_t {
    Self,             ///< `PREFIX *self`
    Context,          ///< `void *context`, of imports.
    Scalar,           ///< `T x`
    InPointer,        ///< `const void *x`
    InLength,         ///< `size_t x_len`
    OutPointer,       ///< `void *x`
    OutCapacity,      ///< `size_t x_cap`
    At,               ///< `size_t x_at`: offset in a window.
    OutPointerResult, ///< `const void **x`
    OutLengthResult,  ///< `size_t *written` or `size_t *x_len`
    ResultPointer,    ///< `T *result`
    // Of a batch:
    Messages, ///< `const PREFIX_NAME_message *messages`
    Count,    ///< `size_t n`
    Results,  ///< `PREFIX_NAME_result *results`
    Done,     ///< `size_t *done`
    // Fields of the result structure alone:
    Status,  ///< `wasmc_status status`
    Error,   ///< `int32_t error`
    Written, ///< `size_t written`
    Value    ///< `T value`
  };
  /// `index` where no described parameter stands behind it.
  static constexpr uint32_t none = ~uint32_t(0);

  std::string name;
  Kind kind = Kind::Self;
  uint32_t index = none;                     ///< Into InterfaceFunction::params.
  wasm::ValKind scalar = wasm::ValKind::I32; ///< Scalar, ResultPointer, Value: what T is.

  bool isSize() const; ///< A size_t itself, not a pointer to one.
  bool isPointer() const;
};

/// A field of a batch's structures, where the C compiler puts it.
struct CField : CParameter {
  uint64_t offset = 0;
};

struct CStruct {
  std::vector<CField> fields;
  uint64_t size = 0; ///< With the padding at the end.
  uint32_t alignment = 1;
};

/// The ways that an export has: Copy; if it has buffers InPlace and Batch, too; if
/// one of them is a window, Window, too.
std::vector<Way> waysOf(const InterfaceFunction &function);

/// The parameters of one way, in C's order. All these functions return wasmc_status.
std::vector<CParameter> signatureOf(const InterfaceFunction &function, Way way);

/// PREFIX_NAME_message and PREFIX_NAME_result: one message of a batch and what
/// came of it. Fields are aligned to their size, as on all targets that we have.
CStruct messageStruct(const InterfaceFunction &function, unsigned pointerBytes);
CStruct resultStruct(const InterfaceFunction &function, unsigned pointerBytes);

/// Alignment in bytes of a field, which is its size.
unsigned alignmentOf(const CParameter &field, unsigned pointerBytes);

/// Names of C functions, without the prefix: `process`, `process_inplace`,
/// `process_batch`, `process_window`.
std::string wayName(const InterfaceFunction &function, Way way);
/// `process_in`: the function that returns an input's mailbox. For windows, inputs
/// and outputs, `_map` and `_unmap` follow it.
std::string bufferName(const InterfaceFunction &function, uint32_t param);

/// All names that an export takes behind the prefix, also those of types and
/// constants; no two of a module may be equal.
std::vector<std::string> generatedNames(const InterfaceFunction &function);

} // namespace wasmc::abi

#endif
