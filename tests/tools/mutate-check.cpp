//===- mutate-check.cpp - Damaged modules, judged by us and by WABT --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: mutate-check [--known=LIST] [--validator=PROGRAM] MODULE.wasm
//
// Takes a valid module and judges it, every truncation of it, and six values
// in place of each byte; compares each verdict with that of wasm-validate with
// its default features and --ignore-custom-section-errors (7.1.2: a malformed
// custom section does not make a module malformed). Prints each difference. Those in LIST are
// known: a line holds a part of our message (`accepted` where we accept), `|`, a part of WABT's,
// `|`, the clause of the specification that decides, and why. Fails if there is another difference,
// or if a verdict of ours takes 5 seconds or the process 1 GB.
//
//===----------------------------------------------------------------------===//

#include "wasm/Validate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace wasmc::wasm;

namespace {

struct Verdict {
  bool accepted = true;
  std::string message = "accepted";
};

/// WebAssembly 2.0, which is what wasm-validate has on.
FeatureSet features() {
  FeatureSet set;
  for (Feature f :
       {Feature::MVP, Feature::MutableGlobals, Feature::SignExtension, Feature::SatFloatToInt,
        Feature::BulkMemory, Feature::ReferenceTypes, Feature::MultiValue, Feature::SIMD})
    set.set(f);
  return set;
}

Verdict judge(const std::vector<uint8_t> &bytes) {
  FeatureSet set = features();
  auto module = decodeModule(bytes, set);
  llvm::Error error = module ? validateAll(*module, set) : module.takeError();
  Verdict verdict;
  llvm::handleAllErrors(std::move(error),
                        [&](const WasmError &e) { verdict = {false, e.message}; });
  return verdict;
}

/// Runs wasm-validate on one file after the other, all of the same name.
class Oracle {
public:
  explicit Oracle(std::string program) : program(std::move(program)) {
    const char *folder = getenv("TMPDIR");
    input = std::string(folder ? folder : "/tmp") + "/mutate-check-XXXXXX";
    output = input;
    int in = mkstemp(input.data()), out = mkstemp(output.data());
    if (in < 0 || out < 0)
      die("cannot make a temporary file");
    close(in);
    close(out);
  }
  ~Oracle() {
    unlink(input.c_str());
    unlink(output.c_str());
  }

  Verdict judge(const std::vector<uint8_t> &bytes) {
    std::error_code error;
    llvm::raw_fd_ostream file(input, error);
    file.write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    file.close();
    if (error || file.has_error())
      die("cannot write " + input);
    int status = run();
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
      return {false, "crashed with status " + std::to_string(status)};
    if (WEXITSTATUS(status) == 0)
      return {};
    auto text = llvm::MemoryBuffer::getFile(output);
    return {false, text ? firstMessage((*text)->getBuffer()) : ""};
  }

private:
  [[noreturn]] static void die(const llvm::Twine &message) {
    llvm::errs() << "mutate-check: " << message << "\n";
    exit(2);
  }

  int run() {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int fd : {1, 2})
      posix_spawn_file_actions_addopen(&actions, fd, output.c_str(), O_WRONLY | O_TRUNC, 0600);
    std::string option = "--ignore-custom-section-errors";
    char *argv[] = {program.data(), option.data(), input.data(), nullptr};
    pid_t child;
    int failed = posix_spawnp(&child, program.c_str(), &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    int status;
    if (failed || waitpid(child, &status, 0) != child)
      die("cannot run " + program);
    return status;
  }

  /// The first line without the name of the file and the offset.
  static std::string firstMessage(llvm::StringRef text) {
    llvm::StringRef line = text.split('\n').first;
    return line.substr(line.find("error: ") == line.npos ? 0 : line.find("error: ") + 7).str();
  }

  std::string program, input, output;
};

struct KnownDifference {
  std::string ours, theirs, clause;
  unsigned hits = 0;
};

bool readKnown(llvm::StringRef path, std::vector<KnownDifference> &out) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    llvm::errs() << "mutate-check: cannot read " << path << "\n";
    return false;
  }
  llvm::SmallVector<llvm::StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    if (line.starts_with("#"))
      continue;
    llvm::SmallVector<llvm::StringRef> columns;
    line.split(columns, '|', 2);
    if (columns.size() != 3 || columns[2].trim().empty()) {
      llvm::errs() << path << ": expected OURS | THEIRS | CLAUSE, found: " << line << "\n";
      return false;
    }
    out.push_back({columns[0].trim().str(), columns[1].trim().str(), columns[2].trim().str()});
  }
  return true;
}

class Check {
public:
  Check(std::vector<uint8_t> module, std::string validator, std::vector<KnownDifference> known)
      : module(std::move(module)), oracle(std::move(validator)), known(std::move(known)) {}

  bool run() {
    if (!judge(module).accepted || !oracle.judge(module).accepted) {
      llvm::errs() << "mutate-check: the module itself is refused: " << judge(module).message
                   << "\n";
      return false;
    }
    for (size_t size = 0; size < module.size(); ++size)
      compare({module.begin(), module.begin() + size}, "first " + std::to_string(size) + " bytes");
    for (size_t at = 0; at < module.size(); ++at)
      for (uint8_t value : valuesFor(module[at])) {
        std::vector<uint8_t> mutant = module;
        mutant[at] = value;
        compare(mutant,
                "byte 0x" + llvm::utohexstr(at, true) + " = 0x" + llvm::utohexstr(value, true));
      }
    return report();
  }

private:
  /// Zero and one, the greatest byte of a number, continuation bits, and the
  /// bit that tells types from indices.
  static std::vector<uint8_t> valuesFor(uint8_t byte) {
    return {0x00, 0x01, 0x7f, 0x80, 0xff, static_cast<uint8_t>(byte ^ 0x40)};
  }

  void compare(const std::vector<uint8_t> &bytes, const std::string &what) {
    auto start = std::chrono::steady_clock::now();
    Verdict ours = judge(bytes);
    std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    slowest = std::max(slowest, taken.count());
    Verdict theirs = oracle.judge(bytes);
    ++(ours.accepted ? accepted : refused);
    if (ours.accepted == theirs.accepted)
      return;
    ++different;
    for (KnownDifference &k : known)
      if (ours.message.find(k.ours) != std::string::npos &&
          theirs.message.find(k.theirs) != std::string::npos) {
        ++k.hits;
        return;
      }
    ++unknown;
    llvm::outs() << "differs: " << what << ": ours: " << ours.message
                 << " | WABT's: " << theirs.message << "\n";
  }

  bool report() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    for (const KnownDifference &k : known)
      if (k.hits)
        llvm::outs() << "known: " << k.hits << " times: " << k.ours << " | " << k.theirs << " | "
                     << k.clause << "\n";
    bool isQuick = slowest < 5, isSmall = usage.ru_maxrss < 1024 * 1024;
    llvm::outs() << accepted << " accepted, " << refused << " refused, " << different
                 << " verdicts differ, " << unknown << " of these unknown; slowest "
                 << static_cast<int>(slowest * 1000) << " ms, " << usage.ru_maxrss / 1024
                 << " MiB\n";
    return unknown == 0 && isQuick && isSmall;
  }

  std::vector<uint8_t> module;
  Oracle oracle;
  std::vector<KnownDifference> known;
  unsigned accepted = 0, refused = 0, different = 0, unknown = 0;
  double slowest = 0;
};

} // namespace

int main(int argc, char **argv) {
  std::string validator = "wasm-validate", file;
  std::vector<KnownDifference> known;
  for (llvm::StringRef arg : llvm::ArrayRef(argv, argc).drop_front()) {
    if (arg.consume_front("--validator="))
      validator = arg.str();
    else if (arg.consume_front("--known=")) {
      if (!readKnown(arg, known))
        return 2;
    } else
      file = arg.str();
  }
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer) {
    llvm::errs() << "usage: mutate-check [--known=LIST] [--validator=PROGRAM] MODULE.wasm\n";
    return 2;
  }
  llvm::StringRef text = (*buffer)->getBuffer();
  return !Check({text.bytes_begin(), text.bytes_end()}, validator, std::move(known)).run();
}
