//===- OpcodesTest.cpp - The operator table is consistent ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/Opcodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace wasmc::wasm;

static std::vector<Opcode> allOpcodes() {
  std::vector<Opcode> all;
  for (unsigned i = 0; i < static_cast<unsigned>(Opcode::Count); ++i)
    all.push_back(static_cast<Opcode>(i));
  return all;
}

TEST(Opcodes, CodesAreUniqueAndFoundAgain) {
  std::set<std::pair<uint8_t, uint32_t>> codes;
  for (Opcode op : allOpcodes()) {
    const OpcodeInfo &row = info(op);
    EXPECT_TRUE(codes.emplace(row.prefix, row.code).second) << row.text;
    EXPECT_EQ(opcodeByCode(row.prefix, row.code), op) << row.text;
  }
}

TEST(Opcodes, OtherCodesAreNone) {
  EXPECT_EQ(opcodeByCode(0, 0xff), Opcode::Count);
  EXPECT_EQ(opcodeByCode(0, 0x27), Opcode::Count);
  EXPECT_EQ(opcodeByCode(0, 0xfb), Opcode::Count);
  EXPECT_EQ(opcodeByCode(0xfd, 0x114), Opcode::Count);
  EXPECT_EQ(opcodeByCode(0xfd, UINT32_MAX), Opcode::Count);
  EXPECT_EQ(opcodeByCode(0xff, 0), Opcode::Count);
  EXPECT_EQ(opcodeByCode(1, 0), Opcode::Count);
}

TEST(Opcodes, TextsAreUniqueButForSelect) {
  std::map<std::string_view, unsigned> texts;
  for (Opcode op : allOpcodes())
    ++texts[info(op).text];
  for (auto [text, count] : texts)
    EXPECT_EQ(count, text == "select" ? 2u : 1u) << text;
}

TEST(Opcodes, SignaturesAreWellFormed) {
  for (Opcode op : allOpcodes()) {
    const OpcodeInfo &row = info(op);
    if (row.signature == "*")
      continue;
    EXPECT_EQ(std::count(row.signature.begin(), row.signature.end(), ':'), 1) << row.text;
    EXPECT_EQ(row.signature.find_first_not_of("ilfdva:"), row.signature.npos) << row.text;
  }
}

TEST(Opcodes, BytesAndMemArgGoTogether) {
  for (Opcode op : allOpcodes()) {
    const OpcodeInfo &row = info(op);
    bool hasMemArg =
        row.immediates == Immediates::MemArg || row.immediates == Immediates::MemArgLane;
    EXPECT_EQ(row.bytes != 0, hasMemArg) << row.text;
    EXPECT_TRUE(row.bytes == 0 || (row.bytes <= 16 && !(row.bytes & (row.bytes - 1)))) << row.text;
    if (hasMemArg) {
      EXPECT_EQ(row.signature.front(), 'a') << row.text;
    }
  }
}

TEST(Opcodes, PrefixTellsTheProposal) {
  for (Opcode op : allOpcodes()) {
    const OpcodeInfo &row = info(op);
    if (row.prefix == 0xfd) {
      EXPECT_EQ(row.feature, row.code < 0x100 ? Feature::SIMD : Feature::RelaxedSIMD) << row.text;
    }
    EXPECT_EQ(row.prefix == 0xfe, row.feature == Feature::Threads) << row.text;
    EXPECT_EQ(row.prefix == 0xfb || op == Opcode::RefEq, row.feature == Feature::GC) << row.text;
  }
}

TEST(Opcodes, ThereAreAsManyAsTheSpecificationHas) {
  std::map<Feature, unsigned> counts;
  for (Opcode op : allOpcodes())
    ++counts[info(op).feature];
  EXPECT_EQ(counts[Feature::MVP], 172u);
  EXPECT_EQ(counts[Feature::SignExtension], 5u);
  EXPECT_EQ(counts[Feature::SatFloatToInt], 8u);
  EXPECT_EQ(counts[Feature::SIMD], 236u);
  EXPECT_EQ(counts[Feature::RelaxedSIMD], 20u);
  EXPECT_EQ(counts[Feature::Threads], 67u);
  EXPECT_EQ(counts[Feature::GC], 32u);
  EXPECT_EQ(counts[Feature::WideArithmetic], 4u);
}

TEST(Opcodes, NamesMatchTheirRows) {
  EXPECT_EQ(info(Opcode::I32Load8S).text, "i32.load8_s");
  EXPECT_EQ(info(Opcode::I32Load8S).bytes, 1);
  EXPECT_EQ(info(Opcode::F32Nearest).code, 0x90u);
  EXPECT_EQ(info(Opcode::I64TruncSatF64U).code, 7u);
  EXPECT_EQ(info(Opcode::F64x2ConvertLowI32x4U).code, 255u);
  EXPECT_EQ(info(Opcode::I64AtomicRmw32CmpxchgU).code, 0x4eu);
  EXPECT_EQ(info(Opcode::RefTestNull).text, "ref.test null");
}
