//===- Reader.h - A bounds-checked cursor over the binary format -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All input is read through this class and nothing else. Each `read…` returns
// false on failure and then holds the error, which `takeError` gives up; the
// position is meaningless after a failure.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_WASM_READER_H
#define WASMC_COMPILER_WASM_READER_H

#include "Error.h"
#include "Instruction.h"
#include "Module.h"

#include "llvm/ADT/Twine.h"

namespace wasmc::wasm {

class Reader {
public:
  /// Proposals that the input needs go to `record`, if given, and to `needs`.
  Reader(Section range, const FeatureSet &features, std::map<Feature, size_t> *record = nullptr,
         std::optional<uint32_t> function = {})
      : range(range), features(features), record(record), function(function) {}

  bool atEnd() const { return pos == range.bytes.size(); }
  size_t remaining() const { return range.bytes.size() - pos; }
  /// Offset of the next byte from the start of the module.
  size_t offset() const { return range.offset + pos; }
  /// The bytes from offset `from` (of the module) to here.
  Section since(size_t from) const {
    return {range.bytes.subspan(from - range.offset, offset() - from), from};
  }
  bool has(Feature feature) const { return features.has(feature); }
  const FeatureSet &enabled() const { return features; }

  [[nodiscard]] bool readByte(uint8_t &out);
  /// The next byte without consuming it.
  [[nodiscard]] bool peekByte(uint8_t &out);
  [[nodiscard]] bool readU32(uint32_t &out);
  [[nodiscard]] bool readU64(uint64_t &out);
  [[nodiscard]] bool readS32(uint32_t &out); ///< As the bits of the number.
  [[nodiscard]] bool readS33(int64_t &out);
  [[nodiscard]] bool readS64(uint64_t &out); ///< As the bits of the number.
  /// Little-endian bytes.
  [[nodiscard]] bool readFixed(unsigned bytes, uint64_t &out);
  [[nodiscard]] bool readBytes(size_t size, Bytes &out);
  /// A vector of bytes that must be UTF-8 (5.2.4); `what` names it in errors.
  [[nodiscard]] bool readName(std::string_view &out, const char *what);
  /// The length of a vector: at most the bytes that are left, since no element
  /// takes none, and at most `limit`.
  [[nodiscard]] bool readCount(uint32_t &out, uint32_t limit, const char *what);
  /// A nested range of `size` bytes with the same features.
  [[nodiscard]] bool readRange(size_t size, Section &out);

  [[nodiscard]] bool readHeapType(HeapType &out);
  [[nodiscard]] bool readRefType(RefType &out);
  [[nodiscard]] bool readValType(ValType &out);
  [[nodiscard]] bool readBlockType(BlockType &out);

  /// Notes that the input needs a proposal; fails where it is not enabled.
  [[nodiscard]] bool need(Feature feature, size_t at, llvm::StringRef what) {
    if (feature == Feature::MVP || needs.has(feature))
      return true;
    return needSlow(feature, at, what);
  }
  /// Tags belong to either of the exception proposals.
  Feature tagFeature() const {
    return !has(Feature::Exceptions) && has(Feature::LegacyExceptions) ? Feature::LegacyExceptions
                                                                       : Feature::Exceptions;
  }

  bool malformed(size_t at, const llvm::Twine &message) {
    return fail(ErrorKind::Malformed, at, message);
  }
  bool fail(ErrorKind kind, size_t at, const llvm::Twine &message);
  /// Takes over the error of a reader of a nested range.
  void adopt(Reader &nested) { failure = std::move(nested.failure); }
  std::unique_ptr<WasmError> takeFailure() { return std::move(failure); }
  llvm::Error takeError() { return llvm::Error(takeFailure()); }

  FeatureSet needs;

private:
  template <unsigned Bits, bool Signed> bool readLEB(uint64_t &out);
  bool needSlow(Feature feature, size_t at, llvm::StringRef what);
  bool readAbstract(uint8_t code, HeapType &out, size_t at);
  bool endOfInput();

  Section range;
  size_t pos = 0;
  FeatureSet features; ///< A copy: callers pass temporaries.
  std::map<Feature, size_t> *record;
  std::optional<uint32_t> function;
  std::unique_ptr<WasmError> failure;
};

} // namespace wasmc::wasm

#endif
