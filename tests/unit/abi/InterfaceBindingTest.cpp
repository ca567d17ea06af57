//===- InterfaceBindingTest.cpp - A description meets its module --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ModuleModels.h"
#include "abi/Interface.h"
#include "abi/Symbols.h"

#include "gtest/gtest.h"

using namespace wasmc;
using namespace wasmc::abi;
using namespace wasmc::abi::test;

static constexpr wasm::ValType i32 = ModuleModel::i32, f64 = ModuleModel::f64;

static Interface bound(const wasm::Module &module, llvm::StringRef text) {
  auto interface = readInterface(module, text.str(), "f");
  if (interface)
    return std::move(**interface);
  ADD_FAILURE() << llvm::toString(interface.takeError());
  return {};
}

/// `line:column: message`, or that there was none.
static std::string errorOf(const wasm::Module &module, llvm::StringRef text) {
  auto interface = readInterface(module, text.str(), "f");
  return interface ? "no error" : llvm::toString(interface.takeError()).substr(2);
}

/// What the descriptions below talk about.
static ModuleModel filter() {
  ModuleModel m;
  m.import("env", "alarm", {{i32, i32, i32}, {}})
      .import("host", "write", {{i32, i32}, {}})
      .import("env", "twice", {{}, {}})
      .import("env", "twice", {{i32}, {}});
  m.memory(1, 64)
      .exported("memory", wasm::ExternKind::Memory, 0)
      .function("process", {{i32, i32, i32, i32}, {i32}})
      .function("score", {{i32, i32}, {f64}})
      .function("two words", {{i32, i32}, {}})
      .exported("process again", wasm::ExternKind::Func, 4)
      .function("place", {{}, {i32}})
      .exported("same place", wasm::ExternKind::Func, 7)
      .function("no place", {{i32}, {i32}})
      .global("constant", i32, false)
      .global("changes", i32, true)
      .global("real", f64, false)
      .function("malloc", {{i32}, {i32}})
      .function("score_in", {{}, {}});
  return m;
}

TEST(InterfaceBinding, FindsExportsAndImports) {
  ModuleModel m = filter();
  Interface interface = bound(m.module, "export words = \"two words\" (a: buffer<1K>)\n"
                                        "export process(in: buffer<64K>, out: buffer<2K>) -> size\n"
                                        "import log = \"host\" \"write\" (line: buffer)\n");
  EXPECT_EQ(interface.exports[0].index, 3u);
  EXPECT_EQ(interface.exports[1].index, 1u);
  EXPECT_EQ(interface.ofExport(1), &interface.exports[1]);
  EXPECT_EQ(interface.ofExport(2), nullptr);
  EXPECT_EQ(interface.imports[0].index, 1u);
  EXPECT_EQ(interface.ofImport(1), &interface.imports[0]);
  EXPECT_EQ(interface.ofImport(0), nullptr);
  Names names = makeNames(m.module, &interface);
  EXPECT_EQ(names.exports[3], "words");
  EXPECT_EQ(names.exports[2], "score");
  EXPECT_EQ(names.imports[1], "log");
  EXPECT_EQ(names.imports[0], "env_alarm");
}

TEST(InterfaceBinding, FindsTheInitializerOfItsType) {
  ModuleModel m = filter();
  EXPECT_EQ(bound(m.module, "").initialize, std::nullopt);
  m.function("_initialize", {{}, {}});
  EXPECT_EQ(*bound(m.module, "").initialize, m.module.functions.size() - 1);
  ModuleModel other = filter();
  other.function("_initialize", {{i32}, {}});
  EXPECT_EQ(bound(other.module, "").initialize, std::nullopt);
}

struct BadDescription {
  const char *text, *error;
};

class BindingErrors : public testing::TestWithParam<BadDescription> {};

TEST_P(BindingErrors, NameTheirPlace) {
  EXPECT_EQ(errorOf(filter().module, GetParam().text), GetParam().error);
}

static const BadDescription badDescriptions[] = {
    // What is named.
    {"export proces()", "1:8: the module has no export 'proces'; did you mean 'process'?"},
    {"export f = \"not there\" ()", "1:12: the module has no export 'not there'"},
    {"export memory()",
     "1:8: the export 'memory' is a memory, and only functions can be described"},
    {"export f = \"changes\" ()",
     "1:12: the export 'changes' is a global, and only functions can be described"},
    {"export words = \"two words\" (a: buffer<1>)\nexport w = \"two words\" (a: buffer<1>)",
     "2:12: the export 'two words' is described already, in line 1"},
    {"export process(a: buffer<1>, b: buffer<1>) -> size\n\n"
     "export p = \"process again\" (a: buffer<1>, b: buffer<1>) -> size",
     "3:12: the exports 'process' and 'process again' are one function, which is described "
     "already, in line 1: describe one of them"},
    {"import f()", "1:8: the module has no import 'env' 'f'"},
    {"import f = \"hist\" \"write\" ()", "1:12: the module has no import 'hist' 'write'"},
    {"import f = \"host\" \"alarm\" ()", "1:12: the module has no import 'host' 'alarm'"},
    {"import twice()", "1:8: the module imports 'env' 'twice' 2 times, and what is meant by one "
                       "name cannot be described"},
    {"import alarm(a: i32, b: buffer)\nimport b = \"alarm\" (a: i32, b: buffer)",
     "2:12: the import 'env' 'alarm' is described already, in line 1"},
    // Types.
    {"export score(in: buffer<1>)",
     "1:8: expected 'score' to have the type [i32 i32] -> [], as it is described, found [i32 i32] "
     "-> [f64]"},
    {"export process(in: buffer<1>, gain: f32) -> size",
     "1:8: expected 'process' to have the type [i32 i32 f32] -> [i32], as it is described, found "
     "[i32 i32 i32 i32] -> [i32]"},
    {"import alarm(text: buffer, level: i64)",
     "1:8: expected 'alarm' to have the type [i32 i32 i64] -> [], as it is described, found [i32 "
     "i32 i32] -> []"},
    // The stack.
    {"stack = global 3", "1:16: there is no such global: the module has 3"},
    {"stack = global 99999999999999999999", "1:16: there is no such global: the module has 3"},
    {"stack = global 0",
     "1:16: this global is a constant i32, and a stack pointer is a mutable i32"},
    {"stack = global 2",
     "1:16: this global is a constant f64, and a stack pointer is a mutable i32"},
    // Places.
    {"export words = \"two words\" (a: buffer<1> at plaze)",
     "1:45: the module has no export 'plaze'; did you mean 'place'?"},
    {"export words = \"two words\" (a: buffer<1> at \"no place\")",
     "1:45: the export 'no place' is a function of the type [i32] -> [i32]: a place is a function "
     "of the type [] -> [i32] or a constant i32"},
    {"export words = \"two words\" (a: buffer<1> at changes)",
     "1:45: the export 'changes' is a mutable i32: a place is a function of the type [] -> [i32] "
     "or "
     "a constant i32"},
    {"export words = \"two words\" (a: buffer<1> at real)",
     "1:45: the export 'real' is a constant f64: a place is a function of the type [] -> [i32] or "
     "a "
     "constant i32"},
    {"export words = \"two words\" (a: buffer<1> at memory)",
     "1:45: the export 'memory' is a memory: a place is a function of the type [] -> [i32] or a "
     "constant i32"},
    // The allocator.
    {"alloc = mallok", "1:9: the module has no export 'mallok'; did you mean 'malloc'?"},
    {"alloc = memory",
     "1:9: the export 'memory' is a memory: an allocator is a function of the type [i32] -> [i32], "
     "as malloc, [i32 i32 i32 i32] -> [i32], as cabi_realloc, or [i32 i32] -> [i32], as __new"},
    {"alloc = score",
     "1:9: the export 'score' is a function of the type [i32 i32] -> [f64]: an allocator is a "
     "function of the type [i32] -> [i32], as malloc, [i32 i32 i32 i32] -> [i32], as cabi_realloc, "
     "or [i32 i32] -> [i32], as __new"},
    // Sizes.
    {"export process(in: buffer<4M>, out: buffer<1>) -> size",
     "1:32: the mailboxes up to this one need a memory of 4194305 bytes, and the module's has at "
     "most 4194304"},
    {"export process(in: buffer<2M> at place, out: buffer<3M> at constant) -> size",
     "1:41: the mailboxes up to this one need a memory of 5242880 bytes, and the module's has at "
     "most 4194304"},
    {"export process(in: window<8K> at place, out: buffer<10000> at place) -> size",
     "1:41: this buffer shares its mailbox with a window: its size must be a multiple of 4096"},
    // Names.
    {"export memory = \"two words\" (a: buffer<1>)",
     "1:8: 'memory' is the name in C of the export 'memory': give the function another, and its "
     "own in quotes: export NAME = \"...\""},
    {"export set_changes = \"two words\" (a: buffer<1>)",
     "1:8: 'set_changes' is the name in C of the setter of the export 'changes': give the function "
     "another, and its own in quotes: export NAME = \"...\""},
    {"export score(in: buffer<1>) -> f64",
     "1:14: 'score_in', which is generated for the buffer 'in', is the name in C of the export "
     "'score_in': give the buffer another name"},
    {"export f = \"two words\" (a: buffer<1>)\nexport f_a = \"score\" (b: buffer<1>) -> f64",
     "2:8: 'f_a' is the name in C of 'f' in line 1: give the function another, and its own in "
     "quotes: export NAME = \"...\""},
    {"export f_batch = \"two words\" (a: buffer<1>)\nexport f = \"score\" (b: buffer<1>) -> f64",
     "2:8: 'f_batch', which is generated, is the name in C of 'f_batch' in line 1: give the "
     "function another name"},
    {"export f = \"process\" (a: buffer<1>, a_capacity: buffer<1>)\n -> size",
     "2:2: expected 'export', 'import', 'alloc' or 'stack', found '->'"},
    {"export f = \"process\" (a: buffer<1>, a_capacity: buffer<1>) -> i32",
     "1:23: 'f_a_capacity' would be generated twice for 'f': give the buffer another name"},
    {"import env_alarm = \"host\" \"write\" (line: buffer)",
     "1:8: 'env_alarm' is the name in C of the import 'alarm': give the function another, and its "
     "own in quotes: import NAME = \"...\" \"...\""},
};
INSTANTIATE_TEST_SUITE_P(All, BindingErrors, testing::ValuesIn(badDescriptions));

TEST(InterfaceBinding, ErrorsHaveTheirSourceLine) {
  auto interface = readInterface(filter().module, "# one\r\nexport nix() # two\r\n# three", "f");
  ASSERT_FALSE(interface);
  llvm::handleAllErrors(interface.takeError(), [](const InterfaceError &e) {
    EXPECT_EQ(e.source, "export nix() # two");
    EXPECT_EQ(e.at.line, 2u);
  });
}

TEST(InterfaceBinding, LongNamesAreCutInMessages) {
  std::string name(100000, 'n');
  EXPECT_EQ(errorOf(filter().module, "export f = \"" + name + "\" ()"),
            "1:12: the module has no export '" + name.substr(0, 60) + "...'");
}

TEST(InterfaceBinding, TwoExportsCanExchangeTheirNames) {
  ModuleModel m;
  m.function("a", {{}, {}}).function("b", {{i32}, {}});
  Interface interface = bound(m.module, "export a = \"b\" (x: i32)\nexport b = \"a\" ()");
  Names names = makeNames(m.module, &interface);
  EXPECT_EQ(names.exports, (std::vector<std::string>{"b", "a"}));
}

TEST(InterfaceBinding, PlacesGiveTheirNamesUp) {
  ModuleModel m;
  m.memory(1).function("f_in", {{}, {i32}}).function("f", {{i32, i32}, {}});
  Interface interface = bound(m.module, "export f(in: buffer<1> at f_in)");
  Names names = makeNames(m.module, &interface);
  EXPECT_EQ(names.exports, (std::vector<std::string>{"f_in_2", "f"}));
  // Of no place, the name is a host's.
  EXPECT_EQ(errorOf(m.module, "export f(in: buffer<1>)"),
            "1:10: 'f_in', which is generated for the buffer 'in', is the name in C of the export "
            "'f_in': give the buffer another name");
}

TEST(InterfaceBinding, BuffersNeedAMemoryWith32BitAddresses) {
  ModuleModel none;
  none.function("f", {{i32, i32}, {}}).function("g", {{i32}, {}});
  EXPECT_EQ(errorOf(none.module, "export g(x: i32)"), "no error");
  EXPECT_EQ(errorOf(none.module, "export g(x: i32)\nexport f(a: buffer<1>)"),
            "2:10: a buffer is in the module's memory, and this module has none");
  ModuleModel wide;
  wide.import("env", "f", {{i32, i32}, {}}).memory(1);
  wide.module.memories[0].type.limits.is64 = true;
  EXPECT_EQ(
      errorOf(wide.module, "import f(a: buffer)"),
      "1:10: a buffer is in a memory with 32-bit addresses, and this module's has 64-bit ones");
}

static void addSection(wasm::Module &module, std::string_view name, const std::string &text) {
  wasm::CustomSection section;
  section.name = name;
  section.bytes = {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
  module.customs.push_back(section);
}

TEST(InterfaceBinding, EmbeddedTextsAreOne) {
  ModuleModel m = filter();
  EXPECT_EQ(embeddedInterface(m.module), std::nullopt);
  auto nothing = readInterface(m.module, std::nullopt, "f");
  ASSERT_TRUE(bool(nothing));
  EXPECT_EQ(*nothing, std::nullopt);
  // As assemblers, C strings and concatenated C strings leave them.
  std::string texts[] = {"one\n", std::string("two\0", 4), std::string("\0three\n\0\0four", 13),
                         ""};
  addSection(m.module, "wasmc.abi", texts[0]);
  addSection(m.module, "wasmc", "not this");
  for (int i = 1; i < 4; ++i)
    addSection(m.module, "wasmc.abi", texts[i]);
  EXPECT_EQ(*embeddedInterface(m.module), "one\ntwo\nthree\nfour\n");
  // What is given replaces them.
  auto given = readInterface(m.module, std::string(), "f");
  ASSERT_TRUE(bool(given));
  EXPECT_TRUE((*given)->exports.empty());
  EXPECT_EQ(llvm::toString(readInterface(m.module, std::nullopt, "f").takeError()),
            "f:1:1: expected 'export', 'import', 'alloc' or 'stack', found 'one'");
}

TEST(InterfaceBinding, EmbeddedTextsAreReadAsFarAsTheLimit) {
  ModuleModel m;
  std::string text(interfaceTextLimit, '\n');
  addSection(m.module, "wasmc.abi", text);
  EXPECT_TRUE(bool(readInterface(m.module, std::nullopt, "f")));
  for (int i = 0; i < 100; ++i)
    addSection(m.module, "wasmc.abi", text);
  EXPECT_EQ(embeddedInterface(m.module)->size(), interfaceTextLimit + 1);
  EXPECT_EQ(llvm::toString(readInterface(m.module, std::nullopt, "f").takeError()),
            "f:1:1: the description has more than 1 MiB");
}
