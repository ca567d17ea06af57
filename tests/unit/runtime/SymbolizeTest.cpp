//===- SymbolizeTest.cpp - The text of a trap, from hand-made records -----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <cstring>

using namespace wasmc::test;

namespace {

/// Code that is never run: addresses to be found.
alignas(16) char code[4096];

struct Frame {
  const char *name, *file;
  uint32_t line, column, offset, index;
};
struct Entry {
  uint32_t codeOffset;
  std::vector<Frame> frames;
};

/// Site records as the compiler writes them (abi/sites.h).
class Sites {
public:
  void add(const char *start, uint32_t codeSize, const std::vector<Entry> &entries) {
    std::string body, strings(1, '\0');
    uint32_t last = 0;
    for (const Entry &entry : entries) {
      leb(body, entry.codeOffset - last);
      last = entry.codeOffset;
      leb(body, static_cast<uint32_t>(entry.frames.size()));
      for (const Frame &frame : entry.frames) {
        leb(body, text(strings, frame.name));
        leb(body, frame.file ? text(strings, frame.file) : 0);
        leb(body, frame.line);
        leb(body, frame.column);
        leb(body, frame.offset);
        leb(body, frame.index);
      }
    }
    const size_t size = (20 + body.size() + strings.size() + 7) / 8 * 8;
    char *record = buffer + used;
    const uint32_t words[] = {
        static_cast<uint32_t>(size), static_cast<uint32_t>(start - (record + 4)), codeSize,
        static_cast<uint32_t>(20 + body.size()), static_cast<uint32_t>(entries.size())};
    memcpy(record, words, sizeof(words));
    memcpy(record + 20, body.data(), body.size());
    memcpy(record + 20 + body.size(), strings.data(), strings.size());
    used += size;
  }
  /// What a linker may put between two objects.
  void pad(size_t bytes) { used += bytes; }

  alignas(8) static char buffer[4096];
  size_t used = 0;

private:
  static void leb(std::string &out, uint32_t value) {
    for (; value >= 0x80; value >>= 7)
      out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
  }
  static uint32_t text(std::string &strings, const char *one) {
    const uint32_t offset = static_cast<uint32_t>(strings.size());
    strings += one;
    strings.push_back('\0');
    return offset;
  }
};
alignas(8) char Sites::buffer[4096];

class Symbolize : public testing::Test {
protected:
  void SetUp() override {
    memset(Sites::buffer, 0, sizeof(Sites::buffer));
    sites.add(
        code, 100,
        {{0, {{"mean", "filter.c", 12, 9, 0x1f3, 3}}},
         {40, {{"square", "math.h", 3, 1, 0x201, 2}, {"mean", "filter.c", 13, 2, 0x200, 3}}}});
    sites.pad(16);
    sites.add(code + 100, 50, {{0, {{"process", nullptr, 0, 0, 0x2a1, 5}}}});
    sites.add(code + 200, 300, {{200, {{"late", "a/b.c", 1000, 200, 0x12345, 300}}}});
    source.sites = Sites::buffer;
    source.sitesEnd = Sites::buffer + sites.used;
    trap.module = source.module();
    trap.code = 2;
    trap.message = "integer divide by zero";
  }

  std::string text(std::vector<uintptr_t> pcs) {
    trap.num_frames = static_cast<uint32_t>(pcs.size());
    std::copy(pcs.begin(), pcs.end(), trap.pcs);
    std::string result;
    wasmc_trap_write(
        &trap,
        [](void *context, const char *line, size_t length) {
          EXPECT_EQ(line[length - 1], '\n');
          static_cast<std::string *>(context)->append(line, length);
        },
        &result);
    return result;
  }
  static uintptr_t pc(unsigned offset) { return reinterpret_cast<uintptr_t>(code) + offset; }

  Sites sites;
  TestModule source;
  wasmc_trap trap = {};
};

} // namespace

TEST_F(Symbolize, FilesLinesAndOffsets) {
  EXPECT_EQ(text({pc(10), pc(150)}), "wasmc: trap in 'filter': integer divide by zero\n"
                                     "  #0 mean at filter.c:12:9 (wasm function 3, offset 0x1f3)\n"
                                     "  #1 process (wasm function 5, offset 0x2a1)\n");
}

TEST_F(Symbolize, ReturnAddressesBelongToTheCallBefore) {
  // 100 is the first address after `mean`, whose last instruction is a call.
  EXPECT_EQ(text({pc(0), pc(40), pc(41)}),
            "wasmc: trap in 'filter': integer divide by zero\n"
            "  #0 mean at filter.c:12:9 (wasm function 3, offset 0x1f3)\n"
            "  #1 mean at filter.c:12:9 (wasm function 3, offset 0x1f3)\n"
            "  #2 square at math.h:3:1 [inlined] (wasm function 2, offset 0x201)\n"
            "  #3 mean at filter.c:13:2 (wasm function 3, offset 0x200)\n");
  EXPECT_EQ(text({pc(100), pc(100)}),
            "wasmc: trap in 'filter': integer divide by zero\n"
            "  #0 process (wasm function 5, offset 0x2a1)\n"
            "  #1 square at math.h:3:1 [inlined] (wasm function 2, offset 0x201)\n"
            "  #2 mean at filter.c:13:2 (wasm function 3, offset 0x200)\n");
}

TEST_F(Symbolize, UnknownAddresses) {
  char expected[256];
  snprintf(expected, sizeof(expected),
           "wasmc: trap in 'filter': integer divide by zero\n"
           "  #0 0x%zx (no record)\n  #1 0x1234 (no record)\n",
           static_cast<size_t>(pc(160)));
  EXPECT_EQ(text({pc(160), 0x1234}), expected);
  // Before the first entry of a function.
  EXPECT_NE(text({pc(399)}).find("(no record)"), std::string::npos);
  EXPECT_EQ(text({pc(400)}), "wasmc: trap in 'filter': integer divide by zero\n"
                             "  #0 late at a/b.c:1000:200 (wasm function 300, offset 0x12345)\n");
}

TEST_F(Symbolize, TheEntrysBodyIsNotShown) {
  EXPECT_EQ(text({pc(10), 0x1234}), "wasmc: trap in 'filter': integer divide by zero\n"
                                    "  #0 mean at filter.c:12:9 (wasm function 3, offset "
                                    "0x1f3)\n");
}

TEST_F(Symbolize, HostFunctionsThatFail) {
  trap.code = 11;
  trap.message = "host function failed";
  trap.host_status = WASMC_FAILED;
  EXPECT_EQ(text({0x1234, pc(20)}),
            "wasmc: trap in 'filter': host function failed (status 8: failed)\n"
            "  #0 mean at filter.c:12:9 (wasm function 3, offset 0x1f3)\n");
  trap.host_status = -5;
  EXPECT_EQ(text({}),
            "wasmc: trap in 'filter': host function failed (status -5: unknown status)\n");
}

TEST_F(Symbolize, OmittedFrames) {
  trap.omitted_frames = 99976;
  EXPECT_EQ(text({pc(10)}), "wasmc: trap in 'filter': integer divide by zero\n"
                            "  #0 mean at filter.c:12:9 (wasm function 3, offset 0x1f3)\n"
                            "  ... 99976 more frames\n");
}

TEST_F(Symbolize, WithoutRecords) {
  source.sites = source.sitesEnd = nullptr;
  trap.module = source.module();
  EXPECT_EQ(text({0x10}), "wasmc: trap in 'filter': integer divide by zero\n"
                          "  #0 0x10 (no record)\n");
  wasmc_trap_write(nullptr, [](void *, const char *, size_t) { FAIL(); }, nullptr);
}

TEST_F(Symbolize, LongNamesAreCutOff) {
  const std::string name(1500, 'x');
  memset(Sites::buffer, 0, sizeof(Sites::buffer));
  sites.used = 0;
  sites.add(code, 100, {{0, {{name.c_str(), name.c_str(), 7, 8, 1, 3}}}});
  source.sitesEnd = Sites::buffer + sites.used;
  trap.module = source.module();
  const std::string cut = std::string(400, 'x') + "...";
  EXPECT_EQ(text({pc(0)}), "wasmc: trap in 'filter': integer divide by zero\n  #0 " + cut + " at " +
                               cut + ":7:8 (wasm function 3, offset 0x1)\n");
}

TEST_F(Symbolize, KnowsTheRangeOfTheCode) {
  uintptr_t low, high;
  wasmc::rt::findCodeRange(source.module(), low, high);
  EXPECT_EQ(low, pc(0));
  EXPECT_EQ(high, pc(500));
}
