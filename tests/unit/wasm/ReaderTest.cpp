//===- ReaderTest.cpp - Integers, names and vectors of the binary format ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

#include <gtest/gtest.h>

using namespace wasmc::wasm;
using namespace wasmc::wasm::test;

namespace {

struct Cursor {
  explicit Cursor(Data data) : data(std::move(data)), reader({this->data, 0}, features) {}
  std::string error() { return llvm::toString(reader.takeError()); }

  Data data;
  FeatureSet features = FeatureSet::all();
  Reader reader;
};

template <typename T, bool (Reader::*Read)(T &)> std::string outcome(const Data &data) {
  Cursor cursor(data);
  T value;
  if (!(cursor.reader.*Read)(value))
    return cursor.error().substr(5); // Without the offset, which has one digit here.
  return std::to_string(value) + (cursor.reader.atEnd() ? "" : "…");
}

constexpr auto u32 = outcome<uint32_t, &Reader::readU32>;
constexpr auto u64 = outcome<uint64_t, &Reader::readU64>;
constexpr auto s33 = outcome<int64_t, &Reader::readS33>;

int32_t s32(const Data &data) {
  Cursor cursor(data);
  uint32_t bits = 0;
  EXPECT_TRUE(cursor.reader.readS32(bits));
  return static_cast<int32_t>(bits);
}

bool isS32(const Data &data) {
  Cursor cursor(data);
  uint32_t bits;
  return cursor.reader.readS32(bits);
}

bool isS64(const Data &data) {
  Cursor cursor(data);
  uint64_t bits;
  return cursor.reader.readS64(bits);
}

bool isName(const Data &text) {
  Cursor cursor(sized(text));
  std::string_view name;
  return cursor.reader.readName(name, "a name");
}

} // namespace

TEST(Reader, Unsigned32) {
  EXPECT_EQ(u32({0}), "0");
  EXPECT_EQ(u32({0x7f}), "127");
  EXPECT_EQ(u32({0x80, 0x01}), "128");
  EXPECT_EQ(u32({0x80, 0}), "0") << "longer than needed is allowed";
  EXPECT_EQ(u32({0x80, 0x80, 0x80, 0x80, 0}), "0");
  EXPECT_EQ(u32({0xff, 0xff, 0xff, 0xff, 0x0f}), "4294967295");
  EXPECT_EQ(u32({0xff, 0xff, 0xff, 0xff, 0x1f}), "integer too large");
  EXPECT_EQ(u32({0x80, 0x80, 0x80, 0x80, 0x70}), "integer too large");
  EXPECT_EQ(u32({0x80, 0x80, 0x80, 0x80, 0x80, 0}), "integer representation too long");
  EXPECT_EQ(u32({0x80, 0x80}), "unexpected end of section or function");
  EXPECT_EQ(u32({}), "unexpected end of section or function");
}

TEST(Reader, Unsigned64) {
  Data ones = repeat(9, {0xff});
  EXPECT_EQ(u64(ones + Data{1}), "18446744073709551615");
  EXPECT_EQ(u64(ones + Data{2}), "integer too large");
  EXPECT_EQ(u64(ones + Data{0x80, 0}), "integer representation too long");
}

TEST(Reader, Signed32) {
  EXPECT_EQ(s32({0x7f}), -1);
  EXPECT_EQ(s32({0x40}), -64);
  EXPECT_EQ(s32({0x3f}), 63);
  EXPECT_EQ(s32({0xff, 0xff, 0xff, 0xff, 0x7f}), -1);
  EXPECT_EQ(s32({0x80, 0x80, 0x80, 0x80, 0x78}), INT32_MIN);
  EXPECT_EQ(s32({0xff, 0xff, 0xff, 0xff, 0x07}), INT32_MAX);
  EXPECT_FALSE(isS32({0xff, 0xff, 0xff, 0xff, 0x0f}));
  EXPECT_FALSE(isS32({0x80, 0x80, 0x80, 0x80, 0x70}));
  EXPECT_FALSE(isS32({0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}));
}

TEST(Reader, Signed33And64) {
  EXPECT_EQ(s33({0xff, 0xff, 0xff, 0xff, 0x0f}), "4294967295");
  EXPECT_EQ(s33({0x80, 0x80, 0x80, 0x80, 0x70}), "-4294967296");
  EXPECT_EQ(s33({0x80, 0x80, 0x80, 0x80, 0x10}), "integer too large");
  EXPECT_TRUE(isS64(repeat(9, {0x80}) + Data{0x7f}));
  EXPECT_TRUE(isS64(repeat(9, {0xff}) + Data{0}));
  EXPECT_FALSE(isS64(repeat(9, {0x80}) + Data{0x7e}));
  EXPECT_FALSE(isS64(repeat(9, {0xff}) + Data{1}));
  EXPECT_FALSE(isS64(repeat(10, {0x80}) + Data{0}));
}

TEST(Reader, NamesAreUtf8) {
  EXPECT_TRUE(isName({}));
  EXPECT_TRUE(isName({'a', 0, 'b'}));
  EXPECT_TRUE(isName({0xc3, 0xa4}));
  EXPECT_TRUE(isName({0xf4, 0x8f, 0xbf, 0xbf}));
  EXPECT_FALSE(isName({0x80})) << "continuation alone";
  EXPECT_FALSE(isName({0xc3})) << "cut off";
  EXPECT_FALSE(isName({0xc0, 0x80})) << "longer than needed";
  EXPECT_FALSE(isName({0xed, 0xa0, 0x80})) << "surrogate";
  EXPECT_FALSE(isName({0xf4, 0x90, 0x80, 0x80})) << "past U+10FFFF";
}

TEST(Reader, NameLongerThanTheInput) {
  Cursor cursor({0xff, 0xff, 0xff, 0xff, 0x0f, 'a'});
  std::string_view name;
  EXPECT_FALSE(cursor.reader.readName(name, "a name"));
}

TEST(Reader, CountsAreBoundedByTheBytesLeft) {
  Cursor enough({2, 0, 0}), tooFew({3, 0, 0}), limited({2, 0, 0});
  uint32_t count;
  EXPECT_TRUE(enough.reader.readCount(count, 2, "things"));
  EXPECT_FALSE(tooFew.reader.readCount(count, 9, "things"));
  EXPECT_FALSE(limited.reader.readCount(count, 1, "things"));
  EXPECT_EQ(limited.error(), "0x0: 2 things, more than the limit of 1");
}
