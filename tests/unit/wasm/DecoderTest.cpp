//===- DecoderTest.cpp - Sections, their order, their counts ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"
#include "wasm/Limits.h"

#include <gtest/gtest.h>

using namespace wasmc::wasm;
using namespace wasmc::wasm::test;

TEST(Decoder, EmptyModule) {
  EXPECT_TRUE(judge(module({})).ok);
  EXPECT_TRUE(judge(module({}), version2()).required.empty());
}

TEST(Decoder, Header) {
  EXPECT_EQ(judge({}).message, "unexpected end");
  EXPECT_EQ(judge({0, 'a', 's', 'n'}).message, "magic header not detected");
  EXPECT_EQ(judge({0, 'a', 's', 'm', 1, 0, 0}).message, "unexpected end");
  EXPECT_EQ(judge({0, 'a', 's', 'm', 2, 0, 0, 0}).message, "unknown binary version");
}

namespace {

/// A section whose elements can be repeated: what comes before it, its id, one
/// element, and the most that there may be.
struct Vector {
  const char *name;
  Data before;
  uint8_t id;
  Data element;
  uint32_t limit;
};

std::vector<Vector> vectors() {
  Data type = section(1, {1, 0x60, 0, 0});
  return {
      {"types", {}, 1, {0x60, 0, 0}, limits::types},
      {"imports", type, 2, {0, 0, 0, 0}, limits::imports},
      {"tables", {}, 4, {0x70, 0, 0}, limits::tables},
      {"memories", {}, 5, {0, 0}, limits::memories},
      {"tags", type, 13, {0, 0}, limits::tags},
      {"globals", {}, 6, {0x7f, 0, 0x41, 0, 0x0b}, limits::globals},
      {"elements", section(4, {1, 0x70, 0, 0}), 9, {0, 0x41, 0, 0x0b, 0}, limits::elementSegments},
      {"data", {}, 11, {1, 0}, limits::dataSegments},
  };
}

Data withCount(const Vector &vector, uint64_t count, size_t elements) {
  return module(vector.before + section(vector.id, count, repeat(elements, vector.element)));
}

} // namespace

TEST(Decoder, CountsUpToTheLimit) {
  for (const Vector &vector : vectors())
    for (uint32_t count : {uint32_t(0), uint32_t(1), vector.limit}) {
      Verdict verdict = judge(withCount(vector, count, count));
      EXPECT_TRUE(verdict.ok) << vector.name << " " << count << ": " << verdict.message;
    }
}

TEST(Decoder, CountsPastTheLimit) {
  for (const Vector &vector : vectors()) {
    uint32_t count = vector.limit + 1;
    Verdict verdict = judge(withCount(vector, count, count));
    EXPECT_FALSE(verdict.ok) << vector.name;
    EXPECT_EQ(verdict.kind, ErrorKind::Limit) << vector.name << ": " << verdict.message;
  }
}

TEST(Decoder, CountsPastTheInput) {
  for (const Vector &vector : vectors())
    for (uint64_t count : {uint64_t(2), uint64_t(vector.limit), uint64_t(UINT32_MAX)}) {
      Verdict verdict = judge(withCount(vector, count, 1));
      EXPECT_FALSE(verdict.ok) << vector.name << " " << count;
      EXPECT_EQ(verdict.kind, ErrorKind::Malformed) << vector.name << ": " << verdict.message;
    }
}

TEST(Decoder, FunctionsUpToTheLimit) {
  auto functions = [](uint32_t count) {
    return module(section(1, {1, 0x60, 0, 0}) + section(3, count, repeat(count, {0})) +
                  section(10, count, repeat(count, {2, 0, 0x0b})));
  };
  EXPECT_TRUE(judge(functions(limits::functions)).ok);
  EXPECT_EQ(judge(functions(limits::functions + 1)).kind, ErrorKind::Limit);
}

TEST(Decoder, ExportsUpToTheLimit) {
  auto exports = [](uint32_t count) { // Names of four letters, all different.
    Data entries;
    for (uint32_t i = 0; i < count; ++i)
      for (uint8_t byte :
           {4u, '@' + (i & 31), '@' + (i >> 5 & 31), '@' + (i >> 10 & 31), '@' + (i >> 15), 2u, 0u})
        entries.push_back(byte);
    return module(section(5, {1, 0, 0}) + section(7, count, entries));
  };
  EXPECT_TRUE(judge(exports(0)).ok);
  EXPECT_TRUE(judge(exports(limits::exports)).ok) << judge(exports(limits::exports)).message;
  EXPECT_EQ(judge(exports(limits::exports + 1)).kind, ErrorKind::Limit);
  EXPECT_EQ(judge(module(section(7, UINT32_MAX, {1, 'a', 2, 0}))).kind, ErrorKind::Malformed);
}

TEST(Decoder, ElementsOfOneSegmentUpToTheLimit) {
  auto elements = [](uint32_t count, uint32_t given) {
    return module(section(1, {1, 0x60, 0, 0}) + section(3, {1, 0}) +
                  section(9, Data{1, 1, 0} + leb(count) + Data(given, 0)) +
                  section(10, {1, 2, 0, 0x0b}));
  };
  constexpr uint32_t limit = limits::elementsPerSegment;
  EXPECT_TRUE(judge(elements(limit, limit)).ok);
  EXPECT_EQ(judge(elements(limit + 1, limit + 1)).kind, ErrorKind::Limit);
  EXPECT_EQ(judge(elements(UINT32_MAX, 9)).kind, ErrorKind::Malformed);
}

TEST(Decoder, CountsWithinOperators) {
  Data huge = leb(UINT32_MAX);
  for (const Data &code : {Data{0x41, 0, 0x0e} + huge, Data{0x1c} + huge, Data{0x1f, 0x40} + huge,
                           Data{0xfb, 8, 0} + huge}) {
    Verdict verdict = judge(module(function({}, {}, Data{0} + code + Data{0, 0x0b})));
    EXPECT_FALSE(verdict.ok);
    EXPECT_NE(verdict.kind, ErrorKind::Invalid) << verdict.message;
  }
  EXPECT_EQ(judge(module(function({}, {}, huge + Data{0x0b}))).kind, ErrorKind::Malformed);
}

TEST(Decoder, ParametersResultsAndLocalsUpToTheLimit) {
  auto type = [](uint32_t params, uint32_t results) {
    return module(
        section(1, Data{1, 0x60} + sized(repeat(params, {0x7f})) + sized(repeat(results, {0x7f}))));
  };
  EXPECT_TRUE(judge(type(1000, 1000)).ok);
  EXPECT_EQ(judge(type(1001, 0)).kind, ErrorKind::Limit);
  EXPECT_EQ(judge(type(0, 1001)).kind, ErrorKind::Limit);

  auto locals = [](uint64_t count) {
    return module(function({}, {}, Data{2} + leb(count) + Data{0x7f, 0, 0x7e, 0x0b}));
  };
  EXPECT_TRUE(judge(locals(limits::locals)).ok);
  EXPECT_EQ(judge(locals(limits::locals + 1)).kind, ErrorKind::Limit);
  EXPECT_EQ(judge(locals(UINT32_MAX)).kind, ErrorKind::Limit);
  EXPECT_EQ(judge(locals(uint64_t(UINT32_MAX) + 1)).message, "integer too large");
  Data twice = Data{2} + leb(UINT32_MAX) + Data{0x7f, 1, 0x7e, 0x0b};
  EXPECT_EQ(judge(module(function({}, {}, twice))).message, "too many locals");
}

TEST(Decoder, SectionOrder) {
  Data type = section(1, {0}), table = section(4, {0}), custom = section(0, {1, 'x'});
  EXPECT_TRUE(judge(module(custom + type + custom + table + custom)).ok);
  EXPECT_NE(judge(module(table + type)).message.find("unexpected content after last section"),
            std::string::npos);
  EXPECT_NE(judge(module(type + type)).message.find("unexpected content after last section"),
            std::string::npos);
  EXPECT_EQ(judge(module(section(14, {0}))).message, "malformed section id 14");
}

TEST(Decoder, SectionSizes) {
  EXPECT_EQ(judge(module(section(1, {0, 0}))).message, "section size mismatch: 1 bytes are left");
  EXPECT_NE(judge(module({1, 0x7f, 0})).message.find("length out of bounds"), std::string::npos);
  EXPECT_NE(judge(module(section(1, {1, 0x60, 0}))).message.find("unexpected end"),
            std::string::npos);
}

TEST(Decoder, EveryPrefixIsJudged) {
  std::vector<Data> sections = {
      section(1, {2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f}),
      section(2, {1, 1, 'm', 1, 'f', 0, 0}),
      section(3, {2, 0, 1}),
      section(4, {1, 0x70, 1, 1, 2}),
      section(5, {1, 1, 1, 2}),
      section(13, {1, 0, 0}),
      section(6, {1, 0x7f, 1, 0x41, 5, 0x0b}),
      section(7, {1, 1, 'e', 0, 1}),
      section(8, {0}),
      section(9, {2, 0, 0x41, 0, 0x0b, 1, 0, 1, 0, 1, 1}),
      section(12, {1}),
      section(10, {2, 4, 0, 0x10, 0, 0x0b, 9, 1, 2, 0x7e, 0x20, 0, 0x28, 2, 0, 0x0b}),
      section(11, {1, 0, 0x41, 0, 0x0b, 2, 'h', 'i'}),
      section(0, {4, 'n', 'a', 'm', 'e', 1, 4, 1, 0, 1, 'f'})};
  Data whole = module({});
  std::vector<size_t> ends = {whole.size()};
  for (const Data &s : sections) {
    whole = whole + s;
    ends.push_back(whole.size());
  }
  ASSERT_TRUE(judge(whole).ok) << judge(whole).message;
  for (size_t size = 0; size < whole.size(); ++size) {
    Verdict verdict = judge(Data(whole.begin(), whole.begin() + size));
    bool isBoundary = std::find(ends.begin(), ends.end(), size) != ends.end();
    EXPECT_TRUE(isBoundary || !verdict.ok) << size;
    EXPECT_TRUE(verdict.ok || verdict.kind == ErrorKind::Malformed ||
                verdict.kind == ErrorKind::Invalid)
        << size << ": " << verdict.message;
  }
}

TEST(Decoder, NamesOfFunctions) {
  Data code = section(1, {1, 0x60, 0, 0}) + section(3, {2, 0, 0}) +
              section(7, {1, 2, 'e', 'x', 0, 1}) + section(10, {2, 2, 0, 0x0b, 2, 0, 0x0b});
  Data name = {4, 'n', 'a', 'm', 'e'};
  Data good = module(code + section(0, name + Data{0, 2, 1, 'm', 1, 4, 1, 0, 1, 'f'}));
  auto decoded = decodeModule(good, version2());
  ASSERT_TRUE(bool(decoded));
  EXPECT_EQ(decoded->name, "m");
  EXPECT_EQ(decoded->functionName(0), "f");
  EXPECT_EQ(decoded->functionName(1), "ex");

  Data bad = module(code + section(0, name + Data{0, 2, 1, 'm', 1, 5, 1, 0, 1, 'f'}));
  auto ignored = decodeModule(bad, version2());
  ASSERT_TRUE(bool(ignored));
  EXPECT_EQ(ignored->name, "");
  EXPECT_EQ(ignored->functionName(0), "");
}

TEST(Decoder, BranchHints) {
  std::string text = "metadata.code.branch_hint";
  Data name(text.begin(), text.end());
  auto hints = [&](const Data &contents) { return section(0, sized(name) + contents); };
  Data before = section(1, {1, 0x60, 0, 0}) + section(3, {2, 0, 0});
  Data code = section(10, {2, 2, 0, 0x0b, 2, 0, 0x0b});
  auto decoded = [&](const Data &bytes, bool enabled = true) {
    FeatureSet features = FeatureSet::defaults();
    features.set(Feature::BranchHints, enabled);
    // A custom section never makes a module malformed (5.5.3).
    auto result = decodeModule(bytes, features);
    EXPECT_TRUE(bool(result));
    return result ? result->branchHints : std::vector<BranchHint>();
  };
  Data good = hints({2, 0, 1, 3, 1, 0, 1, 2, 5, 1, 1, 9, 1, 0});
  std::vector<BranchHint> found = decoded(module(before + good + code));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].function, 0u);
  EXPECT_EQ(found[0].offset, 3u);
  EXPECT_FALSE(found[0].isLikely);
  EXPECT_EQ(found[2].offset, 9u);
  EXPECT_TRUE(found[1].isLikely);

  EXPECT_EQ(decoded(module(before + good + code), false).size(), 0u);
  // Behind the code it does not count; of two, the first one does.
  EXPECT_EQ(decoded(module(before + code + good)).size(), 0u);
  EXPECT_EQ(decoded(module(before + good + hints({0}) + code)).size(), 3u);
  const Data malformed[] = {
      {},                               // no count
      {1, 0, 0, 0},                     // a byte too many
      {1, 0, 1, 3, 1},                  // cut off
      {1, 0, 1, 3, 2, 0, 0},            // two bytes of value
      {1, 0, 1, 3, 1, 2},               // no such value
      {1, 0, 2, 3, 1, 0, 3, 1, 0},      // an offset twice
      {1, 0, 2, 3, 1, 0, 2, 1, 0},      // offsets that go down
      {2, 1, 0, 1, 0},                  // a function twice
      {2, 1, 0, 0, 0},                  // functions that go down
      {0xff, 0xff, 0xff, 0xff, 0x0f},   // more than there can be
      {1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f}};
  for (const Data &contents : malformed)
    EXPECT_EQ(decoded(module(before + hints(contents) + code)).size(), 0u);
}

TEST(Decoder, ElementSegmentsOfEachKind) {
  Data bytes = module(
      section(1, {1, 0x60, 0, 0}) + section(3, {1, 0}) + section(4, {1, 0x70, 0, 9}) +
      section(9, 8,
              Data{0, 0x41, 0, 0x0b, 1, 0} + Data{1, 0, 1, 0} + Data{2, 0, 0x41, 0, 0x0b, 0, 1, 0} +
                  Data{3, 0, 1, 0} + Data{4, 0x41, 0, 0x0b, 1, 0xd2, 0, 0x0b} +
                  Data{5, 0x70, 1, 0xd0, 0x70, 0x0b} + Data{6, 0, 0x41, 0, 0x0b, 0x70, 0} +
                  Data{7, 0x70, 1, 0xd2, 0, 0x0b}) +
      section(10, {1, 2, 0, 0x0b}));
  ASSERT_TRUE(judge(bytes, version2()).ok) << judge(bytes, version2()).message;
  auto decoded = decodeModule(bytes, version2());
  ASSERT_TRUE(bool(decoded));
  using enum SegmentMode;
  SegmentMode modes[] = {Active, Passive, Active, Declarative,
                         Active, Passive, Active, Declarative};
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(decoded->elements[i].mode, modes[i]) << i;
    EXPECT_EQ(decoded->elements[i].functions.empty(), i >= 4) << i;
    EXPECT_EQ(decoded->elements[i].size(), i == 6 ? 0u : 1u) << i;
  }
}
