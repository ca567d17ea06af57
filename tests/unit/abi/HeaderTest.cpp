//===- HeaderTest.cpp - Headers of described modules --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "InterfaceModels.h"
#include "abi/HeaderText.h"
#include "abi/HeaderWriter.h"

#include "gtest/gtest.h"

#include <set>

using namespace wasmc;
using namespace wasmc::abi;
using namespace wasmc::abi::test;
using wasm::ValKind;

namespace {
/// A module with described functions. What the functions of the module take does
/// not matter to the header: their type is `[] -> []`.
class Described : public testing::Test {
protected:
  Described() {
    module.types.emplace_back();
    options.prefix = "filter";
    options.fileName = "filter.wasm";
  }

  void addExport(InterfaceFunction f) {
    f.index = module.exports.size();
    interface.byExport[f.index] = interface.exports.size();
    addUndescribed(f.name == "squeeze" ? "filter compress" : keep(f.name));
    interface.exports.push_back(std::move(f));
  }
  void addUndescribed(std::string_view name) {
    uint32_t function = module.functions.size();
    module.functions.emplace_back();
    module.exports.push_back({name, wasm::ExternKind::Func, function, 0});
  }
  void addImport(InterfaceFunction f) {
    f.index = module.imports.size();
    interface.byImport[f.index] = interface.imports.size();
    addUndescribedImport(keep(f.module), keep(f.field));
    interface.imports.push_back(std::move(f));
  }
  void addUndescribedImport(std::string_view from, std::string_view name) {
    uint32_t function = module.functions.size(), import = module.imports.size();
    module.functions.emplace_back();
    module.functions.back().import = import;
    module.imports.push_back({from, name, wasm::ExternKind::Func, function, 0});
  }

  std::string header() {
    std::string text;
    llvm::raw_string_ostream out(text);
    wasm::Links links;
    links.imports.resize(module.imports.size());
    writeHeader(module, options, &interface, {links, {}}, out);
    return text;
  }
  void expectIn(const std::string &text, const std::string &piece) {
    EXPECT_NE(text.find(piece), std::string::npos) << "not found:\n" << piece << "in:\n" << text;
  }
  void expectNotIn(const std::string &text, const std::string &piece) {
    EXPECT_EQ(text.find(piece), std::string::npos) << "found:\n" << piece << "in:\n" << text;
  }

  wasm::Module module;
  Interface interface;
  CompileOptions options;

private:
  std::string_view keep(std::string name) { return *names.insert(std::move(name)).first; }
  std::set<std::string> names; ///< A module's names are views.
};
} // namespace

// Each declaration of docs/buffers.md, as it stands there.
TEST_F(Described, DeclaresAllWaysInC) {
  addExport(process());
  std::string text = header();
  expectIn(text, R"(
/** export process(in: buffer<64K>, out: buffer<64K>) -> size */
enum { filter_process_in_capacity = 65536, filter_process_out_capacity = 65536 };
wasmc_status filter_process(filter *self, const void *in, size_t in_len, void *out, size_t out_cap,
                            size_t *written);
)");
  expectIn(text, R"(
void *filter_process_in(filter *self);
wasmc_status filter_process_inplace(filter *self, size_t in_len, const void **out, size_t *out_len);
)");
  expectIn(text, R"(
typedef struct filter_process_message {
  const void *in;
  size_t in_len;
  void *out;
  size_t out_cap;
} filter_process_message;
typedef struct filter_process_result {
  wasmc_status status;
  int32_t error;
  size_t written;
} filter_process_result;
wasmc_status filter_process_batch(filter *self, const filter_process_message *messages, size_t n,
                                  filter_process_result *results, size_t *done);
)");
  expectNotIn(text, "filter_process_out(");
  expectNotIn(text, "filter_process_window(");
}

TEST_F(Described, DeclaresWindows) {
  addExport(squeeze());
  std::string text = header();
  expectIn(text, R"(
/** export squeeze = "filter compress" (in: window<1M>) -> i32 */
enum { filter_squeeze_in_capacity = 1048576 };
)");
  expectIn(text, R"(
wasmc_status filter_squeeze_in_map(filter *self, int fd, uint64_t offset);
wasmc_status filter_squeeze_in_unmap(filter *self);
wasmc_status filter_squeeze_window(filter *self, size_t in_at, size_t in_len, int32_t *result);
)");
}

TEST_F(Described, ScalarResults) {
  addExport(score());
  std::string text = header();
  expectIn(text, "wasmc_status filter_score(filter *self, const void *in, size_t in_len, "
                 "double *result);\n");
  expectIn(text, "wasmc_status filter_score_inplace(filter *self, size_t in_len, "
                 "double *result);\n");
  expectIn(text, "  int32_t error;\n  double value;\n} filter_score_result;\n");
}

TEST_F(Described, OutputAlone) {
  addExport(flush());
  std::string text = header();
  expectIn(text, "wasmc_status filter_flush(filter *self, void *out, size_t out_cap, "
                 "size_t *written);\n");
  expectIn(text, "wasmc_status filter_flush_inplace(filter *self, const void **out, "
                 "size_t *out_len);\n");
}

TEST_F(Described, ScalarsAloneHaveOneWay) {
  addExport(tune());
  std::string text = header();
  expectIn(text, "\n/** export tune(gain: f32) */\n"
                 "wasmc_status filter_tune(filter *self, float gain);\n");
  expectNotIn(text, "filter_tune_");
  expectNotIn(text, "span"); // The class is the same in C++17 and C++20.
}

TEST_F(Described, ReplacesTheRawFunction) {
  addExport(process());
  addUndescribed("malloc");
  std::string text = header();
  expectNotIn(text, "/** Export \"process\" */");
  expectIn(text, "\n/** Export \"malloc\" */\nwasmc_status filter_malloc(filter *self);\n");
}

TEST_F(Described, GeneratedNamesComeFirst) {
  addUndescribed("process_in");
  addUndescribed("process_result");
  addUndescribed("import_env__log__i_");
  addExport(process());
  std::string text = header();
  expectIn(text, "void *filter_process_in(filter *self);\n");
  expectIn(text, "wasmc_status filter_process_in_2(filter *self);\n");
  expectIn(text, "wasmc_status filter_process_result_2(filter *self);\n");
  expectIn(text, "wasmc_status filter__import_env__log__i_(filter *self);\n");
}

TEST_F(Described, ImportsTakePointersAndLengths) {
  addUndescribedImport("env", "now");
  addImport(alarm());
  InterfaceFunction read = returningSize(function("read", {output(buffer("line", 0))}));
  read.module = "host";
  read.field = "read line";
  addImport(read);
  std::string text = header();
  expectIn(text, R"(
typedef struct filter_imports {
  void *context;
  /** "env" "now" */
  wasmc_status (*env_now)(void *context);
  /** import alarm(level: i32, text: buffer) */
  wasmc_status (*alarm)(void *context, int32_t level, const void *text, size_t text_len);
  /** import read = "host" "read line" (line: buffer) -> size */
  wasmc_status (*read)(void *context, void *line, size_t line_cap, size_t *written);
} filter_imports;
)");
}

TEST_F(Described, ImportSymbolsHoldTheDescribedType) {
  options.imports = ImportMode::Symbols;
  addImport(alarm());
  addImport(
      returningSize(function("read", {scalar("gain", ValKind::F64), output(buffer("line", 0))})));
  std::string text = header();
  expectIn(text, R"(
/** To be defined by the host: import alarm(level: i32, text: buffer). The symbol holds its type. */
#define filter_import_alarm filter_import_env__alarm__ib_
wasmc_status filter_import_alarm(void *context, int32_t level, const void *text, size_t text_len);
)");
  expectIn(text, "#define filter_import_read filter_import_env__read__do_z\n");
}

TEST_F(Described, SpansInCxx20) {
  addExport(process());
  addExport(squeeze());
  std::string text = header();
  expectIn(text, R"(
  wasmc::result<size_t> process(std::span<const std::byte> in, std::span<std::byte> out) {
    size_t written = 0;
    const wasmc_status status = ::filter_process(self, in.data(), in.size(), out.data(), out.size(),
                                                 &written);
    return {status, written};
  }
  std::span<std::byte> process_in() {
    void *mailbox = ::filter_process_in(self);
    return {static_cast<std::byte *>(mailbox), ::filter_process_in_capacity};
  }
  wasmc::result<std::span<const std::byte>> process_inplace(size_t in_len) {
    const void *out = nullptr;
    size_t out_len = 0;
    const wasmc_status status = ::filter_process_inplace(self, in_len, &out, &out_len);
    return {status, {static_cast<const std::byte *>(out), out_len}};
  }
)");
  expectIn(text, "  wasmc::result<int32_t> squeeze_window(size_t in_at, size_t in_len) {\n");
  expectIn(text, "  wasmc::result<void> squeeze_in_map(int fd, uint64_t offset) {\n");
}

TEST_F(Described, PointersAndLengthsInCxx17) {
  addExport(process());
  std::string text = header();
  text = text.substr(text.find("#else\n  "));
  expectIn(text, "  wasmc::result<size_t> process(const void *in, size_t in_len, void *out, "
                 "size_t out_cap) {\n");
  expectIn(text, "  void *process_in() { return ::filter_process_in(self); }\n");
  expectIn(text, "  wasmc::result<wasmc::bytes> process_inplace(size_t in_len) {\n");
}

TEST_F(Described, MembersThatMayBeMacrosAreEscaped) {
  addExport(function("SIGINT", {buffer("x", 8)}));
  addExport(function("size", {buffer("t", 8)}));
  std::string text = header();
  expectIn(text, "wasmc_status filter_SIGINT(filter *self, const void *x, size_t x_len);\n");
  expectIn(text, " SIGINT_(const void *x, size_t x_len) {\n");
  expectIn(text, "void *size_t_() {");
}

TEST_F(Described, NamesInCommentsAreEscaped) {
  InterfaceFunction f = function("f", {buffer("x", 8)});
  f.field = "*/ #error \"";
  f.params[0].place = "*/";
  addExport(f);
  expectIn(header(), "/** export f = \"\\x2a\\x2f #error \\x22\" (x: buffer<8> at \\x2a\\x2f) */");
}

TEST(HeaderText, BreaksLines) {
  std::string item(40, 'a');
  EXPECT_EQ(breakLines("f", {}, ";"), "f();");
  EXPECT_EQ(breakLines("f", {item, item}, ";"), "f(" + item + ", " + item + ");");
  EXPECT_EQ(breakLines("f", {item, item, item}, ";"),
            "f(" + item + ", " + item + ",\n  " + item + ");");
  std::string longName(60, 'f');
  EXPECT_EQ(breakLines("  " + longName, {item, item}, ";"),
            "  " + longName + "(" + item + ",\n      " + item + ");");
}
