//===- ModuleBuilder.h - Binary modules for tests, made by hand ------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_UNIT_WASM_MODULEBUILDER_H
#define WASMC_TESTS_UNIT_WASM_MODULEBUILDER_H

#include "wasm/Validate.h"

#include <string>
#include <vector>

namespace wasmc::wasm::test {

using Data = std::vector<uint8_t>;

inline Data operator+(Data a, const Data &b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline Data leb(uint64_t value) {
  Data out;
  do {
    uint8_t byte = value & 0x7f;
    value >>= 7;
    out.push_back(value ? byte | 0x80 : byte);
  } while (value);
  return out;
}

/// A type index where the format has a signed number.
inline Data heapIndex(uint32_t index) {
  Data out = leb(index);
  if (out.back() & 0x40) {
    out.back() |= 0x80;
    out.push_back(0);
  }
  return out;
}

inline Data repeat(size_t count, const Data &piece) {
  Data out;
  out.reserve(count * piece.size());
  for (size_t i = 0; i < count; ++i)
    out.insert(out.end(), piece.begin(), piece.end());
  return out;
}

inline Data sized(const Data &contents) { return leb(contents.size()) + contents; }

inline Data section(uint8_t id, const Data &contents) { return Data{id} + sized(contents); }

/// A section that is a vector of equal elements.
inline Data section(uint8_t id, uint64_t count, const Data &elements) {
  return section(id, leb(count) + elements);
}

inline Data module(const Data &sections) { return Data{0, 'a', 's', 'm', 1, 0, 0, 0} + sections; }

/// One function of a type `[params] -> [results]` with a body (with locals).
inline Data function(const Data &params, const Data &results, const Data &body) {
  return section(1, 1, Data{0x60} + sized(params) + sized(results)) + section(3, {1, 0}) +
         section(10, 1, sized(body));
}

struct Verdict {
  bool ok = true;
  ErrorKind kind = ErrorKind::Malformed;
  size_t offset = 0;
  std::string message;
  Feature feature = Feature::Count;
  std::map<Feature, size_t> required;
};

/// Decodes and validates all.
inline Verdict judge(const Data &bytes, const FeatureSet &features = FeatureSet::all()) {
  Verdict verdict;
  auto module = decodeModule(bytes, features);
  llvm::Error error = module ? validateAll(*module, features) : module.takeError();
  if (module)
    verdict.required = module->required;
  llvm::handleAllErrors(std::move(error), [&](const WasmError &e) {
    verdict.ok = false;
    verdict.kind = e.kind;
    verdict.offset = e.offset;
    verdict.message = e.message;
    verdict.feature = e.feature.value_or(Feature::Count);
  });
  return verdict;
}

/// WebAssembly 2.0 without vectors.
inline FeatureSet version2() {
  FeatureSet features;
  for (Feature f : {Feature::MVP, Feature::MutableGlobals, Feature::SignExtension,
                    Feature::SatFloatToInt, Feature::BulkMemory, Feature::ReferenceTypes,
                    Feature::MultiValue})
    features.set(f);
  return features;
}

} // namespace wasmc::wasm::test

#endif
