//===- BufferSignatureTest.cpp - C parameters of described functions ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/BufferSignature.h"
#include "InterfaceModels.h"
#include "wasmc/wasmc.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cstddef>

using namespace wasmc::abi;
using namespace wasmc::abi::test;
using wasmc::wasm::ValKind;
using Kind = CParameter::Kind;

static std::string namesOf(const std::vector<CParameter> &list) {
  std::string text;
  for (const CParameter &p : list)
    text += (text.empty() ? "" : " ") + p.name;
  return text;
}

static std::vector<Kind> kindsOf(const std::vector<CParameter> &list) {
  std::vector<Kind> kinds;
  for (const CParameter &p : list)
    kinds.push_back(p.kind);
  return kinds;
}

TEST(BufferSignature, CopyTakesHostBuffersInOrder) {
  auto list = signatureOf(process(), Way::Copy);
  EXPECT_EQ(namesOf(list), "self in in_len out out_cap written");
  EXPECT_EQ(kindsOf(list),
            (std::vector{Kind::Self, Kind::InPointer, Kind::InLength, Kind::OutPointer,
                         Kind::OutCapacity, Kind::OutLengthResult}));
  EXPECT_EQ(list[1].index, 0u);
  EXPECT_EQ(list[4].index, 1u);
  EXPECT_EQ(list[5].index, 1u) << "what is written is the output's";
}

TEST(BufferSignature, InPlaceTakesLengthsAndReturnsWhereTheOutputLies) {
  auto list = signatureOf(process(), Way::InPlace);
  EXPECT_EQ(namesOf(list), "self in_len out out_len");
  EXPECT_EQ(kindsOf(list), (std::vector{Kind::Self, Kind::InLength, Kind::OutPointerResult,
                                        Kind::OutLengthResult}));
}

TEST(BufferSignature, ScalarResultComesLast) {
  EXPECT_EQ(namesOf(signatureOf(score(), Way::Copy)), "self in in_len result");
  auto list = signatureOf(score(), Way::InPlace);
  EXPECT_EQ(namesOf(list), "self in_len result");
  EXPECT_EQ(list.back().kind, Kind::ResultPointer);
  EXPECT_EQ(list.back().scalar, ValKind::F64);
}

TEST(BufferSignature, ScalarsKeepTheirPlace) {
  auto f = returningSize(function("f", {scalar("a", ValKind::I64), buffer("x", 8),
                                        output(buffer("y", 8)), scalar("b", ValKind::F32)}));
  EXPECT_EQ(namesOf(signatureOf(f, Way::Copy)), "self a x x_len y y_cap b written");
  EXPECT_EQ(namesOf(signatureOf(f, Way::InPlace)), "self a x_len y y_len b");
  EXPECT_EQ(signatureOf(f, Way::Copy)[1].scalar, ValKind::I64);
  EXPECT_EQ(signatureOf(f, Way::Copy)[6].scalar, ValKind::F32);
}

TEST(BufferSignature, WindowsTakeAnOffset) {
  EXPECT_EQ(namesOf(signatureOf(squeeze(), Way::Window)), "self in_at in_len result");
  auto f = returningSize(
      function("f", {window("in", 4096), buffer("key", 16), output(window("out", 4096))}));
  EXPECT_EQ(namesOf(signatureOf(f, Way::Window)), "self in_at in_len key_len out_at out out_len");
  EXPECT_EQ(namesOf(signatureOf(f, Way::InPlace)), "self in_len key_len out out_len");
}

TEST(BufferSignature, ImportsTakeContext) {
  EXPECT_EQ(namesOf(signatureOf(alarm(), Way::Import)), "context level text text_len");
  auto read = returningSize(function("read", {output(buffer("line", 0))}));
  EXPECT_EQ(namesOf(signatureOf(read, Way::Import)), "context line line_cap written");
}

TEST(BufferSignature, WaysAndNames) {
  EXPECT_EQ(waysOf(tune()), std::vector{Way::Copy});
  EXPECT_EQ(waysOf(process()), (std::vector{Way::Copy, Way::InPlace, Way::Batch}));
  EXPECT_EQ(waysOf(squeeze()), (std::vector{Way::Copy, Way::InPlace, Way::Batch, Way::Window}));
  EXPECT_EQ(wayName(process(), Way::InPlace), "process_inplace");
  EXPECT_EQ(bufferName(process(), 0), "process_in");
  auto names = generatedNames(squeeze());
  for (const char *name : {"squeeze", "squeeze_inplace", "squeeze_batch", "squeeze_window",
                           "squeeze_message", "squeeze_result", "squeeze_in", "squeeze_in_map",
                           "squeeze_in_unmap", "squeeze_in_capacity"})
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  EXPECT_EQ(generatedNames(tune()), std::vector<std::string>{"tune"});
}

// The host's own C compiler lays these out.
struct Message {
  int32_t level;
  const void *in;
  size_t in_len;
  float gain;
  int64_t when;
  int32_t last;
};
struct Result {
  wasmc_status status;
  int32_t error;
  double value;
};

TEST(BufferSignature, StructuresLieAsCLaysThem) {
  auto f = returning(
      ValKind::F64,
      function("f", {scalar("level", ValKind::I32), buffer("in", 8), scalar("gain", ValKind::F32),
                     scalar("when", ValKind::I64), scalar("last", ValKind::I32)}));
  CStruct message = messageStruct(f, sizeof(void *));
  ASSERT_EQ(message.fields.size(), 6u);
  EXPECT_EQ(message.fields[1].offset, offsetof(Message, in));
  EXPECT_EQ(message.fields[2].offset, offsetof(Message, in_len));
  EXPECT_EQ(message.fields[3].offset, offsetof(Message, gain));
  EXPECT_EQ(message.fields[4].offset, offsetof(Message, when));
  EXPECT_EQ(message.fields[5].offset, offsetof(Message, last));
  EXPECT_EQ(message.size, sizeof(Message));
  EXPECT_EQ(message.alignment, alignof(Message));
  CStruct result = resultStruct(f, sizeof(void *));
  ASSERT_EQ(result.fields.size(), 3u);
  EXPECT_EQ(result.fields[1].offset, offsetof(Result, error));
  EXPECT_EQ(result.fields[2].offset, offsetof(Result, value));
  EXPECT_EQ(result.size, sizeof(Result));
}

TEST(BufferSignature, StructuresOf32BitTargets) {
  CStruct message = messageStruct(process(), 4);
  EXPECT_EQ(message.size, 16u);
  EXPECT_EQ(message.fields[3].offset, 12u);
  CStruct result = resultStruct(process(), 4);
  EXPECT_EQ(result.size, 12u);
  EXPECT_EQ(result.fields[2].offset, 8u);
  EXPECT_EQ(result.fields[2].kind, Kind::Written);
}
