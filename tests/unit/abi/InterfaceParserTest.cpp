//===- InterfaceParserTest.cpp - The text of an interface description ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "abi/Interface.h"

#include "llvm/Support/Error.h"
#include "gtest/gtest.h"

using namespace wasmc::abi;
using wasmc::wasm::ValKind;

static Interface parsed(llvm::StringRef text) {
  llvm::Expected<Interface> interface = parseInterface(text, "f");
  if (interface)
    return std::move(*interface);
  ADD_FAILURE() << llvm::toString(interface.takeError());
  return {};
}

/// `line:column: message`, or what was parsed without an error.
static std::string errorOf(llvm::StringRef text) {
  llvm::Expected<Interface> interface = parseInterface(text, "f");
  if (interface)
    return "no error";
  std::string message = llvm::toString(interface.takeError());
  EXPECT_EQ(message.substr(0, 2), "f:");
  return message.substr(2);
}

TEST(InterfaceParser, ReadsFunctionsInTheirOrder) {
  Interface interface = parsed("# first\n"
                               "export process(in: buffer<64K>, out: buffer<1M>) -> size\n"
                               "\n"
                               "  export tune(gain: f32) # comment\r\n"
                               "export last() -> i64");
  ASSERT_EQ(interface.exports.size(), 3u);
  const InterfaceFunction &f = interface.exports[0];
  EXPECT_EQ(f.name, "process");
  EXPECT_EQ(f.field, "process");
  EXPECT_EQ(f.result, ResultKind::Size);
  EXPECT_EQ(f.at.line, 2u);
  EXPECT_EQ(f.at.column, 8u);
  ASSERT_EQ(f.params.size(), 2u);
  EXPECT_EQ(f.params[0].capacity, 65536u);
  EXPECT_FALSE(f.params[0].output);
  EXPECT_EQ(f.params[1].capacity, 1048576u);
  EXPECT_TRUE(f.params[1].output);
  EXPECT_EQ(f.params[1].at.column, 33u);
  EXPECT_EQ(interface.exports[1].name, "tune");
  EXPECT_EQ(interface.exports[1].params[0].scalar, ValKind::F32);
  EXPECT_EQ(interface.exports[1].result, ResultKind::None);
  EXPECT_EQ(interface.exports[2].scalar, ValKind::I64);
}

TEST(InterfaceParser, LastBufferIsTheOutputBehindScalarsToo) {
  Interface interface = parsed("export f(a: buffer<1>, b: buffer<2>, c: i32) -> size");
  EXPECT_FALSE(interface.exports[0].params[0].output);
  EXPECT_TRUE(interface.exports[0].params[1].output);
}

TEST(InterfaceParser, ReadsNamesInQuotes) {
  Interface interface = parsed("export f = \"a \\\"b\\\\\\c3\\a4\\00\" ()\n"
                               "import g = \"write\" ()\n"
                               "import h = \"host\" \"write\" ()\n"
                               "import i()\n"
                               "alloc = \"my malloc\"");
  EXPECT_EQ(interface.exports[0].field, std::string("a \"b\\\xc3\xa4\0", 8));
  EXPECT_EQ(interface.imports[0].module, "env");
  EXPECT_EQ(interface.imports[0].field, "write");
  EXPECT_EQ(interface.imports[1].module, "host");
  EXPECT_EQ(interface.imports[1].field, "write");
  EXPECT_EQ(interface.imports[2].module, "env");
  EXPECT_EQ(interface.imports[2].field, "i");
  EXPECT_EQ(*interface.allocName, "my malloc");
}

TEST(InterfaceParser, ReadsPlacesWindowsAndTheStack) {
  Interface interface = parsed("export f(\n"
                               "  in: window<8K> at here,  # lines may be broken here\n"
                               "  at: buffer<5> at \"over there\")\n"
                               "stack = global 7");
  const auto &params = interface.exports[0].params;
  EXPECT_TRUE(params[0].window);
  EXPECT_EQ(params[0].place, "here");
  EXPECT_EQ(params[0].placeAt.line, 2u);
  EXPECT_EQ(params[0].placeAt.column, 21u);
  EXPECT_EQ(params[1].name, "at");
  EXPECT_EQ(params[1].place, "over there");
  EXPECT_EQ(*interface.stackGlobal, 7u);
  EXPECT_EQ(interface.stackAt.line, 4u);
}

TEST(InterfaceParser, AcceptsTheLimits) {
  Interface interface = parsed("export f(a: buffer<1>, b: buffer<2147483647>)");
  EXPECT_EQ(interface.exports[0].params[1].capacity, 2147483647u);
  std::string longest(interfaceNameLimit, 'x');
  EXPECT_EQ(parsed("export " + longest + "()").exports[0].name, longest);
  EXPECT_TRUE(parsed("").exports.empty());
  EXPECT_TRUE(parsed("#").exports.empty());
}

struct BadText {
  const char *text, *error;
};

class InterfaceErrors : public testing::TestWithParam<BadText> {};

TEST_P(InterfaceErrors, NameTheirPlace) { EXPECT_EQ(errorOf(GetParam().text), GetParam().error); }

static const BadText badTexts[] = {
    // Tokens.
    {"export f(a: i32)\n  $", "2:3: unexpected character '$'; names that are not C identifiers go "
                              "in quotes"},
    {"export f = \"x", "1:12: this string has no end on its line"},
    {"export f = \"x\n\" ()", "1:12: this string has no end on its line"},
    {"export f = \"\\q\" ()", "1:13: unknown escape: there are '\\\"', '\\\\' and '\\hh'"},
    {"export f = \"a\\4\" ()", "1:14: unknown escape: there are '\\\"', '\\\\' and '\\hh'"},
    {"export f = \"a\t\" ()", "1:14: a control character in a string: write it as '\\hh'"},
    {"export f = \"\\c3\" ()", "1:12: this name is not UTF-8, as all names in a module are"},
    // Statements.
    {"expotr f()", "1:1: expected 'export', 'import', 'alloc' or 'stack', found 'expotr'"},
    {"export f() export g()", "1:12: expected the end of the line, found 'export'"},
    {"export", "1:7: expected the function, a C identifier, found the end of the description"},
    {"export\nf()", "1:7: expected the function, a C identifier, found the end of the line"},
    {"export \"f\" ()", "1:8: expected the function, a C identifier, found '\"f\"'"},
    {"export 1f()", "1:8: expected the function, a C identifier, found '1f'"},
    {"export f", "1:9: expected '(' and the parameters, found the end of the description"},
    {"export f = g()", "1:12: expected a name in quotes, found 'g'"},
    {"export f = \"a\" \"b\" ()", "1:16: expected '(' and the parameters, found '\"b\"'"},
    {"alloc malloc", "1:7: expected '=', found 'malloc'"},
    {"alloc = 3", "1:9: expected the name of an export, found '3'"},
    {"alloc = \"\"", "1:9: expected the name of an export, found '\"\"'"},
    {"alloc = a\nalloc = b", "2:1: the allocator is named already, in line 1"},
    {"stack = 3", "1:9: expected 'global' and its index, found '3'"},
    {"stack = global", "1:15: expected a number, found the end of the description"},
    {"stack = global 1K", "1:16: expected a decimal number"},
    {"stack = global 1\nstack = global 2", "2:1: the stack pointer is named already, in line 1"},
    // Functions.
    {"export f()\nexport g()\nexport f()", "3:8: 'f' is described already, in line 1"},
    {"import f()\nimport f()", "2:8: 'f' is described already, in line 1"},
    {"export int()", "1:8: 'int' is a reserved word of C or C++: give the function another name"},
    {"export new()", "1:8: 'new' is a reserved word of C or C++: give the function another name"},
    {"export import_env_alarm()",
     "1:8: names that begin with 'import_' are the imports': give the function another, and its own "
     "in quotes: export NAME = \"...\""},
    {"export trap()", "1:8: every header has a 'trap' of its own: give the function another name, "
                      "and its own in quotes: export NAME = \"trap\""},
    {"import context()",
     "1:8: the structure of imports has a 'context' of its own: give the function another name, "
     "and its own in quotes: import NAME = \"env\" \"context\""},
    {"import EOF()", "1:8: 'EOF' may be a macro or a type where the header is used: give the "
                     "function a name of lower-case letters that does not end in '_t'"},
    // Parameters.
    {"export f(a)", "1:11: expected ':', found ')'"},
    {"export f(a: i32", "1:16: expected ',' or ')', found the end of the description"},
    {"export f(a: i32 b: i32)", "1:17: expected ',' or ')', found 'b'"},
    {"export f(a: i32,)", "1:17: expected the parameter, a C identifier, found ')'"},
    {"export f(,)", "1:10: expected the parameter, a C identifier, found ','"},
    {"export f(a: i16)", "1:13: expected a type: i32, i64, f32, f64, buffer or window, found "
                         "'i16'"},
    {"export f(a: buffer)", "1:19: expected '<' and the size of the largest message, such as "
                            "<64K>, found ')'"},
    {"export f(a: buffer<>)", "1:20: expected a number, found '>'"},
    {"export f(a: buffer<4)", "1:21: expected '>', found ')'"},
    {"export f(a: buffer<4G>)", "1:20: expected a decimal number, with K or M behind it or "
                                "nothing"},
    {"export f(a: buffer<0x10>)", "1:20: expected a decimal number, with K or M behind it or "
                                  "nothing"},
    {"export f(a: buffer<0>)", "1:20: a buffer has 1 to 2147483647 bytes"},
    {"export f(a: buffer<0M>)", "1:20: a buffer has 1 to 2147483647 bytes"},
    {"export f(a: buffer<2147483648>)", "1:20: a buffer has 1 to 2147483647 bytes"},
    {"export f(a: buffer<2048M>)", "1:20: a buffer has 1 to 2147483647 bytes"},
    {"export f(a: buffer<18446744073709551617>)", "1:20: a buffer has 1 to 2147483647 bytes"},
    {"export f(a: buffer<18014398509481985K>)", "1:20: a buffer has 1 to 2147483647 bytes"},
    {"export f(a: window<4097>)", "1:20: the size of a window is a multiple of 4096"},
    {"export f(a: buffer<4> at)", "1:25: expected the name of an export, found ')'"},
    {"import f(a: buffer<4>)", "1:19: a buffer of an import has no size and no place: nothing is "
                               "copied"},
    {"import f(a: buffer at b)", "1:20: a buffer of an import has no size and no place: nothing "
                                 "is copied"},
    {"import f(a: window<4K>)", "1:13: windows are for exports: a buffer of an import is not "
                                "copied either"},
    {"export f(a: i32, a: i64)", "1:18: 'f' has two parameters 'a'"},
    {"export f(a: i32, self: i32)", "1:18: 'self' is a name in generated code: give the "
                                    "parameter another"},
    {"export f(a_len: i32, a: buffer<4>)",
     "1:22: the parameters 'a_len' and 'a' would both have 'a_len' in C: give one another name"},
    {"export f(a: buffer<4>, a_at: i32)",
     "1:24: the parameters 'a' and 'a_at' would both have 'a_at' in C: give one another name"},
    {"export f(a: buffer<4>, a_cap: buffer<4>)",
     "1:24: the parameters 'a' and 'a_cap' would both have 'a_cap' in C: give one another name"},
    {"export f(while: i32)", "1:10: 'while' is a reserved word of C or C++: give the parameter "
                             "another name"},
    {"export f(NULL: i32)", "1:10: 'NULL' may be a macro or a type where the header is used: give "
                            "the parameter a name of lower-case letters that does not end in "
                            "'_t'"},
    {"export f(size_t: i32)", "1:10: 'size_t' may be a macro or a type where the header is used: "
                              "give the parameter a name of lower-case letters that does not end "
                              "in '_t'"},
    // Results.
    {"export f() ->", "1:14: expected a result: size, i32, i64, f32 or f64, found the end of the "
                      "description"},
    {"export f() -> v128", "1:15: expected a result: size, i32, i64, f32 or f64, found 'v128'"},
    {"export f(a: i32) -> size", "1:21: 'size' is the number of bytes in the last buffer, and "
                                 "there is none; use 'i32' for a number"},
};
INSTANTIATE_TEST_SUITE_P(All, InterfaceErrors, testing::ValuesIn(badTexts));

TEST(InterfaceParser, EachGeneratedNameIsRefused) {
  for (llvm::StringRef name : {"self", "context", "status", "inplace", "batch", "window", "message",
                               "result", "written", "done"})
    EXPECT_EQ(
        errorOf(("export f(" + name + ": buffer<4>)").str()),
        ("1:10: '" + name + "' is a name in generated code: give the parameter another").str());
}

TEST(InterfaceParser, RefusesNulBytes) {
  EXPECT_EQ(errorOf(llvm::StringRef("export f\0()", 11)),
            "1:9: a description is text, and this is a NUL byte");
  EXPECT_EQ(errorOf(llvm::StringRef("# a\0comment", 11)),
            "1:4: a description is text, and this is a NUL byte");
}

TEST(InterfaceParser, RefusesWhatIsTooLong) {
  EXPECT_EQ(errorOf("export " + std::string(interfaceNameLimit + 1, 'x') + "()"),
            "1:8: the function has more than 255 characters");
  EXPECT_EQ(errorOf(std::string(interfaceTextLimit + 1, '\n')),
            "1:1: the description has more than 1 MiB");
  EXPECT_EQ(errorOf(std::string(1000, 'x')),
            "1:1: expected 'export', 'import', 'alloc' or 'stack', found '" + std::string(60, 'x') +
                "...'");
}

TEST(InterfaceParser, ManyLinesAndParametersAreNoMatter) {
  std::string text;
  for (int i = 0; i < 40000; ++i)
    text += "export f" + std::to_string(i) + "()\n#\n\n";
  EXPECT_EQ(parsed(text).exports.size(), 40000u);
  text = "export f(";
  for (int i = 0; i < 60000; ++i)
    text += "p" + std::to_string(i) + ":i32,\n";
  EXPECT_EQ(parsed(text + "last: i32)").exports[0].params.size(), 60001u);
  EXPECT_EQ(errorOf(text + ")").substr(0, 9), "60001:1: ");
}
