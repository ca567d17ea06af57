//===- ValidatorTest.cpp - Typing of bodies and of modules -----------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModuleBuilder.h"

#include <gtest/gtest.h>

#include <chrono>

using namespace wasmc::wasm;
using namespace wasmc::wasm::test;

namespace {

constexpr uint8_t i32 = 0x7f, i64 = 0x7e, f64 = 0x7c;

/// The verdict on `[params] -> [results]` with this code and no locals.
Verdict check(const Data &params, const Data &results, const Data &code) {
  return judge(module(function(params, results, Data{0} + code)));
}

double seconds(const Data &bytes) {
  auto start = std::chrono::steady_clock::now();
  Verdict verdict = judge(bytes);
  EXPECT_TRUE(verdict.ok) << verdict.message;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

TEST(Validator, OperandErrorsSayExpectedAndFound) {
  Verdict wrong = check({i32, f64}, {i32}, {0x20, 0, 0x20, 1, 0x6a, 0x0b});
  EXPECT_EQ(wrong.kind, ErrorKind::Invalid);
  EXPECT_EQ(wrong.message, "expected i32 on the stack, found f64");
  EXPECT_EQ(check({}, {i32}, {0x0b}).message, "expected i32 on the stack, found nothing");
  EXPECT_EQ(check({}, {}, {0x1a, 0x0b}).message, "expected an operand on the stack, found nothing");
  EXPECT_EQ(check({}, {}, {0x41, 0, 0x0b}).message,
            "expected [] on the stack at the end of the block, found i32 below");
}

TEST(Validator, ErrorsCarryOffsetAndFunction) {
  Data bytes = module(function({}, {i64}, {0, 0x41, 0, 0x0b}));
  auto decoded = decodeModule(bytes, version2());
  ASSERT_TRUE(bool(decoded));
  llvm::Error error = validateAll(*decoded, version2());
  llvm::handleAllErrors(std::move(error), [&](const WasmError &e) {
    EXPECT_EQ(e.offset, bytes.size() - 1);
    EXPECT_EQ(e.function, 0u);
  });
}

TEST(Validator, EndIsDemanded) {
  EXPECT_EQ(check({}, {}, {0x01}).kind, ErrorKind::Malformed);
  EXPECT_EQ(check({}, {}, {}).kind, ErrorKind::Malformed);
  EXPECT_EQ(check({}, {}, {0x0b, 0x01}).kind, ErrorKind::Malformed);
  EXPECT_EQ(check({}, {}, {0x05, 0x0b}).kind, ErrorKind::Malformed);
}

TEST(Validator, UnreachableCodeIsTyped) {
  EXPECT_TRUE(check({}, {i32}, {0x00, 0x6a, 0x0b}).ok);
  EXPECT_TRUE(check({}, {i32}, {0x00, 0x41, 0, 0x6a, 0x0b}).ok);
  EXPECT_TRUE(check({}, {i32}, {0x00, 0x1b, 0x0b}).ok) << "select of unknown operands";
  EXPECT_TRUE(check({}, {}, {0x00, 0xd1, 0x1a, 0x0b}).ok) << "ref.is_null of an unknown operand";
  EXPECT_FALSE(check({}, {i32}, {0x00, 0x42, 0, 0x6a, 0x0b}).ok);
  EXPECT_FALSE(check({}, {i64}, {0x00, 0x6a, 0x0b}).ok);
  EXPECT_FALSE(check({}, {}, {0x00, 0x41, 0, 0x0b}).ok) << "a value is left";
  EXPECT_FALSE(check({}, {}, {0x02, 0x40, 0x00, 0x0b, 0x1a, 0x0b}).ok) << "ends with the block";
}

TEST(Validator, StateIsThatBeforeTheNextOperator) {
  Data bytes = module(function({i32}, {}, {0, 0x20, 0, 0x42, 1, 0x1a, 0x1a, 0x00, 0x0b}));
  FeatureSet features = version2();
  auto decoded = decodeModule(bytes, features);
  ASSERT_TRUE(bool(decoded));
  ASSERT_FALSE(bool(validateModule(*decoded, features)));
  FunctionValidator validator(*decoded, features, 0);
  OperatorReader reader(decoded->functions[0].body, features, 0);
  auto locals = reader.readLocals();
  ASSERT_TRUE(bool(locals));
  ASSERT_FALSE(bool(validator.setLocals(*locals)));
  EXPECT_EQ(validator.locals(), ResultType{ValType::i32()});
  Instruction inst;
  auto step = [&] {
    ASSERT_FALSE(bool(reader.next(inst)));
    ASSERT_FALSE(bool(validator.step(inst)));
  };
  step();
  step();
  EXPECT_EQ(validator.operand(0), ValType::i64());
  EXPECT_EQ(validator.operand(1), ValType::i32());
  EXPECT_EQ(validator.operand(2), ValType::bottom());
  step();
  step();
  EXPECT_FALSE(validator.unreachable());
  step();
  EXPECT_TRUE(validator.unreachable());
  EXPECT_FALSE(validator.done());
  step();
  EXPECT_TRUE(validator.done());
  EXPECT_TRUE(reader.atEnd());
  EXPECT_FALSE(bool(validator.finish(reader.offset())));
}

TEST(Validator, BranchTables) {
  // Two blocks; the outer one gives a value, the inner one none.
  Data open = {0x02, i32, 0x02, 0x40};
  Data close = {0x0b, 0x41, 0, 0x0b, 0x1a, 0x0b};
  EXPECT_TRUE(check({i32}, {}, open + Data{0x20, 0, 0x0e, 1, 0, 0} + close).ok);
  EXPECT_FALSE(check({i32}, {}, open + Data{0x20, 0, 0x0e, 1, 0, 1} + close).ok) << "arity";
  EXPECT_FALSE(check({i32}, {}, open + Data{0x20, 0, 0x0e, 1, 0, 7} + close).ok) << "label";
}

TEST(Validator, DeepNesting) {
  constexpr size_t depth = 100'000;
  Data code = {0};
  code = code + repeat(depth, {0x02, 0x40}) + repeat(depth, {0x0b}) + Data{0x0b};
  EXPECT_LT(seconds(module(function({}, {}, code))), 5);
}

TEST(Validator, DeepNestingInConstantExpressionsIsRefused) {
  constexpr size_t depth = 100'000;
  Data init = repeat(depth, {0x02, 0x40}) + repeat(depth, {0x0b}) + Data{0x0b};
  Verdict verdict = judge(module(section(6, Data{1, i32, 0} + init)));
  EXPECT_EQ(verdict.message, "constant expression required, found block");
}

TEST(Validator, WideBranchTableToManyTypes) {
  // 1,000 blocks with 1,000 results each, 1,000,000 targets.
  Data type = Data{0x60, 0} + sized(repeat(1000, {i32}));
  Data code = {0};
  code = code + repeat(1000, {0x02, 0}) + Data{0x00, 0x41, 0, 0x0e} + leb(1'000'000);
  for (uint32_t i = 0; i < 1'000'000; ++i)
    for (uint8_t byte : leb(i % 1000))
      code.push_back(byte);
  code = code + Data{0} + repeat(1001, {0x0b});
  Data bytes = module(section(1, 1, type) + section(3, {1, 0}) + section(10, 1, sized(code)));
  EXPECT_LT(seconds(bytes), 5);
}

TEST(Validator, ManyLocalsInManyFunctions) {
  constexpr uint32_t count = 100'000;
  Data body = Data{1} + leb(50'000) + Data{i32, 0x20} + leb(49'999) + Data{0x1a, 0x0b};
  Data bytes = module(section(1, {1, 0x60, 0, 0}) + section(3, count, repeat(count, {0})) +
                      section(10, count, repeat(count, sized(body))));
  EXPECT_LT(seconds(bytes), 5);
}

TEST(Validator, OperandStackIsBounded) {
  Data type = Data{0x60, 0} + sized(repeat(1000, {i32}));
  Data code = Data{0} + repeat(2000, {0x10, 0}) + Data{0x00, 0x0b};
  Verdict verdict =
      judge(module(section(1, 1, type) + section(3, {1, 0}) + section(10, 1, sized(code))));
  EXPECT_EQ(verdict.kind, ErrorKind::Limit) << verdict.message;
}

TEST(Validator, LocalsWithoutDefaultMustBeSet) {
  // A local of type (ref extern), which a parameter can give its value.
  Data type = section(1, {1, 0x60, 1, 0x64, 0x6f, 0});
  auto check = [&](const Data &operators) {
    return judge(module(type + section(3, {1, 0}) +
                        section(10, 1, sized(Data{1, 1, 0x64, 0x6f} + operators))));
  };
  EXPECT_TRUE(check({0x20, 0, 0x21, 1, 0x20, 1, 0x1a, 0x0b}).ok);
  EXPECT_FALSE(check({0x20, 1, 0x1a, 0x0b}).ok);
  EXPECT_FALSE(check({0x02, 0x40, 0x20, 0, 0x21, 1, 0x0b, 0x20, 1, 0x1a, 0x0b}).ok)
      << "what a block sets is forgotten at its end";
}

TEST(Validator, UndeclaredFunctionReference) {
  Data code = {0, 0xd2, 0, 0x1a, 0x0b};
  EXPECT_EQ(judge(module(function({}, {}, code))).kind, ErrorKind::Invalid);
  Data exported = section(1, {1, 0x60, 0, 0}) + section(3, {1, 0}) + section(7, {1, 1, 'f', 0, 0}) +
                  section(10, 1, sized(code));
  EXPECT_TRUE(judge(module(exported)).ok);
}

TEST(Validator, ModuleErrors) {
  auto message = [](const Data &sections) { return judge(module(sections)).message; };
  EXPECT_EQ(message(section(3, {1, 5}) + section(10, {1, 2, 0, 0x0b})), "unknown type 5");
  EXPECT_EQ(message(section(5, {1, 1, 2, 1})),
            "size minimum must not be greater than maximum: 2 and 1");
  EXPECT_EQ(message(section(5, {1, 0, 0x81, 0x80, 4})),
            "memory size must be at most 65536 pages (4GiB)");
  EXPECT_EQ(message(section(5, {1, 0, 1}) + section(7, {2, 1, 'm', 2, 0, 1, 'm', 2, 0})),
            "duplicate export name 'm'");
  EXPECT_EQ(message(section(11, {1, 0, 0x41, 0, 0x0b, 0})), "unknown memory 0");
  EXPECT_EQ(message(section(6, {1, i32, 0, 0x42, 0, 0x0b})),
            "expected i32 on the stack, found i64");
  EXPECT_EQ(message(section(8, {0})), "unknown function 0");
}

TEST(Validator, AlignmentAndOffset) {
  auto load = [](const Data &memarg) {
    return judge(module(section(1, {1, 0x60, 0, 0}) + section(3, {1, 0}) + section(5, {1, 0, 1}) +
                        section(10, 1, sized(Data{0, 0x41, 0, 0x28} + memarg + Data{0x1a, 0x0b}))));
  };
  EXPECT_TRUE(load({2, 0}).ok);
  EXPECT_TRUE(load(Data{0} + leb(UINT32_MAX)).ok);
  EXPECT_EQ(load({3, 0}).kind, ErrorKind::Invalid);
  EXPECT_EQ(load({0x3f, 0}).kind, ErrorKind::Invalid);
  EXPECT_EQ(load({0x80, 1, 0}).kind, ErrorKind::Malformed);
  EXPECT_EQ(load(Data{0} + leb(uint64_t(UINT32_MAX) + 1)).kind, ErrorKind::Invalid);
}
