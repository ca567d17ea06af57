//===- MailboxesTest.cpp - Where buffers lie in linear memory -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ModuleModels.h"
#include "abi/Interface.h"

#include "gtest/gtest.h"

using namespace wasmc;
using namespace wasmc::abi;
using namespace wasmc::abi::test;
using Placement = Mailbox::Placement;

static constexpr wasm::ValType i32 = ModuleModel::i32;

static Interface bound(const ModuleModel &m, llvm::StringRef text) {
  auto interface = readInterface(m.module, text.str(), "f");
  if (interface)
    return std::move(**interface);
  ADD_FAILURE() << llvm::toString(interface.takeError());
  return {};
}

static std::string errorOf(const ModuleModel &m, llvm::StringRef text) {
  auto interface = readInterface(m.module, text.str(), "f");
  return interface ? "no error" : llvm::toString(interface.takeError()).substr(2);
}

static const char *const process = "export f(a: buffer<1K>, b: buffer<100>) -> size\n";

static ModuleModel plain(uint64_t min = 1, uint64_t max = 0) {
  ModuleModel m;
  m.memory(min, max).function("f", {{i32, i32, i32, i32}, {i32}});
  return m;
}

TEST(Mailboxes, AreWhereTheModuleSays) {
  ModuleModel m = plain();
  m.function("here", {{}, {i32}}).global("there", i32, false).function("malloc", {{i32}, {i32}});
  Interface interface =
      bound(m, "export f(a: buffer<1K> at here, b: buffer<100> at there) -> size");
  ASSERT_EQ(interface.mailboxes.size(), 2u);
  EXPECT_EQ(interface.mailboxes[0].placement, Placement::Export);
  EXPECT_EQ(interface.mailboxes[0].exportIndex, 1u);
  EXPECT_EQ(interface.mailboxes[0].capacity, 1024u);
  EXPECT_EQ(interface.mailboxes[1].exportIndex, 2u);
  EXPECT_EQ(*interface.exports[0].params[1].placeExport, 2u);
  EXPECT_EQ(interface.exports[0].params[1].mailbox, 1u);
  EXPECT_FALSE(interface.allocator);
  EXPECT_EQ(interface.addedPages, 0u);
}

TEST(Mailboxes, AreSharedByPlace) {
  ModuleModel m = plain();
  m.function("g", {{i32, i32}, {}})
      .function("here", {{}, {i32}})
      .exported("also here", wasm::ExternKind::Func, 2);
  Interface interface =
      bound(m, "export f(a: buffer<5> at here, b: buffer<8K> at \"also here\") -> size\n"
               "export g(c: window<4K> at here)");
  ASSERT_EQ(interface.mailboxes.size(), 1u);
  EXPECT_EQ(interface.mailboxes[0].capacity, 8192u);
  EXPECT_TRUE(interface.mailboxes[0].window);
  EXPECT_EQ(interface.exports[0].params[0].capacity, 5u);
  EXPECT_EQ(interface.exports[1].params[0].mailbox, 0u);
}

TEST(Mailboxes, InputsOfOneFunctionAreNotShared) {
  ModuleModel m = plain();
  m.function("here", {{}, {i32}});
  EXPECT_EQ(errorOf(m, "export f(a: buffer<5> at here, b: buffer<5> at here) -> i32"),
            "1:48: 'b' would be written over 'a', which is at the same place: each input needs its "
            "own");
}

TEST(Mailboxes, AreAllocatedByWhatTheModuleExports) {
  struct {
    const char *name;
    size_t params;
    Allocator::Kind kind;
  } allocators[] = {{"malloc", 1, Allocator::Kind::Malloc},
                    {"cabi_realloc", 4, Allocator::Kind::CabiRealloc},
                    {"__new", 2, Allocator::Kind::AssemblyScript}};
  for (const auto &a : allocators) {
    wasm::FuncType type = {wasm::ResultType(a.params, i32), {i32}};
    ModuleModel m = plain();
    m.function(a.name, type);
    Interface interface = bound(m, process);
    EXPECT_EQ(interface.mailboxes[0].placement, Placement::Allocated);
    EXPECT_EQ(interface.mailboxes[1].placement, Placement::Allocated);
    ASSERT_TRUE(interface.allocator);
    EXPECT_EQ(interface.allocator->kind, a.kind);
    EXPECT_EQ(interface.allocator->function, 1u);
    EXPECT_FALSE(interface.allocator->pin);
    // Under another name, by its type.
    ModuleModel other = plain();
    other.function("my own", type).function("malloc", {{i32}, {i32}});
    interface = bound(other, std::string(process) + "alloc = \"my own\"");
    EXPECT_EQ(interface.allocator->kind, a.kind);
    EXPECT_EQ(interface.allocator->function, 1u);
  }
}

TEST(Mailboxes, AreAllocatedByTheFirstKnownAllocatorOfItsType) {
  ModuleModel m = plain();
  m.function("__new", {{i32, i32}, {i32}})
      .function("malloc", {{ModuleModel::f64}, {i32}}) // Something else.
      .function("cabi_realloc", {{i32, i32, i32, i32}, {i32}});
  EXPECT_EQ(bound(m, process).allocator->function, 3u);
}

TEST(Mailboxes, AllocatedByAssemblyScriptArePinned) {
  ModuleModel m = plain();
  m.function("__new", {{i32, i32}, {i32}}).function("__pin", {{i32}, {i32}});
  EXPECT_EQ(*bound(m, process).allocator->pin, 2u);
  ModuleModel other = plain();
  other.function("__new", {{i32, i32}, {i32}}).function("__pin", {{i32}, {}});
  EXPECT_EQ(errorOf(other, process), "1:10: the export '__pin', which belongs to the allocator, is "
                                     "no function of the type [i32] -> [i32]");
}

TEST(Mailboxes, AnAllocatorThatNothingNeedsIsChecked) {
  ModuleModel m = plain();
  m.function("malloc", {{i32}, {i32}}).function("here", {{}, {i32}});
  EXPECT_FALSE(
      bound(m, "export f(a: i32, b: i32, c: i32, d: i32) -> i32\nalloc = malloc").allocator);
  EXPECT_NE(errorOf(m, "alloc = here"), "no error");
}

TEST(Mailboxes, AreInAddedPages) {
  ModuleModel m = plain();
  m.function("g", {{i32, i32}, {}}).function("h", {{i32, i32}, {}});
  Interface interface = bound(m, "export f(a: buffer<100>, b: buffer<1K>) -> size\n"
                                 "export g(c: window<60K>)\n"
                                 "export h(d: buffer<1>)");
  ASSERT_EQ(interface.mailboxes.size(), 4u);
  uint64_t offsets[] = {0, 256, 4096, 65536 + 768};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(interface.mailboxes[i].placement, Placement::AddedPages);
    EXPECT_EQ(interface.mailboxes[i].addedOffset, offsets[i]);
  }
  EXPECT_EQ(interface.addedPages, 2u);
  EXPECT_FALSE(interface.allocator);
}

TEST(Mailboxes, InAddedPagesBeginAtOtherPlacesOfAPage) {
  Interface interface = bound(plain(), "export f(a: buffer<16K>, b: buffer<4K>) -> size");
  ASSERT_EQ(interface.mailboxes.size(), 2u);
  EXPECT_EQ(interface.mailboxes[0].addedOffset, 0u);
  EXPECT_EQ(interface.mailboxes[1].addedOffset, 16384u + 256);
  // After sixteen they begin again.
  ModuleModel m = plain();
  std::vector<std::string> names;
  std::string text;
  for (int i = 0; i != 17; ++i)
    names.push_back("g" + std::to_string(i));
  for (const std::string &name : names) {
    m.function(name.c_str(), {{i32, i32}, {}});
    text += "export " + name + "(a: buffer<64>)\n";
  }
  interface = bound(m, text);
  EXPECT_EQ(interface.mailboxes[15].addedOffset, 15u * 256);
  EXPECT_EQ(interface.mailboxes[16].addedOffset, 4096u);
}

TEST(Mailboxes, AddedPagesFitIntoTheMemory) {
  EXPECT_EQ(bound(plain(65535), process).addedPages, 1u);
  // The maximum grows with the pages.
  EXPECT_EQ(bound(plain(1, 1), process).addedPages, 1u);
  EXPECT_EQ(
      errorOf(plain(65536), process),
      "1:10: the mailboxes up to this one need a memory of 4295032832 bytes, and the module's "
      "has at most 4294967296");
  EXPECT_EQ(errorOf(plain(0), "export f(a: buffer<2147483647>, b: buffer<2147483392>) -> size"),
            "no error");
  EXPECT_EQ(
      errorOf(plain(1), "export f(a: buffer<2147483647>, b: buffer<2147483392>) -> size"),
      "1:33: the mailboxes up to this one need a memory of 4295032832 bytes, and the module's "
      "has at most 4294967296");
}

static std::string noPlace(const char *why) {
  return std::string("1:10: there is no place for 'a' in the module: export an array's address and "
                     "name it ('at EXPORT'), or export an allocator (malloc, cabi_realloc, __new, "
                     "or 'alloc = EXPORT'); pages cannot be added, since the module ") +
         why;
}

TEST(Mailboxes, NoPagesAreAddedWhereTheModuleWouldNotice) {
  const std::vector<uint8_t> size = {0x3f, 0, 0x1a}, grow = {0x41, 1, 0x40, 0, 0x1a};
  ModuleModel m = plain();
  m.function("s", {{}, {}}, size);
  EXPECT_EQ(errorOf(m, process), noPlace("uses memory.size"));
  m = plain();
  m.function("nothing", {{}, {}}).function("g", {{}, {}}, grow);
  EXPECT_EQ(errorOf(m, process), noPlace("uses memory.grow"));
  m = plain();
  m.module.memories[0].import = 0;
  EXPECT_EQ(errorOf(m, process), noPlace("imports its memory"));
  m = plain(1, 1);
  m.module.memories[0].type.shared = true;
  EXPECT_EQ(errorOf(m, process), noPlace("has a shared memory"));
  m = plain();
  m.module.memories[0].type.pageSizeLog2 = 0;
  EXPECT_EQ(errorOf(m, process), noPlace("has a memory with pages of another size"));
}

TEST(Mailboxes, OnlyTheSizeOfTheirMemoryMatters) {
  ModuleModel m = plain();
  m.memory(1).function("s", {{}, {}}, {0x3f, 1, 0x1a});
  EXPECT_EQ(bound(m, process).addedPages, 1u);
}

TEST(Mailboxes, BodiesThatCannotBeDecodedAreForTheValidator) {
  ModuleModel m = plain();
  m.function("broken", {{}, {}}, {0xff, 0x3f, 0});
  EXPECT_EQ(bound(m, process).addedPages, 1u);
}
