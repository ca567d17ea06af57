//===- tag.cpp - Tags -----------------------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "bytes.h"
#include "platform/platform.h"
#include "text.h"

using namespace wasmc::rt;

uint64_t wasmc::rt::newTagId() {
  // Any thread may make an instance. 0 is no tag's.
  static uint64_t last;
#ifdef WASMC_SINGLE_THREADED
  return ++last;
#else
  return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
#endif
}

namespace {
/// A tag of the host's, its type, and behind them the kinds and the type's text.
struct HostTag {
  wasmc_tag tag;
  wasmc_tag_type kind;
  wasmc_type type;
};

constexpr size_t maxParams = 1000; ///< That a function type may have.

/// By WASMC_VAL_*, as the compiler writes them (TypeTexts).
const char *const valueTexts[] = {
    "i32",               "i64",               "f32",
    "f64",               "v128",              "(ref null func)",
    "(ref null extern)", "(ref null any)",    "(ref null eq)",
    "(ref null i31)",    "(ref null struct)", "(ref null array)",
    "(ref null exn)",    "(ref null none)",   "(ref null nofunc)",
    "(ref null noextern)", "(ref null noexn)"};
static_assert(sizeof(valueTexts) / sizeof(valueTexts[0]) == WASMC_VAL_TYPEDREF);
constexpr size_t longestValue = 20; ///< With a space before it.
} // namespace

wasmc_status wasmc_tag_new(const uint32_t *params, size_t numParams, wasmc_tag **out) {
  *out = nullptr;
  if (numParams > maxParams)
    return WASMC_INVALID_ARGUMENT;
  for (size_t i = 0; i != numParams; ++i)
    if (params[i] >= sizeof(valueTexts) / sizeof(valueTexts[0]))
      return WASMC_INVALID_ARGUMENT;
  const size_t textBytes = sizeof("(func (param))") + numParams * longestValue;
  HostTag *made = static_cast<HostTag *>(allocate(sizeof(HostTag) + numParams + textBytes));
  if (made == nullptr)
    return WASMC_OUT_OF_MEMORY;
  uint8_t *kinds = reinterpret_cast<uint8_t *>(made + 1);
  Text text(reinterpret_cast<char *>(kinds + numParams), textBytes);
  text << (numParams != 0 ? "(func (param" : "(func");
  for (size_t i = 0; i != numParams; ++i) {
    kinds[i] = static_cast<uint8_t>(params[i]);
    text << " " << valueTexts[params[i]];
    made->kind.num_slots += params[i] == WASMC_VAL_V128 ? 2 : 1;
  }
  text << (numParams != 0 ? "))" : ")");
  made->type.text = kinds + numParams;
  made->type.length = static_cast<uint32_t>(text.size());
  made->type.num_slots = made->kind.num_slots;
  made->kind.type = &made->type;
  made->kind.name = const_cast<char *>("the host's");
  made->kind.params = kinds;
  made->kind.num_params = static_cast<uint32_t>(numParams);
  made->tag.id = newTagId();
  made->tag.type = &made->kind;
  made->tag.runtime = const_cast<char *>(&WASMC_ABI_SYMBOL);
  *out = &made->tag;
  return WASMC_OK;
}

void wasmc_tag_delete(wasmc_tag *tag) {
  if (tag != nullptr)
    deallocate(reinterpret_cast<HostTag *>(tag));
}
