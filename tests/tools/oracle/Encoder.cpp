//===- Encoder.cpp - Writes pieces of binary modules ---------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Encoder.h"

#include "llvm/Support/LEB128.h"

namespace wasmc::oracle {

Encoder &Encoder::byte(uint8_t value) {
  data += char(value);
  return *this;
}

Encoder &Encoder::bytes(std::initializer_list<uint8_t> values) {
  data.append(values.begin(), values.end());
  return *this;
}

Encoder &Encoder::bytes(wasm::Bytes values) {
  data.append(values.begin(), values.end());
  return *this;
}

Encoder &Encoder::u32(uint64_t value) {
  uint8_t buffer[10];
  data.append(buffer, buffer + llvm::encodeULEB128(value, buffer));
  return *this;
}

Encoder &Encoder::s64(int64_t value) {
  uint8_t buffer[10];
  data.append(buffer, buffer + llvm::encodeSLEB128(value, buffer));
  return *this;
}

Encoder &Encoder::name(std::string_view text) {
  u32(text.size());
  data += text;
  return *this;
}

Encoder &Encoder::sized(const Encoder &inner) {
  u32(inner.data.size());
  return append(inner);
}

Encoder &Encoder::append(const Encoder &other) {
  data += other.data;
  return *this;
}

// The module was decoded before, so that its sections are known to be whole.
Sections::Sections(wasm::Bytes module) {
  const uint8_t *at = module.data() + 8, *end = module.data() + module.size();
  auto number = [&] {
    unsigned length = 0;
    uint64_t value = llvm::decodeULEB128(at, &length, end);
    at += length;
    return value;
  };
  while (at < end) {
    uint8_t id = *at++;
    uint64_t size = number();
    const uint8_t *next = at + size;
    if (id == StartSection || id == DataCountSection) {
      plain[id].bytes(wasm::Bytes(at, size));
    } else if (id != 0) {
      List &list = lists[id];
      list.count = number();
      list.entries.bytes(wasm::Bytes(at, next - at));
    }
    at = next;
  }
}

void Sections::prepend(uint8_t id, const Encoder &entry) {
  List &list = lists[id];
  ++list.count;
  list.before = Encoder(entry).append(list.before);
}

void Sections::append(uint8_t id, const Encoder &entry) {
  List &list = lists[id];
  ++list.count;
  list.entries.append(entry);
}

std::string Sections::encode() const {
  static constexpr uint8_t order[] = {
      TypeSection,   ImportSection, FunctionSection, TableSection,     MemorySection, TagSection,
      GlobalSection, ExportSection, StartSection,    ElementSection, DataCountSection, CodeSection,
      DataSection};
  Encoder out;
  out.bytes({0, 'a', 's', 'm', 1, 0, 0, 0});
  for (uint8_t id : order) {
    Encoder contents;
    if (auto it = lists.find(id); it != lists.end())
      contents.u32(it->second.count).append(it->second.before).append(it->second.entries);
    else if (auto it = plain.find(id); it != plain.end())
      contents = it->second;
    else
      continue;
    out.byte(id).sized(contents);
  }
  return out.str();
}

} // namespace wasmc::oracle
