//===- Encoder.h - Writes pieces of binary modules -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_ORACLE_ENCODER_H
#define WASMC_TESTS_ORACLE_ENCODER_H

#include "wasm/Module.h"

#include <initializer_list>
#include <map>
#include <string>

namespace wasmc::oracle {

/// Bytes in the binary format (5.2).
class Encoder {
public:
  Encoder &byte(uint8_t value);
  Encoder &bytes(std::initializer_list<uint8_t> values);
  Encoder &bytes(wasm::Bytes values);
  Encoder &u32(uint64_t value);
  Encoder &s64(int64_t value);
  Encoder &name(std::string_view text);
  /// `i32.const` and the like.
  Encoder &i32Const(int32_t value) { return byte(0x41).s64(value); }
  Encoder &i64Const(int64_t value) { return byte(0x42).s64(value); }
  /// The other's bytes, behind their number.
  Encoder &sized(const Encoder &inner);
  Encoder &append(const Encoder &other);

  const std::string &str() const { return data; }
  bool empty() const { return data.empty(); }

private:
  std::string data;
};

/// The sections of a module by their id, each a number of entries and their
/// bytes, to which entries can be added at both ends. Sections that are no such
/// list (start, data count) are kept as they are; custom ones are dropped.
class Sections {
public:
  explicit Sections(wasm::Bytes module);

  void prepend(uint8_t id, const Encoder &entry);
  void append(uint8_t id, const Encoder &entry);
  void erase(uint8_t id) { lists.erase(id); }
  std::string encode() const;

private:
  struct List {
    uint64_t count = 0;
    Encoder before, entries;
  };
  std::map<uint8_t, List> lists;
  std::map<uint8_t, Encoder> plain;
};

/// Ids of sections (5.5.2).
enum SectionId : uint8_t { TypeSection = 1, ImportSection, FunctionSection, TableSection,
                           MemorySection, GlobalSection, ExportSection, StartSection,
                           ElementSection, CodeSection, DataSection, DataCountSection,
                           TagSection };

} // namespace wasmc::oracle

#endif
